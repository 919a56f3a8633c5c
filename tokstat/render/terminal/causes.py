"""Why words are split, as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from tokstat.render.parts import Preformatted
from tokstat.render.terminal.splits import BAR, labels_of
from tokstat.splitting.explained import SplitCauses
from tokstat.text.visible import visible, visible_line

_WIDTH = 80


def render_causes(causes: Sequence[SplitCauses], *, width: int) -> str:
    """Write for each split word its tokens, the cause, and what would make it whole."""
    return "".join(line + "\n" for line in _lines(causes, max(width, 40)))


def causes_parts(causes: SplitCauses) -> Iterator[str]:
    """Yield the lines of the causes."""
    yield Preformatted(render_causes([causes], width=_WIDTH))


def _lines(causes: Sequence[SplitCauses], width: int) -> Iterator[str]:
    specs = list(dict.fromkeys(each.split.tokenizer for each in causes))
    labels = dict(zip(specs, labels_of(specs), strict=True))
    for each in causes:
        label = labels[each.split.tokenizer]
        if not each.words:
            yield f"{label}: no word is split."
        for word in each.words:
            tokens = BAR.join(
                token.text
                for token in each.split.tokens
                if token.start < word.end and token.end > word.start
            )
            head = f"{label}: {visible(word.word)} is {tokens}"
            yield from _wrapped(f"{head}: {visible_line(word.cause)}", width)
            if word.remedy:
                yield from _wrapped(f"  To make it whole: {visible_line(word.remedy)}", width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
