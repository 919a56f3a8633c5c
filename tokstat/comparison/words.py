"""Words that are one token: those of all tokenizers, of one alone, and of all but one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tokstat.comparison.overlap import Codes, TextCodes, membership

_EXAMPLES = 20


@dataclass(frozen=True)
class WordExamples:
    """Count the words that distinguish one tokenizer, with the most frequent ones.

    Words are those of the lexicon, in lower case, that are a token. `only` counts words that are a
    token in no other tokenizer, `lacking` words that are a token in all others.
    """

    words: int
    only: int
    only_examples: tuple[str, ...]
    lacking: int
    lacking_examples: tuple[str, ...]


class SingleTokenWords:
    """Collect the words that are one token in each of several tokenizers.

    Examples are words that `is_shown` allows; the others are counted alone.
    """

    def __init__(self, is_shown: Callable[[str], bool] = bool) -> None:
        self._is_shown = is_shown
        self._codes = TextCodes()
        self._sets: list[Codes] = []
        self._zipf: dict[int, float] = {}

    def add(self, words: Sequence[str], zipf: NDArray[np.float32]) -> None:
        """Add the words of one more tokenizer, with their Zipf frequencies."""
        codes = self._codes.of([word.lower() for word in words])
        self._sets.append(np.unique(codes))
        self._zipf.update(zip(codes.tolist(), zipf.tolist(), strict=True))

    def shared(self) -> tuple[int, tuple[str, ...]]:
        """Count the words that all tokenizers have, with the most frequent as examples."""
        mask = membership(self._sets)
        return self._named(mask.sum(axis=0) == len(mask))

    def examples(self) -> tuple[WordExamples, ...]:
        """Count the words that only one tokenizer has, and that only one lacks, with examples."""
        mask = membership(self._sets)
        holders = mask.sum(axis=0)
        return tuple(
            WordExamples(
                int(row.sum()),
                *self._named(row & (holders == 1)),
                *self._named(~row & (holders == len(mask) - 1)),
            )
            for row in mask
        )

    def _named(self, mask: NDArray[np.bool_]) -> tuple[int, tuple[str, ...]]:
        chosen = np.flatnonzero(mask)
        zipf = np.array([self._zipf[code] for code in chosen.tolist()], np.float32)
        words = self._codes.texts()
        ordered = (words[code] for code in chosen[np.argsort(-zipf, kind="stable")].tolist())
        return len(chosen), tuple(islice(filter(self._is_shown, ordered), _EXAMPLES))
