"""The result of an edit of a tokenizer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.tokenizer import Tokenizer

NEW = -1
"""Source of a new token."""


@dataclass(frozen=True, eq=False)
class Edit:
    """Hold an edited tokenizer, and the origin of its tokens.

    `before` is the number of tokens before the edit. `sources` has for each new id the old id, or
    -1 for a new token; shape (highest new id + 1,). `renamed` has the new ids of tokens with
    another text. `added` are words that are one token now; `skipped` are words that could not be
    added, with the reasons. `indispensable` tokens were not removed, as others are merged from
    them. `stranded` counts tokens that merges no longer produce: they are produced only as whole
    pieces of the pre-tokenizer, or not at all if that does not split words.
    """

    tokenizer: Tokenizer
    before: int
    sources: NDArray[np.int64]
    renamed: frozenset[int] = frozenset()
    added: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    indispensable: tuple[str, ...] = ()
    stranded: int = 0

    @classmethod
    def nothing(cls, tokenizer: Tokenizer) -> Edit:
        """Return the edit that changes no token."""
        ids = tokenizer.vocabulary.ids
        sources = np.full(int(ids[-1]) + 1 if len(ids) else 0, NEW, np.int64)
        sources[ids] = ids
        return cls(tokenizer, len(ids), sources)

    @property
    def kept(self) -> int:
        """The number of old tokens that are kept."""
        return int((self.sources != NEW).sum())

    @property
    def new(self) -> int:
        """The number of new tokens; merge steps towards added words count, too."""
        return len(self.tokenizer.vocabulary) - self.kept

    @property
    def removed(self) -> int:
        """The number of removed tokens."""
        return self.before - self.kept

    def then(self, later: Edit) -> Edit:
        """Join two edits; the later one is an edit of this one's tokenizer."""
        old = later.sources != NEW
        sources = np.where(old, self.sources[np.where(old, later.sources, 0)], NEW)
        return Edit(
            tokenizer=later.tokenizer,
            before=self.before,
            sources=sources,
            renamed=later.renamed.union(
                new for new, source in enumerate(later.sources.tolist()) if source in self.renamed
            ),
            added=(*self.added, *later.added),
            skipped=(*self.skipped, *later.skipped),
            indispensable=(*self.indispensable, *later.indispensable),
            stranded=self.stranded + later.stranded,
        )
