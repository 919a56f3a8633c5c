"""What changed between two tokenizers as text."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.comparison.difference import Difference
from tokstat.comparison.part_changes import PartDifference
from tokstat.render.changes import kinds, rows, text_rows, text_title, verdict_line
from tokstat.text.visible import visible_line
from tokstat.text.wording import counted

_SHOWN = 8
"""Changes of a part that are shown without -v."""


def render_difference(difference: Difference, *, verbose: bool = False) -> str:
    """Write the verdict, a text that shows the changes, and these part by part."""
    return "".join(f"{visible_line(line)}\n" for line in _lines(difference, verbose))


def _lines(difference: Difference, verbose: bool) -> Iterator[str]:
    yield f"{difference.old} → {difference.new}"
    yield verdict_line(difference)
    yield from difference.notes
    if difference:
        yield ""
        yield text_title(difference)
        for label, text in text_rows(difference.text) if difference.text else ():
            yield f"  {label:<5}{text}"
    for part in difference.parts:
        yield ""
        yield from _part(part, verbose)


def _part(part: PartDifference, verbose: bool) -> Iterator[str]:
    yield f"{part.part}: {kinds(part)}"
    shown = list(rows(part, None if verbose else _SHOWN))
    widths = [max(len(row[column]) for row in shown) for column in range(2)]
    for kind, name, before, after in shown:
        change = f"{before} → {after}" if kind in ("moved", "changed") else before or after
        line = f"  {kind:<{widths[0]}}  {name:<{widths[1]}}  {change}"
        yield line.rstrip()
    more = len(part.changes) - len(shown)
    if more:
        yield f"  {counted(more, 'more change')}: -v or --json shows all."
