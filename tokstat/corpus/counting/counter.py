"""Count texts by encoding each distinct piece once.

First, texts are cut into chunks at white space where that is safe for all tokenizers. Then each
tokenizer's own, finer cut divides the distinct chunks into pieces, and each distinct piece is
encoded once. Words are found in the distinct chunks; no word contains a cut at white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import numpy as np

from tokstat.corpus.counting.chunks import Chunks
from tokstat.corpus.counting.chunks_by_engine import can_place, text_starts
from tokstat.corpus.counting.engine_use import EngineUse, EngineUses
from tokstat.corpus.counting.samples import SHORTEST, Sampler
from tokstat.corpus.counting.split_words import SplitWords
from tokstat.corpus.counting.state import Counts, Group, Identity, TokenCounts
from tokstat.corpus.counting.window import CutTexts, Document, Window
from tokstat.corpus.counting.word_definitions import WordDefinition
from tokstat.corpus.engines.checking import check, chosen
from tokstat.corpus.engines.engine import Engine, TokenIds, Utf8Texts
from tokstat.corpus.safe_cuts.at_white_space import Bytes, find_white_cuts
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, Boundaries, Places
from tokstat.corpus.safe_cuts.derivation import Cut
from tokstat.io.background import stop_if_asked
from tokstat.io.memory import trim_memory
from tokstat.io.threads import ahead_in_threads
from tokstat.tokenizer.tokenizer import Tokenizer

Prepared = TypeVar("Prepared")

_BLOCK = 1 << 21
"""Characters of documents that one thread cuts at a time."""

_DOCUMENT = DOCUMENT.encode()

MOST_SPLITS = 3_000
"""Words of two or more tokens to keep per window."""


@dataclass(frozen=True, eq=False)
class Counter:
    """Count texts with tokenizers that share `boundaries`.

    `cuts` and `engines` have one entry per tokenizer; an engine is used where it `can_place`.
    """

    tokenizers: Sequence[Tokenizer]
    cuts: Sequence[Cut]
    words: WordDefinition
    boundaries: Boundaries
    engines: Sequence[Engine | None] = ()
    _window: Window = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_window", Window())
        given = self.engines or [None] * len(self.tokenizers)
        used = [
            engine if can_place(cut) else None for engine, cut in zip(given, self.cuts, strict=True)
        ]
        object.__setattr__(self, "engines", used)

    def count(self, documents: Iterable[Document]) -> Counts:
        """Count texts. Raises EncodingError."""
        return count_side_by_side([self], documents)[0]

    def nothing(self) -> Counts:
        """Return the counts of no text."""
        identities = (Identity(each.origin.spec, each.origin.sha256) for each in self.tokenizers)
        return Counts(tuple(identities), self.words.name)

    def cut(self, documents: Sequence[Document]) -> CutTexts:
        """Cut texts into chunks. Several threads may call this at once."""
        parts = [part for each in documents for part in (_DOCUMENT, each.text.encode())]
        text = b"".join(parts)
        starts = np.cumsum([0, *map(len, parts[:-1])])[::2]
        data = np.frombuffer(text, np.uint8)
        cuts = find_white_cuts(data, starts, self.boundaries)
        joined = [part for cut in self.cuts for part in cut.joins(text, starts)]
        if joined:
            kept = np.ones(len(cuts), np.bool_)
            for part in joined:
                low = int(np.searchsorted(cuts, part.start, "right"))
                kept[low : int(np.searchsorted(cuts, part.stop))] = False
            cuts = cuts[kept]
        checked = self._check(data, cuts, starts)
        return CutTexts.of(data, cuts, starts, documents, checked)

    def _check(self, data: Bytes, cuts: Places, starts: Places) -> int:
        """Hold engines against the judge on some documents, cut as they are counted.

        Return the number of documents. Raises EngineError.
        """
        if not any(self.engines):
            return 0
        stops = np.append(starts[1:], len(data))
        documents = Utf8Texts(data, starts + len(_DOCUMENT), stops)
        numbers = chosen(documents)
        if len(numbers):
            low, high = (np.searchsorted(cuts, each[numbers]) for each in (starts, stops))
            rows = np.concatenate([np.arange(*each) for each in zip(low, high, strict=True)])
            chunks, ends = cuts[rows], np.repeat(stops[numbers], high - low)
            marked = chunks + len(_DOCUMENT) * np.isin(chunks, starts)
            for tokenizer, cut, engine in zip(
                self.tokenizers, self.cuts, self.engines, strict=True
            ):
                if engine is not None:
                    begins, is_text = text_starts(data, chunks, marked, cut)
                    next_ones = np.append(chunks[is_text][1:], len(data))
                    texts = Utf8Texts(data, begins[is_text], np.minimum(next_ones, ends[is_text]))
                    found = engine.encode(texts.packed())
                    bounds = np.append(0, np.cumsum(is_text))[np.cumsum([0, *(high - low)])]
                    ids = TokenIds(found.ids, found.bounds[bounds])
                    check(tokenizer, engine, documents.some(numbers), ids)
        return len(numbers)

    def add(self, texts: CutTexts) -> None:
        """Add the chunks of cut texts to the window."""
        self._window.add(texts)

    @property
    def is_full(self) -> bool:
        """Whether the window is full, so that `finish` should encode it."""
        return self._window.is_full

    def finish(self) -> Counts:
        """Encode, count and clear the window. Raises EncodingError."""
        window = self._window
        if not window.has_texts:
            return self.nothing()
        window.compact()
        chunks = Chunks(window.names, self.words, self.boundaries)
        sizes, groups = window.groups(chunks.words_per_chunk)
        times = np.bincount(groups.chunks, groups.times, chunks.count).astype(np.int64)
        trim_memory()  # what cutting and words needed

        def encode(number: int) -> _TokenizerCounts:
            stop_if_asked()
            tokenizer, cut = self.tokenizers[number], self.cuts[number]
            encoded = chunks.encode(tokenizer, cut, self.engines[number])
            return _TokenizerCounts(
                chunks.count_groups(groups, len(sizes), encoded),
                chunks.split_words(times, encoded, MOST_SPLITS),
                window.per_cell(encoded.lengths),
                window.per_cell(encoded.word_tokens),
            )

        counted = [encode(number) for number in range(len(self.tokenizers))]
        of_groups = zip(*(each.groups for each in counted), strict=True)
        counts = Counts(
            self.nothing().tokenizers,
            self.words.name,
            {
                name: Group(size, tokens)
                for (name, size), tokens in zip(sizes.items(), of_groups, strict=True)
            },
            window.files(
                window.per_cell(chunks.words_per_chunk),
                [each.tokens for each in counted],
                [each.word_tokens for each in counted],
            ),
            engines=uses(self.engines, EngineUse(window.documents, window.checked)),
            splits=tuple(each.splits for each in counted),
        )
        window.clear()
        trim_memory()
        return counts


@dataclass(frozen=True, eq=False)
class _TokenizerCounts:
    """Hold the counts of one tokenizer over a window: by group, and tokens by cell."""

    groups: list[TokenCounts]
    splits: SplitWords
    tokens: list[int]
    word_tokens: list[int]


def uses(engines: Sequence[Engine | None], use: EngineUse) -> tuple[EngineUses, ...]:
    """Return what each tokenizer's engine did, nothing where there is no engine at all."""
    if not any(engines):
        return ()
    return tuple({} if engine is None else {engine.label: use} for engine in engines)


