"""Folders that transformers refuses: found from the files, and as the installed version says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import folders
from tests.cases.drafts import draft
from tokstat import inspect
from tokstat.analyzers.loadability import known_classes

REFUSED_BY_ALL = (
    "role_that_is_a_list",
    "role_that_is_an_object_without_a_type",
    "length_that_is_a_text",
    "added_tokens_decoder_that_is_a_list",
)


def write(folder: Path, edit: str) -> None:
    made = draft("byte-level")
    getattr(folders, edit)(made)
    made.write(folder)


@pytest.mark.parametrize(
    ("edit", "severity"),
    [
        ("class_of_newer_versions", "warning"),
        ("class_that_was_misspelled", "error"),
        ("extra_special_tokens_as_a_list", "warning"),
        ("code_of_the_models_own", "info"),
        *((edit, "error") for edit in REFUSED_BY_ALL),
    ],
)
def test_severities(tmp_path: Path, edit: str, severity: str) -> None:
    write(tmp_path, edit)
    (found,) = inspect(tmp_path, analyzers=["loadability"]).findings
    assert (found.code, found.severity) == ("TS671", severity)


def test_classes_of_two_versions_are_known() -> None:
    old, new = known_classes().values()
    assert "TokenizersBackend" in new - old
    assert "PreTrainedTokenizerFast" in old & new


@pytest.mark.slow
@pytest.mark.parametrize("edit", REFUSED_BY_ALL)
def test_transformers_refuses_it_and_deep_says_what_it_says(tmp_path: Path, edit: str) -> None:
    write(tmp_path, edit)
    report = inspect(tmp_path, analyzers=["loadability", "loader_agreement"], deep=True)
    assert [each.code for each in report.findings] == ["TS671", "TS671"]
    assert "transformers" in report.findings[1].message
    assert "TS671" in str(report.section("loader_agreement").skipped)


@pytest.mark.slow
def test_every_line_of_what_transformers_says_reaches_the_user(tmp_path: Path) -> None:
    made = draft("byte-level")
    made.config = {"model_type": "llama", "vocab_size": "many"}
    made.tokenizer_config = {}
    made.write(tmp_path)
    found = inspect(tmp_path, analyzers=["loadability"], deep=True).findings
    assert any("vocab_size" in each.message for each in found)
