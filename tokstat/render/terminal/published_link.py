"""Published WordSim and vocabulary scores, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tokstat.experiments.published_link import SCORES, Correlation, LinkRow, PublishedLink
from tokstat.render.headlines import WORDSIM
from tokstat.render.parts import Heading
from tokstat.render.terminal.tables import interval
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table
from tokstat.text.wording import counted

GROUPS = {"static": "all static", "distils": "distilled"}
"""Names of the groups for people."""

_SHORT = {
    "whole_word_ratio": "whole",
    "casing_duplicate_ratio": "casing",
    "fragment_ratio": "fragm",
    "coverage_bare": "cov-b",
    "coverage_spaced": "cov-s",
    "wordsim_coverage_bare": "ws-b",
    "wordsim_coverage_spaced": "ws-s",
}
"""Column heads; the legend under the table has the full names."""


def link_to_json(link: PublishedLink) -> str:
    """Write all results as JSON."""
    return json.dumps(link.to_dict(), allow_nan=False) + "\n"


def render_link(link: PublishedLink) -> str:
    """Write the case, all rows, the correlations, and what they can show."""
    return to_text(link_parts(link))


def link_parts(link: PublishedLink) -> Iterator[str | Table]:
    """Yield the texts and tables of the published results."""
    yield f"WordSim: {WORDSIM}."
    yield ""
    yield Heading("THE CASE: three distilled models, and the scores of their two vocabularies")
    yield _grid([each.row for each in link.case], [each.difference for each in link.case])
    yield Heading("ALL STATIC MODELS of the packaged table, by WordSim (-: vocabulary not known)")
    yield _grid(list(link.rows), None)
    yield "  " + ", ".join(f"{short}: {name}" for name, short in _SHORT.items())
    yield ""
    yield Heading("CORRELATION WITH WORDSIM, one point per tokenizer")
    yield _correlations(link.correlations)
    yield from _limits(link)


def _grid(rows: list[LinkRow], differences: list[float] | None) -> Table:
    columns: dict[str, tuple[object, ...]] = {
        "model": tuple(row.model for row in rows),
        "tokenizer": tuple(row.tokenizer or f"({row.family})" for row in rows),
        "WordSim": tuple(row.wordsim for row in rows),
    }
    if differences is not None:
        columns["change"] = tuple(f"{change:+.1f}" if change else "" for change in differences)
    for name, short in _SHORT.items():
        columns[short] = tuple((row.scores or {}).get(name) for row in rows)
    return Table("rows", "Rows", columns)


def _correlations(found: tuple[Correlation, ...]) -> Table:
    return Table(
        "correlations",
        "Correlations",
        {
            "models": tuple(GROUPS[each.group] for each in found),
            "score": tuple(each.score for each in found),
            "rows": tuple(each.rows for each in found),
            "tokenizers": tuple(each.tokenizers for each in found),
            "Pearson": tuple(each.pearson for each in found),
            "95 %": tuple(interval(each.interval, 2) for each in found),
            "Spearman": tuple(each.spearman for each in found),
        },
    )


def _limits(link: PublishedLink) -> Iterator[str | Table]:
    yield Heading("LIMITS OF THESE DATA")
    for group in dict.fromkeys(each.group for each in link.correlations):
        found = link.correlation(group, SCORES[0])
        yield f"- {GROUPS[group]} models: {counted(found.rows, 'row')}; {found.verdict}."
    bpe = next(each for each in link.same_tokenizer if each.tokenizer == link.case[1].row.tokenizer)
    yield (
        f"- The distilled models have one byte-level BPE tokenizer ({bpe.tokenizer}), with "
        f"{counted(bpe.rows, 'row')}. Teacher or recipe may explain the difference as well."
    )
    yield (
        f"- Counter-examples, BPE above or WordPiece below {link.boundary:.1f} (the middle of the "
        "case): "
        + "; ".join(
            f"{row.model} ({row.family}) at {row.wordsim:.1f}" for row in link.counter_examples
        )
        + "."
    )
    widest = link.same_tokenizer[0]
    low, high = widest.lowest, widest.highest
    case = max(abs(each.difference) for each in link.case)
    yield (
        f"- Teacher and recipe matter as much: {counted(widest.rows, 'model')} with the tokenizer "
        f"{widest.tokenizer} score {low.wordsim:.1f} ({low.model}) to {high.wordsim:.1f} "
        f"({high.model}), a range of {high.wordsim - low.wordsim:.1f}. The case has {case:.1f}."
    )
    yield (
        "- Only a controlled experiment shows the cost of a tokenizer. Run: tokstat link (one "
        "teacher, one recipe, many tokenizers, words alone and in text)."
    )
