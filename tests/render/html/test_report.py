"""The page of a report: complete, the same every time, small, and shut against its contents."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import statistics
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tokenizers
from tokenizers import models

import tokstat
from tests.conftest import load_real, wrap
from tests.hostile import hostile_report
from tests.render.html.test_markup import Reader
from tokstat.io import limits
from tokstat.io.limits import Limits
from tokstat.render.headlines import number, scores
from tokstat.render.html.components import score_card
from tokstat.render.html.page import asset
from tokstat.render.html.report import render_fragment, render_html
from tokstat.render.panel import is_panel
from tokstat.results import references
from tokstat.results.report import MOST_TOKENS_SHOWN, Finding, Report, Section
from tokstat.tokenizer.tokenizer import Tokenizer

VOID = {"meta", "link", "input", "wbr"}
TWO_MEGABYTES = 2_000_000


@pytest.fixture(scope="module")
def report(modernbert_report: Report) -> Report:
    return modernbert_report


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return render_html(report)


@pytest.fixture(scope="module", params=["modernbert", "hostile"])
def any_page(request: pytest.FixtureRequest, page: str) -> str:
    return page if request.param == "modernbert" else render_html(hostile_report())


class Checked(HTMLParser):
    """Checks that elements close in the order they open, and collects ids and references."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.blocks: dict[str, list[str]] = {"style": [], "script": []}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.blocks:
            self.blocks[self.open[-1]].append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"comment {data!r}")

    def values(self, name: str) -> list[str]:
        return [value for _, each, value in self.attributes if each == name]


def test_every_number_stands_in_the_page(report: Report, page: str) -> None:
    text = Reader(page).text
    for section in report.sections:
        assert section.title in text or not (section.metrics or section.tables)
        for metric in section.metrics:
            assert metric.name in text
            assert metric.definition in text
            assert number(metric).partition(" ")[0] in text
            if metric.denominator is not None:
                assert f"{metric.numerator:,} of {metric.denominator:,}" in text
            if metric.interval is not None:
                low, high = metric.interval
                assert f"[{low:.1f}, {high:.1f}]" in text
        if not is_panel(section):  # whose tokens are drawn
            assert all(table.title in text for table in section.tables if len(table))
    for finding in report.findings:
        assert finding.title
        for part in (finding.code, finding.title, finding.message, finding.hint, finding.rationale):
            assert part.replace("`", "") in text
    assert all(example in text for score in scores(report, 4) for example in score.examples)


def test_a_saved_report_gives_the_same_bytes(report: Report, page: str) -> None:
    assert render_html(Report.from_json(report.to_json())) == page


def test_another_process_gives_the_same_bytes(report: Report, page: str, tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    saved.write_text(report.to_json())
    program = "from tokstat.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "render", str(saved), "--format", "html"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONIOENCODING": "cp1252"},
    )
    assert done.stdout == page.encode("ascii")


def test_the_page_is_well_formed_and_its_references_lead_somewhere(any_page: str) -> None:
    checked = Checked(any_page)
    ids = checked.values("id")
    assert len(ids) == len(set(ids)) > 20
    assert set(checked.values("aria-labelledby")) <= set(ids)
    links = checked.values("href")
    assert len(links) > 10
    assert all(
        link.startswith("data:image/svg+xml,") or link.removeprefix("#") in ids for link in links
    )


def test_nothing_in_the_page_acts_or_loads(any_page: str) -> None:
    checked = Checked(any_page)
    tags = {tag for tag, _, _ in checked.attributes}
    assert not tags & {"iframe", "img", "object", "embed", "base", "form", "a:href"}
    names = {name for _, name, _ in checked.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "srcset", "style", "action", "formaction", "srcdoc"}


def test_the_policy_allows_this_style_and_this_script_alone(any_page: str) -> None:
    checked = Checked(any_page)
    (policy,) = [value for value in checked.values("content") if "default-src" in value]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"

    def digest(block: str) -> str:
        hashed = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        return f"'sha256-{hashed}'"

    (style,) = checked.blocks["style"]
    scripts = [block for block in checked.blocks["script"] if not block.startswith("[")]
    assert [rules["style-src"]] == [digest(style)]
    assert [rules["script-src"]] == [digest(block) for block in scripts]
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["components.css", "page.css", "page.js"])
def test_assets_name_no_address_and_make_no_markup(name: str) -> None:
    text = asset(name)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|</", text)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(", text
    )


def test_a_page_of_many_long_findings_stays_small(report: Report) -> None:
    ids = tuple(range(200_000))
    finding = Finding(
        *("T", "warning", "m", "h"),
        token_ids=ids,
        tokens=tuple(f"{'中' * 20}{index}" for index in ids[:MOST_TOKENS_SHOWN]),
        title="Long",
    )
    section = Section("many", "Many", findings=(finding,) * 8)
    page = render_html(replace(report, sections=(*report.sections, section)))
    assert len(page) < TWO_MEGABYTES
    assert "First 1,000 of 200,000" in page


