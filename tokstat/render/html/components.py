"""Parts of pages about tokenizers: scores, findings, metrics, tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from tokstat.render.headlines import TERMS, HeadlineScore, number
from tokstat.render.html.charts import Span, intervals, meter
from tokstat.render.html.figures import CONVENTIONS
from tokstat.render.html.markup import NOTHING, Child, Html, breakable, element, with_code
from tokstat.render.html.tables import table_to_html
from tokstat.results.report import Finding, Metric, Table
from tokstat.results.verdict import Statement
from tokstat.text.wording import counted

TOKENS_AT_ONCE = 24
"""Most tokens of a finding in running text; a table has the others."""

_EXAMPLES = 4

_CODES = 3
"""Most codes after a sentence of a verdict."""


_AXIS = 50.0
"""The least end of an axis of WordSim, so that pages can be compared."""

_TERM = "term-"

_NO_STANDINGS: Mapping[str, str] = {}

_TONES = {
    "whole_word_ratio": "word",
    "casing_duplicate_ratio": "script",
    "fragment_ratio": "fragment",
}


def panel(key: str, title: str, *content: Child) -> Html:
    """Build a section of a page that the navigation links to."""
    return element(
        "section",
        element("h2", title, id=f"{key}-title"),
        *content,
        id=key,
        aria_labelledby=f"{key}-title",
    )


def folded(key: str, title: str, about: str, *content: Child) -> Html:
    """Build a section that opens at its title; `about` counts what is in it."""
    return element(
        "section",
        element(
            "details",
            element(
                "summary",
                element("h2", title, id=f"{key}-title"),
                " ",
                element("span", about, class_="about"),
            ),
            element("div", *content, class_="content"),
        ),
        id=key,
        class_="folded",
        aria_labelledby=f"{key}-title",
    )


def facts(pairs: Iterable[tuple[str, Child]]) -> Html:
    """List facts with their labels."""
    return element(
        "dl",
        (
            element("div", element("dt", label), element("dd", element("bdi", value)))
            for label, value in pairs
        ),
        class_="facts",
    )


def terms() -> Html:
    """Define the terms of a page; `Explained` refers to these definitions by their ids."""
    pairs = (
        element("div", element("dt", term), element("dd", meaning, id=f"{_TERM}{number}"))
        for number, (term, meaning) in enumerate(TERMS)
    )
    listing = element("dl", pairs, class_="facts")
    return element("details", element("summary", "Terms"), listing, class_="terms")


class Explained:
    """Mark terms in texts of a page, each where it comes first, with its meaning beside it.

    The style sheet shows the meaning while the mark is under the pointer or has the focus.
    """

    def __init__(self) -> None:
        self._left = [
            (number, word, meaning)
            for number, (term, meaning) in enumerate(TERMS)
            for word in term.split(", ")
        ]

    def __call__(self, text: str) -> Child:
        """Return a text with the first of the terms that no text had before."""
        for place, (term, word, meaning) in enumerate(self._left):
            found = re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
            if found:
                del self._left[place]
                mark = element(
                    "button",
                    found[0],
                    type="button",
                    class_="term",
                    aria_describedby=f"{_TERM}{term}",
                    data_meaning=meaning,
                )
                return [text[: found.start()], mark, self(text[found.end() :])]
        return text


def sentences(verdict: Iterable[Statement], links: Mapping[str, str] | None = None) -> Html:
    """State a verdict, with the codes that it rests on; `links` lead to their findings."""
    found = links or {}
    return element(
        "div",
        (
            element(
                "p",
                statement.sentence,
                (
                    (
                        " ",
                        element("a", code, class_="code", href=found[code])
                        if code in found
                        else element("span", code, class_="code"),
                    )
                    for code in statement.codes[:_CODES]
                ),
            )
            for statement in verdict
        ),
        class_="sentences",
    )


def token(text: str) -> Html:
    """Show one token, isolated from the text direction around it."""
    return element("code", element("bdi", text), class_="token")


def tokens(texts: Iterable[str]) -> Html:
    """Show tokens in a row."""
    return element("span", ((token(text), " ") for text in texts), class_="tokens")


def badge(severity: str) -> Html:
    """Show a severity as a word in its colour."""
    return element("span", severity, class_=f"badge {severity}")


def capital(text: str) -> str:
    """Start a text with a capital letter."""
    return text[:1].upper() + text[1:]


def score_card(score: HeadlineScore, explain: Callable[[str], Child] = str) -> Html:
    """Show a score with its fraction, chart, definition and examples."""
    # The number is large; its unit or interval is smaller beside it.
    figure, _, rest = score.value.partition(" ")
    drawing = _drawing(score.metrics)
    return element(
        "div",
        element("h3", explain(capital(score.label))),
        element("p", figure, element("small", " ", rest) if rest else None, class_="value"),
        element("p", explain(score.fraction), class_="fraction") if score.fraction else None,
        drawing,
        element("p", capital(score.standing), class_="standing") if score.standing else None,
        element("p", explain(score.definition), class_="definition"),
        element("p", capital(score.beside), class_="definition") if score.beside else None,
        tokens(score.examples[:_EXAMPLES]) if score.examples else None,
        class_="card",
    )


def _drawing(metrics: Sequence[Metric]) -> Child:
    """Draw predictions on one axis, a difference as two bars, any other share as one bar."""
    found = {metric.name: metric for metric in metrics}
    spans = [
        Span(label, tone, metric.value, *metric.interval)
        for name, label, tone in CONVENTIONS
        if (metric := found.get(f"expected_wordsim_{name}"))
        and metric.value is not None
        and metric.interval is not None
    ]
    if spans:
        return intervals(spans, reach=_AXIS)
    pairs = [
        _labelled_bar(label, found[f"coverage_{name}"], tone)
        for name, label, tone in CONVENTIONS
        if f"coverage_{name}" in found
    ]
    return pairs or [
        meter(metric.value, _TONES.get(metric.name, "word"), f"Bar: {number(metric)}")
        for metric in metrics
        if metric.unit == "ratio" and metric.value is not None
    ]


def _labelled_bar(label: str, metric: Metric, tone: str) -> Html:
    return element(
        "div",
        element("span", label),
        element("b", number(metric)),
        meter(metric.value or 0.0, tone, f"Bar: {number(metric)}"),
        class_="pair",
    )


def finding_card(finding: Finding, *, key: str, spec: str) -> Html:
    """Show a finding: what it is, what to do, why it matters, and its tokens.

    A note is folded to its title.
    """
    title = element(
        "h3",
        badge(finding.severity),
        " ",
        element("span", finding.code, class_="code"),
        " ",
        element("span", finding.title or finding.message, id=f"{key}-title"),
    )
    content = (
        element("p", with_code(finding.message), class_="message") if finding.title else None,
        element("p", element("strong", "What to do"), " ", with_code(finding.hint), class_="hint"),
        element(
            "p",
            element("strong", "Why it matters"),
            " ",
            with_code(finding.rationale),
            class_="why",
        )
        if finding.rationale
        else None,
        _concerned(finding, key, spec),
    )
    return element(
        "article",
        element(
            "details",
            element("summary", title),
            element("div", *content, class_="content"),
            open=finding.severity != "info",
        ),
        class_=f"finding {finding.severity}",
        id=key,
        aria_labelledby=f"{key}-title",
    )


def _concerned(finding: Finding, key: str, spec: str) -> Html:
    count, shown = len(finding.token_ids), len(finding.tokens)
    named = [text for text in finding.tokens if text]
    if not count:
        return NOTHING
    first = element(
        "p",
        element("strong", counted(count, "token")),
        " ",
        tokens(named[:TOKENS_AT_ONCE]) if named else None,
        "…" if len(named) > TOKENS_AT_ONCE else None,
        class_="concerned",
    )
    if shown <= TOKENS_AT_ONCE:
        return first
    table = Table(
        "tokens",
        f"Tokens of {finding.code}",
        {
            "id": finding.token_ids[:shown],
            "token": tuple(text or "(no token)" for text in finding.tokens),
        },
    )
    left_out = (
        f"First {shown:,} of {count:,}. For all: tokstat tokens {spec} --finding {finding.code}"
        if shown < count
        else ""
    )
    return element(
        "div",
        first,
        element(
            "details",
            element("summary", f"Show {'the first ' if left_out else ''}{shown:,} with their ids"),
            table_to_html(table, key=f"{key}-tokens", note=left_out),
        ),
    )


def metrics_table(
    metrics: Sequence[Metric], title: str, standings: Mapping[str, str] = _NO_STANDINGS
) -> Html:
    """Show metrics with their fractions and definitions, and the ranks that some have."""
    return element(
        "table",
        element("caption", title, class_="hidden"),
        element(
            "thead",
            element(
                "tr",
                element("th", "metric", scope="col", class_="text"),
                element("th", "value", scope="col", class_="number"),
            ),
        ),
        element("tbody", (_metric_row(each, standings.get(each.name, "")) for each in metrics)),
        class_="metrics",
    )


def _metric_row(metric: Metric, standing: str) -> Html:
    value, _, made_of = number(metric).partition(" ")
    if metric.numerator is not None and metric.denominator is not None:
        made_of = f"{metric.numerator:,} of {metric.denominator:,}"
    elif metric.unit not in ("ratio", "difference"):
        made_of = f"{made_of} {metric.unit}".strip()
    return element(
        "tr",
        element(
            "th",
            element("code", breakable(metric.name)),
            element("small", metric.definition, f" ({metric.scope})" if metric.scope else None),
            element("small", capital(standing)) if standing else None,
            scope="row",
        ),
        element(
            "td",
            value,
            element("small", made_of) if made_of else None,
            class_="number",
        ),
    )
