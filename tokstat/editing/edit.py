"""What an edit made of a tokenizer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.tokenizer import Tokenizer

NEW = -1
"""Source of a token that the tokenizer did not have before."""


@dataclass(frozen=True, eq=False)
class Edit:
    """Hold an edited tokenizer, and what became of the tokens of the one before.

    `before` is how many tokens that one had. `sources` gives for each new id the id that the token
    had, -1 for a token that is new; shape (highest new id + 1,). `renamed` holds the new ids of
    tokens that spell another text now. `added` are words that have a token of their own now;
    `skipped` those that could not be added, with the reason. `indispensable` tokens were to go and
    stay, as others are built from them. `stranded` counts tokens that BPE's merges do not lead to
    any more: they are reached as whole pieces of the pre-tokenizer only, or not at all where that
    cuts no words apart.
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
        """Return the edit that leaves every token as it is."""
        ids = tokenizer.vocabulary.ids
        sources = np.full(int(ids[-1]) + 1 if len(ids) else 0, NEW, np.int64)
        sources[ids] = ids
        return cls(tokenizer, len(ids), sources)

    @property
    def kept(self) -> int:
        """How many tokens of the tokenizer before are still there."""
        return int((self.sources != NEW).sum())

    @property
    def new(self) -> int:
        """How many tokens it did not have; more than words, where other tokens lead to these."""
        return len(self.tokenizer.vocabulary) - self.kept

    @property
    def removed(self) -> int:
        """How many are gone."""
        return self.before - self.kept

    def then(self, later: Edit) -> Edit:
        """Join two edits, the later one an edit of this one's tokenizer."""
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