class TextCounter(Protocol[Prepared]):
    """Count texts in two steps, of which the first may run in several threads at once."""

    def nothing(self) -> Counts:
        """Return the counts of no text."""

    def cut(self, documents: Sequence[Document]) -> Prepared:
        """Prepare texts."""

    def add(self, texts: Prepared) -> None:
        """Add prepared texts to what is kept."""

    @property
    def is_full(self) -> bool:
        """Whether so much is kept that `finish` should be called."""

    def finish(self) -> Counts:
        """Count what is kept, and forget it."""


def count_side_by_side(
    counters: Sequence[TextCounter[Any]], documents: Iterable[Document]
) -> list[Counts]:
    """Count the same texts with several counters, and read them only once.

    Raises:
        EncodingError: a tokenizer fails on a text.
        EngineError: an engine fails, or differs from the judge.
    """
    counts = [counter.nothing() for counter in counters]

    def cut(block: list[Document]) -> list[Any]:
        return [counter.cut(block) for counter in counters]

    sampler = Sampler()
    for cut_texts in ahead_in_threads(cut, _blocks(documents, sampler)):
        stop_if_asked()
        for number, (counter, texts) in enumerate(zip(counters, cut_texts, strict=True)):
            counter.add(texts)
            if counter.is_full:
                counts[number] += counter.finish()
    done = [each + counter.finish() for each, counter in zip(counts, counters, strict=True)]
    return [replace(each, samples=sampler.found()) for each in done]


def _blocks(documents: Iterable[Document], sampler: Sampler) -> Iterator[list[Document]]:
    """Yield documents in blocks; those of groups that lack samples are offered for them."""
    block: list[Document] = []
    size, full = 0, sampler.full
    for document in documents:
        if document.group not in full and len(document.text) >= SHORTEST:
            sampler.offer(*document)
        block.append(document)
        size += len(document.text) + 1
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block
