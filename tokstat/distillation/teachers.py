"""Sentence embedders for the texts of tokens: what all have in common, and Python functions."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tokstat.distillation.embedding_cache import EmbeddingCache
from tokstat.errors import TeacherError, is_failure, reason_of
from tokstat.io.memory import trim_memory
from tokstat.text.wording import counted

Pooling = Literal["mean", "cls", "last", "token"]
"""The pooling of a text's hidden states: the mean, the first, the last, or the mean without special
tokens."""

POOLINGS: tuple[Pooling, ...] = ("mean", "cls", "last", "token")

Progress = Callable[[int, int], None]
"""Called with the number of finished texts, and the total."""

Vectors = NDArray[np.float16]

Embed = Callable[[list[str]], ArrayLike]
"""A function from texts to one vector a text, shape (texts, width)."""

BATCH = 256
"""Texts to embed at a time."""

_PROBE = ["tiger", " tiger", "Tiger", "##ing", "12", "a few words.", "Ünïcode", "汉字"]
"""Texts whose vectors identify a function."""


@dataclass(frozen=True)
class Recipe:
    """Hold how a teacher embeds a text.

    `prompt` comes before every text; some teachers were trained with one ("query: ").
    """

    pooling: Pooling = "mean"
    swap_ends: bool = False
    prompt: str = ""

    @property
    def key(self) -> str:
        """Name of the recipe in the cache."""
        swapped = "+swap" if self.swap_ends else ""
        return self.pooling + swapped + (f"+prompt {self.prompt!r}" if self.prompt else "")


def as_pooling(name: str) -> Pooling:
    """Return the pooling of a name. Raises TeacherError for an unknown one."""
    for pooling in POOLINGS:
        if pooling == name:
            return pooling
    raise TeacherError(f"There is no pooling {name!r}", f"Choose one of: {', '.join(POOLINGS)}.")


@dataclass(frozen=True, eq=False)
class Teacher(ABC):
    """Embed texts, and cache the vectors on disk.

    `sha256` identifies the teacher in the cache. `width` is the length of a vector.
    """

    name: str
    sha256: str
    width: int

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prompts that the teacher was trained with, by name."""
        return {}

    def resolved(self, recipe: Recipe) -> Recipe:
        """Return a recipe with the text of its prompt, which may name one of the teacher's."""
        return replace(recipe, prompt=self.prompts.get(recipe.prompt, recipe.prompt))

    @abstractmethod
    def batches(
        self, texts: Sequence[str], recipe: Recipe
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """Yield all texts in any order, a batch at a time, with their vectors."""

    def embed(
        self,
        texts: Sequence[str],
        recipe: Recipe,
        progress: Progress | None = None,
        before_new: Callable[[], None] | None = None,
    ) -> Vectors:
        """Return one vector a text, shape (len(texts), width); cached ones are read from disk.

        New and cached vectors have half precision, so that both lead to one result. Finished
        batches are cached also if the user stops. `before_new` is called if texts are not cached.

        Raises:
            DataError: the cache is damaged, or cannot be read or written.
            TeacherError: the teacher fails, or its vectors are not finite.
        """
        with closing(EmbeddingCache(self.sha256, recipe.key, self.width)) as cache:
            known = cache.read(texts)
            fresh = sorted({text for text in texts if text not in known})
            done = 0
            if fresh:
                if before_new is not None:
                    before_new()
                trim_memory()  # the teacher will need more than all that is kept for others
            for batch, vectors in self.batches(fresh, recipe):
                require_finite(self.name, batch, vectors)
                cache.write(batch, vectors)
                known.update(zip(batch, vectors, strict=True))
                done += len(batch)
                if progress is not None:
                    progress(done, len(fresh))
        found: Vectors = np.array([known[text] for text in texts], np.float16)
        return found.reshape(len(texts), self.width)


def require_finite(name: str, texts: Sequence[str], vectors: Vectors) -> None:
    """Raise TeacherError if a vector has a value that is NaN, infinite, or beyond 65,504."""
    wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(wrong):
        raise TeacherError(
            f"The teacher {name} returned vectors with NaN or infinite values for"
            f" {counted(len(wrong), 'text')} of {len(texts):,}, such as {texts[wrong[0]]!r}",
            "Check its weights, and the texts that it was trained for.",
        )


@dataclass(frozen=True, eq=False)
class FunctionTeacher(Teacher):
    """Embed texts with a Python function, which pools by itself."""

    function: Embed = field(repr=False)

    @classmethod
    def of(cls, function: Embed) -> FunctionTeacher:
        """Wrap a function. Its vectors of a few fixed texts identify it in the cache.

        Raises:
            TeacherError: the function fails on them, or does not return one vector a text.
        """
        name = str(getattr(function, "__qualname__", type(function).__qualname__))
        vectors = _call(name, function, _PROBE)
        require_finite(name, _PROBE, vectors)
        digest = hashlib.sha256(vectors.tobytes()).hexdigest()
        return cls(name, digest, vectors.shape[1], function)

    def batches(
        self, texts: Sequence[str], recipe: Recipe
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """Yield the texts in order, with the function's vectors. Raises TeacherError."""
        if recipe.pooling != "mean" or recipe.swap_ends:
            raise TeacherError(
                f"{self.name} is a function, and pools its vectors by itself",
                "Leave out the pooling and the swap of the ends.",
            )
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            vectors = _call(self.name, self.function, [recipe.prompt + text for text in batch])
            if vectors.shape[1] != self.width:
                raise TeacherError(
                    f"{self.name} returned vectors of {vectors.shape[1]:,} values, and"
                    f" {self.width:,} before",
                    "Return vectors of one width.",
                )
            yield batch, vectors


def _call(name: str, function: Embed, texts: list[str]) -> Vectors:
    try:
        found: Any = function(texts)
        vectors = np.asarray(found, np.float32)
    except BaseException as error:
        if not is_failure(error):
            raise
        raise TeacherError(
            f"The function {name} fails on {counted(len(texts), 'text')}:"
            f" {type(error).__name__}: {reason_of(error)}",
            "Give a function that takes a list of texts and returns one vector a text.",
        ) from error
    if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.shape[1]:
        raise TeacherError(
            f"The function {name} returned the shape {vectors.shape} for"
            f" {counted(len(texts), 'text')}",
            "Return one vector a text, all of the same width.",
        )
    with np.errstate(over="ignore"):
        return vectors.astype(np.float16)
