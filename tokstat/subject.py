"""What analyzers look at: one tokenizer and one lexicon, with the facts they share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokstat.background import Background
from tokstat.lexicon import Lexicon
from tokstat.segmentation import Coverage, measure_coverage
from tokstat.tokenizer import Tokenizer
from tokstat.vocabulary import Vocabulary
from tokstat.word_classes import WORD_CLASSES, classify_tokens, token_frequencies

FREQUENT_WORDS = 20_000
"""How many of a language's most frequent words are encoded for the coverage."""


@dataclass(frozen=True, eq=False)
class Subject:
    """Pair a tokenizer with the lexicon it is judged by; every fact is worked out once."""

    tokenizer: Tokenizer
    lexicon: Lexicon

    def encode_ahead(self) -> None:
        """Start measuring the coverage in the background.

        The encoder runs without the interpreter's lock, so that other facts can be worked out
        meanwhile.
        """
        _ = self._measuring

    @cached_property
    def _measuring(self) -> Background[tuple[Coverage, ...]]:
        # Worked out here, and not by both threads at a time.
        _ = self.tokenizer.unknown_id, self.tokenizer.adds_leading_space, self.vocabulary
        return Background(lambda: measure_coverage(self.tokenizer, self.lexicon, FREQUENT_WORDS))

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """Which of the most frequent words are single tokens, by language."""
        return self._measuring.result()

    @property
    def vocabulary(self) -> Vocabulary:
        """The token rows."""
        return self.tokenizer.vocabulary

    @cached_property
    def frequencies(self) -> NDArray[np.float32]:
        """Zipf frequency of each alphabetic token, in the order of `alphabetic_rows`."""
        return token_frequencies(self.vocabulary, self.lexicon)

    @cached_property
    def word_classes(self) -> NDArray[np.uint8]:
        """Class code of each token, shape (n,); see `tokstat.word_classes`."""
        return classify_tokens(self.vocabulary, self.lexicon, self.frequencies)

    def rows_of_class(self, name: str) -> NDArray[np.int64]:
        """Rows of the tokens of one word class, in the order of ids."""
        return np.flatnonzero(self.word_classes == WORD_CLASSES.index(name))

    @cached_property
    def row_frequencies(self) -> NDArray[np.float32]:
        """Zipf frequency of every token, shape (n,); 0 for those that are not alphabetic."""
        result = np.zeros(len(self.vocabulary), np.float32)
        result[self.vocabulary.alphabetic_rows] = self.frequencies
        return result

    def most_frequent(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return the rows whose words are most frequent; ties in the order of ids."""
        order = np.argsort(-self.row_frequencies[rows], kind="stable")
        return rows[order[:count]]
