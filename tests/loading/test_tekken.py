"""tekken.json, held to what mistral-common makes of it: a tiktoken encoding behind special ids."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import tiktoken

from tests.loading.agreement import differences, ids_of, without
from tests.samples import sample
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load

PATTERN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
USED = 1000
SPECIAL = 30


@pytest.fixture
def content(ranks: dict[bytes, int]) -> dict[str, Any]:
    """A small tekken.json, which lists more tokens than its model uses."""
    return {
        "config": {
            "pattern": PATTERN,
            "num_vocab_tokens": len(ranks),
            "default_vocab_size": USED + SPECIAL,
            "default_num_special_tokens": SPECIAL,
            "version": "v11",
        },
        "vocab": [
            {"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
            for token, rank in ranks.items()
        ],
        "special_tokens": [
            {"rank": 0, "token_str": "<unk>", "is_control": True},
            {"rank": 1, "token_str": "<s>", "is_control": True},
        ],
    }


def save(content: dict[str, Any], path: Path) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_encodes_as_tiktoken_behind_the_special_ids(
    content: dict[str, Any], ranks: dict[bytes, int], tmp_path: Path
) -> None:
    path = save(content, tmp_path / "tekken.json")
    used = {token: rank for token, rank in ranks.items() if rank < USED}
    reference = tiktoken.Encoding("test", pat_str=PATTERN, mergeable_ranks=used, special_tokens={})
    for spec in (path, tmp_path):
        loaded = load(spec)
        assert (
            differences(
                loaded.backend,
                lambda text: [index + SPECIAL for index in reference.encode(text)],
                without(sample(), ["<s>", "<unk>"]),
            )
            == []
        )
        assert loaded.origin.loader == "tekken v11"
        assert loaded.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    vocabulary = loaded.vocabulary
    assert len(vocabulary) == USED + SPECIAL
    assert [vocabulary[index].kind for index in (0, 1, 2, 29)] == [
        *("special", "special", "placeholder", "placeholder"),
    ]
    assert vocabulary[2].token == "<SPECIAL_2>"
    for token, rank in used.items():
        assert vocabulary[rank + SPECIAL].surface == token


def test_files_before_v11_list_no_special_tokens(content: dict[str, Any], tmp_path: Path) -> None:
    del content["special_tokens"]
    content["config"]["version"] = "v3"
    loaded = load(save(content, tmp_path / "tekken_240718.json"))
    assert loaded.origin.loader == "tekken v3"
    assert loaded.vocabulary[3].token == "[INST]"
    assert loaded.vocabulary[19].token == "[TOOL_CONTENT]"
    assert loaded.vocabulary[20].token == "<SPECIAL_20>"
    assert ids_of(loaded.backend, "[INST]") == [3]


def test_any_name_will_do(content: dict[str, Any], tmp_path: Path) -> None:
    assert load(save(content, tmp_path / "mine.json")).origin.loader == "tekken v11"


def remove(key: str) -> Any:
    def change(content: dict[str, Any]) -> None:
        del content[key]

    return change


def change(*path: str | int, to: object) -> Any:
    def apply(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = to

    return apply


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (remove("vocab"), "'vocab'"),
        (remove("config"), "'config'"),
        (change("vocab", to={"a": 1}), "vocab"),
        (change("vocab", 3, "rank", to=4), r"\b3\b.*\b4\b"),
        (change("vocab", 3, "rank", to=-1), r"\b3\b.*-1\b"),
        (change("vocab", 3, "token_bytes", to="*"), r"\b3\b.*base64"),
        (change("vocab", 3, "token_bytes", to="AA=="), r"token \d+"),
        (change("vocab", 3, "token_bytes", to=""), r"\b3\b"),
        (change("vocab", 3, "token_bytes", to=7), r"tekken\.json"),
        (change("config", "pattern", to="(["), "pattern"),
        (change("config", "pattern", to=5), "pattern"),
        (change("config", "default_vocab_size", to=10_000_000), "vocabulary"),
        (change("config", "default_vocab_size", to=9_000), r"[\d,]+ tokens.*[\d,]+"),
        (change("config", "default_num_special_tokens", to=10**9), "special tokens"),
        (change("config", "default_num_special_tokens", to=1), r"rank.*\b1\b"),
        (change("special_tokens", 1, "rank", to=0), "rank"),
        (change("special_tokens", 1, "token_str", to="<unk>"), "name"),
        (change("special_tokens", 1, "token_str", to=None), "special token"),
        (change("special_tokens", to=[1]), r"tekken\.json"),
    ],
)
def test_what_is_unsound_is_said(
    damage: Any, problem: str, content: dict[str, Any], tmp_path: Path
) -> None:
    damage(content)
    with pytest.raises(InvalidTokenizerError, match=problem):
        load(save(content, tmp_path / "tekken.json"))
