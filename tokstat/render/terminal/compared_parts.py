"""What differs in the parts of several tokenizers, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.comparison.comparison import Comparison
from tokstat.render.compared_parts import diff_command, grouped, part_notes, part_rows
from tokstat.render.terminal.text import wrapped
from tokstat.text.visible import shortened

_OWN_LINES = 4
"""Most values of a part that have a line each; more share their lines."""

_BEFORE = 10
"""Columns before a value on a line of its own."""


def part_lines(comparison: Comparison, width: int) -> Iterator[str]:
    """List the parts that differ, each value after the numbers of the tokenizers with it."""
    if comparison.parts is None:
        return
    if not comparison.parts:
        yield "PIPELINE AND IDS: nothing differs"
    else:
        yield "PIPELINE AND IDS: what differs, and in which tokenizers"
    for each in part_rows(comparison, width - _BEFORE):
        values = grouped(each.cells)
        line = f"{each.label}: " + "; ".join(f"{who}: {value}" for who, value in values)
        if len(line) <= width - 2 or len(values) > _OWN_LINES:
            lines = wrapped(line, width, first="  ", more="    ")
        else:
            lines = [f"  {each.label}", *(f"    {who}: {value}" for who, value in values)]
        yield from (shortened(line, width) for line in lines)
    for note in part_notes(comparison):
        yield from wrapped(note, width, first="  ", more="    ")
    if comparison.parts:
        what, command = diff_command(comparison)
        whole = f"  {what}: {command}"
        yield from [whole] if len(whole) <= width else [f"  {what}:", f"    {command}"]
    yield ""
