"""A static model is written whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tokstat.distillation.saving import save_model, to_static_model
from tokstat.errors import MissingExtraError, OutputError


class Model:
    """A model that writes one file, then fails if it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.name = ""

    def save_pretrained(self, folder: Path, model_name: str) -> None:
        self.name = model_name
        (Path(folder) / "file").write_text("content")
        if self.error is not None:
            raise self.error


def test_the_folder_has_what_the_model_wrote(tmp_path: Path) -> None:
    model = Model()
    save_model(model, tmp_path / "out")
    assert model.name == "out"
    assert (tmp_path / "out" / "file").read_text() == "content"
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [OSError(28, "full"), ValueError("odd")])
def test_a_failure_leaves_nothing(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="out"):
        save_model(Model(error), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_without_model2vec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "model2vec", None)
    with pytest.raises(MissingExtraError, match="model2vec"):
        to_static_model(None)  # type: ignore[arg-type]
