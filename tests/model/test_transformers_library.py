"""transformers that is broken, or not there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import Run, word_level_json
from tokstat.errors import MissingExtraError
from tokstat.model.transformers_library import from_transformers

BROKEN = ("raise ImportError('no')", "raise RuntimeError('no')", "raise SystemExit(3)")


@pytest.fixture(params=BROKEN)
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let transformers raise something when it is imported."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "transformers"]:
        monkeypatch.delitem(sys.modules, name)
    place = tmp_path / "broken"
    place.mkdir()
    (place / "transformers.py").write_text(request.param)
    monkeypatch.syspath_prepend(place)


@pytest.mark.usefixtures("broken")
def test_whatever_it_raises_is_one_error() -> None:
    with pytest.raises(MissingExtraError, match="transformers cannot be imported"):
        from_transformers("AutoTokenizer")


@pytest.mark.usefixtures("broken")
def test_the_report_is_written_without_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(word_level_json("the", "of"))
    done = run("inspect", str(file), "--deep", "--json")
    assert done.code == 0
    assert "transformers cannot be imported" in done.stdout
