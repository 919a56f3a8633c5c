"""What is found in a tokenizer's JSON without parsing it is what parsing finds."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

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
def test_sections(
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
    assert text.added_tokens() == content["added_tokens"]
    assert dict(text.vocabulary()) == vocab
    assert text.count_vocabulary() == len(vocab)


def test_a_text_without_the_sections_has_none() -> None:
    text = SourceText(b'{"model": {"type": "WordLevel", "vocab": {"a": 0, "a": 1}}}', True)
    assert text.added_tokens() == []
    assert text.vocabulary() == [("a", 0), ("a", 1)]
    assert text.count_vocabulary() == 2
    assert SourceText(b"{}", as_written=True).count_vocabulary() == 0


def test_real(tokenizer: Tokenizer) -> None:
    text = tokenizer.source_text()
    content = json.loads(text.data)
    assert text.added_tokens() == content["added_tokens"]
