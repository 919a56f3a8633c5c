"""Texts to counts: each distinct piece is encoded once, and counts as often as it occurs.

Texts are cut at white space where that is safe for all tokenizers. Of the distinct chunks that
gives, each tokenizer gets the distinct pieces that its own, finer cut leaves. Words are found in
the distinct chunks, and no word reaches over a cut at white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from tokstat.corpus.counting.chunks import Chunks
from tokstat.corpus.counting.state import Counts, Group, Identity, TokenCounts
from tokstat.corpus.counting.window import CutTexts, Document, Window
from tokstat.corpus.counting.word_definitions import WordDefinition
from tokstat.corpus.safe_cuts.at_white_space import find_white_cuts
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, Boundaries
from tokstat.corpus.safe_cuts.derivation import Cut
from tokstat.io.threads import ahead_in_threads
from tokstat.tokenizer.tokenizer import Tokenizer

_BLOCK = 1 << 21
"""Characters that are cut at a time."""

_DOCUMENT = DOCUMENT.encode()

MOST_SPLITS = 3_000
"""Words of several tokens that are kept of a window, for all groups together."""


@dataclass(frozen=True, eq=False)
class Counter:
    """Count texts with tokenizers that are cut alike: `cuts` are as `tokenizers`."""

    tokenizers: Sequence[Tokenizer]
    cuts: Sequence[Cut]
    words: WordDefinition
    boundaries: Boundaries
    _window: Window = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_window", Window())

    def count(self, documents: Iterable[Document]) -> Counts:
        """Count texts. Raises EncodingError."""
        return count_side_by_side([self], documents)[0]

    def nothing(self) -> Counts:
        """Return the counts of no text."""
        identities = (Identity(each.origin.spec, each.origin.sha256) for each in self.tokenizers)
        return Counts(tuple(identities), self.words.name)

    def cut(self, documents: Sequence[Document]) -> CutTexts:
        """Cut some texts; several threads may do so at a time."""
        parts = [part for each in documents for part in (_DOCUMENT, each.text.encode())]
        text = b"".join(parts)
        starts = np.cumsum([0, *map(len, parts[:-1])])[::2]
        data = np.frombuffer(text, np.uint8)
        cuts = find_white_cuts(data, starts, self.boundaries)
        kept = np.ones(len(cuts), np.bool_)
        for cut in self.cuts:
            for part in cut.joins(text, starts):
                low = int(np.searchsorted(cuts, part.start, "right"))
                kept[low : int(np.searchsorted(cuts, part.stop))] = False
        return CutTexts.of(data, cuts[kept], starts, documents)

    def add(self, texts: CutTexts) -> None:
        """Keep the chunks of texts that were cut."""
        self._window.add(texts)

    @property
    def is_full(self) -> bool:
        """Whether it is time to encode what was added."""
        return self._window.is_full

    def finish(self) -> Counts:
        """Encode and count what was added. Raises EncodingError."""
        window = self._window
        if not window.has_texts:
            return self.nothing()
        window.compact()
        chunks = Chunks(window.names, self.words)
        groups = window.groups(chunks)
        most = MOST_SPLITS // len(groups)

        def encode(number: int) -> _Made:
            tokenizer, cut = self.tokenizers[number], self.cuts[number]
            encoded = chunks.encode(tokenizer, cut)
            return _Made(
                [chunks.count_group(each, encoded, most) for each in groups],
                window.per_cell(encoded.lengths),
                window.per_cell(encoded.word_tokens),
            )

        made = [encode(number) for number in range(len(self.tokenizers))]
        counts = Counts(
            self.nothing().tokenizers,
            self.words.name,
            {
                group.name: Group(group.text, tuple(each.groups[number] for each in made))
                for number, group in enumerate(groups)
            },
            window.files(
                window.per_cell(chunks.words_per_chunk),
                [each.tokens for each in made],
                [each.word_tokens for each in made],
            ),
        )
        window.clear()
        return counts


@dataclass(frozen=True, eq=False)
class _Made:
    """Hold what one tokenizer made of a window: by group, and its tokens by cell."""

    groups: list[TokenCounts]
    tokens: list[int]
    word_tokens: list[int]


def count_side_by_side(counters: Sequence[Counter], documents: Iterable[Document]) -> list[Counts]:
    """Count the same texts with several counters, reading them once. Raises EncodingError."""
    counts = [counter.nothing() for counter in counters]

    def cut(block: list[Document]) -> list[CutTexts]:
        return [counter.cut(block) for counter in counters]

    for cut_texts in ahead_in_threads(cut, _blocks(documents)):
        for number, (counter, texts) in enumerate(zip(counters, cut_texts, strict=True)):
            counter.add(texts)
            if counter.is_full:
                counts[number] += counter.finish()
    return [each + counter.finish() for each, counter in zip(counts, counters, strict=True)]


def _blocks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    block: list[Document] = []
    size = 0
    for document in documents:
        block.append(document)
        size += len(document.text) + 1
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block
