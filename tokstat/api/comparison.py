"""Compare several tokenizers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers.registry import all_rules
from tokstat.analyzers.subject import Subject, highest
from tokstat.api.inspection import inspect_subject, make_subject
from tokstat.api.loading import Spec, load, name_of, specs_of
from tokstat.comparison.comparison import (
    Comparison,
    WordExamples,
    digit_policy,
    findings_of,
    scores_of,
    short_labels,
    splits_of,
)
from tokstat.comparison.overlap import Codes, TextCodes, membership, overlap
from tokstat.errors import ComparisonError, TokstatError, naming
from tokstat.results.report import Report
from tokstat.version import __version__
from tokstat.words.lexicon import Lexicon

FEWEST, MOST = 2, 20

_EXAMPLES = 20


def compare(
    *specs: Spec,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
    analyzers: Iterable[str] | None = None,
) -> Comparison:
    """Run the analyzers on 2 to 20 tokenizers, and compare the results.

    The tokenizers may also be given as one list.
    One lexicon is used for all: with `lang` "auto", that of the first tokenizer's scripts. Only one
    tokenizer is in memory at a time.

    Raises:
        TokstatError: as `inspect`, with the spec that failed in the message; `ComparisonError` for
            too few or too many specs.
    """
    if len(specs) == 1:
        specs = tuple(specs_of(specs[0]))
    if not FEWEST <= len(specs) <= MOST:
        raise ComparisonError(
            f"A comparison needs {FEWEST} to {MOST} tokenizers, and got {len(specs)}",
            "For one tokenizer, run: tokstat inspect SPEC."
            if len(specs) == 1
            else f"Name {FEWEST} to {MOST} SPECs.",
        )
    chosen = None if analyzers is None else list(analyzers)
    codes, words = TextCodes(), _CommonWords()
    reports: list[Report] = []
    surfaces: list[Codes] = []
    texts: list[Codes] = []
    for spec in specs:
        try:
            subject = make_subject(load(spec), lang, lexicon)
            reports.append(inspect_subject(subject, chosen))
        except TokstatError as error:
            raise naming(name_of(spec), error) from error
        lexicon = subject.lexicon
        own = codes.of_tokens(subject.vocabulary)
        surfaces.append(own[0])
        texts.append(own[1])
        words.add(subject)
    shared_words, shared_examples = words.shared()
    return Comparison(
        tokenizers=tuple(report.tokenizer for report in reports),
        labels=short_labels([report.tokenizer.spec for report in reports]),
        lexicon=reports[0].lexicon,
        scores=scores_of(reports),
        digit_policies=tuple(map(digit_policy, reports)),
        findings=findings_of(reports, _titles()),
        surfaces=overlap(surfaces),
        texts=overlap(texts),
        words=words.examples(),
        shared_words=shared_words,
        shared_examples=shared_examples,
        splits=splits_of(reports),
        tokstat_version=__version__,
    )


def _titles() -> dict[str, str]:
    return {rule.code: rule.title for rule in all_rules()}


class _CommonWords:
    """Collect the words of the lexicon that are one token."""

    def __init__(self) -> None:
        self._codes = TextCodes()
        self._sets: list[Codes] = []
        self._zipf: dict[int, float] = {}

    def add(self, subject: Subject) -> None:
        vocabulary = subject.vocabulary
        rows = subject.rows_of_class("whole_word")
        folded = [(vocabulary.texts[row] or "").lower() for row in rows.tolist()]
        codes = self._codes.of(folded)
        self._sets.append(np.unique(codes))
        self._zipf.update(zip(codes.tolist(), subject.row_frequencies[rows].tolist(), strict=True))

    def shared(self) -> tuple[int, tuple[str, ...]]:
        """Count the words that all tokenizers have, with the most frequent as examples."""
        mask = self._mask()
        return self._named(mask.sum(axis=0) == len(mask))

    def examples(self) -> tuple[WordExamples, ...]:
        """Count the words that only one tokenizer has, and that only one lacks, with examples."""
        mask = self._mask()
        holders = mask.sum(axis=0)
        found = []
        for row in mask:
            only, only_examples = self._named(row & (holders == 1))
            lacking, lacking_examples = self._named(~row & (holders == len(mask) - 1))
            found.append(
                WordExamples(int(row.sum()), only, only_examples, lacking, lacking_examples)
            )
        return tuple(found)

    def _mask(self) -> NDArray[np.bool_]:
        return membership(self._sets)

    def _named(self, mask: NDArray[np.bool_]) -> tuple[int, tuple[str, ...]]:
        chosen = np.flatnonzero(mask)
        zipf = np.array([self._zipf[code] for code in chosen.tolist()], np.float32)
        words = self._codes.texts()
        best = chosen[highest(zipf, _EXAMPLES)]
        return len(chosen), tuple(words[code] for code in best.tolist())


def read_comparison(data: Mapping[str, Any]) -> Comparison:
    """Read the data of `Comparison.to_dict`; notebooks can show the result. Raises ReportError."""
    return Comparison.from_dict(data)
