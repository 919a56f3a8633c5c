"""The text of a difference: both tokenizers encode or decode it as it states."""

from __future__ import annotations

import json

import pytest
import tokenizers

from tests.comparison.changed_tokenizers import CASES, EDITS, found_in
from tests.conftest import load_known, wrap
from tokstat.comparison.difference import difference
from tokstat.tokenizer.encoding import decode, encode

NO_TEXT = {*((name, "padding") for name in EDITS), ("bert", "added tokens")}
"""Changes that no text shows: BERT's pre-tokenizer drops the spaces that the flag is about."""


@pytest.mark.parametrize(("known", "name"), CASES)
def test_the_text_shows_the_change(known: str, name: str) -> None:
    new, found = found_in(known, name)
    old, text = load_known(known), found.text
    if (known, name) in NO_TEXT:
        assert text is None
        return
    assert text is not None
    assert len(text.text) <= 16
    special = text.how == "encoded with special tokens"
    ids = [encode(each.backend, text.text, special=special) for each in (old, new)]
    assert ids == [list(text.old_ids or ()), list(text.new_ids or ())]
    if text.how == "decoded":
        texts = [decode(each.backend, ids[0]) for each in (old, new)]
        assert texts[0] != texts[1]
    else:
        assert ids[0] != ids[1]


def test_a_tokenizer_that_fails_on_texts_is_compared() -> None:
    written = json.loads(load_known("word-level").to_json())
    written["model"]["unk_token"] = "[none]"
    new = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "new")
    found = difference(load_known("word-level"), new)
    assert [each.part for each in found.parts] == ["model"]
    assert found.text is not None
    assert found.text.new_ids is None
