"""Tokenizers of other libraries are taken as they are, and stay as they are."""

from __future__ import annotations

import pytest
import tokenizers
from tokenizers import AddedToken

import tokstat
from tests.conftest import load_known
from tests.small_tokenizers import SMALL
from tokstat.errors import SpecError
from tokstat.splitting.panel import PANEL


@pytest.mark.parametrize("name", list(SMALL))
def test_a_tokenizer_in_memory_splits_as_its_file(name: str) -> None:
    known = load_known(name)
    found = tokstat.load(known.backend)
    for text in PANEL.values():
        assert found.encode(text, special=True) == known.encode(text, special=True)
    assert found.to_json() == known.to_json()


def test_padding_and_truncation_of_the_given_one_stay() -> None:
    backend = tokenizers.Tokenizer.from_str(load_known("bert").to_json())
    backend.enable_padding(length=9)
    backend.enable_truncation(5)
    assert tokstat.load(backend).encode("tiger") == load_known("bert").encode("tiger")
    assert (backend.padding or {})["length"] == 9
    assert (backend.truncation or {})["max_length"] == 5


def test_added_tokens_keep_their_ids_and_flags() -> None:
    backend = tokenizers.Tokenizer.from_str(load_known("bert").to_json())
    backend.add_tokens([AddedToken("xyzzy", lstrip=True, normalized=False)])
    found = tokstat.load(backend)
    assert found.encode("an xyzzy") == backend.encode("an xyzzy", add_special_tokens=False).ids
    assert found["xyzzy"].id == 30522


def test_a_fast_tokenizer_of_transformers_is_taken() -> None:
    transformers = pytest.importorskip("transformers")
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=load_known("bert").backend)
    assert tokstat.load(fast).encode("tiger") == load_known("bert").encode("tiger")
    assert tokstat.encode(fast, "tiger")[0].ids == load_known("bert").encode("tiger")


@pytest.mark.parametrize("given", [3, None, object()])
def test_anything_else_is_refused(given: object) -> None:
    with pytest.raises(SpecError, match="not a tokenizer"):
        tokstat.load(given)
