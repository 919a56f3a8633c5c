"""Steps on a terminal: every component, and how each family of models finds its tokens."""

from __future__ import annotations

import pytest

from tests.conftest import load_known
from tests.small_tokenizers import SMALL
from tokstat.render.terminal.steps import render_steps
from tokstat.splitting.steps import replay


@pytest.mark.parametrize("name", [*SMALL, "modernbert", "bert"])
def test_every_step_has_a_line(name: str) -> None:
    steps = replay(load_known(name), "The tiger's naïve 汉", special=True)
    lines = render_steps(steps, width=80).splitlines()
    numbered = [line for line in lines if line[:1].isdigit()]
    assert len(numbered) == len(steps.steps)
    assert lines[-1].split()[-1] == str(steps.ids[-1])


def test_merges_show_their_ranks() -> None:
    shown = render_steps(replay(load_known("modernbert"), "Enchant"), width=80)
    assert "merge 22,197: ch + ant → En|chant" in shown


def test_wordpiece_shows_what_was_tried() -> None:
    shown = render_steps(replay(load_known("bert"), "Enchantments"), width=80)
    assert "changed `E` → `e`" in shown
    assert "takes ##s" in shown


def test_unigram_shows_the_runner_up() -> None:
    name = next(name for name in SMALL if load_known(name).model_type == "Unigram")
    shown = render_steps(replay(load_known(name), "tiger"), width=80)
    assert "best path" in shown
    assert "runner-up" in shown
