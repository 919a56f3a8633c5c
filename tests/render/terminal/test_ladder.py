"""The packaged ladder as text."""

from __future__ import annotations

from dataclasses import replace

from tokstat.experiments.ladder import read_ladder
from tokstat.render.terminal.ladder import render_ladder


def test_the_text_has_every_number() -> None:
    ladder = read_ladder()
    text = render_ladder(ladder)
    assert f"{ladder.start.wordsim:.1f}" in text
    for rung in ladder.rungs:
        assert f"{rung.alone.wordsim:.1f}" in text
        assert f"{rung.change_in_sequence.value:+.1f}" in text
    assert f"{ladder.distance:+.1f}" in text


def test_means_over_all_orders_are_shown_where_they_were_measured() -> None:
    ladder = read_ladder()
    change = ladder.rungs[0].change_alone
    parts = tuple(replace(rung, part=replace(change, value=12.3)) for rung in ladder.rungs)
    none = tuple(replace(rung, part=None) for rung in ladder.rungs)
    assert render_ladder(replace(ladder, rungs=parts)).count("+12.3") >= len(parts)
    assert "+12.3" not in render_ladder(replace(ladder, rungs=none))


def test_no_target_leaves_no_distance() -> None:
    ladder = read_ladder()
    alone = replace(ladder, target=None, target_tokenizer=None)
    assert f"{ladder.distance:+.1f}" not in render_ladder(alone).splitlines()[-1]
    assert len(render_ladder(alone)) < len(render_ladder(ladder))
