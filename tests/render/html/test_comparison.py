"""The page of a comparison: every number of it, for two tokenizers and for twenty, and shut."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import tokstat
from tests.conftest import load_known, wrap
from tests.hostile import hostile_comparison
from tests.render.html.test_markup import Reader
from tests.render.html.test_report import TWO_MEGABYTES, Checked
from tests.small_tokenizers import SMALL
from tokstat.comparison.comparison import Comparison
from tokstat.comparison.overlap import Overlap
from tokstat.io import limits
from tokstat.io.limits import Limits
from tokstat.render.compared_parts import part_rows
from tokstat.render.html.comparison import render_comparison_fragment, render_comparison_html
from tokstat.render.terminal.comparison import HEADLINES, change_text, value_text
from tokstat.tokenizer.tokenizer import Tokenizer

COUNTS = [2, 5, pytest.param(20, marks=pytest.mark.slow)]


@cache
def compared(count: int) -> Comparison:
    """Compare the packaged pair and so many small ones that they are `count` together."""
    small = [wrap(make(), f"small/{name}") for name, make in SMALL.items()]
    some = [load_known("bert"), load_known("modernbert"), *small, *small]
    return tokstat.compare(*some[:count])


@cache
def page_of(named: int | str) -> str:
    found = compared(named) if isinstance(named, int) else hostile_comparison()
    return render_comparison_html(found)


@pytest.fixture(params=COUNTS)
def comparison(request: pytest.FixtureRequest) -> Comparison:
    count: int = request.param
    return compared(count)


@pytest.fixture(params=[*COUNTS, "hostile"])
def any_page(request: pytest.FixtureRequest) -> str:
    return page_of(request.param)


def cells(page: str, title: str) -> list[list[str]]:
    """Read the body of the table with such a caption, a list of texts a row."""
    caption = f'<caption class="hidden">{title}</caption>'
    body = page.partition(caption)[2].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body)
    return [
        [Reader(cell).text.strip() for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row)]
        for row in rows
    ]


def test_every_score_stands_in_its_row_with_its_change(comparison: Comparison) -> None:
    rows = cells(render_comparison_html(comparison), "All scores")
    assert len(rows) == len(comparison.scores) > 30
    for row, score in zip(rows, comparison.scores, strict=True):
        assert row[0].startswith(score.name)
        for position, cell in enumerate(row[1:]):
            value = value_text(score.unit, score.values[position])
            change = score.changes[position]
            told = change_text(score.unit, change) if position and change is not None else ""
            assert cell.replace(" ", "") == value + told


def test_a_card_shows_values_changes_and_places(comparison: Comparison) -> None:
    page = render_comparison_html(comparison)
    for headline in HEADLINES:
        title = headline.meaning[:1].upper() + headline.meaning[1:]
        card = page.partition(f"<h3>{title}</h3>")[2].partition('<p class="definition">')[0]
        score = comparison.score(headline.metric)
        items = [Reader(item).text for item in card.split("<li>")[1:]]
        assert len(items) == len(comparison.labels)
        for position, (item, label) in enumerate(zip(items, comparison.labels, strict=True)):
            assert label in item
            assert value_text(score.unit, score.values[position]) in item
            rank = score.ranks[position]
            told = f"Rank {rank.number} of {rank.of}" if rank else "Rank"
            assert (told in item) == (rank is not None)
        widths = [
            float(width) for width in re.findall(r'width="([\d.]+)" height="8" class="t', card)
        ]
        shares = widths[1::2]
        if score.unit == "ratio":
            assert shares == [pytest.approx(100 * (value or 0), abs=0.01) for value in score.values]


def test_the_verdict_comes_first(any_page: str) -> None:
    assert any_page.index("</h1>") < any_page.index('class="sentences"')
    assert any_page.index('class="sentences"') < any_page.index('id="tokenizers"')


def test_pairs_findings_and_words_are_all_there(comparison: Comparison) -> None:
    page = render_comparison_html(comparison)
    text = Reader(page).text
    count = len(comparison.labels)
    first = cells(page, "Shared tokens by pair")[0]
    shared = comparison.surfaces.shared[0][1]
    assert first[2] == f"{shared:,}"
    assert float(first[5]) == round(comparison.surfaces.jaccard(0, 1) or 0, 3)
    assert f"First 50 of {count * (count - 1) // 2:,} rows" in text or count < 20
    for row, found in zip(cells(page, "Findings by tokenizer"), comparison.findings, strict=True):
        assert found.code in row[0]
        assert found.title in row[0]
        assert [n for n, cell in enumerate(row[1:]) if "yes" in cell] == list(found.tokenizers)
    assert f"{comparison.shared_words:,} words" in text
    for words in comparison.words:
        assert f"{words.words:,} words, {words.only:,} in no other" in text
        assert all(example in text for example in words.only_examples)
        if count > 2:
            assert not words.lacking or f"lacks {words.lacking:,} word" in text
    assert all(info.sha256 in text for info in comparison.tokenizers)


def test_parts_that_differ_have_a_cell_for_each_tokenizer(comparison: Comparison) -> None:
    rows = cells(render_comparison_html(comparison), "Pipeline and ids")
    expected = list(part_rows(comparison))
    assert len(rows) == len(expected) > 5
    for row, part in zip(rows, expected, strict=True):
        assert row[0] == f"{part.part} {part.name}".strip()
        assert len(row) == len(part.cells) + 1
    assert rows[0][2].startswith("50,368")


def test_equal_tokenizers_have_no_table_of_parts(bert: Tokenizer) -> None:
    page = render_comparison_html(tokstat.compare(bert, bert, analyzers=["composition"]))
    assert "Pipeline and ids</h2>" in page
    assert cells(page, "Pipeline and ids") == []


def test_a_saved_comparison_gives_the_same_bytes(comparison: Comparison) -> None:
    page = render_comparison_html(comparison)
    assert render_comparison_html(Comparison.from_json(comparison.to_json())) == page
    assert len(page) < TWO_MEGABYTES // 2


def test_the_page_is_well_formed_and_acts_on_nothing(any_page: str) -> None:
    checked = Checked(any_page)
    ids = checked.values("id")
    assert len(ids) == len(set(ids)) >= 12
    assert set(checked.values("aria-labelledby")) <= set(ids)
    assert all(
        link.startswith("data:image/svg+xml,") or link.removeprefix("#") in ids
        for link in checked.values("href")
    )
    names = {name for _, name, _ in checked.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "srcset", "style", "action", "formaction", "srcdoc"}
    tags = {tag for tag, _, _ in checked.attributes}
    assert not tags & {"iframe", "img", "object", "embed", "base", "form"}
    assert any_page.isascii()


def test_a_long_name_stands_in_full_once() -> None:
    comparison = hostile_comparison()
    longest = comparison.labels[1]
    text = Reader(render_comparison_html(comparison)).text
    assert len(longest) == 300
    assert text.count(longest) == 2  # as the spec, and in the command that shows all
    assert f"{longest[:39]}…" in text


def test_other_lexicons_and_few_analyzers_leave_no_gap(bert: Tokenizer) -> None:
    comparison = tokstat.compare(bert, bert, analyzers=["composition"])
    page = render_comparison_html(comparison)
    Checked(page)
    assert "Rank" not in Reader(page).text
    assert "Findings, and" not in render_comparison_html(replace(comparison, findings=()))
    empty = Overlap((0, 0), ((0, 0), (0, 0)), (0, 0), 0)
    page = render_comparison_html(replace(comparison, surfaces=empty, scores=()))
    assert cells(page, "By text and word boundary")[0][1:] == ["0", "0", "–", "–"]


def test_limits_cut_findings_and_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_set", [Limits(findings=3, rows=7)])
    page = render_comparison_html(compared(5))
    assert len(cells(page, "Findings by tokenizer")) == 3
    text = Reader(page).text
    assert f"First 3 of {len(compared(5).findings)} findings." in text
    assert "First 7 of 10 rows." in text


def test_a_notebook_shows_it_without_scripts_and_ids() -> None:
    comparison = compared(2)
    shown = comparison._repr_mimebundle_()
    assert sorted(shown) == ["text/html", "text/markdown", "text/plain"]
    assert shown["text/html"] == render_comparison_fragment(comparison)
    checked = Checked(shown["text/html"])
    assert checked.blocks["script"] == []
    assert checked.values("id") == checked.values("href") == []
    assert "58.2%" in Reader(shown["text/html"]).text
    assert len(shown["text/html"]) < 50_000


def test_a_notebook_shows_one_that_was_loaded(tmp_path: Path) -> None:
    """Nothing but the loading has been imported by then."""
    saved = tmp_path / "comparison.json"
    saved.write_text(compared(2).to_json())
    program = "import sys, tokstat; print(*tokstat.load_result(sys.argv[1])._repr_mimebundle_())"
    done = subprocess.run(
        [sys.executable, "-c", program, str(saved)], capture_output=True, check=True
    )
    assert done.stdout.split() == [b"text/plain", b"text/markdown", b"text/html"]
