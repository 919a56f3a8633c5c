"""Texts aligned: columns that no token crosses, and the lines that differ most."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings, strategies

from tests.conftest import load_known
from tests.small_tokenizers import SMALL
from tokstat.splitting.side_by_side import AlignedText, TextSplits
from tokstat.splitting.split import split_text

PAIR = ("modernbert", "bert")


def aligned(text: str, *names: str, special: bool = False) -> AlignedText:
    splits = tuple(split_text(load_known(name), text, special=special) for name in names or PAIR)
    return AlignedText(text, splits)


def cells(text: AlignedText) -> list[list[str]]:
    return [["|".join(each.text for each in cell) for cell in part.cells] for part in text.columns]


def test_columns_hold_what_stands_at_one_place() -> None:
    text = aligned("tiger enchantments")
    assert cells(text) == [["t|iger", "tiger"], ["·en", "en"], ["chant|ments", "chan|tment|s"]]
    assert [part.differs for part in text.columns] == [True, False, True]


def test_a_space_alone_is_no_difference() -> None:
    text = aligned("the tiger")
    assert cells(text) == [["the", "the"], ["·tiger", "tiger"]]
    assert [part.differs for part in text.columns] == [False, False]


def test_inserted_tokens_stand_at_the_ends() -> None:
    text = aligned("the", special=True)
    assert ["|".join(row) for row in zip(*cells(text), strict=True)] == [
        "[CLS]|the|[SEP]",
        "[CLS]|the|[SEP]",
    ]


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(
    names=strategies.lists(strategies.sampled_from([*SMALL, *PAIR]), min_size=1, max_size=3),
    text=strategies.text(),
    special=strategies.booleans(),
)
def test_every_token_stands_in_one_column_in_its_order(
    names: list[str], text: str, special: bool
) -> None:
    found = aligned(text.replace("\0", ""), *names, special=special)
    for at, split in enumerate(found.splits):
        assert tuple(token for part in found.columns for token in part.cells[at]) == split.tokens


@settings(suppress_health_check=list(HealthCheck), max_examples=20)
@given(text=strategies.text(alphabet="ab \n汉", max_size=30))
def test_lines_hold_all_tokens(text: str) -> None:
    found = aligned(text)
    for at, split in enumerate(found.splits):
        assert sum(line.counts[at] for line in found.lines) == len(split)
        parts = [found.columns_between(line.start, line.end) for line in found.lines]
        assert sum(len(part.cells[at]) for line in parts for part in line) == len(split)


def test_the_widest_lines_come_first() -> None:
    text = aligned("the tiger\nenchantments encephalitis\ntiger\n")
    assert [line.number for line in text.lines] == [1, 2, 3]
    widest = text.widest_lines(2)
    assert widest[0].difference >= widest[1].difference > 0


def test_splits_are_data() -> None:
    result = TextSplits((aligned("tiger"), aligned(" tiger")))
    assert len(result) == 4
    assert [len(each) for each in result] == [2, 1, 1, 1]
    assert result[0].ids == [85, 8047]
    data = json.loads(result.to_json())
    assert [each["text"] for each in data["texts"]] == ["tiger", " tiger"]
    assert data["texts"][0]["splits"][0]["tokens"][1]["byte_end"] == 5
    assert len(result.to_table()) == 5
    assert len(repr(result)) < 120
