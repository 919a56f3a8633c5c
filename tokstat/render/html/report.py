"""A report as a self-contained page, and as a fragment for a notebook."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.io.limits import limits
from tokstat.render.headlines import identity, scores, tally
from tokstat.render.html.components import (
    badge,
    capital,
    facts,
    finding_card,
    metrics_table,
    panel,
    score_card,
    terms,
)
from tokstat.render.html.figures import figures
from tokstat.render.html.markup import Child, Html, element, to_ascii
from tokstat.render.html.page import asset, render_page
from tokstat.render.html.splits import LEGEND, tables
from tokstat.render.html.tables import cut_note, slug, table_to_html
from tokstat.render.panel import is_panel, splits_of
from tokstat.results.report import Finding, Report, Section
from tokstat.text.wording import counted
from tokstat.words.language_names import named

_EXAMPLES = 6
_BRIEF_IDENTITY = ("model", "tokens", "source")


def render_html(report: Report) -> str:
    """Write a report as one self-contained page, byte for byte reproducible."""
    panels = list(_panels(report))
    return render_page(
        title=f"{report.tokenizer.spec} · tokstat",
        header=element("p", element("b", "tokstat"), " tokenizer report", class_="brand"),
        contents=[("verdict", "Verdict"), *((key, title) for key, title, _ in panels)],
        body=(
            _identity(report),
            _linked_verdict(report),
            (panel(key, title, body) for key, title, body in panels),
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


def _panels(report: Report) -> Iterator[tuple[str, str, Child]]:
    """Yield id, title and content of every part of the page after the verdict, in order."""
    findings = report.findings
    yield "scores", "Scores", [_scores(report), terms()]
    drawn = list(figures(report))
    if drawn:
        yield "charts", "Charts of the vocabulary", element("div", drawn, class_="figures")
    if findings:
        yield (
            "findings",
            "Findings",
            [
                *(
                    finding_card(finding, key=f"finding-{number}", spec=report.tokenizer.spec)
                    for number, finding in enumerate(_shown(report), 1)
                ),
                _cut_note(report),
            ],
        )
    for section in report.sections:
        if section.skipped or section.metrics or section.tables:
            body = _splits(section) if is_panel(section) else None
            yield f"section-{slug(section.analyzer)}", section.title, body or _section(section)
    yield "about", "About this report", _about(report)


def _identity(report: Report) -> Html:
    return element(
        "div",
        element("h1", element("bdi", _breakable(report.tokenizer.spec))),
        facts(_brief_identity(report)),
        (element("p", "Note: ", note, class_="note") for note in report.tokenizer.notes),
        class_="identity",
    )


def _breakable(spec: str) -> Child:
    """Allow line breaks after the slashes of a long name or path."""
    first, *others = spec.split("/")
    return [first, *((Html("/<wbr>"), part) for part in others)]


def _brief_identity(report: Report) -> list[tuple[str, Child]]:
    facts_of_tokenizer = [pair for pair in identity(report.tokenizer) if pair[0] in _BRIEF_IDENTITY]
    return [*facts_of_tokenizer, ("lexicon", _lexicon(report))]


def _lexicon(report: Report) -> str:
    lexicon = report.lexicon
    languages = named(*lexicon.languages)
    return f"{languages}: {counted(lexicon.words, 'known word')} ({lexicon.source})"


def _linked_verdict(report: Report) -> Html:
    """Count and list the findings, with links to their details below."""
    title = element("h2", _tally(report), id="verdict-title", class_="tally")
    lines = element(
        "ol", (_verdict_line(number, each) for number, each in enumerate(_shown(report), 1))
    )
    return element(
        "section", _verdict(report, title, lines), id="verdict", aria_labelledby="verdict-title"
    )


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
    """Show the title of a finding, and its message if it is a warning or an error."""
    with_message = finding.title and finding.severity != "info"
    return element(
        "li",
        badge(finding.severity),
        " ",
        element("span", finding.code, class_="code"),
        " ",
        element("a", finding.title or finding.message, href=f"#finding-{number}"),
        element("p", finding.message) if with_message else None,
    )


def _tally(report: Report) -> str:
    return capital(tally(report))


def _scores(report: Report) -> Html:
    return element("div", map(score_card, scores(report, _EXAMPLES)), class_="cards")


def _brief_finding(finding: Finding) -> Html:
    return element(
        "details",
        element(
            "summary",
            badge(finding.severity),
            " ",
            element("span", finding.code, class_="code"),
            " ",
            finding.message,
        ),
        element("p", finding.hint),
    )


def _splits(section: Section) -> Child:
    """Show the splits of fixed texts in colour; nothing where they cannot be read."""
    splits = splits_of([""], [section])
    if splits is None:
        return None
    shown = element("p", LEGEND, class_="note"), tables(splits, [""])
    metrics = section.metrics
    return shown, metrics_table(metrics, f"Metrics: {section.title}") if metrics else None


def _section(section: Section) -> Child:
    if section.skipped:
        return element("p", "Skipped: ", section.skipped, ".", class_="note")
    key = slug(section.analyzer)
    return [
        metrics_table(section.metrics, f"Metrics: {section.title}") if section.metrics else None,
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
