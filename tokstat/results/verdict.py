"""The verdict on a tokenizer: one or two sentences made from a report's findings and coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tokstat.results.from_json import is_number
from tokstat.results.language_names import language_name, named
from tokstat.text.wording import counted

Grade = Literal["fine", "average", "weak"]

GRADES: Mapping[Grade, str] = {"fine": "Fine", "average": "Average", "weak": "Weak"}

MOST_SENTENCES = 2

FAILED_ANALYZER = "TS190"
SPLIT_ALONE = "TS501"
SPLIT_MORE_THAN_USUAL = "TS502"

MOST_WORDS, NEAR = 0.5, 0.9
"""Fine: most frequent words are one token, and no fewer than this share of the median."""

ABOVE = 1.25
"""Fine too: this many times as many frequent words are one token as in the median."""

FEW_WORDS, BELOW = 0.1, 0.75
"""Weak: few frequent words are one token, or less than this share of the median, as in TS502."""

MANY_UNKNOWN = 0.01
"""The share of unknown tokens in running text above which a verdict states it."""

_NAMED_LANGUAGES = 3
_NAMED_FINDINGS = 2


class Judged(Protocol):
    """A finding, which module `report` defines."""

    @property
    def code(self) -> str:
        """The code of its rule."""

    @property
    def severity(self) -> str:
        """How severe it is: info, warning or error."""

    @property
    def title(self) -> str:
        """The name of its rule."""


@dataclass(frozen=True)
class Statement:
    """Hold one sentence of a verdict, and the codes and metrics that it rests on."""

    sentence: str
    codes: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Statement: {self.sentence}{''.join(f' {code}' for code in self.codes)}>"

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class LanguageCoverage:
    """Hold the shares of a language's frequent words that are one token, alone and in text.

    `median` is that of the reference tokenizers in text; None where none was measured. A language
    without spaces between words has words only by the choice of a segmenter, and no grade.
    """

    language: str
    bare: float
    spaced: float
    median: float | None
    has_spaces: bool = True

    @property
    def name(self) -> str:
        """The English name of the language, or its code."""
        return language_name(self.language) or self.language

    def share(self, purpose: str | None) -> float:
        """Return the share that counts: a static model looks words up alone."""
        return self.bare if purpose == "static" else max(self.bare, self.spaced)

    def grade(self, purpose: str | None) -> Grade | None:
        """Grade the share beside the reference tokenizers; None where that means nothing."""
        if self.median is None or not self.has_spaces:
            return None
        share = self.share(purpose)
        if share < FEW_WORDS or share < BELOW * self.median:
            return "weak"
        if share >= MOST_WORDS and share >= NEAR * self.median:
            return "fine"
        return "fine" if share >= ABOVE * self.median else "average"


def verdict_of(
    findings: Sequence[Judged],
    coverage: Mapping[str, Sequence[Any]] | None,
    unknown: float | None,
    purpose: str | None,
) -> tuple[Statement, ...]:
    """Return one or two statements, by rules that docs/report.md states.

    `findings` are a report's, worst first. `coverage` holds the columns of the table `languages`
    of its section `coverage`, or None. `unknown` is the share of unknown tokens in running text.
    `purpose` is what the model is for, None if unknown.
    """
    languages = [] if coverage is None else list(_languages(coverage))
    suitability = list(_suitability(findings, languages, purpose))
    told = {code for each in suitability for code in each.codes}
    are_more = any(each.severity == "warning" for each in findings if each.code in told)
    statements = [
        *_failures(findings),
        *_errors(findings),
        *_unknown(unknown),
        *suitability,
        *_warnings([each for each in findings if each.code not in told], languages, are_more),
    ]
    return tuple(statements[:MOST_SENTENCES])


def _failures(findings: Sequence[Judged]) -> Iterator[Statement]:
    failed = sum(each.code == FAILED_ANALYZER for each in findings)
    if failed:
        many = counted(failed, "analyzer")
        yield Statement(f"This report is incomplete: {many} failed.", (FAILED_ANALYZER,))


def _errors(findings: Sequence[Judged]) -> Iterator[Statement]:
    errors = [
        each for each in findings if each.severity == "error" and each.code != FAILED_ANALYZER
    ]
    if errors:
        many = counted(len(errors), "error")
        yield _listing(f"Mend {many} before use", errors)


def _suitability(
    findings: Sequence[Judged], languages: Sequence[LanguageCoverage], purpose: str | None
) -> Iterator[Statement]:
    """State for which languages the vocabulary is fine, average or weak."""
    by_grade: dict[Grade, list[LanguageCoverage]] = {grade: [] for grade in GRADES}
    for each in languages:
        grade = each.grade(purpose)
        if grade is not None:
            by_grade[grade].append(each)
    graded = [(grade, found) for grade, found in by_grade.items() if found]
    if not graded:
        return
    parts = [f"{GRADES[grade]} for {_names(found)}" for grade, found in graded]
    metrics = ("coverage_bare",) if purpose == "static" else ("coverage_bare", "coverage_spaced")
    reported = {each.code for each in findings}
    codes = tuple(
        code for code in (SPLIT_MORE_THAN_USUAL,) if by_grade["weak"] and code in reported
    )
    sentence = "; ".join([parts[0], *(part[0].lower() + part[1:] for part in parts[1:])])
    if len(languages) == 1:
        sentence += _in_numbers(languages[0], graded[0][0], purpose)
    yield Statement(f"{sentence}.", codes, metrics)


def _in_numbers(language: LanguageCoverage, grade: Grade, purpose: str | None) -> str:
    """State the share behind the grade of the only language."""
    share, median = language.share(purpose), language.median or 0.0
    like_others = grade == "weak" and share >= BELOW * median
    others = ", like most reference tokenizers" if like_others else ""
    is_alone = purpose == "static" or share > language.spaced
    where = f"alone, {language.spaced:.1%} in text" if is_alone else "in text"
    told = f"{share:.1%} of frequent words are one token {where}"
    return f"{others}: {told} (reference median {median:.1%})"


def _unknown(share: float | None) -> Iterator[Statement]:
    if share is not None and share >= MANY_UNKNOWN:
        yield Statement(
            f"{share:.1%} of the tokens of running text are unknown, and their text is lost.",
            metrics=("text_unknown_ratio",),
        )


def _warnings(
    findings: Sequence[Judged], languages: Sequence[LanguageCoverage], are_more: bool
) -> Iterator[Statement]:
    """State the warnings, or that there are none; `are_more` if one was stated before."""
    warnings = [each for each in findings if each.severity == "warning"]
    if not warnings:
        yield Statement(f"No errors and no {'other ' if are_more else ''}warnings.")
        return
    alone = next((each for each in warnings if each.code == SPLIT_ALONE), None)
    if alone is not None and languages:
        widest = max(languages, key=lambda each: each.spaced - each.bare)
        rest = [each for each in warnings if each is not alone]
        more = f"; see {counted(len(rest), 'more warning')}" if rest else ""
        of = f" of {widest.name}" if len(languages) > 1 else ""
        yield Statement(
            f"Words{of} encoded alone are split ({widest.bare:.1%} stay one token, "
            f"{widest.spaced:.1%} in text): encode them with a leading space{more}.",
            (SPLIT_ALONE, *dict.fromkeys(each.code for each in rest)),
            ("coverage_bare", "coverage_spaced"),
        )
        return
    yield _listing(counted(len(warnings), "more warning" if are_more else "warning"), warnings)


def _listing(head: str, findings: Sequence[Judged]) -> Statement:
    """Name the first findings by their titles."""
    titles = list(dict.fromkeys(within_a_sentence(each.title or each.code) for each in findings))
    shown = "; ".join(titles[:_NAMED_FINDINGS])
    rest = len(findings) - _NAMED_FINDINGS
    more = f"; {rest:,} more" if rest > 0 else ""
    codes = tuple(dict.fromkeys(each.code for each in findings))
    return Statement(f"{head}: {shown}{more}.", codes)


def within_a_sentence(title: str) -> str:
    """Return a title as it stands within a sentence."""
    is_word = title[1:2].islower() or title[1:2] == " "
    return title[0].lower() + title[1:] if is_word else title


def _names(languages: Sequence[LanguageCoverage]) -> str:
    """Name the first languages, and count the others."""
    rest = len(languages) - _NAMED_LANGUAGES
    if rest <= 0:
        return named(*(each.language for each in languages))
    first = ", ".join(each.name for each in languages[:_NAMED_LANGUAGES])
    return f"{first} and {counted(rest, 'more language')}"


def _languages(columns: Mapping[str, Sequence[Any]]) -> Iterator[LanguageCoverage]:
    """Read the rows of the table; those that a saved file has spoilt are left out."""
    names = ("language", "words", "bare", "spaced")
    if not all(name in columns for name in names):
        return
    nothing = [None] * len(columns["language"])
    others = (columns.get(name, nothing) for name in ("reference_median", "has_spaces"))
    rows = zip(*(columns[name] for name in names), *others, strict=True)
    for language, words, bare, spaced, median, has_spaces in rows:
        if all(map(is_number, (words, bare, spaced))) and words > 0:
            known = float(median) if is_number(median) else None
            yield LanguageCoverage(
                str(language), bare / words, spaced / words, known, has_spaces is not False
            )
