"""A study as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from tokstat.errors import DataError
from tokstat.wordsim.study_results import SCORES, Study, packaged_study


@pytest.fixture(scope="module")
def study() -> Study:
    """Some rows of the packaged study."""
    whole = packaged_study()
    return replace(whole, rows=whole.rows[:6])


def test_json_gives_the_study_back(study: Study) -> None:
    assert Study.from_json(study.to_json()) == study
    json.loads(study.to_json(), parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "1", "null", "{}", '{"rows": 1}', '{"rows": [1]}', '{"rows": []}'],
)
def test_json_of_something_else(text: str) -> None:
    with pytest.raises(DataError, match="not a saved study"):
        Study.from_json(text)


def test_json_with_too_much_or_too_little(study: Study) -> None:
    data = json.loads(study.to_json())
    row = data["rows"][0]
    for changed in (
        {**data, "more": 1},
        {name: value for name, value in data.items() if name != "seed"},
        {**data, "rows": [{**row, "more": 1}]},
        {**data, "rows": [{name: value for name, value in row.items() if name != "wordsim"}]},
    ):
        with pytest.raises(DataError, match="not a saved study"):
            Study.from_json(json.dumps(changed))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("teacher", 1),
        ("seed", "0"),
        ("seed", True),
        ("seed", 0.5),
        ("environment", None),
        ("rows.wordsim", "12.9"),
        ("rows.wordsim", None),
        ("rows.vocab_size", 1.5),
        ("rows.convention", ["bare"]),
        ("rows.rho", [1.0]),
        ("rows.rho", {"rw": "1"}),
        ("rows.rho", {"rw": None}),
    ],
)
def test_json_with_values_of_other_types(study: Study, name: str, value: object) -> None:
    data = json.loads(study.to_json())
    record = data["rows"][1] if name.startswith("rows.") else data
    record[name.removeprefix("rows.")] = value
    with pytest.raises(DataError, match="not a saved study"):
        Study.from_json(json.dumps(data))


def test_csv_has_a_column_a_set(study: Study) -> None:
    strange = replace(study.rows[0], tokenizer='a, "b"\nc 名')
    study = replace(study, rows=(strange, *study.rows[1:]))
    found = [*csv.DictReader(io.StringIO(study.to_csv(), newline=""))]
    assert [row["tokenizer"] for row in found] == [row.tokenizer for row in study.rows]
    for row, read in zip(study.rows, found, strict=True):
        assert "rho" not in read
        assert {name: float(read[name]) for name in row.rho} == row.rho
        assert {name: float(read[name]) for name in SCORES} == {
            name: getattr(row, name) for name in SCORES
        }
