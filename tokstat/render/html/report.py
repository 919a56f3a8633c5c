"""A report as a self-contained page, and as a fragment for a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from tokstat.io.limits import limits
from tokstat.render.headlines import identity, scores, standings, tally
from tokstat.render.html.components import (
    Explained,
    badge,
    capital,
    facts,
    finding_card,
    folded,
    metrics_table,
    panel,
    score_card,
    sentences,
    terms,
)
from tokstat.render.html.figures import figures
from tokstat.render.html.markup import Child, Html, breakable, element, to_ascii, with_code
from tokstat.render.html.page import asset, render_page
from tokstat.render.html.splits import LEGEND, tables
from tokstat.render.html.tables import cut_note, slug, table_to_html
from tokstat.render.panel import is_panel, splits_of
from tokstat.results.language_names import named
from tokstat.results.report import Finding, Report, Section
from tokstat.text.wording import counted

_EXAMPLES = 6
_ABOUT = "About this report"
_BRIEF_IDENTITY = ("model", "tokens", "source")


def render_html(report: Report) -> str:
    """Write a report as one self-contained page, byte for byte reproducible."""
    first, more = list(_open(report)), list(_folded(report))
    return render_page(
        title=f"{report.tokenizer.spec} · tokstat",
        header=element("p", element("b", "tokstat"), " tokenizer report", class_="brand"),
        contents=[("verdict", "Verdict"), *((key, title) for key, title, _ in (*first, *more))],
        body=(
            _identity(report),
            _linked_verdict(report),
            (markup for _, _, markup in first),
            element("div", (markup for _, _, markup in more), class_="more"),
        ),
        footer=element(
            "p",
            f"Written by tokstat {report.tokstat_version}. ",
            "This page is self-contained: it loads nothing.",
        ),
    )


def render_fragment(report: Report) -> str:
    """Write the main parts of a report for a notebook's cell, without scripts and ids."""
    return to_ascii(
        element(
            "div",
            element("style", Html(asset("components.css"))),
            element("p", element("strong", report.tokenizer.spec), class_="name"),
            sentences(report.verdict),
            facts(_brief_identity(report)),
            _verdict(
                report,
                element("p", _tally(report), class_="tally"),
                element(
                    "div",
                    map(_brief_finding, _shown(report)),
                    _cut_note(report),
                    class_="findings",
                ),
            ),
            _scores(report),
            element("div", figures(report), class_="figures"),
            class_="tokstat fragment",
        )
    )


_Part: TypeAlias = tuple[str, str, Html]
"""Id, title and markup of a part of the page."""


def _open(report: Report) -> Iterator[_Part]:
    """Yield the parts that a reader meets open: scores, splits, findings."""
    explain = Explained()
    yield _part("scores", "Scores", _scores(report, explain))
    for section in filter(is_panel, report.sections):
        shown = _splits(section)
        if shown:
            yield _part(_key(section), section.title, shown)
    if report.findings:
        cards = (
            finding_card(finding, key=f"finding-{number}", spec=report.tokenizer.spec)
            for number, finding in enumerate(_shown(report), 1)
        )
        yield _part("findings", "Findings", [*cards, _cut_note(report)])


def _folded(report: Report) -> Iterator[_Part]:
    """Yield the parts that open at their titles, in the order of sections."""
    drawn = list(figures(report))
    if drawn:
        title, about = "Charts of the vocabulary", counted(len(drawn), "chart")
        charts = element("div", drawn, class_="figures")
        yield "charts", title, folded("charts", title, about, charts)
    ranks = standings(report)
    for section in report.sections:
        is_drawn = is_panel(section) and bool(_splits(section))
        if not is_drawn and (section.skipped or section.metrics or section.tables):
            key = _key(section)
            body = folded(key, section.title, _about_section(section), _section(section, ranks))
            yield key, section.title, body
    about = folded("about", _ABOUT, "identity and terms", _about(report), terms())
    yield "about", _ABOUT, about


def _part(key: str, title: str, body: Child) -> _Part:
    return key, title, panel(key, title, body)


def _key(section: Section) -> str:
    return f"section-{slug(section.analyzer)}"


