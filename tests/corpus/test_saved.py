"""Saved reports are read back, or refused."""

from __future__ import annotations

from typing import Any

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.corpus.saved import report_from_dict
from tokstat.errors import ReportError


@pytest.fixture
def data() -> dict[str, Any]:
    tokenizers = [load_known("byte-level"), load_known("wordpiece")]
    return tokstat.measure_corpus(tokenizers, texts=["the people"]).to_dict()


def test_other_columns_are_left_out(data: dict[str, Any]) -> None:
    report = report_from_dict(data)
    table = next(table for table in data["tables"] if table["name"] == "files")
    table["columns"]["more"] = [0] * len(table["columns"]["file"])
    assert report_from_dict(data) == report


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 99),
        (("text", "words"), "many"),
        (("tokenizers",), []),
        (("tokenizers", 1, "metrics"), []),
        (("tables", 0, "columns"), {}),
        (("tables",), 1),
    ],
)
def test_what_is_no_report_is_refused(
    path: tuple[Any, ...], value: object, data: dict[str, Any]
) -> None:
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ReportError):
        report_from_dict(data)
