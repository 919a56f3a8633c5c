"""Texts are wrapped, and tables stand apart."""

from __future__ import annotations

from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table


def test_texts_are_wrapped_with_later_lines_indented() -> None:
    lines = to_text(["word " * 40]).splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 80
    assert not lines[0].startswith(" ")
    assert all(line.startswith("  word") for line in lines[1:])


def test_long_words_are_not_split() -> None:
    assert to_text(["a" * 100]).splitlines()[0] == "a" * 100


def test_a_table_has_an_empty_line_after_it() -> None:
    table = Table("t", "T", {"name": ("a", "b"), "count": (1, 2)})
    text = to_text(["before", table, "after"])
    assert text.startswith("before\n")
    assert text.endswith("\n\nafter\n")
    assert len(text.splitlines()) == 6


def test_control_characters_are_visible() -> None:
    assert "\x1b" not in to_text(["a\x1b[31mb"])
