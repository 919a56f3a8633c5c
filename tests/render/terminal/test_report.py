"""A report for a terminal: complete, narrow enough, and safe whatever a vocabulary holds."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import tokenizers
from rich.cells import cell_len
from tokenizers import models

import tokstat
from tests.conftest import wrap
from tokstat.render.panel import short_tables
from tokstat.render.terminal.report import SCREEN, render_terminal
from tokstat.results.report import SEVERITIES, Finding, Report, Section

HOSTILE = [
    "\x1b[31mred",
    "a\u202eb",
    "line\nbreak",
    "\u200b",
    "<script>",
    "| pipe",
    "[b]x[/b]",
    "\x00",
]


@pytest.fixture(scope="module")
def report(modernbert_report: Report) -> Report:
    return modernbert_report


@pytest.fixture(scope="module")
def hostile() -> Report:
    vocab = {token: index for index, token in enumerate(["[UNK]", *HOSTILE])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    return tokstat.inspect(wrap(backend, "hostile\x1b[2J"))


def with_findings(report: Report, count: int) -> Report:
    """Replace a report's findings by so many long ones, of every severity in turn."""
    findings = tuple(
        Finding(
            code=f"T{number:03}",
            severity=SEVERITIES[number % 3],
            message=f"Message {number} " + "of many words " * 9,
            hint=f"Hint {number} " + "that goes on and on " * 8,
            title=f"Title {number}",
        )
        for number in range(count)
    )
    bare = tuple(replace(section, findings=()) for section in report.sections)
    return replace(report, sections=(*bare, Section("many", "Many", findings=findings)))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 13, 40])
def test_the_default_fits_a_screen(report: Report, width: int, count: int) -> None:
    lines = render_terminal(with_findings(report, count), width=width).splitlines()
    assert len(lines) <= (SCREEN if width >= 80 else SCREEN + 10)
    assert max(map(len, lines)) <= width
    assert lines[-1].endswith(".html")


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("count", [1, 3, 8, 40])
def test_findings_are_shown_worst_first_and_none_is_forgotten(
    report: Report, width: int, count: int
) -> None:
    crowded = with_findings(report, count)
    text = render_terminal(crowded, width=width)
    words = text.split()
    shown = re.findall(r"^(?:error|warning|info) (T\d{3})", text, re.MULTILINE)
    assert shown == [finding.code for finding in crowded.findings][: len(shown)]
    more = re.search(r"^(\d+) more findings?: -v$", text, re.MULTILINE)
    assert len(shown) + (int(more[1]) if more else 0) == count
    # The worst one in full, whatever the room.
    assert all(word in words for word in crowded.findings[0].hint.split())
    assert f"{count} more finding" not in text
    everything = render_terminal(crowded, width=width, verbose=True)
    heads = re.findall(r"^(?:error|warning|info) (T\d{3})", everything, re.MULTILINE)
    assert len(heads) == count


def test_the_first_line_counts_the_findings(report: Report) -> None:
    assert render_terminal(report, width=80).splitlines()[0].endswith("  1 warning, 4 info")
    first = render_terminal(with_findings(report, 7), width=80).splitlines()[0]
    assert first.endswith("  2 errors, 2 warnings, 3 info")
    first = render_terminal(with_findings(report, 0), width=80).splitlines()[0]
    assert first.endswith("  no findings")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_keep_within_the_width_and_end_in_no_blanks(report: Report, width: int) -> None:
    for line in render_terminal(report, width=width, verbose=True).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


def test_every_score_stands_with_its_fraction(report: Report) -> None:
    text = render_terminal(report, width=100)
    for fraction in ("22,662 of 43,831", "9,436 of 49,768", "12,791 of 43,831"):
        assert fraction in text
    assert all(finding.code in text for finding in report.findings)


def test_hints_of_warnings_stand_in_full_and_all_are_in_verbose(report: Report) -> None:
    brief, verbose = (render_terminal(report, width=200, verbose=each) for each in (False, True))
    assert {finding.severity for finding in report.findings} == {"warning", "info"}
    for finding in report.findings:
        assert finding.severity == "info" or finding.hint in brief
        assert finding.hint in verbose


def test_verbose_shows_every_metric_and_table(report: Report) -> None:
    text = render_terminal(report, width=160, verbose=True)
    assert all(m.name in text for section in report.sections for m in section.metrics)
    titles = [t.title for section in report.sections for t in short_tables(section) if len(t)]
    assert len(titles) >= 10
    assert all(title in text for title in titles)


def test_color_is_an_option(report: Report) -> None:
    assert "\x1b[" in render_terminal(report, width=80, color=True)
    assert "\x1b" not in render_terminal(report, width=80, color=False)


def test_nothing_in_a_vocabulary_reaches_the_terminal_raw(hostile: Report) -> None:
    text = render_terminal(hostile, width=200, verbose=True)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "\\x1b[31mred" in text
    assert "[b]x[/b]" in text


def test_a_skipped_section_says_why(hostile: Report) -> None:
    reasons = [section.skipped for section in hostile.sections if section.skipped]
    text = render_terminal(hostile, width=200)
    assert reasons
    assert all(reason in text for reason in reasons)


def test_a_saved_report_renders_the_same(report: Report) -> None:
    again = Report.from_dict(json.loads(report.to_json()))
    assert render_terminal(again, width=80) == render_terminal(report, width=80)


def test_verbose_says_of_a_clean_section_that_it_was_checked(report: Report) -> None:
    sections = (Section("one", "Clean"), Section("two", "Not run", skipped="why"))
    text = render_terminal(replace(report, sections=sections), width=80, verbose=True)
    assert re.search(r"Clean\n\s+checked: no findings", text)
    assert text.count("checked:") == 1
