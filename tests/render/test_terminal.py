"""A report for a terminal: complete, narrow enough, and safe whatever a vocabulary holds."""

from __future__ import annotations

import json

import pytest
import tokenizers
from tokenizers import models

import tokstat
from tests.conftest import wrap
from tokstat.render.terminal import render_terminal
from tokstat.results import Report
from tokstat.tokenizer import Tokenizer

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
def report(modernbert: Tokenizer) -> Report:
    return tokstat.inspect(modernbert)


@pytest.fixture(scope="module")
def hostile() -> Report:
    vocab = {token: index for index, token in enumerate(["[UNK]", *HOSTILE])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    return tokstat.inspect(wrap(backend, "hostile\x1b[2J"))


def test_the_default_fits_a_screen_of_80_by_44(report: Report) -> None:
    lines = render_terminal(report, width=80).splitlines()
    assert len(lines) <= 44
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_keep_within_the_width_and_end_in_no_blanks(report: Report, width: int) -> None:
    for line in render_terminal(report, width=width, verbose=True).splitlines():
        assert len(line) <= width
        assert line == line.rstrip()


def test_every_score_stands_with_its_fraction(report: Report) -> None:
    text = render_terminal(report, width=100)
    for fraction in ("24,572 of 49,768", "9,436 of 49,768", "9,705 of 43,831"):
        assert fraction in text
    assert all(finding.code in text and finding.hint[:30] in text for finding in report.findings)


def test_verbose_shows_every_metric_and_table(report: Report) -> None:
    text = render_terminal(report, width=160, verbose=True)
    assert all(m.name in text for section in report.sections for m in section.metrics)
    titles = [t.title for section in report.sections for t in section.tables if len(t)]
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
