"""Results as text in every format; no other package knows a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokstat.results.report import Report

if TYPE_CHECKING:
    from tokstat.comparison.comparison import Comparison
    from tokstat.comparison.difference import Difference
    from tokstat.splitting.side_by_side import TextSplits


def mimebundle(report: Report) -> dict[str, str]:
    """Return a report for a notebook as plain text, Markdown and HTML."""
    from tokstat.render.html.report import render_fragment
    from tokstat.render.markdown.report import render_markdown
    from tokstat.render.terminal.report import render_terminal

    return {
        "text/plain": render_terminal(report, width=80, color=False),
        "text/markdown": render_markdown(report),
        "text/html": render_fragment(report),
    }


def comparison_mimebundle(comparison: Comparison) -> dict[str, str]:
    """Return a comparison for a notebook as plain text, Markdown and HTML."""
    from tokstat.render.html.comparison import render_comparison_fragment
    from tokstat.render.markdown.comparison import render_comparison_markdown
    from tokstat.render.terminal.comparison import render_comparison

    return {
        "text/plain": render_comparison(comparison),
        "text/markdown": render_comparison_markdown(comparison),
        "text/html": render_comparison_fragment(comparison),
    }


def splits_mimebundle(splits: TextSplits) -> dict[str, str]:
    """Return splits for a notebook as plain text, Markdown and HTML."""
    from tokstat.render.html.splits import render_splits_fragment
    from tokstat.render.markdown.splits import render_splits_markdown
    from tokstat.render.terminal.splits import render_splits

    return {
        "text/plain": render_splits(splits, width=80),
        "text/markdown": render_splits_markdown(splits),
        "text/html": render_splits_fragment(splits),
    }


def difference_mimebundle(difference: Difference) -> dict[str, str]:
    """Return a difference for a notebook as plain text, Markdown and HTML."""
    from tokstat.render.html.difference import render_difference_fragment
    from tokstat.render.markdown.difference import render_difference_markdown
    from tokstat.render.terminal.difference import render_difference

    return {
        "text/plain": render_difference(difference),
        "text/markdown": render_difference_markdown(difference),
        "text/html": render_difference_fragment(difference),
    }
