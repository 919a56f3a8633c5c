"""Published results beside vocabulary scores, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tokstat.experiments.published_link import SCORES, Correlation, LinkRow, PublishedLink
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table

_SHORT = {
    "whole_word_ratio": "whole",
    "casing_duplicate_ratio": "casing",
    "fragment_ratio": "fragm",
    "coverage_bare": "cov-b",
    "coverage_spaced": "cov-s",
    "wordsim_coverage_bare": "ws-b",
    "wordsim_coverage_spaced": "ws-s",
}
"""Column heads; the legend under the table spells them out."""


def link_to_json(link: PublishedLink) -> str:
    """Write everything that was found as JSON."""
    return json.dumps(link.to_dict(), allow_nan=False) + "\n"


def render_link(link: PublishedLink) -> str:
    """Write the case, all rows, the statistics and what they can show."""
    return to_text(_lines(link))


def _lines(link: PublishedLink) -> Iterator[str | Table]:
    yield "THE CASE: distils of three embedders, and the scores of their two vocabularies"
    yield _grid([each.row for each in link.case], [each.difference for each in link.case])
    yield "ALL STATIC MODELS of the packaged table, by WordSim (-: the vocabulary is not known)"
    yield _grid(list(link.rows), None)
    yield "  " + ", ".join(f"{short}: {name}" for name, short in _SHORT.items())
    yield ""
    yield "WHAT GOES WITH WORDSIM, counting each tokenizer once"
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
            "models": tuple(each.group for each in found),
            "score": tuple(each.score for each in found),
            "rows": tuple(each.rows for each in found),
            "tokenizers": tuple(each.tokenizers for each in found),
            "Pearson": tuple(each.pearson for each in found),
            "95 %": tuple(
                f"[{each.interval.low:.2f}, {each.interval.high:.2f}]" if each.interval else "-"
                for each in found
            ),
            "Spearman": tuple(each.spearman for each in found),
        },
    )


def _limits(link: PublishedLink) -> Iterator[str | Table]:
    yield "WHAT THIS CAN AND CANNOT SHOW"
    for group in dict.fromkeys(each.group for each in link.correlations):
        found = link.correlation(group, SCORES[0])
        yield f"- {group}: {found.rows} rows; a correlation {found.verdict}."
    bpe = next(each for each in link.same_tokenizer if each.tokenizer == link.case[1].row.tokenizer)
    yield (
        f"- Among the distils byte-level BPE is one tokenizer ({bpe.tokenizer}) with {bpe.rows} "
        "rows: whatever else those two share, teacher family and recipe, explains them as well."
    )
    yield (
        f"- Counter-examples, beyond {link.boundary:.1f}, half-way between the rows of the case: "
        + "; ".join(
            f"{row.model} ({row.family}) at {row.wordsim:.1f}" for row in link.counter_examples
        )
        + "."
    )
    widest = link.same_tokenizer[0]
    low, high = widest.lowest, widest.highest
    case = max(abs(each.difference) for each in link.case)
    yield (
        f"- Teacher and recipe alone: {widest.rows} models with the tokenizer {widest.tokenizer} "
        f"go from {low.wordsim:.1f} ({low.model}) to {high.wordsim:.1f} ({high.model}), "
        f"{high.wordsim - low.wordsim:.1f} apart; the case is {case:.1f} apart."
    )
    yield (
        "- What a tokenizer costs shows in a controlled experiment: one teacher, one recipe, many "
        "tokenizers, words encoded both alone and after a blank."
    )
