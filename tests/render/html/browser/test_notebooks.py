"""Parts of a page in a notebook, which has a style sheet of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.browser import fetch_lab_style
from tests.hostile import hostile_comparison
from tests.render.html.browser.opened import PHONE, Open, serious
from tokstat.render.html.comparison import render_comparison_fragment
from tokstat.render.html.report import render_fragment
from tokstat.results.report import Report

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("of", ["report", "comparison"])
def test_a_fragment_fits_in_a_notebook_and_leaves_it_alone(
    of: str, open_page: Open, reports: dict[str, Report], axe: str, tmp_path: Path
) -> None:
    if of == "report":
        fragment = render_fragment(reports["hostile"])
    else:
        fragment = render_comparison_fragment(hostile_comparison())
    for theme, ink in (("true", "#111"), ("false", "#eee")):
        path = tmp_path / f"notebook-{theme}.html"
        paper = "#fff" if theme == "true" else "#111"
        path.write_text(
            f"<!doctype html><html lang=en><title>notebook</title>"
            f"<body data-jp-theme-light={theme} style='background:{paper};color:{ink}'>"
            f"<main><h1 id=own style='font-size:20px'>Own</h1><h2>Cell</h2>{fragment}</main>",
            "utf-8",
        )
        opened = open_page(path, viewport=PHONE)
        assert opened.is_quiet(), (opened.messages, opened.requests)
        assert opened.evaluate("getComputedStyle(own).fontSize") == "20px"
        assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert serious(opened, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_sheet_of_jupyter_tears_nothing_apart(
    theme: str,
    open_page: Open,
    reports: dict[str, Report],
    comparison: tokstat.Comparison,
    tmp_path: Path,
) -> None:
    """JupyterLab lets definitions float, indents lists and sets cells to the right."""
    report = reports["modernbert"]
    shown = (report, report.findings, comparison)
    cells = "".join(
        f"<div class='jp-OutputArea-output jp-RenderedHTMLCommon'>{each._repr_html_()}</div>"
        for each in shown
    )
    styles = fetch_lab_style("index.css"), fetch_lab_style(f"theme-{theme}.css")
    path = tmp_path / "lab.html"
    path.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>lab</title>"
        f"{''.join(f'<style>{each}</style>' for each in styles)}"
        f"<body class=jp-Notebook data-jp-theme-light={str(theme == 'light').lower()}>{cells}",
        "utf-8",
    )
    opened = open_page(path)
    rows = opened.evaluate(
        "[...document.querySelectorAll('.facts > div')].map((row) => [...row.children].map("
        "(each) => each.getBoundingClientRect()).map((box) => [box.top, box.left, box.right]))"
    )
    assert len(rows) >= 4
    for (top, _, right), (other_top, left, _) in rows:
        assert abs(top - other_top) < 1
        assert 0 < left - right < 20
    assert {left for _, (_, left, _) in rows} == {rows[0][1][1]}
    for selector in (".scroll > table:not([class]) td:not(.number)", ".verdict"):
        aligned = f"getComputedStyle(document.querySelector('{selector}')).textAlign"
        assert opened.evaluate(aligned) in ("left", "start")
    lists = "[...document.querySelectorAll('.bars, .legend')]"
    indents = f"{lists}.map((each) => getComputedStyle(each).paddingLeft)"
    assert set(opened.evaluate(indents)) == {"0px"}
