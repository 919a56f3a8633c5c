"""BPE is edited so that what is kept stays reachable."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tokenizers
from tokenizers import models

from tests.conftest import wrap
from tokstat.editing.models import EditableBPE
from tokstat.errors import EditError

TOKENS = ("a", "b", "c", "ab", "abc", "bc")
MERGES = [("a", "b"), ("ab", "c"), ("b", "c")]


def editable(**settings: object) -> EditableBPE:
    vocab = {token: number for number, token in enumerate(TOKENS)}
    model = models.BPE(vocab, MERGES, **settings)
    tokenizer = wrap(tokenizers.Tokenizer(model), "made")
    return EditableBPE.of(tokenizer, json.loads(tokenizer.backend.to_str())["model"])


def rows(*tokens: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([token in tokens for token in TOKENS])


def test_what_a_token_is_merged_from_is_kept() -> None:
    kept = editable().with_indispensable(rows("a", "b", "c", "abc"), {})
    assert [token for token, keep in zip(TOKENS, kept, strict=True) if keep] == [
        *("a", "b", "c", "ab", "abc")
    ]
    unmoved = rows("a", "b", "ab")
    assert editable().with_indispensable(unmoved, {}).tolist() == unmoved.tolist()


def test_added_words_get_their_steps() -> None:
    assert editable().with_steps(["abca"]) == ["abca"]
    assert editable().with_steps(["cab"]) == ["cab"]
    assert editable().with_steps(["aabc"]) == ["aabc"]
    assert editable().with_steps(["caba"]) == ["cab", "caba"]


def test_what_is_written_encodes_as_before() -> None:
    ids = {"a": 0, "b": 1, "c": 2, "ab": 3, "cab": 4}
    model: dict[str, object] = {"type": "BPE"}
    assert editable().write(model, ids, {"cab"}) == ()
    backend = tokenizers.Tokenizer(
        models.BPE(ids, [(left, right) for left, right in model["merges"]])  # type: ignore[attr-defined]
    )
    assert backend.encode("ab").tokens == ["ab"]
    assert backend.encode("cab").tokens == ["cab"]
    assert backend.encode("bc").tokens == ["b", "c"]


def test_a_prefix_of_continuations_is_refused() -> None:
    vocab = {"a": 0, "##b": 1, "ab": 2}
    backend = tokenizers.Tokenizer(
        models.BPE(vocab, [("a", "##b")], continuing_subword_prefix="##")
    )
    with pytest.raises(EditError):
        EditableBPE.of(wrap(backend, "made"), json.loads(backend.to_str())["model"])
