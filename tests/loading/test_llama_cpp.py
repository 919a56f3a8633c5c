"""GGUF files, held to llama.cpp itself: equal ids, refused by both, or a note of tokstat."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import gguf_cases, llama_cpp
from tests.tools.gguf_agreement import WITHOUT, compare

EQUAL = (
    "gpt2, no name of a pattern",
    "gpt2, longer types",
    "gemma4, a token across lines",
    "llama, whole scores",
    "llama, no scores",
    "llama, no types",
    "llama, longer arrays",
    "llama, spaces as user-defined",
    "t5, whole scores",
    "t5, no types",
    "bert, a number in brackets alone",
    "bert, cased",
)
"""Files with something missing, or too much, that both read alike."""


@pytest.fixture(scope="module")
def library() -> Path:
    return llama_cpp.library()


@pytest.mark.slow
def test_made_files_agree_with_llama_cpp(library: Path, tmp_path: Path) -> None:
    found = {
        name: compare(library, write(tmp_path / "m.gguf"))
        for name, write in gguf_cases.MADE.items()
    }
    assert {name: each for name, each in found.items() if WITHOUT in each.verdict} == {}
    assert {name: found[name].verdict for name in EQUAL} == dict.fromkeys(EQUAL, "equal")


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", gguf_cases.NAMED)
def test_patterns_agree_with_llama_cpp(name: str, library: Path, tmp_path: Path) -> None:
    outcome = compare(library, gguf_cases.NAMED[name](tmp_path / "m.gguf"))
    assert WITHOUT not in outcome.verdict, outcome


@pytest.mark.exhaustive
def test_sentencepiece_models_agree_with_llama_cpp(library: Path, tmp_path: Path) -> None:
    for name, write in gguf_cases.sentencepiece_cases().items():
        outcome = compare(library, write(tmp_path / "m.gguf"))
        assert WITHOUT not in outcome.verdict, (name, outcome)


@pytest.mark.exhaustive
def test_real_tokenizers_agree_with_llama_cpp(library: Path, tmp_path: Path) -> None:
    for name, write in gguf_cases.real_cases().items():
        outcome = compare(library, write(tmp_path / "m.gguf"))
        assert outcome.verdict in ("equal", "noted"), (name, outcome)
