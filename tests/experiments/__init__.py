"""A teacher that there is not, for tests of what is made with one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.teachers import Progress, Recipe, Teacher, Vectors

WIDTH = 16


@cache
def vector(text: str) -> NDArray[np.float16]:
    """Give a text numbers that hang on nothing but the text."""
    generator = np.random.default_rng(zlib.crc32(text.encode()))
    return (2 + generator.normal(size=WIDTH) * np.arange(1, WIDTH + 1)).astype(np.float16)


class HashTeacher(Teacher):
    """A teacher without a transformer, which counts what it reads and caches nothing."""

    texts: list[str]

    def __init__(self, sha256: str = "hashes") -> None:
        super().__init__(name="hashes", sha256=sha256, width=WIDTH)
        self.texts = []

    def batches(
        self, texts: Sequence[str], recipe: Recipe
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        yield texts, np.stack([vector(f"{recipe.key}:{text}") for text in texts])

    def embed(
        self,
        texts: Sequence[str],
        recipe: Recipe,
        progress: Progress | None = None,
        before_new: Callable[[], None] | None = None,
    ) -> Vectors:
        self.texts += texts
        if progress is not None:
            progress(len(texts), len(texts))
        return np.concatenate([vectors for _, vectors in self.batches(texts, recipe)])
