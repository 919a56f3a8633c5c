"""What pages and Markdown add to splits: the tokens one by one, causes, and steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokstat.render.parts import Heading, Preformatted
from tokstat.render.terminal.causes import cause_texts
from tokstat.render.terminal.splits import render_splits
from tokstat.render.terminal.steps import render_steps
from tokstat.splitting.explained import SplitCauses
from tokstat.splitting.side_by_side import TextSplits
from tokstat.splitting.steps import Steps

_WIDTH = 100
"""Columns of the lines, which a page shows as they are."""


def token_parts(splits: Sequence[TextSplits], **options: bool) -> Iterator[str]:
    """Yield the splits as the terminal shows them with `ids`, `offsets` or `classes`."""
    yield Heading("Tokens")
    yield Preformatted("\n".join(render_splits(each, width=_WIDTH, **options) for each in splits))


def explained_parts(causes: Sequence[SplitCauses], steps: Sequence[Steps]) -> Iterator[str]:
    """Yield the causes of all splits under one heading, then all steps under another."""
    if causes:
        yield Heading("Why words are split")
        yield from (" ".join(map(str.strip, lines)) for lines in cause_texts(causes))
    if steps:
        yield Heading("Split, step by step")
        yield Preformatted("\n".join(render_steps(each, width=_WIDTH) for each in steps))
