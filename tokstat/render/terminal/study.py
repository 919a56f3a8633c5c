"""A study and its statistics as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tokstat.experiments.study_link import StudyLink
from tokstat.render.headlines import WORDSIM
from tokstat.render.parts import Heading
from tokstat.render.terminal.tables import interval
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table
from tokstat.text.wording import agreed, counted
from tokstat.wordsim.expectation import LOW
from tokstat.wordsim.study_results import Study

_ENCODED = {"bare": "alone", "spaced": "in text"}


def render_study(study: Study) -> str:
    """Write the rows of a study as a table."""
    return to_text(study_parts(study)).rstrip() + "\n"


def study_parts(study: Study) -> Iterator[str | Table]:
    """Yield the settings of a study, and its rows as a table."""
    rows = sorted(study.rows, key=lambda row: -row.wordsim)
    table = Table(
        "study",
        "Study",
        {
            "tokenizer": tuple(row.tokenizer for row in rows),
            "scheme": tuple(row.scheme for row in rows),
            "tokens": tuple(row.vocab_size for row in rows),
            "words": tuple(_ENCODED.get(row.convention, row.convention) for row in rows),
            "WordSim": tuple(row.wordsim for row in rows),
            "95 %": tuple(interval((row.interval_low, row.interval_high)) for row in rows),
            "WordSim words whole": tuple(row.wordsim_coverage for row in rows),
            "frequent words whole": tuple(row.coverage for row in rows),
            "whole_word_ratio": tuple(row.whole_word_ratio for row in rows),
        },
    )
    yield f"Teacher {study.teacher}, {study.recipe}, {study.mode} mode, seed {study.seed}"
    yield f"WordSim: {WORDSIM}."
    yield table


def study_link_to_json(link: StudyLink) -> str:
    """Write the statistics as JSON."""
    return json.dumps(link.to_dict(), allow_nan=False) + "\n"


def render_study_link(link: StudyLink) -> str:
    """Write the correlation of WordSim with every score of a study."""
    return to_text(study_link_parts(link))


def study_link_parts(link: StudyLink) -> Iterator[str | Table]:
    """Yield the texts and tables of the correlations in a study."""
    yield Heading(
        f"CONTROLLED STUDY: {counted(link.tokenizers, 'tokenizer')}, words alone and in text, one "
        f"teacher ({link.teacher}, {link.mode} mode)"
    )
    yield f"WordSim: {WORDSIM}."
    yield Table(
        "scores",
        "Scores",
        {
            "score": tuple(each.score for each in link.scores),
            "Spearman": tuple(each.spearman for each in link.scores),
            "95 %": tuple(interval(each.interval, 2) for each in link.scores),
            "Pearson": tuple(each.pearson for each in link.scores),
            "alone": tuple(each.pearson_bare for each in link.scores),
            "in text": tuple(each.pearson_spaced for each in link.scores),
            "p (Holm)": tuple(f"{each.p_holm:.4f}" for each in link.scores),
            "form": tuple(each.form for each in link.scores),
            "error": tuple(each.left_out_error for each in link.scores),
            "without rel353": tuple(each.error_without for each in link.scores),
            "unexplained": tuple(f"{each.unexplained:.0%}" for each in link.scores),
        },
    )
    best = link.scores[0]
    yield (
        f"Best predictor: {best.score} ({best.form}), with an error of {best.left_out_error:.1f} "
        "WordSim (root mean square, on families of tokenizers left out). The mean alone has "
        f"{link.baseline_error:.1f}."
    )
    yield from _checked(link)
    yield (
        "Pearson is over all rows, then over words alone and words in text. Most of the variance "
        "is between these two, where a vocabulary score does not change and explains nothing."
    )
    yield (
        "wordsim353_coverage has a small advantage: its set holds the words of rel353, one of the "
        "seven. The column without rel353 has the errors on the mean of the other six."
    )
    if link.words:
        yield (
            f"These sets cannot show casing: {link.capitalized:,} of their {link.words:,} words "
            "have a capital letter, and an uncased teacher gives Apple and apple one vector."
        )
    yield ""
    yield Heading(f"PARTIAL CORRELATION with WordSim, given {best.score}")
    yield Table(
        "partial",
        "Partial correlations",
        {
            "score": tuple(each.score for each in link.partial),
            "Pearson": tuple(each.pearson for each in link.partial),
            "95 %": tuple(interval(each.interval, 2) for each in link.partial),
        },
    )
    yield Heading("WORDSIM OF ONE VOCABULARY, WORDS ALONE AND IN TEXT: vocabulary scores are equal")
    pairs = sorted(link.conventions, key=lambda pair: pair.bare - pair.spaced)
    yield Table(
        "conventions",
        "Conventions",
        {
            "tokenizer": tuple(pair.tokenizer for pair in pairs),
            "alone": tuple(pair.bare for pair in pairs),
            "in text": tuple(pair.spaced for pair in pairs),
            "change": tuple(f"{pair.spaced - pair.bare:+.1f}" for pair in pairs),
        },
    )
    equal = sum(pair.bare == pair.spaced for pair in pairs)
    yield (
        f"{counted(equal, 'tokenizer')} of {len(pairs)} {agreed(equal, 'has', 'have')} equal rows: "
        "they encode a word alone as they do in text."
    )
    yield (
        "These are untrained static models under one teacher, an uncased English sentence "
        "embedder. Training can compensate for a tokenizer: WordLlama's published WordSim, below, "
        "is far higher than its untrained one."
    )


def _checked(link: StudyLink) -> Iterator[str]:
    found = link.check
    low = "" if found.low_error is None else f", {found.low_error:.1f} for scores below {LOW}"
    yield (
        f"Expected WordSim, with each family left out in turn: {found.held} of {found.rows} rows "
        f"are inside their interval, and the error is {found.error:.1f}{low}."
    )
