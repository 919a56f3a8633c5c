"""The interface of an engine: texts in, ids out, both as arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import TokstatError


@dataclass(frozen=True, eq=False)
class Utf8Texts:
    """Hold texts as parts of one array of UTF-8.

    Text i is `data[starts[i]:stops[i]]`; `data` has the shape (bytes,), the others (texts,).
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Utf8Texts:
        """Join texts, which hold no lone surrogates."""
        parts = [text.encode() for text in texts]
        ends = np.cumsum([0, *map(len, parts)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(parts), np.uint8), ends[:-1], ends[1:])

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The bytes of each text, shape (texts,)."""
        return self.stops - self.starts

    def __getitem__(self, number: int) -> str:
        return self.data[self.starts[number] : self.stops[number]].tobytes().decode()

    def joined(self, separator: bytes) -> bytes:
        """Return all texts with a separator between them."""
        data = memoryview(self.data)  # type: ignore[arg-type]
        spans = zip(self.starts.tolist(), self.stops.tolist(), strict=True)
        return separator.join([data[start:stop] for start, stop in spans])

    def packed(self) -> Utf8Texts:
        """Return the same texts one after the other, without what lies between them."""
        ends = np.concatenate([[0], np.cumsum(self.sizes)])
        return Utf8Texts(np.frombuffer(self.joined(b""), np.uint8), ends[:-1], ends[1:])

    def in_parts(self, size: int) -> Iterator[Utf8Texts]:
        """Yield all texts in order, in parts of about `size` bytes, at least one part."""
        parts = np.cumsum(self.sizes) // size
        bounds = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(self)]
        for low, high in itertools.pairwise(bounds):
            yield Utf8Texts(self.data, self.starts[low:high], self.stops[low:high])

    def some(self, numbers: NDArray[np.int64]) -> Utf8Texts:
        """Return the texts with these numbers, in their order."""
        return Utf8Texts(self.data, self.starts[numbers], self.stops[numbers])


@dataclass(frozen=True, eq=False)
class TokenIds:
    """Hold the ids of n texts.

    Text i has the ids from `bounds[i]` to `bounds[i + 1]`. `ids` has the shape (tokens,), `bounds`
    (n + 1,).
    """

    ids: NDArray[np.uint32]
    bounds: NDArray[np.int64]

    def of(self, number: int) -> NDArray[np.uint32]:
        """Return the ids of one text."""
        return self.ids[self.bounds[number] : self.bounds[number + 1]]

    def some(self, numbers: NDArray[np.int64]) -> TokenIds:
        """Return the ids of the texts with these numbers, in their order."""
        parts = [np.zeros(0, np.uint32), *map(self.of, numbers.tolist())]
        return TokenIds(np.concatenate(parts), np.cumsum([0, *map(len, parts[1:])], dtype=np.int64))


class Engine(Protocol):
    """Encode texts for one tokenizer, without special tokens."""

    @property
    def label(self) -> str:
        """The name and the version of the library, such as "gigatoken 0.10.0"."""

    def load(self) -> None:
        """Do what comes before the first text. Raises as `encode`."""

    def encode(self, texts: Utf8Texts) -> TokenIds:
        """Return the ids of texts. Raises EngineError, or as the library's door does."""


class EngineError(TokstatError):
    """An engine that fails. `label` names it."""

    def __init__(self, problem: str, label: str) -> None:
        self.label = label
        super().__init__(problem, "Run with --engine tokenizers.")

    def __reduce__(self) -> tuple[object, ...]:
        """Let a worker send it."""
        return type(self), (self.problem, self.label)


class EngineRefusesError(EngineError):
    """An engine that does not read a tokenizer."""


class EngineDiffersError(EngineError):
    """An engine that gives other ids than the tokenizers library, for the tokenizer `spec`."""

    def __init__(self, problem: str, label: str, spec: str) -> None:
        self.spec = spec
        super().__init__(problem, label)

    def __reduce__(self) -> tuple[object, ...]:
        """Let a worker send it."""
        return type(self), (self.problem, self.label, self.spec)
