"""All that a study measures of a tokenizer without its teacher."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tokstat.analyzers.casing import casing_duplicate_ratio
from tokstat.analyzers.fragments import fragment_ratio
from tokstat.analyzers.subject import Subject
from tokstat.analyzers.whole_words import whole_word_ratio
from tokstat.distillation.static_models import (
    ChosenTokens,
    WordSplits,
    choose_tokens,
    text_hashes,
)
from tokstat.errors import DataError
from tokstat.experiments.families import Sketch, sketch
from tokstat.tokenizer.single_words import CONVENTIONS, Convention, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.sets import PACKAGED_SETS
from tokstat.wordsim.store import load_set
from tokstat.wordsim.study_results import StudyRow


@dataclass(frozen=True, eq=False)
class Unembedded:
    """Hold what becomes rows of a study with a teacher's vectors of the `tokens`.

    `splits` has the ids of each word's tokens, and `rows` what makes a row of its WordSim, both
    by convention.
    """

    tokens: ChosenTokens
    splits: Mapping[Convention, Mapping[str, Sequence[int]]]
    rows: Mapping[Convention, Callable[..., StudyRow]]


@dataclass(frozen=True, eq=False)
class ReadTokenizer:
    """Hold what a study needs of a tokenizer; `unembedded` is None if its rows are finished."""

    name: str
    sketch: Sketch
    unembedded: Unembedded | None


@dataclass(frozen=True)
class StudyTokenizer:
    """Name a tokenizer to read, and the SHA-256 of the files that its finished rows are of."""

    name: str
    load: Callable[[], Tokenizer]
    finished: Collection[str] = ()


@dataclass(frozen=True)
class Reader:
    """Read tokenizers, and measure all that needs no teacher.

    `words` are those of the sets. Unless `exact`, only tokens of these words are embedded.
    """

    words: Sequence[str]
    lexicon: Lexicon
    exact: bool
    seed: int

    def __call__(self, wanted: StudyTokenizer) -> ReadTokenizer:
        """Read a tokenizer.

        Raises:
            DataError: it has no token in the lexicon's scripts.
            TokstatError: as `load`, or encoding fails.
        """
        tokenizer = wanted.load()
        unembedded = None
        if {*wanted.finished} != {tokenizer.origin.sha256}:
            unembedded = self._measure(wanted.name, tokenizer)
        hashes = text_hashes(tokenizer.vocabulary, 0)
        return ReadTokenizer(wanted.name, sketch(hashes), unembedded)

    def _measure(self, name: str, tokenizer: Tokenizer) -> Unembedded:
        subject = Subject(tokenizer, self.lexicon)
        subject.start(coverage=True, searches=False)
        splits = WordSplits(tokenizer)
        words = None if self.exact else self.words
        tokens = choose_tokens(tokenizer, splits, words=words, seed=self.seed)
        return Unembedded(
            tokens,
            {
                each: dict(zip(self.words, splits.of(self.words, each), strict=True))
                for each in CONVENTIONS
            },
            self._rows(name, subject),
        )

    def _rows(self, name: str, subject: Subject) -> Mapping[Convention, Callable[..., StudyRow]]:
        whole, duplicates, fragments = (
            ratio(subject).value
            for ratio in (whole_word_ratio, casing_duplicate_ratio, fragment_ratio)
        )
        if whole is None or duplicates is None or fragments is None:
            raise DataError(
                f"The tokenizer {name} has no token in the scripts of the word list",
                "Leave it out of the study.",
            )
        tokenizer = subject.tokenizer
        (coverage,) = subject.lower_coverage
        packaged = load_set(PACKAGED_SETS[0])
        assert packaged is not None  # it is packaged
        words = sorted({*self.words, *packaged.words})
        rows: dict[Convention, Callable[..., StudyRow]] = {}
        for convention in CONVENTIONS:
            covered = coverage.bare if convention == "bare" else coverage.spaced
            single = dict(zip(words, single_token_words(tokenizer, words, convention), strict=True))
            rows[convention] = partial(
                StudyRow,
                tokenizer=name,
                sha256=tokenizer.origin.sha256,
                scheme=tokenizer.scheme.name,
                vocab_size=len(tokenizer.vocabulary),
                convention=convention,
                whole_word_ratio=whole,
                casing_duplicate_ratio=duplicates,
                fragment_ratio=fragments,
                coverage=float(covered.mean()),
                wordsim353_coverage=float(np.mean([single[word] for word in packaged.words])),
                wordsim_coverage=float(np.mean([single[word] for word in self.words])),
            )
        return rows
