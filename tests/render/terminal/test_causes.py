"""Causes of splits on a terminal: the word, its tokens, the cause and the remedy."""

from __future__ import annotations

from tests.conftest import load_known
from tokstat.render.terminal.causes import render_causes
from tokstat.splitting.explained import SplitCauses
from tokstat.splitting.split import split_text
from tokstat.splitting.why import explain_splits


def causes(text: str) -> SplitCauses:
    tokenizer = load_known("modernbert")
    return SplitCauses(split_text(tokenizer, text), explain_splits(tokenizer, text))


def test_a_split_word_has_its_tokens_and_its_cause() -> None:
    cause, remedy = render_causes([causes("tiger")], width=400).splitlines()
    assert ": tiger is t|iger: " in cause
    assert "39,121" in cause
    assert remedy.startswith("  ")


def test_a_whole_word_has_one_line() -> None:
    (line,) = render_causes([causes(" tiger")], width=80).splitlines()
    assert "tiger" not in line


def test_lines_keep_to_the_width_and_to_forty_at_least() -> None:
    for width in (1, 40, 60):
        lines = render_causes([causes("they don't")], width=width).splitlines()
        assert max(map(len, lines)) <= max(width, 40)