def _about_section(section: Section) -> str:
    """Count what is in a section."""
    if section.skipped:
        return "skipped"
    parts = ((section.metrics, "metric"), (section.tables, "table"), (section.findings, "finding"))
    return ", ".join(counted(len(found), noun) for found, noun in parts if found)


def _identity(report: Report) -> Html:
    return element(
        "div",
        element("h1", element("bdi", breakable(report.tokenizer.spec))),
        facts(_brief_identity(report)),
        (element("p", "Note: ", note, class_="note") for note in report.tokenizer.notes),
        class_="identity",
    )


def _brief_identity(report: Report) -> list[tuple[str, Child]]:
    facts_of_tokenizer = [pair for pair in identity(report.tokenizer) if pair[0] in _BRIEF_IDENTITY]
    return [*facts_of_tokenizer, ("lexicon", _lexicon(report))]


def _lexicon(report: Report) -> str:
    lexicon = report.lexicon
    languages = named(*lexicon.languages)
    return f"{languages}: {counted(lexicon.words, 'known word')} ({lexicon.source})"


def _linked_verdict(report: Report) -> Html:
    """State the verdict, and count and list the findings, with links to their details below."""
    title = element("h2", _tally(report), id="verdict-title", class_="tally")
    lines = element(
        "ol", (_verdict_line(number, each) for number, each in enumerate(_shown(report), 1))
    )
    links: dict[str, str] = {}
    for number, finding in enumerate(_shown(report), 1):
        links.setdefault(finding.code, f"#finding-{number}")
    body = sentences(report.verdict, links), _verdict(report, title, lines)
    return element("section", body, id="verdict", aria_labelledby="verdict-title")


def _verdict(report: Report, title: Html, findings: Html) -> Html:
    return element(
        "div",
        title,
        findings if report.findings else element("p", "This tokenizer has no findings."),
        class_=f"verdict {report.findings[0].severity if report.findings else 'clean'}",
    )


def _shown(report: Report) -> tuple[Finding, ...]:
    return report.findings[: limits().findings]


def _cut_note(report: Report) -> Child:
    return cut_note(limits().findings, len(report.findings), "findings")


def _verdict_line(number: int, finding: Finding) -> Html:
    return element(
        "li",
        badge(finding.severity),
        " ",
        element("span", finding.code, class_="code"),
        " ",
        element("a", finding.title or finding.message, href=f"#finding-{number}"),
    )


def _tally(report: Report) -> str:
    return capital(tally(report))


def _scores(report: Report, explain: Callable[[str], Child] = str) -> Html:
    cards = [score_card(score, explain) for score in scores(report, _EXAMPLES)]
    return element("div", cards, class_="cards")


def _brief_finding(finding: Finding) -> Html:
    return element(
        "details",
        element(
            "summary",
            badge(finding.severity),
            " ",
            element("span", finding.code, class_="code"),
            " ",
            with_code(finding.message),
        ),
        element("p", with_code(finding.hint)),
    )


def _splits(section: Section) -> Child:
    """Show the splits of fixed texts in colour; nothing where they cannot be read."""
    splits = splits_of([""], [section])
    if splits is None:
        return None
    shown = element("p", LEGEND, class_="note"), tables(splits, [""])
    if not section.metrics:
        return shown
    metrics = metrics_table(section.metrics, f"Metrics: {section.title}")
    return shown, element("details", element("summary", "Metrics"), metrics)


def _section(section: Section, ranks: Mapping[str, str]) -> Child:
    if section.skipped:
        return element("p", "Skipped: ", section.skipped, ".", class_="note")
    key = slug(section.analyzer)
    return [
        metrics_table(section.metrics, f"Metrics: {section.title}", ranks)
        if section.metrics
        else None,
        element(
            "div",
            (
                table_to_html(table, key=f"table-{key}-{slug(table.name)}")
                for table in section.tables
            ),
            class_="tables",
        ),
    ]


def _about(report: Report) -> Html:
    return facts(
        [
            *identity(report.tokenizer),
            ("lexicon", _lexicon(report)),
            ("tokstat", report.tokstat_version),
        ]
    )
