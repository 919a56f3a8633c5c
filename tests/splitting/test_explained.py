"""Results about a split are plain data, and a text that is too long is refused."""

from __future__ import annotations

import json

import pytest

from tests.conftest import load_known
from tokstat.errors import EncodingError
from tokstat.splitting.explained import MOST_EXPLAINED, Decoded, SplitCauses, require_short
from tokstat.splitting.split import TextSplit, split_text
from tokstat.splitting.why import explain_splits


def test_decoded_ids_are_data() -> None:
    decoded = Decoded("a", (85, 8047), ("t", "iger"), "tiger")
    assert json.loads(json.dumps(decoded.to_dict()))["ids"] == [85, 8047]


def test_causes_are_data() -> None:
    tokenizer = load_known("modernbert")
    found = SplitCauses(split_text(tokenizer, "tiger"), explain_splits(tokenizer, "tiger"))
    (word,) = json.loads(json.dumps(found.to_dict()))["words"]
    assert (word["word"], word["tokens"]) == ("tiger", ["t", "iger"])
    assert word["causes"][0]["kind"] == "leading_space"


def test_a_text_that_is_too_long_is_refused() -> None:
    require_short([])
    require_short([TextSplit("a", "x" * MOST_EXPLAINED, ())])
    with pytest.raises(EncodingError):
        require_short([TextSplit("a", "x", ()), TextSplit("a", "x" * (MOST_EXPLAINED + 1), ())])
