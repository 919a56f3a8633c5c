"""Results as text, in each format; nothing else knows a format."""

from __future__ import annotations

from tokstat.results import Report


def mimebundle(report: Report) -> dict[str, str]:
    """Show a report in a notebook: Markdown where it can be rendered, else plain text."""
    from tokstat.render.markdown import render_markdown
    from tokstat.render.terminal import render_terminal

    return {
        "text/plain": render_terminal(report, width=80, color=False),
        "text/markdown": render_markdown(report),
    }
