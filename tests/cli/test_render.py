"""`tokstat render`: a saved report in every format, and what is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import tokstat
from tests.cli.running import run
from tests.hostile import hostile_comparison, hostile_report
from tokstat.cli.main import cli
from tokstat.comparison.comparison import Comparison
from tokstat.corpus.report import CorpusReport
from tokstat.errors import LimitError, ReportError
from tokstat.results.report import Report
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def report() -> Report:
    return hostile_report()


@pytest.fixture
def saved(report: Report, tmp_path: Path) -> Path:
    path = tmp_path / "saved.json"
    path.write_text(report.to_json())
    return path


@pytest.mark.parametrize("format_", ["terminal", "json", "markdown", "html"])
def test_a_saved_report_renders_as_the_report_itself(
    format_: Any, saved: Path, report: Report
) -> None:
    result = run("render", str(saved), "--format", format_)
    assert result.exit_code == 0
    assert result.stdout == tokstat.render_report(report, format_)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("out.html", "<!DOCTYPE html>"),
        ("out.HTM", "<!DOCTYPE html>"),
        ("out.json", "{"),
        ("out.md", "# "),
        ("out.txt", "</title>"),
        ("out", "</title>"),
    ],
)
def test_the_name_of_the_output_says_the_format(
    name: str, start: str, saved: Path, tmp_path: Path
) -> None:
    target = tmp_path / name
    assert run("render", str(saved), "-o", str(target)).exit_code == 0
    assert target.read_text("utf-8").startswith(start)
    run("render", str(saved), "-o", str(target), "--format", "markdown")
    assert target.read_text("utf-8").startswith("# ")


def test_inspect_writes_the_page_that_render_writes(tmp_path: Path, bert_json: bytes) -> None:
    spec = tmp_path / "tokenizer.json"
    spec.write_bytes(bert_json)
    for name in ("direct.html", "saved.json"):
        assert run("inspect", str(spec), "-o", str(tmp_path / name)).exit_code == 0
    assert run("render", str(tmp_path / "saved.json"), "-o", str(tmp_path / "later.html"))
    assert (tmp_path / "direct.html").read_bytes() == (tmp_path / "later.html").read_bytes()


def damaged(report: Report) -> dict[str, str]:
    """Return texts that are like a saved report, and none."""
    data = report.to_dict()

    def changed(*path: Any, to: Any) -> str:
        copy: Any = json.loads(json.dumps(data))
        place = copy
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to
        return json.dumps(copy)

    first = ("sections", 0)
    return {
        "empty": "",
        "no JSON": "{",
        "deep": "[" * 100_000,
        "a list": "[]",
        "a tokenizer": '{"model": {"type": "BPE"}}',
        "version": changed("schema_version", to=99),
        "no name": changed("tokenizer", "spec", to=None),
        "text for a number": changed("tokenizer", "vocab_size", to="many"),
        "not a number": changed(*first, "metrics", 0, "value", to=float("nan")),
        "huge number": changed(*first, "metrics", 0, "value", to=10**400),
        "text for a value": changed(*first, "metrics", 0, "value", to="1"),
        "unknown severity": changed(*first, "findings", 0, "severity", to="fatal"),
        "tokens that are none": changed(*first, "findings", 0, "tokens", to=[1]),
        "cell that is a list": changed(*first, "tables", 0, "columns", to={"a": [[1]]}),
        "uneven columns": changed(*first, "tables", 0, "columns", to={"a": [1], "b": []}),
        "columns that are none": changed(*first, "tables", 0, "columns", to=[1]),
        "sections that are none": changed("sections", to={"a": 1}),
        "extra field": changed(*first, "metrics", 0, "color", to="red"),
    }


DAMAGES = sorted(damaged(hostile_report()))


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_report_is_refused(damage: str, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "damaged.json"
    path.write_text(damaged(report)[damage])
    refused = LimitError if damage == "deep" else ReportError
    with pytest.raises(refused, match=r"damaged\.json"):
        tokstat.load_report(path)
    result = CliRunner().invoke(cli, ["render", str(path), "-o", str(tmp_path / "out.html")])
    assert isinstance(result.exception, refused)
    assert "\n" not in str(result.exception)
    assert not (tmp_path / "out.html").exists()


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return hostile_comparison()


@pytest.fixture(scope="module")
def corpus_report(bert: Tokenizer, modernbert: Tokenizer) -> CorpusReport:
    return tokstat.measure_corpus([bert, modernbert], texts=["Tigers swim.", "<script>"])


@pytest.mark.parametrize("format_", ["terminal", "json", "markdown", "html"])
@pytest.mark.parametrize("kind", ["comparison", "corpus_report"])
def test_other_saved_results_render_as_the_results_themselves(
    kind: str, format_: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    result = request.getfixturevalue(kind)
    path = tmp_path / "saved.json"
    path.write_text(result.to_json())
    assert tokstat.load_result(path) == result
    written = run("render", str(path), "--format", format_)
    assert written.exit_code == 0
    assert written.stdout == tokstat.render_report(result, format_)
    with pytest.raises(ReportError, match="load_result"):
        tokstat.load_report(path)


DAMAGED_RESULTS: list[tuple[str, tuple[Any, ...], Any]] = [
    ("comparison", ("schema_version",), 99),
    ("comparison", ("tokenizers",), []),
    ("comparison", ("tokenizers", 0, "vocab_size"), "many"),
    ("comparison", ("labels",), ["one"]),
    ("comparison", ("labels",), 1),
    ("comparison", ("scores", 0, "values"), [1]),
    ("comparison", ("scores", 0, "values"), ["1", "2"]),
    ("comparison", ("scores", 0, "values", 0), float("nan")),
    ("comparison", ("scores", 0, "ranks"), [{"lower": 1}, None]),
    ("comparison", ("findings", 0, "severity"), "fatal"),
    ("comparison", ("findings", 0, "tokenizers"), [2]),
    ("comparison", ("surfaces", "shared"), [[1, 2]]),
    ("comparison", ("surfaces", "shared", 0, 0), "1"),
    ("comparison", ("surfaces", "sizes"), [1, 2, 3]),
    ("comparison", ("words",), []),
    ("comparison", ("shared_words",), 10**400),
    ("comparison", ("shared_words",), None),
    ("corpus_report", ("schema_version",), 99),
    ("corpus_report", ("text",), [1]),
    ("corpus_report", ("text", "words"), "many"),
    ("corpus_report", ("words",), "unicode"),
    ("corpus_report", ("tokenizers",), []),
    ("corpus_report", ("tokenizers", 0, "metrics"), []),
    ("corpus_report", ("tokenizers", 0, "metrics", 0, "value"), "1"),
    ("corpus_report", ("tables", 0, "columns"), {}),
    ("corpus_report", ("tables", 0, "columns", "word"), ["x"]),
    ("corpus_report", ("tables", 0), {"name": "groups", "title": "", "columns": {"group": []}}),
]


@pytest.mark.parametrize(("kind", "path", "to"), DAMAGED_RESULTS)
def test_what_is_like_another_result_is_refused(
    kind: str, path: tuple[Any, ...], to: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    data = json.loads(request.getfixturevalue(kind).to_json())
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    file = tmp_path / "damaged.json"
    file.write_text(json.dumps(data))
    with pytest.raises(ReportError, match=r"damaged\.json"):
        tokstat.load_result(file)
    result = CliRunner().invoke(cli, ["render", str(file), "-o", str(tmp_path / "out.html")])
    assert isinstance(result.exception, ReportError)
    assert "\n" not in str(result.exception)
    assert not (tmp_path / "out.html").exists()


def test_inspect_says_that_a_saved_report_is_no_tokenizer(saved: Path) -> None:
    result = CliRunner().invoke(cli, ["inspect", str(saved)])
    assert f"tokstat render {saved}" in str(result.exception)
