"""Values in short: as people name them, and different values as different texts."""

from __future__ import annotations

import json

import pytest

from tokstat.render.written_values import cut_alike, distinct_texts, value_text

FRAME = {
    "type": "TemplateProcessing",
    "single": [
        {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
    ],
    "special_tokens": {},
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
}
SPLIT = {
    "type": "Split",
    "pattern": {"Regex": "x" * 60 + "1"},
    "invert": False,
    "behavior": "Isolated",
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (50281, "50,281"),
        (None, ""),
        ("{}", ""),
        ("a\nb", "a\\nb"),
        ("[]", "none"),
        ([{"type": "NFC"}, {"type": "Strip", "strip_left": True}], "NFC + Strip (strip_left)"),
        ([FRAME], "[CLS] $A; pairs $A $B (type ids 0 1)"),
        ({"type": "WordPiece", "unk_token": "[UNK]"}, "WordPiece (unk_token [UNK])"),
        ({"id": 102, "token": "[SEP]"}, "[SEP], id 102"),
        ({"id": None, "token": "[SEP]"}, "[SEP], no id"),
        ({"single_word": False, "lstrip": True, "special": True}, "lstrip, special"),
        ({"single_word": False}, "no flags"),
        ({"[CLS]": {"id": "[CLS]", "ids": [101], "tokens": ["[CLS]"]}}, "[CLS] 101"),
        ({"count": 2, "tokens": ["a b", "c"]}, "2: a·b c"),
        ({"count": 9, "tokens": ["a"]}, "9: a …"),
        ({"count": 0, "tokens": []}, "none"),
        ({"Regex": " +"}, " +"),
    ],
)
def test_values_in_short(value: object, text: str) -> None:
    is_json = isinstance(value, (dict, list))
    assert value_text(json.dumps(value) if is_json else value) == text


OTHERS = {
    "cut": "[",
    "numbers": "[1]",
    "texts": '["type"]',
    "type": '{"type": 1}',
    "template": "{% if x %}",
    "count": '{"count": "x", "tokens": 1}',
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_known_json_stays_a_text(name: str) -> None:
    assert value_text(OTHERS[name])


def test_long_texts_show_their_first_difference() -> None:
    one, other = cut_alike(["x" * 100 + "a", "x" * 100 + "b"], 20)
    assert one.endswith("a")
    assert other.endswith("b")
    assert cut_alike(["a", "b"], 20) == ["a", "b"]
    assert cut_alike(["x" * 50, "x" * 50 + "tail"], 20)[1].endswith("tail")
    assert cut_alike([], 20) == []


def test_different_values_have_different_texts() -> None:
    """Two long patterns differ beyond the place where they are cut; a third is of another kind."""
    patterns = [json.dumps([{**SPLIT, "pattern": {"Regex": "x" * 60 + end}}]) for end in "123"]
    values = [*patterns, json.dumps([{"type": "NFC"}]), patterns[0], None]
    texts = distinct_texts(values, 40)
    assert len(set(texts)) == 5
    assert texts[0] == texts[4]
    assert max(map(len, texts)) <= 42
    numbered = [
        json.dumps([{**FRAME, "special_tokens": {"[CLS]": {"ids": [n]}}}]) for n in range(3)
    ]
    assert len(set(distinct_texts(numbered, 40))) == 3
    lists = [json.dumps({"count": 20, "tokens": [*"abcdefghij", end]}) for end in "xy"]
    assert len(set(distinct_texts(lists, 40))) == 2
    patterns = ['{"Regex": " "}', '{"String": " "}']
    assert len(set(distinct_texts(patterns, 40))) == 2


def test_settings_that_are_not_set_count_as_equal() -> None:
    models = ['{"type": "BPE"}', '{"fuse_unk": false, "type": "BPE", "unk_token": ""}']
    assert distinct_texts(models, 40) == ["BPE", "BPE"]
