"""Why words are split, as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from tokstat.render.parts import Preformatted
from tokstat.render.terminal.splits import BAR, labels_of
from tokstat.splitting.causes import CauseKind, of_several
from tokstat.splitting.explained import SplitCauses
from tokstat.splitting.why import WordCause
from tokstat.text.visible import visible, visible_line
from tokstat.text.wording import counted

_WIDTH = 80


_ALONE = 3
"""Words of one cause that have their own lines; more of them are listed together."""

_MOST_WORDS = 100
"""Words of one cause that are listed; the JSON has all."""


def render_causes(causes: Sequence[SplitCauses], *, width: int) -> str:
    """Write for each split word its tokens, the cause, and what would make it whole.

    Words that share a cause are listed together where they are more than a few.
    """
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
        groups: dict[tuple[tuple[CauseKind, str], ...], dict[str, list[WordCause]]] = {}
        for word in each.words:
            shown = f"{visible(word.word)} {_tokens(each, word)}"
            key = tuple((cause.kind, cause.part) for cause in word.causes)
            groups.setdefault(key, {}).setdefault(shown, []).append(word)
        for key, words in groups.items():
            if len(words) > _ALONE:
                yield from _together(label, key, words, width)
            else:
                for word in chain.from_iterable(words.values()):
                    yield from _alone(label, each, word, width)


def _tokens(causes: SplitCauses, word: WordCause) -> str:
    return BAR.join(
        token.text
        for token in causes.split.tokens
        if token.start < word.end and token.end > word.start
    )


def _alone(label: str, causes: SplitCauses, word: WordCause, width: int) -> Iterator[str]:
    head = f"{label}: {visible(word.word)} is {_tokens(causes, word)}"
    yield from _wrapped(f"{head}: {visible_line(word.cause)}", width)
    if word.remedy:
        yield from _wrapped(f"  To make it whole: {visible_line(word.remedy)}", width)


def _together(
    label: str,
    key: Sequence[tuple[CauseKind, str]],
    words: Mapping[str, Sequence[WordCause]],
    width: int,
) -> Iterator[str]:
    """Write one cause with its words and their tokens, each distinct word once."""
    told = [of_several(*each) for each in key]
    problem = visible_line(" and ".join(dict.fromkeys(each for each, _ in told)))
    yield from _wrapped(f"{label}: {counted(len(words), 'word')} {problem}:", width)
    shown = [
        f"{word} ({len(found)} times)" if len(found) > 1 else word
        for word, found in islice(words.items(), _MOST_WORDS)
    ]
    more = f", and {len(words) - _MOST_WORDS:,} more" if len(words) > _MOST_WORDS else ""
    yield from _wrapped(f"    {', '.join(shown)}{more}", width)
    remedies = {word.remedy for found in words.values() for word in found}
    remedy = remedies.pop() if len(remedies) == 1 else " ".join(dict.fromkeys(r for _, r in told))
    yield from _wrapped(f"  To make them whole: {visible_line(remedy)}", width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
