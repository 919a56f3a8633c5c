"""What is found in a tokenizer's JSON without parsing it is what parsing finds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_tokenizers import SMALL
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.written_json import SourceText

tokens = st.text(st.sampled_from('a"\\[]{},: é汉\n'), min_size=1, max_size=6)
words = st.text(st.sampled_from('a"\\[]{},:é汉'), min_size=1, max_size=6)


@given(
    pairs=st.lists(st.tuples(words, words), min_size=1),
    as_strings=st.booleans(),
    indent=st.sampled_from([None, 2]),
    ascii_only=st.booleans(),
    vocab=st.dictionaries(tokens, st.integers(0, 999)),
)
def test_merges(
    pairs: list[tuple[str, str]],
    as_strings: bool,
    indent: int | None,
    ascii_only: bool,
    vocab: dict[str, int],
) -> None:
    merges = [" ".join(pair) for pair in pairs] if as_strings else pairs
    vocab = {**vocab, "merges": 7, '"merges": [': 8, "added_tokens": 9}
    model = {"vocab": vocab, "merges": merges}
    content = {"added_tokens": [{"id": 3, "content": '"'}], "model": model}
    data = json.dumps(content, indent=indent, ensure_ascii=ascii_only).encode()
    text = SourceText(data, as_written=True)
    assert text.merges() == pairs
    assert text.count_merges() == len(pairs)
    assert text.added_tokens() == content["added_tokens"]
    assert dict(text.vocabulary()) == vocab
    assert [text.names_id(number) for number in (7, 1000)] == [True, False]


@given(pairs=st.lists(st.tuples(words, words), min_size=1), as_strings=st.booleans())
def test_merges_before_something_else_are_not_counted(
    pairs: list[tuple[str, str]], as_strings: bool
) -> None:
    merges = [" ".join(pair) for pair in pairs] if as_strings else pairs
    for behind in ({"unk_token": "x"}, {"vocab": {"x": 1}}, {"dropout": None}):
        data = json.dumps({"model": {"merges": merges, **behind}}).encode()
        text = SourceText(data, as_written=True)
        assert text.count_merges() is None
        assert text.merges() == pairs


def test_a_text_without_the_sections_has_none() -> None:
    text = SourceText(b'{"model": {"type": "WordLevel", "vocab": {"a": 0, "a": 1}}}', True)
    assert (text.merges(), text.count_merges(), text.added_tokens()) == ([], None, [])
    assert text.vocabulary() == [("a", 0), ("a", 1)]


@pytest.mark.parametrize("pretty", [False, True])
@pytest.mark.parametrize("name", ["byte-level", "continuation", "end-of-word", "metaspace"])
def test_as_the_library_writes(name: str, pretty: bool) -> None:
    written = SMALL[name]().to_str(pretty)
    text = SourceText(written.encode(), as_written=True)
    merges = [tuple(merge) for merge in json.loads(written)["model"]["merges"]]
    assert text.merges() == merges
    assert text.count_merges() == len(merges)


def test_real(tokenizer: Tokenizer) -> None:
    text = tokenizer.source_text()
    content = json.loads(text.data)
    assert text.added_tokens() == content["added_tokens"]
    merges = content["model"].get("merges")
    assert text.count_merges() in (None, len(merges or ()))
    assert len(text.merges()) == len(merges or ())
