"""The ten first lines of a notebook run as docs/how_to/notebooks.md has them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tokstat.results.report import Findings, Report
from tokstat.results.written import Written

PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "notebooks.md"

SNIPPETS: dict[str, str] = dict(
    re.findall(
        r"^([A-Z][^\n|]*):\n\n```python\n(.*?)```$",
        PAGE.read_text("utf-8").partition("## Ten first lines")[2],
        re.MULTILINE | re.DOTALL,
    )
)


def run(code: str) -> Any:
    """Run a cell, and return what its last line shows."""
    *body, last = ast.parse(code).body
    names: dict[str, Any] = {}
    exec(compile(ast.Module(body, []), "cell", "exec"), names)  # our own page
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_ten() -> None:
    assert len(SNIPPETS) == PAGE.read_text("utf-8").count("```python") == 10


EXPECTED: dict[str, Callable[[Any, Report], bool]] = {
    "One score": lambda shown, report: shown == report["whole_word_ratio"].value,
    "The findings as a data frame": lambda shown, report: shown.shape == (len(report.findings), 6),
    "A report saved, and read again": lambda shown, report: shown == report,
    "A page to send to a colleague": lambda shown, report: (
        shown is None and Path("report.html").read_text("ascii") == report.to_html()
    ),
}
"""Whether some of them show what they should, given the report that they are about."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_runs_as_written_and_shows_little(name: str) -> None:
    shown = run(SNIPPETS[name])
    assert len(repr(shown).splitlines()) <= 25
    if isinstance(shown, Written):
        assert len(repr(shown)) < 400
        assert set(shown._repr_mimebundle_()) == {"text/plain", "text/markdown", "text/html"}
    if name in EXPECTED:
        assert EXPECTED[name](shown, whole_report())


@cache
def whole_report() -> Report:
    return tokstat.inspect("answerdotai/ModernBERT-base")


def test_plots_need_no_import_of_their_own() -> None:
    assert "plots" in dir(tokstat)
    assert callable(tokstat.plots.coverage)


@pytest.mark.parametrize("suffix", ["csv", "md", "html", "json", "txt"])
def test_findings_and_tables_are_results_too(suffix: str, modernbert_report: Report) -> None:
    findings, table = modernbert_report.findings, modernbert_report.table("lost_alone")
    assert isinstance(findings, Findings)
    assert findings == tuple(findings)
    for result in (findings, table):
        result.save(f"saved.{suffix}")
        text = Path(f"saved.{suffix}").read_text("utf-8")
        assert {
            "csv": text.startswith(("code,", "word,")),
            "md": text.startswith("# "),
            "html": text.startswith("<!DOCTYPE html>"),
            "json": text.startswith("{"),
            "txt": len(text.splitlines()) > 2,
        }[suffix]


def test_reprs_are_short(modernbert_report: Report) -> None:
    report = modernbert_report
    shown = (
        report,
        report.findings,
        report.verdict,
        report.metrics[0],
        report.table("lost_alone"),
        report.sections[1],
        report.findings[0],
        tokstat.load("google-bert/bert-base-uncased"),
        tokstat.load("google-bert/bert-base-uncased").vocabulary,
    )
    assert all(len(repr(each)) < 400 for each in shown)
