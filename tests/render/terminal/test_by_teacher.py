"""Ladders and studies under several teachers as text."""

from __future__ import annotations

from dataclasses import replace

import tokstat
from tokstat.experiments.by_teacher import (
    MissingTeacher,
    StudiesByTeacher,
    mean_of,
    packaged_ladders,
    spread_of,
)
from tokstat.wordsim.study_results import packaged_study

GONE = MissingTeacher("gone", "There is no such folder.")


def test_the_ladders_have_every_number() -> None:
    found = packaged_ladders()
    text = tokstat.render_report(replace(found, missing=(GONE,)), width=200)
    for place in range(len(found.ladders[0].rungs)):
        rungs = found.rungs(place)
        for changes in (
            [rung.change_in_sequence for rung in rungs],
            [rung.change_alone for rung in rungs],
            [rung.part for rung in rungs if rung.part],
        ):
            values = [each.value for each in changes]
            assert all(f"{value:+.1f}" in text for value in values)
            assert f"{mean_of(values):+.1f}" in text
            assert f"{spread_of(values):.1f}" in text
    unwrapped = " ".join(text.split())
    assert all(each.weights in unwrapped for each in found.ladders)
    assert "Without gone: There is no such folder." in unwrapped


def test_parts_of_wordsim_are_not_called_so() -> None:
    found = packaged_ladders()
    some = tuple(replace(each, missing_sets=("men",)) for each in found.ladders)
    text = tokstat.render_report(replace(found, ladders=some), width=200)
    assert "WordSim" not in text.replace("not WordSim", "")


def test_a_row_without_a_teacher_has_no_mean() -> None:
    study = packaged_study()
    other = replace(study, teacher="other", rows=study.rows[:2])
    text = tokstat.render_report(StudiesByTeacher((study, other), (GONE,)), width=200)
    lines = [line for line in text.splitlines() if line.rstrip().endswith(" -")]
    assert len(lines) == len(study.rows) - 2
    assert "Without gone" in text
