"""The charts of a report, each drawn from its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokstat.render.html.charts import Series, columns, legend, stacked_bar
from tokstat.render.html.markup import Child, Html, element
from tokstat.results.from_json import is_number
from tokstat.results.language_names import named
from tokstat.results.report import Report, Table

_CLASSES = {
    "whole_word": ("whole words", "word"),
    "bare_word": ("words without leading space", "bare"),
    "affix": ("affixes", "affix"),
    "single_letter": ("single letters", "letter"),
    "joined_words": ("words run together", "added"),
    "other_language": ("words of other languages", "script"),
    "fragment": ("fragments", "fragment"),
    "other_script": ("other scripts", "script"),
    "not_alphabetic": ("digits, punctuation, mixed", "other"),
}
"""Label and tone of each word class, words first."""

_KINDS = {
    "byte": ("bytes and parts of characters", "byte"),
    "partial": ("bytes and parts of characters", "byte"),
    "added": ("special, added, placeholders", "added"),
    "special": ("special, added, placeholders", "added"),
    "placeholder": ("special, added, placeholders", "added"),
}
"""Label and tone of the kinds that have no word class."""

_MOST_LANGUAGES = 4

CONVENTIONS = (("spaced", "in text", "word"), ("bare", "alone", "fragment"))
"""Name, label and tone of the two ways to encode a word."""


def figures(report: Report) -> Iterator[Html]:
    """Draw a report's tables; an absent or empty table has no chart."""
    tables = {
        (section.analyzer, table.name): table
        for section in report.sections
        for table in section.tables
    }
    yield from _composition(
        tables.get(("whole_words", "word_classes")), tables.get(("composition", "kinds"))
    )
    yield from _coverage(tables.get(("coverage", "frequency_bands")))
    yield from _lengths(tables.get(("composition", "lengths")))


def figure(title: str, note: str, *content: Child, wide: bool = False) -> Html:
    """Show a chart under its title."""
    return element(
        "figure",
        element("figcaption", element("strong", title), " ", element("span", note)),
        *content,
        class_="wide" if wide else None,
    )


def _composition(classes: Table | None, kinds: Table | None) -> Iterator[Html]:
    of_class = _counts(classes, "word_class", "tokens")
    of_kind = _counts(kinds, "kind", "tokens")
    totals: dict[tuple[str, str], float] = {}
    for names, counts in ((_CLASSES, of_class), (_KINDS, of_kind)):
        for name, label_and_tone in names.items():
            totals[label_and_tone] = totals.get(label_and_tone, 0) + counts.get(name, 0)
    parts = [Series(label, tone, (total,)) for (label, tone), total in totals.items() if total > 0]
    if of_class and parts:
        yield figure(
            "Vocabulary by class",
            "Every id of the vocabulary is in one class.",
            stacked_bar(parts),
            legend(parts, with_values=True),
            wide=True,
        )


def _coverage(bands: Table | None) -> Iterator[Html]:
    if bands is None or not _has(bands, ("from_rank", "to_rank", "bare", "spaced")):
        return
    rows = [dict(zip(bands.columns, row, strict=True)) for row in bands.rows()]
    languages = list(dict.fromkeys(str(row.get("language", "")) for row in rows))
    for language in languages[:_MOST_LANGUAGES]:
        own = [row for row in rows if str(row.get("language", "")) == language]
        words = [row["to_rank"] - row["from_rank"] + 1 for row in own]
        if min(words) <= 0:
            continue
        series = [
            Series(label, tone, [row[name] / size for row, size in zip(own, words, strict=True)])
            for name, label, tone in CONVENTIONS
        ]
        yield figure(
            f"Frequent words that are one token ({named(language)})",
            "Words are encoded in text (after a space), or alone.",
            columns(
                [f"{_short(row['from_rank'] - 1)}–{_short(row['to_rank'])}" for row in own],
                series,
                axis="frequency rank of the words",
                percent=True,
            ),
            legend(series),
        )


def _lengths(lengths: Table | None) -> Iterator[Html]:
    names = ("tokens", "starting_a_word")
    if lengths is None or "characters" not in lengths.columns or not _has(lengths, names):
        return
    starting = list(lengths.columns["starting_a_word"])
    others = [
        whole - start for whole, start in zip(lengths.columns["tokens"], starting, strict=True)
    ]
    if min(*starting, *others) < 0 or not sum(lengths.columns["tokens"]):
        return
    series = [Series("start a word", "word", starting), Series("continue a word", "bare", others)]
    yield figure(
        "Token length",
        "Content tokens by length, without the leading space.",
        columns(
            [str(label) for label in lengths.columns["characters"]],
            series,
            axis="characters",
            stacked=True,
        ),
        legend(series),
    )


def _counts(table: Table | None, names: str, counts: str) -> dict[str, float]:
    if table is None or names not in table.columns or not _has(table, (counts,)):
        return {}
    return dict(zip(map(str, table.columns[names]), table.columns[counts], strict=True))


def _has(table: Table, names: Sequence[str]) -> bool:
    """Tell whether a table has rows, and only numbers in some columns: a saved file may not."""
    return len(table) > 0 and all(
        name in table.columns and all(map(is_number, table.columns[name])) for name in names
    )


def _short(number: float) -> str:
    return f"{number / 1000:g}k" if number >= 1000 else f"{number:g}"
