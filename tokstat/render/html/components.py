"""Parts of pages about tokenizers: scores, findings, metrics, tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tokstat.render.headlines import TERMS, HeadlineScore, number
from tokstat.render.html.charts import Span, intervals, meter
from tokstat.render.html.figures import CONVENTIONS
from tokstat.render.html.markup import NOTHING, Child, Html, element
from tokstat.render.html.tables import table_to_html
from tokstat.results.report import Finding, Metric, Table
from tokstat.text.wording import counted

TOKENS_AT_ONCE = 24
"""Most tokens of a finding in running text; a table has the others."""

_EXAMPLES = 4

_AXIS = 50.0
"""The least end of an axis of WordSim, so that pages can be compared."""

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
    """Define the terms of a page."""
    return element("details", element("summary", "Terms"), facts(TERMS), class_="terms")


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


def score_card(score: HeadlineScore) -> Html:
    """Show a score with its fraction, chart, definition and examples."""
    # The number is large; its unit or interval is smaller beside it.
    figure, _, rest = score.value.partition(" ")
    drawing = _drawing(score.metrics)
    return element(
        "div",
        element("h3", capital(score.label)),
        element("p", figure, element("small", " ", rest) if rest else None, class_="value"),
        element("p", score.fraction, class_="fraction") if score.fraction else None,
        drawing,
        element("p", capital(score.standing), class_="standing") if score.standing else None,
        element("p", score.definition, class_="definition"),
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
    """Show a finding: what it is, what to do, why it matters, and its tokens."""
    return element(
        "article",
        element(
            "h3",
            badge(finding.severity),
            " ",
            element("span", finding.code, class_="code"),
            " ",
            element("span", finding.title or finding.message, id=f"{key}-title"),
        ),
        element("p", finding.message, class_="message") if finding.title else None,
        element("p", element("strong", "What to do"), " ", finding.hint, class_="hint"),
        element("p", element("strong", "Why it matters"), " ", finding.rationale, class_="why")
        if finding.rationale
        else None,
        _concerned(finding, key, spec),
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


def metrics_table(metrics: Sequence[Metric], title: str) -> Html:
    """Show metrics with their fractions and definitions."""
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
        element("tbody", map(_metric_row, metrics)),
        class_="metrics",
    )


def _metric_row(metric: Metric) -> Html:
    value, _, made_of = number(metric).partition(" ")
    if metric.numerator is not None and metric.denominator is not None:
        made_of = f"{metric.numerator:,} of {metric.denominator:,}"
    elif metric.unit not in ("ratio", "difference"):
        made_of = f"{made_of} {metric.unit}".strip()
    return element(
        "tr",
        element(
            "th",
            element("code", metric.name),
            element("small", metric.definition, f" ({metric.scope})" if metric.scope else None),
            scope="row",
        ),
        element(
            "td",
            value,
            element("small", made_of) if made_of else None,
            class_="number",
        ),
    )
