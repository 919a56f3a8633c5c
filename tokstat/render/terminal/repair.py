"""A repair's report as text."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.editing.repair import Repair
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table
from tokstat.text.wording import counted


def render_repair(report: Repair) -> str:
    """Write what changed, and every score before and after."""
    return to_text(repair_parts(report)).rstrip() + "\n"


def repair_parts(report: Repair) -> Iterator[str | Table]:
    """Yield what changed, and the scores before and after."""
    yield f"{report.tokenizer} → {report.folder}"
    yield f"changes   {'; '.join(report.steps) or 'stored padding and truncation removed'}"
    yield (
        f"tokens    {report.tokens_before:,} → {report.tokens_after:,}: {report.removed:,} removed,"
        f" {report.added:,} added"
    )
    kept = f"kept      {report.kept:,}, {report.same_surface:,} with the same bytes"
    yield kept + (f", {report.renamed:,} lower-cased" if report.renamed else "")
    if report.added > report.words_added:
        steps = report.added - report.words_added
        words = counted(report.words_added, "word")
        yield f"          {steps:,} of the added are merge steps towards the {words}"
    if report.indispensable:
        yield f"          {report.indispensable:,} not removed: other tokens are merged from them"
    if report.stranded:
        yield (
            f"          {report.stranded:,} no longer produced by merges, only as whole pieces"
            " (ignore_merges)"
        )
    if report.model is not None:
        files = counted(len(report.carried), "other file")
        yield f"model     {report.model}, embeddings resized, {files} copied"
        texts = counted(report.compared, "text")
        yield f"          output the same as before for {texts} without edited tokens"
    yield f"loads in  {', '.join(report.loads_in)}; both encode a sample as expected"
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
