"""What GGUF files leave open, and what llama.cpp splits otherwise, is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import gguf_cases
from tokstat.loading import load


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("gpt2, no merges", ["merges"]),
        ("gpt2, no name of a pattern", ["pre-tokenizer"]),
        ("gpt2, longer types", []),
        ("gpt2, a space before a text", ["start"]),
        ("gpt2, a token with NUL", ["NUL"]),
        ("gpt2, qwen2", ["NFC"]),
        ("gpt2, gpt-4o", ["Hindi"]),
        ("gpt2, talkie", ["taken from llama.cpp", "Hindi"]),
        ("gpt2, llama-bpe", []),
        ("gemma4, a token across lines", ["line ends"]),
        ("llama, no space twice", ["several spaces"]),
        ("llama, marks as user-defined", ["▁"]),
        ("llama, whole scores", []),
        ("t5, unknown by type alone", ["token 2"]),
        ("t5, user-defined", ["user-defined"]),
        ("bert, no key for case, capitals", ["lower-cased"]),
        ("bert, no key for case, no capital", ["Hangul"]),
        ("bert, cased", []),
    ],
)
def test_what_llama_cpp_does_otherwise_is_noted(
    name: str, notes: list[str], tmp_path: Path
) -> None:
    write = {**gguf_cases.MADE, **gguf_cases.NAMED}[name]
    found = load(write(tmp_path / "m.gguf")).origin.notes
    assert len(found) == len(notes)
    assert all(word in note for word, note in zip(notes, found, strict=True))
