"""Splits of texts as HTML: tokens in coloured spans, a row for each tokenizer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from tokstat.render.html.components import panel
from tokstat.render.html.markup import Child, Html, element, to_ascii
from tokstat.render.html.page import asset, render_page
from tokstat.render.html.parts import sections_of_page
from tokstat.render.html.side_by_side import title_of
from tokstat.render.terminal.splits import labels_of
from tokstat.results.report import Table
from tokstat.splitting.side_by_side import AlignedText, TextSplits
from tokstat.splitting.split import SplitToken
from tokstat.text.visible import shortened, visible_line
from tokstat.text.wording import counted
from tokstat.version import __version__

_TONES = 4
"""Backgrounds of the style sheet that alternate from token to token."""

_LONGEST_TITLE = 120
_MOST_TOKENS = 20_000
"""Tokens of one split that a page shows; a browser is slow on more."""


LEGEND = (
    "The number of tokens, then the tokens. A dot stands for a space that is part of a token, "
    "<E6 95> for the bytes of a part of a character. Dark tokens are added or special ones."
)


def render_splits_html(splits: TextSplits) -> str:
    """Write splits as one self-contained page, byte for byte reproducible."""
    return splits_page([splits])


def splits_page(splits: Sequence[TextSplits], more: Iterable[str | Table] = ()) -> str:
    """Write splits that need not be of the same texts as one page; `more` stands below them."""
    labels = labels_of(list(dict.fromkeys(spec for each in splits for spec in each.tokenizers)))
    title = title_of(labels)
    return render_page(
        title=f"{title} · tokstat",
        header=element("p", element("b", "tokstat"), " splits of texts", class_="brand"),
        contents=(),
        body=(
            element("h1", element("bdi", title)),
            panel("splits", "Splits", element("p", LEGEND, class_="note"), *map(tables, splits)),
            *sections_of_page(more),
        ),
        footer=element(
            "p",
            f"Written by tokstat {__version__}. ",
            "This page is self-contained: it loads nothing.",
        ),
    )


def render_splits_fragment(splits: TextSplits) -> str:
    """Write splits for a notebook's cell, without scripts and ids."""
    style = element("style", Html(asset("components.css")))
    return to_ascii(element("div", style, tables(splits), class_="tokstat fragment"))


def tables(splits: TextSplits, labels: Sequence[Child] | None = None) -> Html:
    """Write a table for each text, with a row for each tokenizer.

    `labels` name the tokenizers, by default by the last parts of their specs. Empty ones are left
    out.
    """
    if labels is None:
        labels = [element("bdi", label) for label in labels_of(splits.tokenizers)]
    return element("div", (_table(text, labels) for text in splits.texts), class_="splits")


def _table(text: AlignedText, labels: Sequence[Child]) -> Html:
    direction = "rtl" if _runs_from_the_right(text.text) else None
    title = ": ".join(filter(None, [text.name, f"“{visible_line(text.text)}”"]))
    rows = (
        element(
            "tr",
            element("th", label, scope="row") if label else None,
            element("td", f"{len(split):,}", class_="number"),
            element("td", _tokens(split.tokens), dir=direction),
        )
        for label, split in zip(labels, text.splits, strict=True)
    )
    caption = element("caption", element("bdi", shortened(title, _LONGEST_TITLE)))
    return element("div", element("table", caption, rows), class_="scroll")


def _runs_from_the_right(text: str) -> bool:
    """Whether the first letter with a direction is one of a script written from right to left."""
    directions = (unicodedata.bidirectional(each) for each in text[:_LONGEST_TITLE])
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"


def _tokens(tokens: Sequence[SplitToken]) -> Iterator[Child]:
    yield from (_token(number, token) for number, token in enumerate(tokens[:_MOST_TOKENS]))
    if len(tokens) > _MOST_TOKENS:
        yield f" and {counted(len(tokens) - _MOST_TOKENS, 'more token')}"


def _token(number: int, token: SplitToken) -> Html:
    places = "inserted" if token.is_inserted else f"characters {token.start} to {token.end}"
    tone = "split-added" if token.is_added else f"split-{number % _TONES}"
    title = f"id {token.id}, {token.label}, {places}"
    return element("span", element("bdi", token.text), class_=f"split {tone}", title=title)
