"""The table of encodings, against tiktoken's own."""

from __future__ import annotations

import pytest

from tokstat.loading.encodings import ENCODINGS


def test_the_table_of_encodings_is_tiktokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, patterns, special tokens, addresses and hashes, as the installed library has them."""
    from tiktoken_ext import openai_public

    asked: list[tuple[str, str | None]] = []

    def record(url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        asked.append((url, expected_hash))
        return {}

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", record)
    for name, construct in openai_public.ENCODING_CONSTRUCTORS.items():
        if name == "gpt2":  # made of two files of another format, with the same tokens
            assert ENCODINGS[name].special == {"<|endoftext|>": 50_256}
            continue
        theirs, ours = construct(), ENCODINGS[name]
        assert asked.pop() == (ours.url, ours.sha256)
        assert theirs["pat_str"] == ours.pattern
        twice = {"<|reserved_200018|>"}  # another name of <|endofprompt|>
        special = {t: i for t, i in theirs["special_tokens"].items() if t not in twice}
        assert special == ours.special
