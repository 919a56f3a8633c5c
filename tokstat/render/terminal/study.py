"""A study and its statistics as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tokstat.experiments.study_link import StudyLink
from tokstat.render.terminal.tables import to_grid
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table
from tokstat.wordsim.statistics import Interval
from tokstat.wordsim.study_results import Study


def render_study(study: Study) -> str:
    """Write the rows of a study as a table."""
    rows = sorted(study.rows, key=lambda row: -row.wordsim)
    table = Table(
        "study",
        "Study",
        {
            "tokenizer": tuple(row.tokenizer for row in rows),
            "scheme": tuple(row.scheme for row in rows),
            "tokens": tuple(row.vocab_size for row in rows),
            "words": tuple(row.convention for row in rows),
            "WordSim": tuple(row.wordsim for row in rows),
            "95 %": tuple(f"[{row.interval_low:.1f}, {row.interval_high:.1f}]" for row in rows),
            "WordSim words whole": tuple(row.wordsim_coverage for row in rows),
            "frequent words whole": tuple(row.coverage for row in rows),
            "whole_word_ratio": tuple(row.whole_word_ratio for row in rows),
        },
    )
    told = f"Teacher {study.teacher}, {study.recipe}, {study.mode} mode, seed {study.seed}"
    return to_text([told]) + to_grid(table)


def study_link_to_json(link: StudyLink) -> str:
    """Write the statistics as JSON."""
    return json.dumps(link.to_dict(), allow_nan=False) + "\n"


def render_study_link(link: StudyLink) -> str:
    """Write what WordSim goes with over a study."""
    return to_text(_lines(link))


def _lines(link: StudyLink) -> Iterator[str | Table]:
    yield (
        f"CONTROLLED: {link.tokenizers} tokenizers x 2 conventions under one teacher "
        f"({link.teacher}, {link.mode} mode)"
    )
    yield Table(
        "scores",
        "Scores",
        {
            "score": tuple(each.score for each in link.scores),
            "Spearman": tuple(each.spearman for each in link.scores),
            "95 %": tuple(_interval(each.interval) for each in link.scores),
            "Pearson": tuple(each.pearson for each in link.scores),
            "alone": tuple(each.pearson_bare for each in link.scores),
            "after a blank": tuple(each.pearson_spaced for each in link.scores),
            "p (Holm)": tuple(f"{each.p_holm:.4f}" for each in link.scores),
            "error left out": tuple(each.left_out_error for each in link.scores),
            "unexplained": tuple(f"{each.unexplained:.0%}" for each in link.scores),
        },
    )
    best = link.scores[0]
    yield (
        f"Best on tokenizers left out: {best.score}, {best.left_out_error:.1f} WordSim off "
        f"(root mean square); always saying the mean is {link.baseline_error:.1f} off."
    )
    yield (
        "Pearson is over all rows, then within each convention: most of the variance is between "
        "the conventions of one tokenizer, where a score of the vocabulary can explain nothing. "
        "wordsim353_coverage counts words of a set that one of the seven is a part of, and has a "
        "little advantage by that."
    )
    yield ""
    yield f"WHAT IS LEFT once {best.score} is known"
    yield Table(
        "partial",
        "Partial correlations",
        {
            "score": tuple(each.score for each in link.partial),
            "Pearson": tuple(each.pearson for each in link.partial),
            "95 %": tuple(_interval(each.interval) for each in link.partial),
        },
    )
    yield "ONE VOCABULARY, TWO CONVENTIONS: every vocabulary score is equal, WordSim is not"
    pairs = sorted(link.conventions, key=lambda pair: pair.bare - pair.spaced)
    yield Table(
        "conventions",
        "Conventions",
        {
            "tokenizer": tuple(pair.tokenizer for pair in pairs),
            "alone": tuple(pair.bare for pair in pairs),
            "after a blank": tuple(pair.spaced for pair in pairs),
            "change": tuple(f"{pair.spaced - pair.bare:+.1f}" for pair in pairs),
        },
    )
    yield (
        "Read it as: untrained static models under this one teacher, an uncased English sentence "
        "embedder. Training can make up for a tokenizer: WordLlama's published WordSim, below, is "
        "far above what its vocabulary gives untrained."
    )


def _interval(found: Interval | None) -> str:
    return f"[{found.low:.2f}, {found.high:.2f}]" if found else "-"
