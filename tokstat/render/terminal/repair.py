"""A repair's report as text."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.editing.repair import Repair
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table


def render_repair(report: Repair) -> str:
    """Write what was changed, and every score before and after."""
    return to_text(_lines(report)).rstrip() + "\n"


def _lines(report: Repair) -> Iterator[str | Table]:
    yield f"{report.tokenizer} → {report.folder}"
    yield f"changes   {'; '.join(report.steps) or 'stored padding and truncation left out'}"
    yield (
        f"tokens    {report.tokens_before:,} → {report.tokens_after:,}: {report.removed:,} removed,"
        f" {report.added:,} added"
    )
    kept = f"kept      {report.kept:,}, {report.same_surface:,} with the same surface"
    yield kept + (f", {report.renamed:,} in lower case now" if report.renamed else "")
    if report.added > report.words_added:
        steps = report.added - report.words_added
        yield f"          {steps:,} of the added lead to the {report.words_added:,} words only"
    if report.indispensable:
        yield f"          {report.indispensable:,} of those to go stay: others are built from them"
    if report.stranded:
        yield (
            f"          {report.stranded:,} are no more reached by merges, only as whole pieces"
            " (ignore_merges)"
        )
    if report.model is not None:
        yield f"model     {report.model}, embeddings resized"
    yield f"loads in  {', '.join(report.loads_in)}; a sample is encoded alike"
    yield ""
    yield Table(
        "scores",
        "Scores",
        {
            "score": tuple(score.name for score in report.scores),
            "before": tuple(_number(score.before) for score in report.scores),
            "after": tuple(_number(score.after) for score in report.scores),
        },
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if abs(value) <= 1 else f"{value:.1f}"
