"""Every result has the same written forms; the suffix of a file sets the form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import load_known
from tokstat.results.written import Written
from tokstat.splitting.split import split_text


@pytest.mark.parametrize(
    ("suffix", "format_"),
    [("json", "json"), ("md", "markdown"), ("HTML", "html"), ("htm", "html"), ("txt", "terminal")],
)
def test_the_suffix_sets_the_format(
    suffix: str, format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Written, "writer", staticmethod(lambda _result, name: name))
    Written().save(tmp_path / f"saved.{suffix}")
    assert (tmp_path / f"saved.{suffix}").read_text("utf-8") == format_


def test_a_split_is_saved_and_is_a_page(tmp_path: Path) -> None:
    split = split_text(load_known("modernbert"), "tiger")
    split.save(tmp_path / "split.json")
    assert "8047" in json.dumps(json.loads((tmp_path / "split.json").read_text("utf-8")))
    assert split.to_html().startswith("<!DOCTYPE html>")
    assert split._repr_mimebundle_().keys() == {"text/plain", "text/markdown"}


def test_a_result_without_numbers_has_no_table() -> None:
    with pytest.raises(NotImplementedError):
        Written().to_table()
