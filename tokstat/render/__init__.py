"""Results as text, in each format; nothing else knows a format."""

from __future__ import annotations

from tokstat.results import Report


def mimebundle(report: Report) -> dict[str, str]:
    """Show a report in a notebook: HTML or Markdown where that can be shown, else plain text."""
    from tokstat.render.html.report import render_fragment
    from tokstat.render.markdown import render_markdown
    from tokstat.render.terminal import render_terminal

    return {
        "text/plain": render_terminal(report, width=80, color=False),
        "text/markdown": render_markdown(report),
        "text/html": render_fragment(report),
    }
