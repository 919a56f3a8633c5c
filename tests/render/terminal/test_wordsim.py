"""Scores of models as text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import tokstat
from tokstat.render.terminal.wordsim import render_scores, scores_to_json
from tokstat.wordsim.evaluation import ModelScore


@pytest.fixture
def score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelScore:
    monkeypatch.setenv("TOKSTAT_DATA", str(tmp_path))
    embed = lambda words: np.array([(len(word), ord(word[0]), 1) for word in words], np.float32)  # noqa: E731
    return tokstat.evaluate_wordsim(embed, resamples=20)


def test_every_set_has_its_row(score: ModelScore) -> None:
    text = render_scores([score])
    (each,) = score.sets
    (row,) = (line for line in text.splitlines() if line.startswith(each.name))
    assert {f"{each.rho:.2f}", "353", "437"} <= set(row.split())
    assert all(name in text for name in score.missing_sets)
    assert "not WordSim" in " ".join(text.split())
    assert render_scores([score, score]) == f"{text}\n{text}"


def test_json_has_the_numbers(score: ModelScore) -> None:
    data = json.loads(scores_to_json([score]), parse_constant=pytest.fail)
    (model,) = data["models"]
    assert model["wordsim"] is None
    assert model["sets"][0]["rho"] == score.sets[0].rho
