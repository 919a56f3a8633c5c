"""Whatever names or is a tokenizer is taken, and has a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import load_known
from tests.small_tokenizers import SMALL
from tokstat.api.loading import load, name_of, specs_of
from tokstat.errors import SourceNotFoundError, TokstatError


def test_a_loaded_tokenizer_is_returned_as_it_is() -> None:
    assert load(load_known("wordpiece")) is load_known("wordpiece")


def test_a_path_a_string_and_an_object_load_the_same(tmp_path: Path) -> None:
    backend = SMALL["wordpiece"]()
    path = tmp_path / "tokenizer.json"
    backend.save(str(path))
    for spec in (path, str(path), backend):
        assert len(load(spec).vocabulary) == len(load_known("wordpiece").vocabulary)


def test_what_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        load(tmp_path / "absent.json")
    with pytest.raises(TokstatError):
        load(7)


def test_one_spec_is_a_list_of_one() -> None:
    assert specs_of("bert") == ["bert"]
    assert specs_of(("a", "b")) == ["a", "b"]


def test_every_spec_has_a_name() -> None:
    assert name_of(load_known("wordpiece")) == "wordpiece"
    assert name_of(Path("a") / "b") == str(Path("a") / "b")
    assert name_of(SMALL["wordpiece"]()) == "Tokenizer"
