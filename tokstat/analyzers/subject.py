"""What analyzers look at: one tokenizer and one lexicon, with the facts they share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import DataError, SourceNotFoundError
from tokstat.io.background import Background
from tokstat.model.embedding_matrices import Embeddings, find_embeddings
from tokstat.reachability.search import Reachability
from tokstat.reachability.searches import Searches
from tokstat.reachability.witnesses import words_holding
from tokstat.tokenizer.single_words import Convention, Coverage, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.case_duplicates import cased_twins
from tokstat.words.lexicon import Lexicon
from tokstat.words.word_classes import WORD_CLASSES, classify_tokens, token_frequencies

FREQUENT_WORDS = 20_000
"""How many of a language's most frequent words are encoded for the coverage."""

_WORDS_TRIED = 12


@dataclass(frozen=True)
class Options:
    """Say what is to be looked into only when asked for, as it takes long or needs more files.

    `deep` compares with other libraries; `weights` is a folder or safetensors file of the model,
    or "auto" for those beside the tokenizer.
    """

    deep: bool = False
    weights: Path | Literal["auto"] | None = None


@dataclass(frozen=True, eq=False)
class Subject:
    """Pair a tokenizer with the lexicon it is judged by; every fact is worked out once."""

    tokenizer: Tokenizer
    lexicon: Lexicon
    options: Options = Options()
    given_searches: Searches | None = field(default=None, repr=False)

    @cached_property
    def searches(self) -> Searches:
        """What is searched for in the background; those given, or new ones."""
        return self.given_searches or Searches(self.tokenizer)

    def start(self, *, coverage: bool, searches: bool) -> None:
        """Start what is encoded in the background, and decode the vocabulary meanwhile.

        The encoder runs without the interpreter's lock. Words alone come last, as only those
        that the vocabulary spells are encoded.
        """
        if coverage:
            _ = self._spaced
        if searches:
            self.searches.start()
        if coverage:
            _ = self._bare

    @cached_property
    def _frequent_words(self) -> list[list[str]]:
        return [words.top(FREQUENT_WORDS) for words in self.lexicon.word_lists]

    @cached_property
    def _spaced(self) -> Background[list[NDArray[np.bool_]]]:
        # What both threads need is worked out here, and not by both at a time.
        _ = self.tokenizer.unknown_id
        return self._in_background("spaced")

    @cached_property
    def _bare(self) -> Background[list[NDArray[np.bool_]]]:
        _ = self.tokenizer.unknown_id, self.tokenizer.adds_leading_space, self.vocabulary
        return self._in_background("bare")

    def _in_background(self, convention: Convention) -> Background[list[NDArray[np.bool_]]]:
        words = self._frequent_words
        return Background(
            lambda: [single_token_words(self.tokenizer, each, convention) for each in words]
        )

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """Which of the most frequent words are single tokens, by language."""
        _ = self._spaced, self._bare
        columns = zip(self._frequent_words, self._bare.result(), self._spaced.result(), strict=True)
        return tuple(
            Coverage(language, *column)
            for language, column in zip(self.lexicon.languages, columns, strict=True)
        )

    @cached_property
    def embeddings(self) -> Embeddings:
        """The model's embedding matrices, of the weights that the options name.

        Raises:
            DataError: there are none, or the file that holds them is damaged.
        """
        place, asked = self.tokenizer.origin.folder, self.options.weights
        if isinstance(asked, Path):
            place = asked
        elif asked is None or self.tokenizer.model_folder is None:
            place = None
        try:
            found = find_embeddings(place) if place is not None else None
        except SourceNotFoundError as error:
            raise DataError(error.problem, error.hint) from error
        if found is None:
            raise DataError(
                f"No embedding matrix in {place or 'no folder'} (looked for safetensors files)",
                "Name the model's folder with --weights.",
            )
        return found

    @property
    def reachability(self) -> Reachability:
        """Which tokens some text can produce; see `tokstat.reachability.search`."""
        return self.searches.reachability

    def witness(self, row: int) -> str | None:
        """Return a text that gives the token in one row, or None if none was found.

        A word of the lexicon, where the token's own text does not give it.
        """
        words = words_holding(self.vocabulary.texts[row] or "", self._words)
        return self.reachability.witness(row, islice(words, _WORDS_TRIED))

    @cached_property
    def _words(self) -> str:
        words = [word for words in self.lexicon.word_lists for word in words.zipf]
        return "\n".join(["", *words, ""])

    @property
    def vocabulary(self) -> Vocabulary:
        """The token rows."""
        return self.tokenizer.vocabulary

    @cached_property
    def frequencies(self) -> NDArray[np.float32]:
        """Zipf frequency of each alphabetic token, in the order of `alphabetic_rows`."""
        return token_frequencies(self.vocabulary, self.lexicon)

    @cached_property
    def word_frequencies(self) -> NDArray[np.float32]:
        """Zipf frequency of each of the vocabulary's `words`, 0 where it is not known."""
        result = np.zeros(len(self.vocabulary.words), np.float32)
        result[self.vocabulary.word_codes] = self.frequencies
        return result

    @cached_property
    def word_classes(self) -> NDArray[np.uint8]:
        """Class code of each token, shape (n,); see `tokstat.words.word_classes`."""
        return classify_tokens(self.vocabulary, self.lexicon, self.frequencies)

    @cached_property
    def cased_twins(self) -> NDArray[np.int64]:
        """Rows that repeat another but for case; see `tokstat.words.case_duplicates`."""
        return cased_twins(self.vocabulary)

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
        return rows[highest(self.row_frequencies[rows], count)]


def evenly_spread(last: int, count: int) -> NDArray[np.int64]:
    """Return whole numbers from 0 to the last one, each once and at most so many."""
    # numpy.unique imports numpy.ma, which takes longer than most analyzers.
    return np.array(sorted(set(np.linspace(0, last, count).astype(np.int64).tolist())), np.int64)


def highest(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return where the highest values are, highest first; ties in their order."""
    if count >= len(values):
        return np.argsort(-values, kind="stable")
    # Sorting everything for a few takes most of the time.
    candidates = np.flatnonzero(values >= np.partition(values, -count)[-count])
    return candidates[np.argsort(-values[candidates], kind="stable")[:count]]
