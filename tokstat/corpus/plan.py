"""What to count, in a form that can be sent to a worker."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TypeVar

import numpy as np
import tokenizers

from tokstat.corpus.counting.counter import Counter, count_side_by_side
from tokstat.corpus.counting.state import Counts, File, Group, Identity
from tokstat.corpus.counting.window import Document
from tokstat.corpus.counting.word_definitions import words_named
from tokstat.corpus.reading.documents import Problems, Progress, Reading, read_documents
from tokstat.corpus.reading.sources import Part
from tokstat.corpus.safe_cuts.boundaries import Boundaries
from tokstat.corpus.safe_cuts.derivation import Cut, derive_cut, shared_boundaries
from tokstat.errors import StateError
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Plan:
    """Hold the tokenizers, with how each may be cut, the definition of words, and how to read."""

    tokenizers: Sequence[Tokenizer]
    cuts: Sequence[Cut]
    words: str
    reading: Reading

    @classmethod
    def of(cls, tokenizers: Sequence[Tokenizer], words: str, reading: Reading) -> Plan:
        """Derive the cuts. Raises CorpusError for an unknown definition of words."""
        words_named(words)
        return cls(tokenizers, [derive_cut(each) for each in tokenizers], words, reading)

    def count(self, documents: Iterable[Document]) -> Counts:
        """Count documents: those tokenizers that may be cut alike together, the others apart."""
        cuttable = [number for number, cut in enumerate(self.cuts) if cut.refused is None]
        others = [number for number, cut in enumerate(self.cuts) if cut.refused is not None]
        sets = [numbers for numbers in (cuttable, others) if numbers]
        counts = count_side_by_side([self._counter(numbers) for numbers in sets], documents)
        if len(sets) == 1:
            return counts[0]
        return self._side_by_side(counts, [*cuttable, *others])

    def _counter(self, numbers: Sequence[int]) -> Counter:
        cuts = [self.cuts[number] for number in numbers]
        safe = all(cut.refused is None for cut in cuts)
        boundaries = shared_boundaries(cuts) if safe else Boundaries()
        tokenizers = [self.tokenizers[number] for number in numbers]
        return Counter(tokenizers, cuts, words_named(self.words), boundaries)

    def _side_by_side(self, both: Sequence[Counts], order: Sequence[int]) -> Counts:
        """Put the results of both ways of counting the same documents into the plan's order."""
        one, other = both
        back = sorted(range(len(order)), key=order.__getitem__)

        def arranged(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
            together = (*first, *second)
            return tuple(together[place] for place in back)

        groups = {
            name: Group(group.text, arranged(group.tokenizers, other.groups[name].tokenizers))
            for name, group in one.groups.items()
        }
        files = {
            name: File(
                file.text,
                arranged(file.tokens, other.files[name].tokens),
                arranged(file.word_tokens, other.files[name].word_tokens),
            )
            for name, file in one.files.items()
        }
        return Counts(self.identities, self.words, groups, files)

    def require_own(self, counts: Counts) -> None:
        """Raise StateError where saved counts are of tokens that the plan's tokenizers lack."""
        for number, tokenizer in enumerate(self.tokenizers):
            known = frozenset(tokenizer.vocabulary.ids.tolist())
            for group in counts.groups.values():
                each = group.tokenizers[number]
                used = {*np.flatnonzero(each.tokens).tolist(), *chain(*(s[1] for s in each.splits))}
                if not used <= known:
                    raise StateError(
                        f"The saved counts have the token {min(used - known):,}, which"
                        f" {tokenizer.origin.spec} lacks",
                        "Remove them, and count again.",
                    )

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Names of the tokenizers."""
        return tuple(Identity(each.origin.spec, each.origin.sha256) for each in self.tokenizers)

    def count_parts(self, parts: Sequence[Part], progress: Progress | None = None) -> Counts:
        """Read and count parts of files. Raises as `read_documents`, and EncodingError."""
        problems = Problems(self.reading.strict)
        counts = self.count(read_documents(parts, self.reading, problems, progress))
        names = frozenset(map(self.reading.name_of, parts))
        return replace(counts, problems=problems.found, units=names)

    def to_bytes(self) -> bytes:
        """Write the plan for workers; they derive the cuts again."""
        written = {
            "tokenizers": [
                # The folder is on this machine.
                [each.to_json(), asdict(replace(each.origin, folder=None))]
                for each in self.tokenizers
            ],
            "words": self.words,
            "reading": asdict(self.reading),
        }
        return gzip.compress(json.dumps(written).encode("utf-8", "surrogatepass"), 1)


@lru_cache(2)
def read_plan(data: bytes) -> Plan:
    """Read what `Plan.to_bytes` wrote; a worker does it once for all its tasks."""
    written = json.loads(gzip.decompress(data))
    loaded = [
        Tokenizer(tokenizers.Tokenizer.from_str(text), Origin(**origin))
        for text, origin in written["tokenizers"]
    ]
    return Plan.of(loaded, written["words"], Reading(**written["reading"]))


def count_unit(plan: bytes, parts: Sequence[Part]) -> bytes:
    """Count parts of files in a worker; returns the state, written."""
    return read_plan(plan).count_parts(parts).to_bytes()


def unit_name(parts: Iterable[str]) -> str:
    """Name a state's file by the parts that it counts: the same for the same input."""
    text = "\n".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:24]
