"""Studies and distillation, without a teacher's transformer."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.experiments import HashTeacher
from tokstat.errors import DataError, OutputError, TeacherError
from tokstat.wordsim.study_results import Study, packaged_study


def test_the_packaged_study_is_linked_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked: list[tuple[Study, int]] = []
    monkeypatch.setattr(
        "tokstat.experiments.study_link.link_study", lambda *given: linked.append(given)
    )
    path = tmp_path / "study.json"
    path.write_text(packaged_study().to_json())
    tokstat.link_study(seed=1)
    tokstat.link_study(path, seed=2)
    assert linked == [(packaged_study(), 1), (packaged_study(), 2)]
    path.write_text("{}")
    with pytest.raises(DataError, match=r"study\.json"):
        tokstat.link_study(path)


def test_a_study_needs_a_place_for_its_file_before_anything(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        tokstat.run_study(["nowhere"], teacher="nowhere", path=tmp_path / "absent" / "study.json")


def test_a_study_needs_the_sets_of_wordsim(
    small_files: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TOKSTAT_DATA", str(tmp_path))
    monkeypatch.setattr("tokstat.distillation.encoders.load_teacher", lambda spec: HashTeacher())
    with pytest.raises(DataError, match="simLex"):
        tokstat.run_study(small_files, path=tmp_path / "study.json")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_not_distilled_into(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        tokstat.distill("nowhere", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_pooling_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TeacherError, match="sum"):
        tokstat.distill("nowhere", tmp_path / "out", pooling="sum")
