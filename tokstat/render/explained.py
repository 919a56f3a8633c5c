"""Why words of texts are split, and how, step by step: the parts that pages and Markdown add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokstat.render.parts import Heading, Preformatted
from tokstat.render.terminal.causes import render_causes
from tokstat.render.terminal.steps import render_steps
from tokstat.splitting.explained import SplitCauses
from tokstat.splitting.steps import Steps

_WIDTH = 100
"""Columns of the lines, which a page shows as they are."""


def explained_parts(causes: Sequence[SplitCauses], steps: Sequence[Steps]) -> Iterator[str]:
    """Yield the causes of all splits under one heading, then all steps under another."""
    if causes:
        yield Heading("Why words are split")
        yield Preformatted(render_causes(causes, width=_WIDTH))
    if steps:
        yield Heading("Split, step by step")
        yield Preformatted("\n".join(render_steps(each, width=_WIDTH) for each in steps))
