"""`tokstat tokens` as text, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

from tests.cli.running import run


def test_tokens_as_text_csv_and_json(spec: str) -> None:
    filters = ("tokens", spec, "--kind", "special")
    text, as_csv, as_json = run(*filters), run(*filters, "--csv"), run(*filters, "--json")
    assert len(text.stdout.splitlines()) == 6  # with the head
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [row["token"] for row in rows] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert json.loads(as_json.stdout)["columns"]["id"] == [0, 100, 101, 102, 103]


def test_tokens_are_not_csv_and_json_at_once(spec: str) -> None:
    assert run("tokens", spec, "--csv", "--json").exit_code == 2
