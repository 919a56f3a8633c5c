"""Chat templates, and the harm that transformers shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cases import folders
from tests.cases.drafts import draft
from tokstat import inspect
from tokstat.analyzers.conversations import QUESTION
from tokstat.results.report import Section

pytest.importorskip("jinja2")


def section_of(folder: Path, edit: str, family: str = "byte-level") -> Section:
    made = draft(family)
    getattr(folders, edit)(made)
    made.write(folder)
    return inspect(folder, analyzers=["chat_template"]).section("chat_template")


def test_the_rendering_is_shown_line_by_line(tmp_path: Path) -> None:
    table = section_of(tmp_path, "chat_model").table("rendered_conversation")
    assert table.columns["text"][0] == "<|im_start|>system\n"
    assert table.columns["tokens"][0].startswith("<|im_start|>|")
    assert any(QUESTION in text for text in table.columns["text"])


def test_a_tokenizer_without_a_template_has_nothing_to_report(tmp_path: Path) -> None:
    draft("byte-level").write(tmp_path)
    section = inspect(tmp_path, analyzers=["chat_template"]).section("chat_template")
    assert (section.findings, section.tables, section.skipped) == ((), (), None)


def test_the_line_of_a_fault_is_named(tmp_path: Path) -> None:
    (found,) = section_of(tmp_path, "template_that_does_not_parse").findings
    assert "line 3" in found.message or "line 4" in found.message


@pytest.mark.parametrize("has_model", [True, False])
def test_the_hint_has_the_id_of_the_end_of_a_turn(tmp_path: Path, has_model: bool) -> None:
    (found,) = section_of(tmp_path, "end_of_turn_that_no_file_calls_eos").findings
    if not has_model:
        (tmp_path / "config.json").unlink()
        (tmp_path / "generation_config.json").unlink()
        (found,) = inspect(tmp_path, analyzers=["chat_template"]).findings
    (end,) = found.token_ids
    assert f"[{end + 1}, {end}]" in found.hint
    assert found.severity == ("warning" if has_model else "info")


def test_bos_that_the_template_writes_twice_is_a_warning(tmp_path: Path) -> None:
    made = draft("byte-level")
    folders.chat(made, "{{ bos_token }}{{ bos_token }}" + folders.CHATML)
    folders.begin(made)
    made.write(tmp_path)
    (found,) = inspect(tmp_path, analyzers=["chat_template"]).findings
    assert (found.code, found.severity) == ("TS652", "warning")


def test_add_bos_token_counts_where_the_post_processor_inserts_nothing(tmp_path: Path) -> None:
    made = draft("byte-level")
    folders.chat(made, "{{ bos_token }}" + folders.CHATML)
    (number,) = made.add_special("<bos>")
    made.tokenizer_config |= {"bos_token": "<bos>", "add_bos_token": True}
    made.write(tmp_path)
    (found,) = inspect(tmp_path, analyzers=["chat_template"]).findings
    assert (found.code, found.token_ids) == ("TS652", (number,))


@pytest.mark.slow
def test_a_template_that_never_ends_is_stopped(tmp_path: Path) -> None:
    made = draft("byte-level")
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    folders.chat(made, loop)
    made.write(tmp_path)
    (found,) = inspect(tmp_path, analyzers=["chat_template"]).findings
    assert found.code == "TS651"
    assert "longer than" in found.message


def load(folder: Path) -> Any:
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast.from_pretrained(str(folder))


MESSAGES = [{"role": "user", "content": "Hello"}]


@pytest.mark.slow
def test_transformers_doubles_bos_and_the_hint_mends_it(tmp_path: Path) -> None:
    (found,) = section_of(tmp_path, "bos_in_the_template_and_in_the_post_processor").findings
    theirs = load(tmp_path)
    text = theirs.apply_chat_template(MESSAGES, tokenize=False)
    (bos,) = found.token_ids
    assert theirs(text)["input_ids"][:2] == [bos, bos]
    once = theirs(text, add_special_tokens=False)["input_ids"]
    assert once[0] == bos
    assert once[1] != bos


@pytest.mark.slow
def test_transformers_splits_markers_and_tokens_added_as_the_hint_says_are_one(
    tmp_path: Path,
) -> None:
    (found,) = section_of(tmp_path, "chatml_over_a_vocabulary_without_its_markers").findings
    theirs = load(tmp_path)
    assert theirs.tokenize("<|im_start|>") != ["<|im_start|>"]
    assert len(found.token_ids) == len(theirs.tokenize("<|im_start|>"))
    theirs.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
    assert theirs.tokenize("<|im_start|>") == ["<|im_start|>"]


@pytest.mark.slow
def test_transformers_takes_the_file_of_two_templates(tmp_path: Path) -> None:
    (found,) = section_of(tmp_path, "template_file_of_another_version").findings
    text = load(tmp_path).apply_chat_template(MESSAGES, tokenize=False)
    config = json.loads((tmp_path / "tokenizer_config.json").read_text("utf-8"))
    assert "from line 2" in found.message
    assert text == "<|im_start|>user\nHello<|im_end|>"
    assert "\n{% endfor" in config["chat_template"]
