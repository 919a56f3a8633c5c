"""A difference on a terminal: eight changes of a part, all with -v."""

from __future__ import annotations

from tests.render.differences import MOVED, SAME
from tokstat.render.terminal.difference import render_difference


def moved(*, verbose: bool) -> list[str]:
    lines = render_difference(MOVED, verbose=verbose).splitlines()
    return [line for line in lines if line.startswith("  moved")]


def test_eight_changes_are_shown_and_all_if_verbose() -> None:
    assert len(moved(verbose=False)) == 8
    assert "  2 more changes: " in render_difference(MOVED)
    assert len(moved(verbose=True)) == 10
    assert moved(verbose=True)[9] == "  moved  x9  9 → 10"


def test_equal_tokenizers_have_two_lines() -> None:
    assert len(render_difference(SAME).splitlines()) == 2
