"""The purpose of a model, as its files say, and what it does to severities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import word_level_json
from tokstat import inspect
from tokstat.analyzers.purpose import purpose_of
from tokstat.errors import UnknownNameError
from tokstat.model.folder import ModelFolder
from tokstat.results.declarations import Rule

FILES: dict[str, tuple[dict[str, Any], str | None]] = {
    "a Model2Vec model": ({"config.json": {"model_type": "model2vec"}}, "static"),
    "an embedder of an LLM": (
        {"config.json": {"architectures": ["Qwen3ForCausalLM"]}, "modules.json": []},
        "encoder",
    ),
    "BERT": ({"config.json": {"architectures": ["BertForMaskedLM"]}}, "encoder"),
    "a bare encoder": ({"config.json": {"architectures": ["ModernBertModel"]}}, "encoder"),
    "GPT-2": ({"config.json": {"architectures": ["GPT2LMHeadModel"]}}, "llm"),
    "T5": ({"config.json": {"architectures": ["T5ForConditionalGeneration"]}}, "llm"),
    "generation": ({"generation_config.json": {"eos_token_id": 1}}, "llm"),
    "a template": ({"tokenizer_config.json": {"chat_template": "x"}}, "llm"),
    "roles of an LLM": ({"tokenizer_config.json": {"bos_token": "a", "eos_token": "b"}}, "llm"),
    "roles of an encoder": ({"tokenizer_config.json": {"eos_token": "b", "cls_token": "c"}}, None),
    "nothing": ({}, None),
    "names of another type": ({"config.json": {"architectures": [1, None]}}, None),
}


@pytest.mark.parametrize("name", FILES)
def test_files_say_what_a_model_is_for(tmp_path: Path, name: str) -> None:
    files, purpose = FILES[name]
    for file, content in files.items():
        (tmp_path / file).write_text(json.dumps(content), "utf-8")
    assert purpose_of(ModelFolder(tmp_path)) == purpose
    assert purpose_of(None) is None


def test_severity_follows_purpose_and_share() -> None:
    rule = Rule("TS1", "warning", "", "", "", by_purpose={"llm": "info"}, least_share=0.01)
    every = rule.found("", range(50))
    assert rule.severity_of(every, None, 100) == "warning"
    assert rule.severity_of(every, "encoder", 100) == "warning"
    assert rule.severity_of(every, "llm", 100) == "info"
    assert rule.severity_of(every, None, 100_000) == "info"
    own = rule.found("", range(50), severity="error")
    assert rule.severity_of(own, "llm", 100) == "error"


def test_what_is_asked_for_outranks_the_files(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes(word_level_json("eos", "w"))
    roles = json.dumps({"eos_token": "eos", "tokenizer_class": "PreTrainedTokenizerFast"})
    (tmp_path / "tokenizer_config.json").write_text(roles, "utf-8")
    by_purpose = {
        purpose: inspect(tmp_path, analyzers=["token_roles"], purpose=purpose)
        for purpose in (None, "encoder", "static")
    }
    severities = {
        purpose: {each.code: each.severity for each in report.findings}.get("TS662")
        for purpose, report in by_purpose.items()
    }
    assert severities == {None: "info", "encoder": "warning", "static": None}
    assert [each.tokenizer.purpose for each in by_purpose.values()] == ["llm", "encoder", "static"]


def test_an_unknown_purpose_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes(word_level_json("w"))
    with pytest.raises(UnknownNameError, match="encoder"):
        inspect(tmp_path, purpose="enc")