@pytest.mark.parametrize(
    ("name", "size"),
    [
        pytest.param("mistral", 32_000, marks=pytest.mark.slow),
        pytest.param("gemma3", 262_145, marks=pytest.mark.exhaustive),
    ],
)
def test_the_page_of_a_real_tokenizer_is_small(name: str, size: int) -> None:
    report = tokstat.inspect(load_real(name), lang="en,de,fr,zh,ja")
    assert report.tokenizer.vocab_size == size
    assert len(render_html(report)) < TWO_MEGABYTES // 4


@pytest.mark.parametrize(
    "analyzers", [["casing"], ["composition"], ["pipeline"], ["expected_wordsim"]]
)
def test_any_part_of_a_report_makes_a_page(bert: Tokenizer, analyzers: list[str]) -> None:
    page = render_html(tokstat.inspect(bert, analyzers=analyzers))
    Checked(page)
    assert "bert" in page


def test_a_report_of_nothing_makes_a_page(report: Report) -> None:
    page = render_html(replace(report, sections=()))
    assert "No findings" in Reader(page).text
    Checked(page)


def test_a_skipped_section_says_why() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "1": 1}, unk_token="[UNK]"))
    report = tokstat.inspect(wrap(backend, "digits"))
    reasons = [section.skipped for section in report.sections if section.skipped]
    assert reasons
    assert all(reason in Reader(render_html(report)).text for reason in reasons)


def test_tables_that_are_not_what_they_should_be_give_no_chart(report: Report) -> None:
    """A saved report is anybody's file: a chart is left out, the rest is there."""
    broken = tuple(
        replace(
            section,
            tables=tuple(
                replace(table, columns={name: ("x",) * len(table) for name in table.columns})
                for table in section.tables
            ),
        )
        for section in report.sections
    )
    page = render_html(replace(report, sections=broken))
    Checked(page)
    assert "<figure" not in page


def test_a_standing_is_shown_where_there_is_one(report: Report) -> None:
    """The card, the report's section of ranks and the packaged references agree."""
    ranks = references.ranks_of(report)
    table = report.section("reference_tokenizers").table("ranks").columns
    for score in scores(report, 1):
        metric = score.metrics[0]
        rank = ranks[metric.name]
        median = table["median"][table["score"].index(metric.name)]
        usual = statistics.median(references.values_of(metric.name, "en"))
        assert median == round(usual, 4)
        told = Reader(score_card(score)).text
        assert f"Rank {rank.number} of {rank.of} " in told
    without = replace(
        report, sections=tuple(s for s in report.sections if s.analyzer != "reference_tokenizers")
    )
    assert not any(score.standing for score in scores(without, 1))
    assert "standing" not in render_html(without).partition("<main")[2]


def test_limits_cut_findings_and_rows_and_the_page_says_so(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--limit findings=N" not in Reader(render_html(report)).text
    monkeypatch.setattr(limits, "_set", [Limits(findings=2, rows=7)])
    page = render_html(report)
    text = Reader(page).text
    assert text.count(f"First 2 of {len(report.findings)} findings.") == 1
    assert 'id="finding-2"' in page
    assert 'id="finding-3"' not in page
    sections = [section for section in report.sections if not is_panel(section)]
    lengths = [len(table) for section in sections for table in section.tables]
    lengths += [len(found.tokens) for found in report.findings[:2] if len(found.tokens) > 24]
    assert len([length for length in lengths if length > 7]) > 10
    for length in set(lengths):
        cut = f"First 7 of {length:,} rows."
        assert text.count(cut) == (lengths.count(length) if length > 7 else 0)
    body = page.partition('id="table-whole-words-sample"')[2].partition("</table>")[0]
    assert body.count("<tr>") == 1 + 7
    assert '<script type="application/json"' not in page
    assert "First 2 of" in Reader(render_fragment(report)).text


def test_a_fragment_has_no_scripts_and_no_ids(report: Report) -> None:
    fragment = render_fragment(report)
    checked = Checked(fragment)
    assert checked.blocks["script"] == []
    assert checked.values("id") == checked.values("href") == []
    assert len(checked.blocks["style"]) == 1
    assert "22,662 of 43,831" in Reader(fragment).text
    assert len(fragment) < 50_000
    # Every rule is inside the fragment's own class, or asks for it.
    depth = 0
    for line in asset("components.css").splitlines():
        if not depth and line.strip() and not line.startswith(("/*", "}")):
            assert ".tokstat" in line, line
        depth += line.count("{") - line.count("}")
    assert depth == 0
