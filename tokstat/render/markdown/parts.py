"""Texts and tables of a result as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tokstat.render.markdown.report import escape, rows
from tokstat.render.parts import Heading, Preformatted
from tokstat.render.terminal.tables import cell_text
from tokstat.results.report import Table


def parts_to_markdown(title: str, parts: Iterable[str | Table]) -> str:
    """Write a title, then each text as a paragraph and each table as a table."""
    return "\n".join([f"# {title}", "", *markdown_lines(parts)]) + "\n"


def markdown_lines(parts: Iterable[str | Table]) -> Iterator[str]:
    """Yield the lines of texts and tables."""
    for part in parts:
        if isinstance(part, Table):
            yield from rows(
                tuple(part.columns), (tuple(map(cell_text, row)) for row in part.rows())
            )
        elif part:
            yield from _text(part)


def _text(text: str) -> Iterator[str]:
    if isinstance(text, Preformatted):
        longest = max(map(len, re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        yield from (f"{fence}text", text.rstrip("\n"), fence)
    elif isinstance(text, Heading):
        yield f"## {escape(text)}"
    else:
        yield escape(text.strip())
    yield ""
