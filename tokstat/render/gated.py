"""A report with the verdict of a gate at its end."""

from __future__ import annotations

from tokstat.gate.verdict import GatedReport
from tokstat.render.html.markup import element, to_ascii
from tokstat.render.html.report import render_fragment, render_html
from tokstat.render.markdown.report import render_markdown
from tokstat.render.terminal.report import render_terminal
from tokstat.render.verdict import verdict_lines, verdict_markdown, verdict_text


def render_gated(
    gated: GatedReport, *, width: int | None = None, color: bool = False, verbose: bool = False
) -> str:
    """Write the report for a terminal, and the verdict."""
    text = render_terminal(gated.report, width=width, color=color, verbose=verbose)
    return text + verdict_text(gated.verdict)


def render_gated_markdown(gated: GatedReport) -> str:
    """Write the report and the verdict as Markdown."""
    return render_markdown(gated.report) + verdict_markdown(gated.verdict)


def render_gated_html(gated: GatedReport) -> str:
    """Write the page of the report, which has no place for a verdict."""
    return render_html(gated.report)


def render_gated_fragment(gated: GatedReport) -> str:
    """Write the report for a notebook's cell, with the verdict before it."""
    lines = verdict_lines(gated.verdict)
    verdict = element("ul", (element("li", line) for line in lines)) if lines else ""
    return to_ascii(element("div", verdict)) + render_fragment(gated.report)
