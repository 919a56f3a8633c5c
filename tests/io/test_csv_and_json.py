"""CSV that no spreadsheet runs, JSON that every parser reads."""

from __future__ import annotations

import csv
import io
import json
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import HOSTILE_TOKENS
from tokstat.cli.output import write
from tokstat.io.csv_and_json import safe_cell, to_csv, to_json

RUN_BY_SPREADSHEETS = "=+-@\t\r"

CELLS = st.none() | st.integers() | st.booleans() | st.floats(allow_nan=False) | st.text()


@given(st.text())
def test_no_text_is_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert isinstance(cell, str)
    assert not cell or cell[0] not in RUN_BY_SPREADSHEETS
    assert cell in (text, "'" + text)
    assert (cell == text) == (text[:1] not in tuple(RUN_BY_SPREADSHEETS))


def test_numbers_are_no_formulas() -> None:
    assert to_csv([(-1, -0.5, True, None, "-1")]) == "-1,-0.5,True,,'-1\n"


def read_back(rows: list[tuple[object, object]]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(rows), newline="")))


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1))
def test_csv_is_read_back(rows: list[tuple[object, object]]) -> None:
    found = read_back(rows)
    assert found == [["" if cell is None else str(safe_cell(cell)) for cell in row] for row in rows]


def test_hostile_tokens_in_csv() -> None:
    read = [row[0] for row in read_back([(token, "") for token in HOSTILE_TOKENS])]
    assert len(read) == len(HOSTILE_TOKENS)
    assert "'=HYPERLINK(1)" in read


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


def without_nan(data: object) -> object:
    if isinstance(data, dict):
        return {key: without_nan(value) for key, value in data.items()}
    if isinstance(data, list):
        return [without_nan(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


@given(JSON)
def test_json_is_ascii_without_nan(data: object) -> None:
    text = to_json(data)
    assert text.isascii()
    assert json.loads(text, parse_constant=lambda name: pytest.fail(name)) == without_nan(data)


def test_a_lone_surrogate_is_an_escape() -> None:
    assert to_json("\ud800") == '"\\ud800"'


@pytest.mark.parametrize("is_terminal", [True, False])
def test_controls_do_not_reach_a_terminal(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="utf-8")
    monkeypatch.setattr(stdout, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stdout", stdout)
    write("\x1b[2J\x9b\tname\n", None)
    shown = "\\x1b[2J\\x9b\tname\n" if is_terminal else "\x1b[2J\x9b\tname\n"
    assert raw.getvalue().decode() == shown
