"""Rows of parts that differ: one cell a tokenizer, and numbers that people can follow."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

import tokstat
from tests.comparison.changed_tokenizers import edited
from tests.conftest import load_known
from tokstat.comparison.comparison import Comparison
from tokstat.render.compared_parts import diff_command, grouped, part_notes, part_rows
from tokstat.tokenizer.tokenizer import Tokenizer


def compared(*tokenizers: Tokenizer) -> Comparison:
    return tokstat.compare(*tokenizers, analyzers=["composition"])


def rows_of(found: Comparison) -> dict[str, tuple[str, ...]]:
    return {row.label: row.cells for row in part_rows(found)}


def test_counts_of_two_kinds(bert: Tokenizer, modernbert: Tokenizer) -> None:
    rows = rows_of(compared(bert, modernbert))
    assert rows["tokens, as stored"] == ("30,522", "50,368, 4,848 of them also in 1")
    assert rows["ids"] == ("", "equal for 0 of 4,848 shared tokens")
    assert rows["added tokens [MASK] lstrip"] == ("false", "true")
    assert rows["normalizer"][1] == "NFC"
    assert len(rows) <= 12
    assert all(len(cell) < 250 for cells in rows.values() for cell in cells)


@pytest.mark.parametrize(
    ("name", "label", "last"),
    [
        ("ids", "ids", "the 1,996 → 1,998; and 1,998 → 1,996"),
        ("normalizer", "normalizer", "none"),
        ("post-processor gone", "post-processor", "none"),
        ("added tokens", "added tokens [MASK] lstrip", "true"),
        ("padding", "padding pad_token", "[PAD]"),
    ],
)
def test_one_change_is_one_row(name: str, label: str, last: str) -> None:
    found = compared(load_known("bert"), edited("bert", name))
    rows = rows_of(found)
    assert label in rows
    assert rows[label][1].endswith(last)
    assert len(rows) == 1 or name == "padding"
    assert all(note.startswith("The same in all: ") for note in part_notes(found))


def test_nothing_differs_and_nothing_was_compared(bert: Tokenizer) -> None:
    found = compared(bert, bert)
    assert rows_of(found) == {}
    assert rows_of(replace(found, parts=None)) == {}
    assert list(part_notes(replace(found, parts=None))) == []


def test_equal_cells_share_their_numbers() -> None:
    assert grouped(["a", "b", "a", ""]) == [("1 3", "a"), ("2", "b")]


def test_the_command_is_quoted_for_a_shell(bert: Tokenizer) -> None:
    found = compared(bert, bert)
    named = [replace(each, spec="my model's") for each in found.tokenizers]
    what, command = diff_command(replace(found, tokenizers=tuple(named)))
    assert shlex.split(command) == ["tokstat", "diff", "my model's", "my model's"]
    assert what != diff_command(compared(bert, bert, bert))[0]
