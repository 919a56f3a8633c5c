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
    lines = (
        line
        for text in chain.from_iterable(cause_texts(causes))
        for line in _wrapped(text, max(width, 40))
    )
    return "".join(line + "\n" for line in lines)


def causes_parts(causes: SplitCauses) -> Iterator[str]:
    """Yield the lines of the causes."""
    yield Preformatted(render_causes([causes], width=_WIDTH))


def cause_texts(causes: Sequence[SplitCauses]) -> Iterator[tuple[str, ...]]:
    """Yield the lines about each split word or cause, indented but not wrapped."""
    specs = list(dict.fromkeys(each.split.tokenizer for each in causes))
    labels = dict(zip(specs, labels_of(specs), strict=True))
    for each in causes:
        label = labels[each.split.tokenizer]
        if not each.words:
            yield (f"{label}: no word is split.",)
        groups: dict[tuple[tuple[CauseKind, str], ...], dict[str, list[WordCause]]] = {}
        for word in each.words:
            shown = f"{visible(word.word)} {_tokens(each, word)}"
            key = tuple((cause.kind, cause.part) for cause in word.causes)
            groups.setdefault(key, {}).setdefault(shown, []).append(word)
        for key, words in groups.items():
            if len(words) > _ALONE:
                yield _together(label, key, words)
            else:
                for word in chain.from_iterable(words.values()):
                    yield _alone(label, each, word)


def _tokens(causes: SplitCauses, word: WordCause) -> str:
    return BAR.join(
        token.text
        for token in causes.split.tokens
        if token.start < word.end and token.end > word.start
    )


def _alone(label: str, causes: SplitCauses, word: WordCause) -> tuple[str, ...]:
    head = f"{label}: {visible(word.word)} is {_tokens(causes, word)}: {visible_line(word.cause)}"
    return (head, f"  To make it whole: {visible_line(word.remedy)}") if word.remedy else (head,)


def _together(
    label: str, key: Sequence[tuple[CauseKind, str]], words: Mapping[str, Sequence[WordCause]]
) -> tuple[str, ...]:
    """Write one cause with its words and their tokens, each distinct word once."""
    told = [of_several(*each) for each in key]
    problem = visible_line(" and ".join(dict.fromkeys(each for each, _ in told)))
    shown = [
        f"{word} ({len(found)} times)" if len(found) > 1 else word
        for word, found in islice(words.items(), _MOST_WORDS)
    ]
    more = f", and {len(words) - _MOST_WORDS:,} more" if len(words) > _MOST_WORDS else ""
    remedies = {word.remedy for found in words.values() for word in found}
    remedy = remedies.pop() if len(remedies) == 1 else " ".join(dict.fromkeys(r for _, r in told))
    return (
        f"{label}: {counted(len(words), 'word')} {problem}:",
        f"    {', '.join(shown)}{more}",
        f"  To make them whole: {visible_line(remedy)}",
    )


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
