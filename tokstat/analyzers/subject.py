"""The subject of an analysis: one tokenizer and one lexicon, with the facts analyzers share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers.purpose import purpose_of
from tokstat.errors import DataError, SourceNotFoundError, TokstatError
from tokstat.io.background import Background
from tokstat.model.embedding_matrices import Embeddings, find_embeddings
from tokstat.reachability.search import Reachability
from tokstat.reachability.searches import Searches
from tokstat.reachability.witnesses import words_holding
from tokstat.results.declarations import Purpose
from tokstat.tokenizer.settled_words import separates_words
from tokstat.tokenizer.single_words import Coverage, NormalizedWords
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.case_duplicates import cased_twins
from tokstat.words.examples import holds_vulgar, is_vulgar
from tokstat.words.frequent_words import FREQUENT_WORDS as FREQUENT_WORDS
from tokstat.words.frequent_words import FrequentWords, Masks
from tokstat.words.languages import LanguageWords, language_words
from tokstat.words.lexicon import Known, Lexicon, wordfreq_languages
from tokstat.words.scripts import UNSPACED
from tokstat.words.word_classes import WORD_CLASSES, classify_tokens

_WORDS_TRIED = 12

_ROWS_TRIED = 400
"""Tokens among which examples are chosen."""

_NO_WORDS = ("fragment", "joined_words")
"""Classes of tokens that are not one word of any language."""


@dataclass(frozen=True)
class Options:
    """Hold options of an analysis.

    `deep` compares with other libraries. `weights` is the model's folder or safetensors file, or
    "auto" for the weights beside the tokenizer. `purpose` is what the model is for; None for what
    the files beside the tokenizer say. `all_words` shows vulgar words among examples.
    """

    deep: bool = False
    weights: Path | Literal["auto"] | None = None
    purpose: Purpose | None = None
    all_words: bool = False


@dataclass(frozen=True, eq=False)
class Subject:
    """Pair a tokenizer with a lexicon; every fact about them is computed once."""

    tokenizer: Tokenizer
    lexicon: Lexicon
    options: Options = Options()
    given_searches: Searches | None = field(default=None, repr=False)

    @cached_property
    def purpose(self) -> Purpose | None:
        """What the model is for: as asked for, else as the files beside the tokenizer say."""
        return self.options.purpose or purpose_of(self.tokenizer.model_folder)

    @cached_property
    def searches(self) -> Searches:
        """The searches that run in the background: those given, or new ones."""
        return self.given_searches or Searches(self.tokenizer)

    def start(self, *, coverage: bool, searches: bool) -> None:
        """Start encoding in the background, and decode the vocabulary meanwhile.

        The encoder runs without the interpreter's lock. Words alone come last: only those with a
        token of the same text are encoded, so the vocabulary is needed first. Where the search for
        reachable tokens settles most words, all are left until it is over.
        """
        encodes = coverage and not (searches and separates_words(self.tokenizer))
        if encodes:
            _ = self._spaced
        if searches:
            self.searches.start()
        if encodes:
            _ = self._bare

    @cached_property
    def frequent_words(self) -> list[list[str]]:
        """The `FREQUENT_WORDS` most frequent words of each word list, in lower case."""
        return [each.lower for each in self._frequent_words]

    @cached_property
    def usual_words(self) -> list[list[str]]:
        """The same words in their usual case; in lower case if the tokenizer lower-cases."""
        if self.tokenizer.lowercases:
            return self.frequent_words
        return [each.usual for each in self._frequent_words]

    @cached_property
    def _frequent_words(self) -> list[FrequentWords]:
        return [FrequentWords.of(words) for words in self.lexicon.word_lists]

    @cached_property
    def _normal_forms(self) -> list[NormalizedWords]:
        return [NormalizedWords.of(self.tokenizer, each.encoded) for each in self._frequent_words]

    @cached_property
    def _spaced(self) -> Background[list[Masks]]:
        # Both threads need these facts, so they are computed before the first one starts.
        _ = self.tokenizer.unknown_id
        words = self._frequent_words
        return Background(lambda: [each.spaced(self.tokenizer) for each in words])

    @cached_property
    def _bare(self) -> Background[list[NDArray[np.bool_]]]:
        _ = self.tokenizer.unknown_id, self.tokenizer.adds_leading_space, self.vocabulary
        words = list(zip(self._frequent_words, self._normal_forms, strict=True))
        return Background(lambda: [each.bare(self.tokenizer, forms) for each, forms in words])

    @cached_property
    def _spaced_masks(self) -> list[Masks]:
        settled = self.searches.settled_words("spaced")
        if settled is None:
            return self._spaced.result()
        return [each.spaced(self.tokenizer, settled) for each in self._frequent_words]

    @cached_property
    def _bare_masks(self) -> list[NDArray[np.bool_]]:
        settled = self.searches.settled_words("bare")
        if settled is None:
            return self._bare.result()
        words = zip(self._frequent_words, self._normal_forms, strict=True)
        return [each.bare(self.tokenizer, forms, settled) for each, forms in words]

    @cached_property
    def _covered(self) -> list[tuple[Coverage, Coverage]]:
        return [
            words.coverage(bare, spaced & ~normal.changed)
            for words, bare, (spaced, _), normal in zip(
                self._frequent_words,
                self._bare_masks,
                self._spaced_masks,
                self._normal_forms,
                strict=True,
            )
        ]

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """The frequent words, in their usual case, that are single tokens, by language."""
        return tuple(usual for usual, _ in self._covered)

    @cached_property
    def lower_coverage(self) -> tuple[Coverage, ...]:
        """The same words in lower case."""
        return tuple(lower for _, lower in self._covered)

    @cached_property
    def unknown_words(self) -> int:
        """The number of frequent words that have the unknown token in text."""
        masks = (unknown for _, unknown in self._spaced_masks)
        words = zip(self._frequent_words, masks, strict=True)
        return sum(int(each.usual_mask(unknown).sum()) for each, unknown in words)

    @cached_property
    def changed_words(self) -> int:
        """The number of frequent words that the normalizer changes in more than case."""
        words = zip(self._frequent_words, self._normal_forms, strict=True)
        return sum(int(each.usual_mask(normal.changed).sum()) for each, normal in words)

    @cached_property
    def embeddings(self) -> Embeddings:
        """The embedding matrices in the weights that the options name.

        Raises:
            DataError: there are no weights, or their file is damaged.
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
            where = f"{place} has no safetensors file with an embedding matrix"
            raise DataError(
                where if place else "there is no folder with the model's weights",
                "Give the model's folder: `--weights FOLDER`.",
            )
        return found

    @cached_property
    def as_transformers(self) -> Tokenizer | TokstatError:
        """The tokenizer that transformers makes of the folder, or why it makes none."""
        from tokstat.loading.converted import load_converted

        folder, spec = self.tokenizer.model_folder, self.tokenizer.origin.spec
        if folder is None:
            return DataError("transformers needs a folder, and there is none", "Give a folder.")
        try:
            return load_converted(spec, folder.path, source=str(folder.path))
        except TokstatError as error:
            return error

    @property
    def reachability(self) -> Reachability:
        """The tokens that some text can produce; see `tokstat.reachability.search`."""
        return self.searches.reachability

    def witness(self, row: int) -> str | None:
        """Return a text that produces the token in one row, or None if none was found.

        Where the token's own text does not produce it, words of the lexicon are tried next.
        """
        words = words_holding(self.vocabulary.texts[row] or "", self._words)
        return self.reachability.witness(row, islice(words, _WORDS_TRIED))

    @cached_property
    def _words(self) -> str:
        words = [word for words in self.lexicon.word_lists for word in words.zipf]
        return "\n".join(["", *words, ""])

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokenizer's vocabulary."""
        return self.tokenizer.vocabulary

    @cached_property
    def known(self) -> Known:
        """What the lexicon knows of the vocabulary's `words`."""
        return self.lexicon.look_up(self.vocabulary.words)

    @cached_property
    def language_words(self) -> LanguageWords:
        """The frequent words of many languages among the alphabetic tokens."""
        return language_words(self.vocabulary)

    @property
    def word_frequencies(self) -> NDArray[np.float32]:
        """Zipf frequency of each of the vocabulary's `words`, 0 for unknown ones."""
        return self.known.zipf

    @cached_property
    def word_classes(self) -> NDArray[np.uint8]:
        """Class code of each token, shape (n,); see `tokstat.words.word_classes`."""
        return classify_tokens(self.vocabulary, self.lexicon, self.known, self.language_words)

    @cached_property
    def cased_twins(self) -> NDArray[np.int64]:
        """Rows of the duplicates by case; see `tokstat.words.case_duplicates`."""
        return cased_twins(self.vocabulary)

    def rows_of_class(self, name: str) -> NDArray[np.int64]:
        """Return the rows of the tokens of one word class, in the order of ids."""
        return np.flatnonzero(self.word_classes == WORD_CLASSES.index(name))

    @cached_property
    def row_frequencies(self) -> NDArray[np.float32]:
        """Zipf frequency of every token, shape (n,); 0 for tokens that are not alphabetic."""
        result = np.zeros(len(self.vocabulary), np.float32)
        result[self.vocabulary.alphabetic_rows] = self.known.zipf[self.vocabulary.word_codes]
        return result

    def with_language(self, hint: str) -> str:
        """Return a hint whose commands look up words in this lexicon."""
        languages = self.lexicon.languages
        if languages == ("en",):
            return hint
        is_packaged = set(languages) <= set(wordfreq_languages())
        option = f"--lang {','.join(languages)}" if is_packaged else "--lexicon FILE"
        for end in (" --class fragment`", " SPEC OTHER`"):
            hint = hint.replace(end, f"{end[:-1]} {option}`")
        return hint

    def may_show(self, word: str, *, in_part: bool = False) -> bool:
        """Return whether a word of a list may be an example; `in_part` looks within it, too."""
        is_unfit = holds_vulgar if in_part else is_vulgar
        return self.options.all_words or not is_unfit(word)

    def shown_rows(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return at most `count` of some rows, evenly spread, whose tokens may be examples."""
        some = rows[evenly_spread(len(rows) - 1, _ROWS_TRIED)] if len(rows) else rows
        shown = np.array(list(filter(self.may_show_row, some.tolist())), np.int64)
        return shown[evenly_spread(len(shown) - 1, count)] if len(shown) else shown

    def may_show_row(self, row: int) -> bool:
        """Return whether a token may be an example.

        Scripts without spaces have whole phrases as tokens, many of them spam. There a token that
        is no word is an example only if a frequent word holds it.
        """
        text = self.vocabulary.texts[row] or ""
        if not self.may_show(text):
            return False
        is_phrase = len(text) > 1 and WORD_CLASSES[self.word_classes[row]] in _NO_WORDS
        if self.options.all_words or not is_phrase or not self.unspaced[row]:
            return True
        return text in self._joined_frequent_words

    @cached_property
    def unspaced(self) -> NDArray[np.bool_]:
        """A mask of the tokens in scripts that write no spaces, shape (n,)."""
        properties = self.vocabulary.properties
        names = [UNSPACED.isdisjoint(name.split("+")) for name in properties.script_names]
        return ~np.array(names, np.bool_)[properties.script_codes]

    @cached_property
    def _joined_frequent_words(self) -> str:
        return "\n".join(word for words in self.frequent_words for word in words)

    def most_frequent(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return the `count` rows whose words are most frequent; ties in the order of ids."""
        return rows[highest(self.row_frequencies[rows], count)]


def evenly_spread(last: int, count: int) -> NDArray[np.int64]:
    """Return at most `count` distinct whole numbers, evenly spread from 0 to `last`."""
    # numpy.unique imports numpy.ma, which takes longer than most analyzers.
    return np.array(sorted(set(np.linspace(0, last, count).astype(np.int64).tolist())), np.int64)


def highest(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the positions of the `count` highest values, highest first; ties in their order."""
    if count >= len(values):
        return np.argsort(-values, kind="stable")
    # Sorting only the candidates is much faster than sorting all values.
    candidates = np.flatnonzero(values >= np.partition(values, -count)[-count])
    return candidates[np.argsort(-values[candidates], kind="stable")[:count]]
