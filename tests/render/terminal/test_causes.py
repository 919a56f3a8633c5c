"""Causes of splits on a terminal: the word, its tokens, the cause and the remedy."""

from __future__ import annotations

from typing import get_args

from tests.conftest import load_known
from tokstat.render.terminal.causes import render_causes
from tokstat.splitting.causes import CauseKind, of_several
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


def test_words_that_share_a_cause_are_listed_together_where_they_are_many() -> None:
    words = ["Straßenbahn", "Brücke", "Haushalt", "schwimmen"]
    found = causes(" ".join(words[:3]))
    assert {word.cause_kind for word in found.words} == {"not_in_vocabulary"}
    assert len(render_causes([found], width=400).splitlines()) == 6
    found = causes(" ".join([*words, words[-1]]))
    head, listed, remedy = render_causes([found], width=400).splitlines()
    assert "4 words have no token" in head
    assert [each.split()[0] for each in listed.split(", ")] == words
    assert listed.endswith("schwimmen ·sch|w|im|men (2 times)")
    assert remedy.startswith("  To make them whole: Add each")


def test_the_list_of_words_is_bounded() -> None:
    text = " ".join(f"Brücke{chr(97 + a)}{chr(97 + b)}" for a in range(12) for b in range(12))
    found = causes(text)
    shown = " ".join(render_causes([found], width=80).split())
    assert f"{len(found.words)} words" in shown
    assert f"and {len(found.words) - 100} more" in shown


def test_every_kind_of_cause_has_words_for_several() -> None:
    for kind in get_args(CauseKind):
        problem, remedy = of_several(kind, "Part")
        assert problem.split()[0] in ("are", "have")
        assert remedy.endswith((".", "`."))
        assert "{" not in problem + remedy


def test_lines_keep_to_the_width_and_to_forty_at_least() -> None:
    for width in (1, 40, 60):
        lines = render_causes([causes("they don't")], width=width).splitlines()
        assert max(map(len, lines)) <= max(width, 40)
