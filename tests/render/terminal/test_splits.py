"""Splits on a terminal: boundaries without colours, colours without boundaries, any width."""

from __future__ import annotations

import re

import pytest

from tests.conftest import load_known
from tokstat.render.terminal.splits import columns, labels_of, render_splits
from tokstat.splitting.side_by_side import AlignedText, TextSplits
from tokstat.splitting.split import split_text

TEXT = "The tiger's naïve 🙂 汉字 enchantments"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def splits(*texts: str, names: tuple[str, ...] = ("modernbert", "bert")) -> TextSplits:
    return TextSplits(
        tuple(
            AlignedText(text, tuple(split_text(load_known(name), text) for name in names))
            for text in texts
        )
    )


def test_one_tokenizer_has_a_row_for_each_text() -> None:
    lines = render_splits(splits("tiger", " tiger", names=("modernbert",))).splitlines()
    assert lines[1:] == ["  tiger   2  t|iger", "  ·tiger  1  ·tiger"]


def test_tokenizers_are_aligned_on_the_text() -> None:
    first, second, marks = render_splits(splits("tiger enchantments")).splitlines()
    assert first.endswith("5  t|iger|·en|chant|ments")
    assert second.endswith("5  tiger |en |chan|tment|s")
    start = first.index("t|iger")
    assert marks[start:] == "^^^^^^     ^^^^^^^^^^^^"


@pytest.mark.parametrize("width", [1, 40, 80, 200])
def test_lines_keep_to_the_width(width: int) -> None:
    for line in render_splits(splits(TEXT), width=width).splitlines():
        assert columns(line) <= max(width, 60)


def test_colours_take_the_place_of_bars() -> None:
    plain = render_splits(splits(TEXT), width=200)
    colored = render_splits(splits(TEXT), width=200, color=True)
    assert "\x1b" not in plain
    assert "|" not in ESCAPES.sub("", colored)
    assert len(set(ESCAPES.findall(colored.splitlines()[0]))) >= 4


def test_added_tokens_are_marked() -> None:
    assert "«[MASK]»" in render_splits(splits("a [MASK]"))


def test_details_have_a_line_for_each_token() -> None:
    shown = render_splits(splits("é 汉"), offsets=True, classes=True).splitlines()
    assert shown[1].split() == ["token", "id", "characters", "bytes", "class"]
    assert len(shown) == 2 + 2 + sum(len(each) for each in splits("é 汉").splits)


def test_ids_stand_under_their_tokens() -> None:
    lines = render_splits(splits("tiger"), ids=True).splitlines()
    assert next(line.split()[-3:] for line in lines if " ids " in line) == ["ids", "85", "8047"]


def test_many_lines_have_a_summary_first() -> None:
    text = "the tiger\n" * 20 + "enchantments encephalitis\n"
    lines = render_splits(splits(text)).splitlines()
    assert lines[0] == "21 lines, 226 characters"
    assert "line 21" in lines
    assert len(lines) < 40


def test_many_texts_have_a_table_of_counts_first() -> None:
    lines = render_splits(splits(*"abcdef")).splitlines()
    assert lines[1].split() == ["a", "1", "1"]


@pytest.mark.parametrize(
    ("text", "width"), [("ab", 2), ("汉", 2), ("e\u0301", 1), ("🙂", 2), ("\u200b", 0)]
)
def test_columns_count_what_a_terminal_shows(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    ("specs", "labels"),
    [
        (["a/x", "b/y"], ["x", "y"]),
        (["a/x", "b/x"], ["a/x", "b/x"]),
        (["a/tokenizer.json", "b/z"], ["a/tokenizer.json", "b/z"]),
    ],
)
def test_labels_differ(specs: list[str], labels: list[str]) -> None:
    assert labels_of(specs) == labels


def test_control_characters_are_escaped() -> None:
    assert "\x1b" not in render_splits(splits("a\x1b[31mb\u202e", "c"))
