"""Splits of texts as Markdown: a table for each text."""

from __future__ import annotations

from collections.abc import Iterable

from tokstat.render.markdown.parts import markdown_lines
from tokstat.render.markdown.report import escape
from tokstat.render.terminal.splits import BAR, labels_of
from tokstat.results.report import Table
from tokstat.splitting.side_by_side import TextSplits
from tokstat.text.visible import shortened, visible_line

_LONGEST_TITLE = 120


def render_splits_markdown(splits: TextSplits) -> str:
    """Write splits as tables, with a bar between tokens."""
    return markdown_of_splits([splits])


def markdown_of_splits(splits: Iterable[TextSplits], more: Iterable[str | Table] = ()) -> str:
    """Write splits that need not be of the same texts; `more` stands below them."""
    tables = "\n\n".join(map(_tables, splits)) + "\n"
    below = "\n".join(markdown_lines(more))
    return f"{tables}\n{below}" if below else tables


def _tables(splits: TextSplits) -> str:
    labels = labels_of(splits.tokenizers)
    parts = []
    for text in splits.texts:
        title = shortened(visible_line(text.text), _LONGEST_TITLE)
        lines = [
            f"**{escape(': '.join(filter(None, [text.name, title])))}**",
            "",
            "| tokenizer | tokens | split |",
            "| --- | ---: | --- |",
        ]
        for label, split in zip(labels, text.splits, strict=True):
            shown = BAR.join(token.text for token in split.tokens)
            lines.append(f"| {escape(label)} | {len(split):,} | {escape(shown)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
