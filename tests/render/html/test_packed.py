"""A packed tokenizer holds what the tokenizer's file holds."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers

from tests.conftest import load_real, wrap
from tests.hostile import hostile_tokenizer
from tests.reachability.conftest import charsmap
from tests.small_tokenizers import SMALL
from tokstat.render.html.packed import packed
from tokstat.tokenizer.tokenizer import Tokenizer


def unpack(text: str) -> dict[str, Any]:
    """Unpack as playground_worker.js does."""
    contents: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(text)))
    written: dict[str, Any] = contents["tokenizer"]
    model = written["model"]
    if "tokens" in contents:
        tokens = contents["tokens"]
        model["vocab"] = {token: at for at, token in enumerate(tokens) if token is not None}
    if "pieces" in contents:
        scores = np.array(contents["scores"], np.float32).tolist()
        model["vocab"] = [list(each) for each in zip(contents["pieces"], scores, strict=True)]
    if "made" in contents:
        names = {at: token for token, at in model["vocab"].items()}
        made = np.cumsum(contents["made"]).tolist()
        units = [names[at].encode("utf-16-le") for at in made]
        model["merges"] = [
            [unit[: 2 * length].decode("utf-16-le"), unit[2 * length :].decode("utf-16-le")]
            for unit, length in zip(units, contents["lengths"], strict=True)
        ]
    return written


def assert_whole(tokenizer: Tokenizer) -> None:
    unpacked, written = unpack(packed(tokenizer)), json.loads(tokenizer.to_json())
    for name in ("post_processor", "added_tokens"):
        assert unpacked[name] == written[name]
    if isinstance(written["model"]["vocab"], list):
        wanted, found = written["model"].pop("vocab"), unpacked["model"].pop("vocab")
        assert [token for token, _ in found] == [token for token, _ in wanted]
        assert [score for _, score in found] == pytest.approx([s for _, s in wanted], rel=1e-14)
    assert unpacked["model"] == {"type": tokenizer.model_type, **written["model"]}


@pytest.mark.parametrize("name", SMALL)
def test_every_family_is_packed_whole(name: str) -> None:
    assert_whole(wrap(SMALL[name](), name))


def test_hostile_tokens_and_gaps_between_ids_are_packed_whole() -> None:
    assert_whole(wrap(hostile_tokenizer(), "hostile"))
    vocabulary = {"[UNK]": 0, "__proto__": 3, "7": 9, "🐯x": 10, "🐯": 11, "x": 12}
    assert_whole(wrap(tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]")), "a"))
    model = models.BPE(vocabulary, [("🐯", "x")], unk_token="[UNK]")
    assert_whole(wrap(tokenizers.Tokenizer(model), "b"))


def test_scores_of_64_bits_stay() -> None:
    score = -1.2345678901234567
    backend = tokenizers.Tokenizer(models.Unigram([("<unk>", 0.0), ("a", score)], 0, False))
    written = unpack(packed(wrap(backend, "precise")))
    assert written["model"]["vocab"] == [["<unk>", 0.0], ["a", score]]


def test_parts_are_written_as_the_port_runs_them() -> None:
    backend = tokenizers.Tokenizer(models.BPE())
    backend.normalizer = normalizers.Sequence([normalizers.NFC()])
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    written = unpack(packed(wrap(backend, "parts")))
    first, second = written["pre_tokenizer"]["pretokenizers"]
    assert (first["type"], first["behavior"], first["pattern"]) == (
        "Split",
        "Removed",
        {"Regex": r"\s+"},
    )
    assert [each["type"] for each in second["pretokenizers"]] == ["Metaspace", "Split"]
    assert written["normalizer"]["normalizers"] == [{"type": "NFC"}]


def test_a_map_of_characters_travels_as_its_rules() -> None:
    backend = tokenizers.Tokenizer(models.BPE())
    backend.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Precompiled(charsmap())]
    )
    _, part = unpack(packed(wrap(backend, "map")))["normalizer"]["normalizers"]
    assert part["precompiled_charsmap"] is None
    assert (part["rules"]["ﬁ"], part["rules"]["\t"]) == ("fi", " ")


@pytest.mark.parametrize(("name", "most"), [("modernbert", 330_000), ("bert", 170_000)])
def test_a_packed_tokenizer_is_small(name: str, most: int, request: pytest.FixtureRequest) -> None:
    tokenizer = request.getfixturevalue(name)
    assert len(packed(tokenizer)) < most
    assert_whole(tokenizer)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        pytest.param("wordllama", 230_000, marks=pytest.mark.slow),
        pytest.param("tokenlearn", 4_500_000, marks=pytest.mark.slow),
        pytest.param("gpt4o", 1_700_000, marks=pytest.mark.exhaustive),
    ],
)
def test_a_large_packed_tokenizer_is_small(name: str, most: int) -> None:
    tokenizer = load_real(name)
    assert len(packed(tokenizer)) < most
    assert_whole(tokenizer)
