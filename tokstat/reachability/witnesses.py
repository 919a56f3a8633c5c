"""The search for a text that a tokenizer turns into a given token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from tokstat.text.utf8 import texts_around
from tokstat.tokenizer.encoding import is_failure
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary

_LINE = 128
"""Tokens in one text; several texts are encoded in parallel."""

_BATCH = 64
"""Texts whose encodings are held at a time."""

_RARE_LETTERS = ("ⴰ", "ꙮ")
"""Letters that hardly any vocabulary has (TIFINAGH LETTER YA, CYRILLIC LETTER MULTIOCULAR O).

Nothing merges with them, so what stands beside one is encoded as if it stood alone.
"""

_NEIGHBOURS = (*_RARE_LETTERS, "q", "7", "¤", "'", "的", "\u0301", "٧", "Q", "(", "ж")
"""Characters to put before or after a token, one of each class that pre-tokenizers tell apart."""

_FEW_TEXTS, _MANY_TEXTS = 3, 512
"""Texts to try for a part of a character, at first and where these did not give it."""

_CHARACTERS = 8
"""Characters of the vocabulary to put beside a token, about."""

_LONGEST = 4
"""Tokens of the greatest length to put before a continuation."""

_ADDED = 4
"""Added tokens to put beside a token: they end a text for all that comes after them."""

_PAIRS = 48
"""Tokens for which neighbours are tried on both sides at once."""


class Witnesses:
    """Texts that were encoded, and for each id the first of them that gave it.

    An id that never appeared may still be reachable; see `tokstat.reachability.search`.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._texts: list[str] = []
        self._first = np.full(int(self._rows.ids.max(initial=-1)) + 1, -1, np.int32)

    @property
    def _rows(self) -> Vocabulary:
        return self._tokenizer.vocabulary

    def text_of(self, row: int) -> str:
        """Return the text that a token stands for, with the blank that it starts with."""
        return text_of(self._rows, row)

    def missing(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those rows whose tokens have not been seen."""
        return rows[self._first[self._rows.ids[rows]] < 0]

    def encode(self, texts: Sequence[str]) -> None:
        """Encode texts and note which ids appear; texts that cannot be encoded prove nothing."""
        for start in range(0, len(texts), _BATCH):
            self._encode_batch(texts[start : start + _BATCH])

    def _encode_batch(self, texts: Sequence[str]) -> None:
        for text, ids in zip(texts, encode_all(self._tokenizer, texts), strict=True):
            if ids:
                found = np.array(ids)
                fresh = found[self._first[found] < 0]
                if len(fresh):
                    self._first[fresh] = len(self._texts)
                    self._texts.append(text)

    def search_plainly(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Encode the tokens' own texts, many in one text, then alone; return those not seen.

        Pieces that are marked as a word's beginning or inside are left for the next search.
        """
        scheme, starts = self._rows.scheme, self._rows.starts_word[rows]
        if scheme.keeps_spaces:
            # Their blanks keep them apart: a third faster than with line ends between them.
            self._encode_lines(rows[starts], joint="")
            self._encode_lines(rows[~starts])
            self.encode(texts_of(self._rows, self.missing(rows)))
        else:
            whole = rows[starts] if scheme.continuation or scheme.end else rows
            self._encode_lines(whole)
            self.encode(texts_of(self._rows, self.missing(whole)))
        return self.missing(rows)

    def search_beside_strangers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Try each token beside what no model joins it to; return those not seen."""
        before, after = self._neighbours
        return self._search(rows, [(before[0], ""), ("", after[0]), (before[1], "")])

    def search_beside_neighbours(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Try each token with something before or after it; return those not seen."""
        before, after = self._neighbours
        contexts = [(left, "") for left in before] + [("", right) for right in after]
        return self._search(rows, contexts)

    def encode_beside_neighbours(self, texts: Sequence[str]) -> None:
        """Encode texts alone, and with something before or after them."""
        before, after = self._neighbours
        self.encode(
            [
                form
                for text in texts
                for form in (
                    text,
                    *(left + text for left in before),
                    *(text + right for right in after),
                )
            ]
        )

    def _search(
        self, rows: NDArray[np.int64], contexts: Iterable[tuple[str, str]]
    ) -> NDArray[np.int64]:
        for left, right in contexts:
            rows = self.missing(rows)
            if len(rows):
                self._encode_lines(rows, left, right)
        return self.missing(rows)

    def search_between_neighbours(
        self, rows: NDArray[np.int64], characters: Sequence[str]
    ) -> NDArray[np.int64]:
        """Try each of a few tokens in every context of at most one character on both sides."""
        for row in self.missing(rows)[:_PAIRS].tolist():
            text = self.text_of(row)
            edges = ("", *characters)
            self.encode([left + text + right for left, right in product(edges, edges)])
        return self.missing(rows)

    def search_partial(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Try characters that contain the bytes of each token; return those not seen."""
        for count in (_FEW_TEXTS, _MANY_TEXTS):
            rows = self.missing(rows)
            around = [
                [*texts_around(self._rows.surface(row), count), self._rows.tokens[row]]
                for row in rows.tolist()
            ]
            if self._rows.scheme.end:  # bytes inside a word, too
                around = [[*texts, *(text + text for text in texts)] for texts in around]
            self.encode(["\n".join(texts) for texts in around])
        return self.missing(rows)

    def witness(self, row: int, words: Iterable[str] = ()) -> str | None:
        """Return a short text that gives the token, or None if none was seen.

        The token's own text if that will do, alone or after a word, else the first of `words`
        that will, else something short around it.
        """
        index = self._first[self._rows.ids[row]]
        if index < 0:
            return None
        wanted = int(self._rows.ids[row])
        return next(
            text
            for text in self._candidates(row, words, self._texts[index])
            if wanted in encode_all(self._tokenizer, [text])[0]
        )

    def _candidates(self, row: int, words: Iterable[str], seen: str) -> Iterator[str]:
        if self._rows.texts[row] is not None:
            text = self.text_of(row)
            yield text
            yield from words
            before, after = self._neighbours
            yield from (left + text for left in before)
            yield from (text + right for right in after)
        yield self._shortened(seen, int(self._rows.ids[row]))
        yield seen

    def _shortened(self, text: str, wanted: int) -> str:
        """Cut off what the token does not need: halves first, at last single characters."""
        size = len(text) // 2
        while size:
            start = 0
            while start < len(text):
                shorter = text[:start] + text[start + size :]
                if wanted in encode_all(self._tokenizer, [shorter])[0]:
                    text = shorter
                else:
                    start += size
            size //= 2
        return text

    def _encode_lines(
        self, rows: NDArray[np.int64], left: str = "", right: str = "", joint: str = "\n"
    ) -> None:
        texts = texts_of(self._rows, rows)
        if left or right:
            texts = [left + text + right for text in texts]
        self.encode([joint.join(texts[at : at + _LINE]) for at in range(0, len(texts), _LINE)])

    @cached_property
    def _neighbours(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what to put before, and what after a token.

        No token is longer than the longest word that starts one with something behind it, so
        greedy models cut there: that is the sure neighbour for WordPiece.
        """
        added = self._tokenizer.backend.get_added_tokens_decoder().values()
        contents = [token.content for token in islice(added, _ADDED)]
        beside = (*_NEIGHBOURS, *_some_characters(self._rows), *contents)
        return (*_longest_words(self._rows), *beside), beside


def words_holding(text: str, words: str) -> Iterator[str]:
    """Yield the words that hold a text and more, the last one first.

    `words` are many, with a line end before and after each.
    """
    at = words.rfind(text) if text else -1
    while at >= 0:
        start, end = words.rfind("\n", 0, at) + 1, words.find("\n", at)
        if words[start:end] != text:
            yield words[start:end]
        at = words.rfind(text, 0, start)


def texts_of(rows: Vocabulary, some: NDArray[np.int64]) -> list[str]:
    """Return the texts that the tokens of some rows stand for, with the blanks they start with."""
    texts = rows.texts
    if not rows.scheme.keeps_spaces:
        return [texts[row] or "" for row in some.tolist()]
    return [
        " " + (texts[row] or "") if starts else texts[row] or ""
        for row, starts in zip(some.tolist(), rows.starts_word[some].tolist(), strict=True)
    ]


def text_of(rows: Vocabulary, row: int) -> str:
    """Return the text that a token stands for, with the blank that it starts with."""
    blank = " " if rows.scheme.keeps_spaces and rows.starts_word[row] else ""
    return blank + (rows.texts[row] or "")


def _longest_words(rows: Vocabulary) -> list[str]:
    """Return the longest lower-case word that is a token, and the longest tokens of all.

    Of those that start a word, where continuations are marked; else none.
    """
    if not rows.scheme.continuation:
        return []
    starts = rows.content & rows.starts_word
    words = starts & rows.alphabetic & rows.properties.lowercase
    found = []
    for good, count in ((words, 1), (starts, _LONGEST)):
        some = np.flatnonzero(good)
        longest = some[np.argsort(-rows.properties.lengths[some], kind="stable")[:count]]
        found += [rows.texts[row] or "" for row in longest.tolist()]
    return found


def _some_characters(rows: Vocabulary) -> list[str]:
    """Return some of the characters that are tokens: others, a model may pass over."""
    single = np.flatnonzero(rows.content & (rows.properties.lengths == 1))
    some = single[:: max(len(single) // _CHARACTERS, 1)]
    return [rows.texts[row] or "" for row in some.tolist()]


def encode_all(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the ids of each text; none for a text that the model fails on."""
    try:
        encodings = tokenizer.backend.encode_batch_fast(list(texts), add_special_tokens=False)
    except BaseException as error:  # for any one of the texts
        if not is_failure(error):
            raise
        if len(texts) < 2:
            return [[]] * len(texts)
        half = len(texts) // 2
        return encode_all(tokenizer, texts[:half]) + encode_all(tokenizer, texts[half:])
    return [encoding.ids for encoding in encodings]
