"""A table of declared metrics in a terminal."""

from __future__ import annotations

from tests.render.test_defined import DEFINITIONS, TABLE
from tokstat.render.terminal.defined import defined_to_text


def test_columns_are_aligned_and_lines_are_short() -> None:
    lines = defined_to_text(TABLE, DEFINITIONS).splitlines()
    head, first, second = lines[2:5]
    assert head.split() == ["rank", "tokenizer", "tokens", "share", "gap", "length"]
    assert first.index("30,522") + 6 == second.index("262,145") + 7
    assert max(map(len, lines)) <= 79
