"""One table as text, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

from tokstat.render.terminal.tables import to_csv, to_json, to_text
from tokstat.results.report import SCHEMA_VERSION, Table

TABLE = Table(
    "tokens",
    "Tokens",
    {"id": (1, 20), "display": ("·a,b", 'q"'), "text": ("a,b", None), "kind": ("text", "byte")},
)


def test_csv_reads_back() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(TABLE))))
    assert rows == [
        ["id", "display", "text", "kind"],
        ["1", "·a,b", "a,b", "text"],
        ["20", 'q"', "", "byte"],
    ]


def test_json_reads_back() -> None:
    data = json.loads(to_json(TABLE))
    assert data["schema_version"] == SCHEMA_VERSION
    assert data["columns"] == {name: list(column) for name, column in TABLE.columns.items()}


def test_text_is_aligned() -> None:
    assert to_text(TABLE) == 'id  token  kind\n1   ·a,b   text\n20  q"     byte\n'


def test_an_empty_table_has_only_its_head() -> None:
    assert to_text(Table("none", "None", {"id": ()})) == "id\n"
