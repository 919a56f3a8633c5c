"""Splits of texts as HTML: tokens in coloured spans, a row for each tokenizer."""

from __future__ import annotations

from tokstat.render.html.markup import Html, element
from tokstat.render.terminal.splits import labels_of
from tokstat.splitting.side_by_side import AlignedText, TextSplits
from tokstat.splitting.split import SplitToken
from tokstat.text.visible import shortened, visible_line

_COLORS = ("#b9dcff", "#ffe08a", "#b5f0b5", "#ffc4dc")
_ADDED_COLOR = "#d0d0d0"
_CELL = "padding:0.1em 0.6em 0.1em 0;vertical-align:top;text-align:left"
_LONGEST_TITLE = 120


def render_splits_fragment(splits: TextSplits) -> Html:
    """Write splits as a fragment for a notebook, which takes its styles along."""
    labels = labels_of(splits.tokenizers)
    return element(
        "div",
        (text_fragment(text, labels, titled=len(splits.texts) > 1) for text in splits.texts),
        class_="tokstat-splits",
    )


def text_fragment(text: AlignedText, labels: list[str], *, titled: bool) -> Html:
    """Write one text as a table with a row for each tokenizer."""
    title = ": ".join(filter(None, [text.name, f"“{visible_line(text.text)}”"]))
    rows = (
        element(
            "tr",
            element("th", label, style=_CELL, scope="row"),
            element("td", f"{len(split):,}", style=_CELL),
            element("td", map(_token, range(len(split)), split.tokens), style=f"{_CELL};{_WRAP}"),
        )
        for label, split in zip(labels, text.splits, strict=True)
    )
    caption = element("p", shortened(title, _LONGEST_TITLE)) if titled else None
    return element("div", caption, element("table", rows))


_WRAP = "font-family:monospace;line-height:1.7;overflow-wrap:anywhere"


def _token(number: int, token: SplitToken) -> Html:
    color = _ADDED_COLOR if token.is_added else _COLORS[number % len(_COLORS)]
    places = "inserted" if token.is_inserted else f"characters {token.start} to {token.end}"
    style = f"background:{color};color:#111;border-radius:3px;padding:0 1px"
    title = f"id {token.id}, {token.label}, {places}"
    return element("bdi", element("span", token.text, style=style, title=title), element("wbr"))
