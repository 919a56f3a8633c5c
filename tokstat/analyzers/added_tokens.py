"""What added tokens take from the vocabulary."""

from __future__ import annotations

from itertools import compress
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, analyzer
from tokstat.tokenizer.vocabulary import Vocabulary

SHADOWED = MetricType(
    "shadowed_tokens",
    "tokens",
    "content tokens that contain an added token, which is cut out of every text before them",
    source=OWN,
)
SHADOWING = Rule(
    "TS620",
    "info",
    "Added tokens shadow the vocabulary",
    "Added tokens are cut out of a text before anything else happens, also inside words. A token "
    "that contains one can never be produced, and a word that contains one is torn.",
    "Drop added tokens that the vocabulary spells; set single_word on words.",
    source=OWN,
)

_EXAMPLES = 4
_END = "\0"
_GROUP = 4
"""Characters by which added tokens are grouped: some vocabularies have thousands of `<unused`."""


@analyzer("added_tokens", title="Added tokens", metrics=(SHADOWED,), rules=(SHADOWING,))
def added_tokens(subject: Subject) -> Result:
    """Look for content tokens whose text contains an added token.

    Texts are compared as the vocabulary stores them, with the blank of the word boundary. An added
    token with `single_word` shadows only a token that is the same text.
    """
    shadows = _shadows(subject)
    rows = sorted({row for rows in shadows.values() for row in rows})
    return Result((SHADOWED.value(len(rows)),), findings=tuple(_findings(subject, shadows, rows)))


def _findings(subject: Subject, shadows: dict[str, list[int]], rows: list[int]) -> list[Finding]:
    if not rows:
        return []
    vocabulary = subject.vocabulary
    some = ", ".join(sorted(map(repr, shadows), key=len)[:_EXAMPLES])
    message = f"{len(rows):,} content tokens contain an added token, such as {some}."
    return [SHADOWING.found(message, vocabulary.ids[rows].tolist())]


def _shadows(subject: Subject) -> dict[str, list[int]]:
    """Map each added token that shadows others to the rows of these.

    What contains an added token contains also those inside of it, which are tried first.
    """
    vocabulary = subject.vocabulary
    added = subject.tokenizer.backend.get_added_tokens_decoder().values()
    contents = {vocabulary.scheme.text_of_added(token.content): token for token in added}
    texts = _Texts(vocabulary)
    occurs = {start: texts.hold(start) for start in {text[:_GROUP] for text in contents}}
    found: dict[str, list[int]] = {}
    cutting: list[str] = []
    for text in sorted(contents, key=len):
        if text and occurs[text[:_GROUP]] and not any(inner in text for inner in cutting):
            rows = texts.rows_with(text, alone=contents[text].single_word)
            if rows:
                found[text] = rows
            if not contents[text].single_word:
                cutting.append(text)
    return found


class _Texts:
    """Search the texts of all content tokens at once: joined, with an end before and behind each.

    The blank of a word boundary is no part of a stored text, so it is searched for as an end.
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
        """Tell whether a text may occur in some token."""
        return text in self._joined or (text[:1] == " " and _END + text[1:] in self._joined)

    def rows_with(self, text: str, *, alone: bool) -> list[int]:
        """Return the rows of the tokens that contain a text, or that are it."""
        end = _END if alone else ""
        found = self._find(end + text + end)
        if text.startswith(" "):
            behind = self._find(_END + text[1:] + end)
            found = np.concatenate([found, behind[self._starts_word[behind]]])
        return sorted(set(self._rows[found].tolist()))

    def _find(self, pattern: str) -> NDArray[np.int64]:
        places = []
        at = self._joined.find(pattern)
        while at >= 0:
            places.append(at + pattern.startswith(_END))
            at = self._joined.find(pattern, at + len(pattern) - pattern.endswith(_END))
        return np.searchsorted(self._starts, np.array(places, np.int64), side="right") - 1
