"""Templates by name and file, and which of two transformers takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tokstat.model.folder import ModelFolder
from tokstat.model.written_templates import (
    chosen_templates,
    malformed_template,
    written_templates,
)

NAMED = [{"name": "default", "template": "one"}, {"name": "rag", "template": "two"}]


def folder(path: Path, template: Any, **files: str) -> ModelFolder:
    (path / "tokenizer_config.json").write_text(json.dumps({"chat_template": template}), "utf-8")
    (path / "additional_chat_templates").mkdir()
    for name, text in files.items():
        place = path / "chat_template" if name == "default" else path / "additional_chat_templates"
        file = place.with_suffix(".jinja") if name == "default" else place / f"{name}.jinja"
        file.write_text(text, "utf-8")
    return ModelFolder(path)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one", {"default": "one"}),
        (NAMED, {"default": "one", "rag": "two"}),
        ({"default": "one", "rag": "two"}, {"default": "one", "rag": "two"}),
        (None, {}),
        (3, {}),
        ([1, "default", {"name": "x"}], {}),
    ],
)
def test_every_form_is_read(tmp_path: Path, template: Any, expected: dict[str, str]) -> None:
    found = chosen_templates(folder(tmp_path, template))
    assert {name: each.text for name, each in found.items()} == expected


def test_a_file_of_its_own_wins(tmp_path: Path) -> None:
    found = folder(tmp_path, NAMED, default="own", rag="also")
    assert [each.file for each in chosen_templates(found).values()] == [
        "chat_template.jinja",
        "additional_chat_templates/rag.jinja",
    ]
    assert len(written_templates(found)) == 4


def test_a_processor_has_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "chat_template.json").write_text('{"chat_template": "text"}', "utf-8")
    assert chosen_templates(ModelFolder(tmp_path))["default"].text == "text"
    (tmp_path / "chat_template.json").write_text("[", "utf-8")
    assert chosen_templates(ModelFolder(tmp_path)) == {}


@pytest.mark.parametrize("template", [None, "text", NAMED, {"default": "text"}])
def test_what_transformers_takes_is_well_formed(tmp_path: Path, template: Any) -> None:
    assert malformed_template(folder(tmp_path, template)) is None


@pytest.mark.parametrize("template", [3, True, ["default"], [{"name": "default"}], {"default": 1}])
def test_what_it_does_not_take_is_malformed(tmp_path: Path, template: Any) -> None:
    assert malformed_template(folder(tmp_path, template))
