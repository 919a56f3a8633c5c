"""Saved results are read, and results are written in any format."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.hostile import hostile_comparison, hostile_report
from tokstat.api.reports import FORMATS, Format
from tokstat.errors import ReportError
from tokstat.results.report import Report


@pytest.fixture(scope="module")
def report() -> Report:
    return hostile_report()


@pytest.fixture
def saved(report: Report, tmp_path: Path) -> Path:
    path = tmp_path / "saved.json"
    path.write_text(report.to_json())
    return path


def test_a_saved_report_is_a_result(saved: Path, report: Report) -> None:
    assert tokstat.load_result(saved) == tokstat.load_report(saved) == report


def test_a_saved_comparison_is_a_result_and_no_report(tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    path.write_text(hostile_comparison().to_json())
    assert tokstat.load_result(path) == hostile_comparison()
    with pytest.raises(ReportError, match="load_result"):
        tokstat.load_report(path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.json", tmp_path, binary):
        with pytest.raises(ReportError, match=path.name):
            tokstat.load_report(path)


@pytest.mark.parametrize(
    ("format_", "start"),
    [("json", "{"), ("markdown", "# "), ("html", "<!DOCTYPE html>"), ("terminal", "</title>")],
)
def test_every_format_has_its_start(report: Report, format_: Format, start: str) -> None:
    assert tokstat.render_report(report, format_).startswith(start)
    assert format_ in FORMATS


def test_the_width_holds_for_a_terminal_alone(report: Report) -> None:
    narrow, wide = (
        tokstat.render_report(report, "terminal", width=width, verbose=True) for width in (60, 120)
    )
    assert len(narrow.splitlines()) > len(wide.splitlines())
    pages = {tokstat.render_report(report, "markdown", width=width) for width in (60, 120)}
    assert len(pages) == 1


def test_another_format_is_refused(report: Report) -> None:
    with pytest.raises(ValueError, match="html"):
        tokstat.render_report(report, "pdf")  # type: ignore[arg-type]
