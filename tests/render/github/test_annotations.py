"""Findings as annotations: whatever they hold, a line stays a line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokstat
from tokstat.gate.policy import Baseline, Policy
from tokstat.gate.verdict import GatedReport, judge
from tokstat.render.github.annotations import render_github
from tokstat.results.report import Finding, Report, Section
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def report(bert: Tokenizer) -> Report:
    return tokstat.inspect(bert, analyzers=["composition"])


def gated(report: Report, message: str, source: str = "nowhere", **policy: object) -> GatedReport:
    finding = Finding("A:1,b", "warning", message, "do\nit")
    made = replace(
        report,
        tokenizer=replace(report.tokenizer, source=source),
        sections=(Section("made", "Made", findings=(finding,)),),
    )
    return judge(made, Policy(fail_on="info", **policy))  # type: ignore[arg-type]


def parse(line: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as GitHub's runner does: up to the first ::, then unescaped."""
    assert line.startswith("::")
    head, _, message = line[2:].partition("::")
    level, _, listed = head.partition(" ")
    properties = dict(each.split("=", 1) for each in listed.split(","))
    return level, {name: unquote(value) for name, value in properties.items()}, unquote(message)


@given(st.text())
def test_an_annotation_is_one_line_whatever_it_says(report: Report, message: str) -> None:
    (line,) = render_github(gated(report, message)).splitlines()
    level, properties, said = parse(line)
    assert (level, properties) == ("warning", {"title": "A:1,b"})
    assert said.splitlines()[-2:] == ["do", "it"]


def test_text_comes_through_the_escapes(report: Report) -> None:
    text = "100 %25 of ::error:: a,b:c=d ·é"
    (line,) = render_github(gated(report, text)).splitlines()
    assert text in parse(line)[2]


def test_a_file_below_this_folder_is_named(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a,b").mkdir()
    file = tmp_path / "a,b" / "tokenizer.json"
    file.touch()
    for source in (str(file), "a,b/tokenizer.json"):
        (line,) = render_github(gated(report, "x", source)).splitlines()
        assert parse(line)[1]["file"] == "a,b/tokenizer.json"
    for source in ("a,b/absent.json", "a,b", str(Path(__file__)), "org/name", "x" * 5000, "a\0b"):
        (line,) = render_github(gated(report, "x", source)).splitlines()
        assert "file" not in parse(line)[1]


def test_levels_are_github_s(report: Report) -> None:
    for severity, level in (("info", "notice"), ("warning", "warning"), ("error", "error")):
        finding = Finding("A", severity, "m", "h")  # type: ignore[arg-type]
        made = replace(report, sections=(Section("made", "Made", findings=(finding,)),))
        assert render_github(judge(made, Policy())).startswith(f"::{level} ")


def test_what_the_baseline_holds_is_left_out(report: Report) -> None:
    first = gated(report, "x").report
    assert render_github(gated(report, "x", baseline=Baseline("b", first))) == ""
