"""What steps make of one character is bounded, and steps that make too much are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import word_level_json
from tests.small_tokenizers import SMALL
from tokstat.errors import InvalidTokenizerError
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.tokenizer.growth import MOST, growth, require_bounded_growth


def replace(old: str, new: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"String": old}, "content": new}


def expression(old: str, new: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": old}, "content": new}


def prepend(text: str) -> dict[str, Any]:
    return {"type": "Prepend", "prepend": text}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], (1, 0)),
        ([replace("a", "bb"), replace("b", "ccc")], (6, 0)),
        ([replace("b", "ccc"), replace("a", "bb")], (3, 0)),
        ([replace("a", "aa")] * 3, (8, 0)),
        ([expression("x*", "y")], (2, 1)),
        ([expression("x*", "y"), replace("y", "")], (1, 0)),
        ([prepend("ab"), replace("b", "ccc")], (3, 4)),
        ([{"type": "ByteLevel"}] * 2, (4, 0)),
    ],
)
def test_growth(steps: list[dict[str, Any]], expected: tuple[int, int]) -> None:
    assert growth(steps) == expected


STEP = st.builds(replace, st.text("abc", min_size=1, max_size=2), st.text("abc", max_size=3))


@given(st.lists(STEP | st.builds(prepend, st.text("abc", max_size=2)), max_size=5), st.text("abcd"))
def test_growth_is_a_bound(steps: list[dict[str, Any]], text: str) -> None:
    backend = tokenizers.Tokenizer.from_str(
        json.dumps(
            {
                **json.loads(word_level_json("a")),
                "normalizer": {"type": "Sequence", "normalizers": steps},
            }
        )
    )
    grown, put = growth(steps)
    assert backend.normalizer is not None
    assert len(backend.normalizer.normalize_str(text)) <= len(text) * grown + put


BOMBS: dict[str, dict[str, Any]] = {
    "nested Replace": {"normalizer": [replace("a", "a" * 10)] * 12},
    "nested Replace by an expression": {"normalizer": [expression("a*", "aa")] * 12},
    "Replace through a normal form": {
        "normalizer": [replace("f", "ﬁ" * 100), {"type": "NFKC"}] * 3
    },
    "nested Prepend": {"normalizer": [prepend("aaaaa"), replace("a", "a" * 900)] * 30},
    "bytes of bytes, normalized": {"normalizer": [{"type": "ByteLevel"}] * 40},
    "bytes of bytes": {
        "pre_tokenizer": [
            {
                "type": "ByteLevel",
                "add_prefix_space": False,
                "trim_offsets": False,
                "use_regex": False,
            }
        ]
        * 40
    },
    "nested Replace in decoding": {"decoder": [replace("a", "a" * 10)] * 12},
}
LISTS = {"normalizer": "normalizers", "pre_tokenizer": "pretokenizers", "decoder": "decoders"}


def bomb(name: str) -> bytes:
    """Return a small tokenizer.json that makes gigabytes of a letter."""
    ((part, steps),) = BOMBS[name].items()
    content = json.loads(word_level_json("a", "b"))
    return json.dumps({**content, part: {"type": "Sequence", LISTS[part]: steps}}).encode()


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_before_they_run(name: str) -> None:
    with pytest.raises(InvalidTokenizerError, match=next(iter(BOMBS[name]))):
        parse_tokenizer_json(bomb(name), "bomb")


@pytest.mark.parametrize("kind", SMALL)
def test_real_steps_are_far_below(kind: str) -> None:
    backend = SMALL[kind]()
    require_bounded_growth(backend, kind)


def test_many_replacements_beside_each_other() -> None:
    """Japanese tokenizers have dozens, and none writes what another replaces."""
    steps = [replace(chr(0x3000 + number), "ab" * 3) for number in range(300)]
    assert growth(steps) == (6, 0)
    assert MOST > 100
