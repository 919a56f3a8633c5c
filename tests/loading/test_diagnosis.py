"""What is wrong with a tokenizer.json is said by place and name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.small_tokenizers import written
from tokstat.errors import InvalidTokenizerError
from tokstat.loading.tokenizer_json import parse_tokenizer_json

Content = dict[str, Any]


def refusal(data: bytes) -> InvalidTokenizerError:
    with pytest.raises(InvalidTokenizerError) as caught:
        parse_tokenizer_json(data, "made")
    return caught.value


def changed(edit: Callable[[Content], object], indent: int | None = None) -> bytes:
    content = json.loads(written("byte-level"))
    edit(content)
    return json.dumps(content, ensure_ascii=False, indent=indent).encode()


def setting(*path: str | int, to: Any) -> Callable[[Content], None]:
    def edit(content: Content) -> None:
        for key in path[:-1]:
            content = content[key]  # type: ignore[index]
        content[path[-1]] = to  # type: ignore[index]

    return edit


SEQUENCE = {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercas"}]}
CASES = {
    "a merge of three": (setting("model", "merges", 5, to="a b c"), "merge number 6, 'a b c'"),
    "a list of three": (setting("model", "merges", 5, to=["a", "b", "c"]), "merge number 6"),
    "a merge of one": (setting("model", "merges", 5, to="ab"), "merge number 6, 'ab'"),
    "a normalizer": (
        setting("normalizer", to={"type": "Foo"}),
        "normalizer is of the unknown type",
    ),
    "one in a sequence": (setting("normalizer", to=SEQUENCE), "unknown type 'Lowercas'"),
    "a pre-tokenizer": (setting("pre_tokenizer", to={"type": "Foo"}), "pre_tokenizer is of the"),
    "a decoder": (setting("decoder", to={"type": "Foo"}), "decoder is of the unknown type 'Foo'"),
    "a post-processor": (setting("post_processor", to={"type": "Foo"}), "post_processor is of the"),
    "a part without a type": (setting("decoder", to={"kind": "Fuse"}), "a part without a type"),
    "an older byte level": (
        setting("pre_tokenizer", to={"type": "ByteLevel", "add_prefix_space": False}),
        "its pre_tokenizer ByteLevel has another form",
    ),
    "an older version": (setting("version", to="0.9"), "version '0.9' of the format"),
    "an older added token": (
        setting("added_tokens", to=[{"id": 0, "content": "<s>"}]),
        "the added token '<s>' lacks single_word",
    ),
    "a list for a vocabulary": (setting("model", "vocab", to=["a", "b"]), "vocabulary is a list"),
}


@pytest.mark.parametrize("name", CASES)
def test_named_for_what_it_is(name: str) -> None:
    edit, problem = CASES[name]
    error = refusal(changed(edit))
    assert problem in error.problem
    assert error.hint


def test_the_line_of_a_merge() -> None:
    data = changed(setting("model", "merges", 5, to="a b c"), indent=1)
    line = data[: data.index(b'"a b c"')].count(b"\n") + 1
    assert f"merge number 6, line {line:,}, 'a b c'" in refusal(data).problem


def test_the_type_that_was_meant() -> None:
    assert "Did you mean Lowercase?" in refusal(changed(setting("normalizer", to=SEQUENCE))).hint


@pytest.mark.parametrize("text", ["the\nof\n", "Not found", "- a: b"])
def test_plain_text(text: str) -> None:
    assert "is plain text" in refusal(text.encode()).problem
