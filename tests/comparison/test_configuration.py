"""Files beside a tokenizer: roles, settings and chat templates, wherever they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.comparison.changed_tokenizers import (
    BESIDE,
    CONFIGURATION,
    TEMPLATE,
    part_of,
    write_folder,
)
from tests.conftest import load_known
from tokstat.comparison.difference import difference


@pytest.mark.parametrize("part", BESIDE)
def test_files_beside_the_tokenizer_are_compared(
    part: str, tmp_path: Path, bert_json: bytes
) -> None:
    old = write_folder(tmp_path / "old", bert_json)
    new = write_folder(tmp_path / "new", bert_json, **BESIDE[part])
    found = difference(old, new)
    assert [each.part for each in found.parts] == [part_of(part)]
    assert found.text is None


def test_where_a_template_or_a_role_stands_does_not_count(tmp_path: Path, bert_json: bytes) -> None:
    old = write_folder(tmp_path / "old", bert_json)
    roles = {key: value for key, value in CONFIGURATION.items() if key.endswith("_token")}
    roles["extra_special_tokens"] = [{"content": "[MASK]"}, "[UNK]"]
    others = {key: value for key, value in CONFIGURATION.items() if key == "padding_side"}
    new = write_folder(tmp_path / "new", bert_json, tokenizer_config=others)
    (tmp_path / "new" / "special_tokens_map.json").write_text(json.dumps(roles))
    (tmp_path / "new" / "chat_template.jinja").write_text(TEMPLATE)
    assert difference(old, new).parts == ()


def test_a_file_alone_is_compared_without_roles(tmp_path: Path, bert_json: bytes) -> None:
    old = write_folder(tmp_path / "old", bert_json)
    found = difference(old, load_known("bert"))
    assert found.parts == ()
    assert len(found.notes) == 5


def test_what_only_one_file_states_has_a_default(tmp_path: Path, bert_json: bytes) -> None:
    old = write_folder(tmp_path / "old", bert_json, tokenizer_config={"do_lower_case": True})
    more = {key: value for key, value in CONFIGURATION.items() if key != "chat_template"}
    found = difference(old, write_folder(tmp_path / "new", bert_json, tokenizer_config=more))
    assert found.parts == ()
    assert len(found.notes) == 1
