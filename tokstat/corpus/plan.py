"""Describe what to count, in a form that can be sent to a worker."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

import tokenizers

from tokstat.corpus.counting.counter import Counter, TextCounter, count_side_by_side
from tokstat.corpus.counting.engine_use import EngineUses
from tokstat.corpus.counting.state import Counts, Extent, File, Group, Identity
from tokstat.corpus.counting.whole_documents import DocumentCounter
from tokstat.corpus.counting.window import Document
from tokstat.corpus.counting.word_definitions import NO_WORDS, words_named
from tokstat.corpus.engines.choice import choose
from tokstat.corpus.engines.engine import Engine
from tokstat.corpus.engines.gigatoken import GIGATOKEN
from tokstat.corpus.reading.content import span_of
from tokstat.corpus.reading.documents import Problems, Progress, Reading, read_documents
from tokstat.corpus.reading.sources import FilePart, place_of
from tokstat.corpus.safe_cuts.boundaries import Boundaries
from tokstat.corpus.safe_cuts.derivation import Cut, Cuts, shared_boundaries
from tokstat.errors import StateError
from tokstat.io.memory import trim_memory
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Plan:
    """Hold the tokenizers with their cuts, the definition of words, and how to read files.

    With `is_saved`, counts get digests of the content that they were counted from. `engines` has
    what encodes for each tokenizer beside the judge, None for the judge alone, and is empty where
    no tokenizer has any.
    """

    tokenizers: Sequence[Tokenizer]
    cuts: Sequence[Cut]
    words: str
    reading: Reading
    is_saved: bool = False
    engines: Sequence[Engine | None] = ()

    @classmethod
    def of(
        cls,
        tokenizers: Sequence[Tokenizer],
        words: str,
        reading: Reading,
        is_saved: bool = False,
    ) -> Plan:
        """Make a plan.

        Raises:
            CorpusError: the definition of words is unknown.
        """
        words_named(words)
        return cls(tokenizers, Cuts(tokenizers), words, reading, is_saved)

    def count(self, documents: Iterable[Document]) -> Counts:
        """Count documents: once for all tokenizers with safe cuts, once for the others.

        Without words, each tokenizer with an engine encodes them whole.

        Raises:
            EncodingError: a tokenizer fails on a text.
            EngineError: an engine fails, or differs from the judge.
        """
        whole = self._whole
        rest = [number for number in range(len(self.tokenizers)) if number not in whole]
        cuttable = [number for number in rest if self.cuts[number].refused is None]
        others = [number for number in rest if self.cuts[number].refused is not None]
        sets = [numbers for numbers in (cuttable, others) if numbers]
        counters: list[TextCounter[Any]] = [self._counter(numbers) for numbers in sets]
        for number in whole:
            engine = self.engines[number]
            assert engine is not None
            counters.append(DocumentCounter(self.tokenizers[number], engine, self.words))
        self._make_ready()
        counts = count_side_by_side(counters, documents)
        if len(counts) == 1:
            return counts[0]
        return self._side_by_side(counts, [*cuttable, *others, *whole])

    def _make_ready(self) -> None:
        """Load the engines, and free what cutting needed, while there is no text in memory."""
        for each in self.tokenizers:
            each.forget_tokens()
        trim_memory()
        for engine in filter(None, self.engines):
            engine.load()

    @property
    def _whole(self) -> list[int]:
        """The numbers of the tokenizers whose engine encodes whole documents."""
        is_whole = self.words == NO_WORDS.name
        return [n for n, engine in enumerate(self.engines) if engine is not None and is_whole]

    @property
    def refusals(self) -> list[str | None]:
        """Why each tokenizer encodes documents whole, None where it has safe cuts or an engine."""
        whole = self._whole
        return [None if n in whole else self.cuts[n].refused for n in range(len(self.tokenizers))]

    def _counter(self, numbers: Sequence[int]) -> Counter:
        cuts = [self.cuts[number] for number in numbers]
        safe = all(cut.refused is None for cut in cuts)
        boundaries = shared_boundaries(cuts) if safe else Boundaries()
        tokenizers = [self.tokenizers[number] for number in numbers]
        engines = [self.engines[number] for number in numbers] if self.engines else ()
        return Counter(tokenizers, cuts, words_named(self.words), boundaries, engines)

    def _side_by_side(self, parts: Sequence[Counts], order: Sequence[int]) -> Counts:
        """Combine counts of the same documents, with tokenizers in the plan's order."""
        first = parts[0]
        back = sorted(range(len(order)), key=order.__getitem__)

        def arranged(found: Iterable[Iterable[T]]) -> tuple[T, ...]:
            together = list(chain.from_iterable(found))
            return tuple(together[place] for place in back)

        groups = {
            name: Group(group.text, arranged(each.groups[name].tokenizers for each in parts))
            for name, group in first.groups.items()
        }
        files = {
            name: File(
                file.text,
                arranged(each.files[name].tokens for each in parts),
                arranged(each.files[name].word_tokens for each in parts),
            )
            for name, file in first.files.items()
        }
        none: EngineUses = {}
        engines = arranged(each.engines or [none] * len(each.tokenizers) for each in parts)
        used = engines if any(engines) else ()
        splits = arranged(map(each.splits_of, range(len(each.tokenizers))) for each in parts)
        return Counts(
            self.identities,
            self.words,
            groups,
            files,
            engines=used,
            samples=first.samples,
            splits=splits,
        )

    def require_own(self, counts: Counts) -> None:
        """Raise StateError if saved counts contain a token that its tokenizer lacks."""
        for number, tokenizer in enumerate(self.tokenizers):
            known = frozenset(tokenizer.ids.tolist())
            tokens = counts.total.tokenizers[number].tokens.keys.tolist()
            used = {*tokens, *chain(*(ids for _, ids in counts.splits_of(number).times))}
            if not used <= known:
                raise StateError(
                    f"The saved counts contain the token id {min(used - known):,}, but"
                    f" {tokenizer.origin.spec} has no such token",
                    "Remove the saved counts, and count again.",
                )

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The spec and SHA-256 of each tokenizer."""
        return tuple(Identity(each.origin.spec, each.origin.sha256) for each in self.tokenizers)

    def count_parts(self, parts: Sequence[FilePart], progress: Progress | None = None) -> Counts:
        """Read and count parts of files. Raises as `read_documents` and `count`."""
        problems = Problems(self.reading.strict)
        # Before reading: what changes meanwhile then has another digest.
        units: dict[str, list[Extent]] = {}
        for part in parts:
            units.setdefault(place_of(part.path), []).append(self.span_of(part))
        counts = self.count(read_documents(parts, self.reading, problems, progress))
        named = {path: tuple(spans) for path, spans in units.items()}
        return replace(counts, problems=problems.found, units=named, reading=self.reading.options)

    def span_of(self, part: FilePart) -> Extent:
        """Return the bounds of a part, with the digest of its content if counts are saved."""
        if not self.is_saved:
            return Extent(part.start, part.end, "")
        way = f"{self.reading.format_of(part.path)} {self.reading.file_group_of(part.path)}"
        return span_of(part, self.reading.division_of(part.path), way)

    @property
    def nothing(self) -> Counts:
        """The counts of no text."""
        return Counts(self.identities, self.words, reading=self.reading.options)

    def to_bytes(self) -> bytes:
        """Return the plan as bytes for a worker, without the cuts; a worker derives them again."""
        written = {
            "tokenizers": [
                # A worker may run on another machine, where the folder does not exist.
                [each.to_json(), asdict(replace(each.origin, folder=None))]
                for each in self.tokenizers
            ],
            "words": self.words,
            "reading": asdict(self.reading),
            "is_saved": self.is_saved,
            "engines": [engine is not None for engine in self.engines],
        }
        return gzip.compress(json.dumps(written).encode("utf-8", "surrogatepass"), 1)


@lru_cache(2)
def read_plan(data: bytes) -> Plan:
    """Read what `Plan.to_bytes` returned. The cache lets a worker do this once for all tasks."""
    written = json.loads(gzip.decompress(data))
    loaded = [
        Tokenizer(tokenizers.Tokenizer.from_str(text), Origin(**origin))
        for text, origin in written["tokenizers"]
    ]
    plan = Plan.of(loaded, written["words"], Reading(**written["reading"]), written["is_saved"])
    with_engines = written["engines"]
    if not any(with_engines):
        return plan
    # On another machine the engine may be missing, or fail: then the judge counts.
    engines = [
        choose([each], GIGATOKEN)[0].engine if wanted else None
        for each, wanted in zip(loaded, with_engines, strict=True)
    ]
    return replace(plan, engines=engines)


def count_unit(plan: bytes, parts: Sequence[FilePart]) -> bytes:
    """Count parts of files in a worker, and return the counts as `Counts.to_bytes`."""
    return read_plan(plan).count_parts(parts).to_bytes()
