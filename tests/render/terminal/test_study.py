"""A study as a table, the best WordSim first."""

from __future__ import annotations

from dataclasses import replace

from tokstat.render.terminal.study import render_study
from tokstat.wordsim.study_results import packaged_study


def test_rows_are_sorted_by_wordsim() -> None:
    study = packaged_study()
    rows = sorted(study.rows, key=lambda row: -row.wordsim)
    lines = render_study(study).splitlines()[-len(rows) :]
    for row, line in zip(rows, lines, strict=True):
        assert line.startswith(row.tokenizer)
        assert f"{row.vocab_size:,}" in line or str(row.vocab_size) in line
        assert {"bare": " alone ", "spaced": " in text "}[row.convention] in line


def test_the_settings_are_named() -> None:
    study = replace(packaged_study(), teacher="TEACHER", recipe="RECIPE", mode="MODE", seed=987)
    text = render_study(study)
    assert {"TEACHER", "RECIPE", "MODE", "987"} <= set(text.replace(",", " ").split())
