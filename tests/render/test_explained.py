"""Causes and steps under a heading each, for pages and Markdown."""

from __future__ import annotations

from tests.conftest import load_known
from tokstat.api.encoding import encode, explain_all, replay_all
from tokstat.render.explained import explained_parts
from tokstat.render.parts import Heading, Preformatted


def test_causes_and_steps_have_a_heading_each() -> None:
    tokenizer = load_known("bert")
    splits = encode(tokenizer, ["Enchantments", "tigers"]).splits
    causes = explain_all([tokenizer], splits)
    steps = replay_all([tokenizer], splits, special=False)
    both = [*explained_parts(causes, steps)]
    assert [type(part) for part in both] == [Heading, str, str, Heading, Preformatted]
    assert "Enchantments is en|chan|tment|s: `" in both[1]
    assert both[4].count("model: WordPiece") == 2
    assert [*explained_parts(causes, [])] == both[:3]
    assert [*explained_parts([], [])] == []
