"""What changed between two tokenizers as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.comparison.difference import Difference
from tokstat.io.limits import limits
from tokstat.render import changes
from tokstat.render.markdown.report import escape, rows
from tokstat.text.wording import counted


def render_difference_markdown(difference: Difference) -> str:
    """Write the verdict, a text that shows the change, and a table for each part that differs."""
    return "\n".join(_lines(difference)) + "\n"


def _lines(difference: Difference) -> Iterator[str]:
    yield f"# {escape(difference.old)} → {escape(difference.new)}"
    yield ""
    yield escape(changes.verdict_line(difference))
    yield ""
    for note in difference.notes:
        yield f"- **note**: {escape(note)}"
        yield ""
    if difference:
        yield escape(changes.text_title(difference))
        yield ""
    if difference.text is not None:
        yield from rows(("", ""), changes.text_rows(difference.text))
    most = limits().rows
    for part in difference.parts:
        yield f"## {escape(part.part)}: {changes.kinds(part)}"
        yield ""
        yield from rows(("change", "name", "before", "after"), changes.rows(part, most))
        if len(part.changes) > most:
            yield f"{counted(len(part.changes) - most, 'more change')}: see --json."
            yield ""
