"""Vocabulary tokens that an added token makes unreachable."""

from __future__ import annotations

from itertools import compress
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, analyzer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.wording import agreed, counted

SHADOWED = MetricType(
    "shadowed_tokens",
    "tokens",
    "content tokens that contain an added token, which is split off before they can match",
    source=OWN,
)
SHADOWING = Rule(
    "TS620",
    "info",
    "Added tokens shadow the vocabulary",
    "The tokenizer splits a text at its added tokens before anything else, also inside words. A "
    "vocabulary token that contains an added token is unreachable. A word that contains one is "
    "split there.",
    "Remove the added tokens that the vocabulary already spells. Set single_word on those that "
    "are words.",
    source=OWN,
)

_EXAMPLES = 4
_END = "\0"
_GROUP = 4
"""Characters by which added tokens are grouped: some vocabularies have thousands of `<unused`."""


@analyzer("added_tokens", title="Added tokens", metrics=(SHADOWED,), rules=(SHADOWING,))
def added_tokens(subject: Subject) -> Result:
    """Find content tokens whose text contains an added token.

    Texts are compared as the vocabulary stores them, with the leading space of the word boundary.
    An added token with `single_word` shadows only a token of the same text.
    """
    shadows = _shadows(subject)
    rows = sorted({row for rows in shadows.values() for row in rows})
    return Result((SHADOWED.value(len(rows)),), findings=tuple(_findings(subject, shadows, rows)))


def _findings(subject: Subject, shadows: dict[str, list[int]], rows: list[int]) -> list[Finding]:
    if not rows:
        return []
    vocabulary = subject.vocabulary
    some = ", ".join(sorted(map(repr, shadows), key=len)[:_EXAMPLES])
    contain = agreed(len(rows), "contains", "contain")
    message = f"{counted(len(rows), 'content token')} {contain} an added token, such as {some}."
    return [SHADOWING.found(message, vocabulary.ids[rows].tolist())]


def _shadows(subject: Subject) -> dict[str, list[int]]:
    """Map each added token to the rows of the tokens that it shadows.

    Short added tokens come first: a token that contains a long one contains its parts too.
    """
    vocabulary = subject.vocabulary
    added = subject.tokenizer.backend.get_added_tokens_decoder().values()
    contents = {vocabulary.scheme.text_of_added(token.content): token for token in added}
    texts = _Texts(vocabulary)
    occurs = {start: texts.hold(start) for start in {text[:_GROUP] for text in contents}}
    found: dict[str, list[int]] = {}
    splitting: list[str] = []
    for text in sorted(contents, key=len):
        if text and occurs[text[:_GROUP]] and not any(inner in text for inner in splitting):
            rows = texts.rows_with(text, alone=contents[text].single_word)
            if rows:
                found[text] = rows
            if not contents[text].single_word:
                splitting.append(text)
    return found


class _Texts:
    """Search the texts of all content tokens at once: joined, with an end before and after each.

    Stored texts lack the leading space of the word boundary, so an end is searched for instead.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._rows = np.flatnonzero(vocabulary.content)
        texts = cast("list[str]", vocabulary.texts)  # content tokens have one
        content = compress(texts, vocabulary.content.tolist())
        self._joined = _END + _END.join(content) + _END
        lengths = vocabulary.properties.lengths[self._rows]
        self._starts = np.cumsum(lengths + 1) - lengths
        self._starts_word = vocabulary.starts_word[self._rows] & vocabulary.scheme.keeps_spaces

    def hold(self, text: str) -> bool:
        """Return whether some token may contain a text."""
        return text in self._joined or (text[:1] == " " and _END + text[1:] in self._joined)

    def rows_with(self, text: str, *, alone: bool) -> list[int]:
        """Return the rows of the tokens that contain a text; with `alone`, that equal it."""
        end = _END if alone else ""
        found = self._find(end + text + end)
        if text.startswith(" "):
            after_space = self._find(_END + text[1:] + end)
            found = np.concatenate([found, after_space[self._starts_word[after_space]]])
        return sorted(set(self._rows[found].tolist()))

    def _find(self, pattern: str) -> NDArray[np.int64]:
        places = []
        at = self._joined.find(pattern)
        while at >= 0:
            places.append(at + pattern.startswith(_END))
            at = self._joined.find(pattern, at + len(pattern) - pattern.endswith(_END))
        return np.searchsorted(self._starts, np.array(places, np.int64), side="right") - 1
