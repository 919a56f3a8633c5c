"""`tokstat rank`: its table in every format, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tokstat.results.reference_languages import language_scores

pytestmark = pytest.mark.usefixtures("empty_place")


def test_a_table_with_definitions(run: Run) -> None:
    done = run("rank", "--lang", "german")
    assert done.code == 0
    lines = done.stdout.splitlines()
    assert "German" in lines[0]
    assert [line.split()[0] for line in lines[3:6]] == ["1", "2", "3"]
    assert "text_fertility (tokens per word):" in done.stdout


def test_formats(run: Run, tmp_path: Path) -> None:
    found = json.loads(run("rank", "--json").stdout)["columns"]
    assert len(found["tokenizer"]) == len(language_scores("en"))
    for name in ("a.csv", "a.md", "a.html", "a.txt"):
        assert run("rank", "--lang", "de", "-o", str(tmp_path / name)).code == 0
        assert "GPT-2" in (tmp_path / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(("--lang", "sw"), "Swahili"), (("--by", "size"), "size"), (("absent.json",), "absent.json")],
)
def test_what_is_refused_in_one_line(run: Run, arguments: tuple[str, ...], named: str) -> None:
    done = run("rank", *arguments)
    assert (done.code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert named in done.stderr
