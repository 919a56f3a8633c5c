"""Splits of texts as Markdown: a table for each text."""

from __future__ import annotations

from tokstat.render.markdown.report import escape
from tokstat.render.terminal.splits import BAR, labels_of
from tokstat.splitting.side_by_side import TextSplits
from tokstat.text.visible import shortened, visible_line

_LONGEST_TITLE = 120


def render_splits_markdown(splits: TextSplits) -> str:
    """Write splits as tables, with a bar between tokens."""
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
    return "\n\n".join(parts) + "\n"
