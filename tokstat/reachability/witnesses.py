"""The search for a text that a tokenizer turns into a given token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, islice, product

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import EncodingError
from tokstat.text.delta_debugging import shortest
from tokstat.text.utf8 import texts_around
from tokstat.tokenizer.encoding import encode_batch_fast
from tokstat.tokenizer.settled_words import is_plain
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary

_LINE = 128
"""Tokens per text; texts are encoded in parallel."""

_BATCH = 64
"""Texts per batch, which bounds the memory for their encodings."""

_UNKNOWN_LENGTH = 1 << 40
"""More characters than any text has."""

_RARE_LETTERS = ("ⴰ", "ꙮ")
"""Letters that hardly any vocabulary has (TIFINAGH LETTER YA, CYRILLIC LETTER MULTIOCULAR O).

Nothing merges with them, so the text beside one is encoded as if it were alone.
"""

_NEIGHBOURS = (*_RARE_LETTERS, "q", "7", "¤", "'", "的", "\u0301", "٧", "Q", "(", "ж")
"""Characters to put before or after a token, one of each class that pre-tokenizers distinguish."""

_FEW_TEXTS, _MANY_TEXTS = 3, 512
"""Texts to try for a part of a character: at first, and where these do not produce it."""

_CHARACTERS = 8
"""About how many characters of the vocabulary to put beside a token."""

_LONGEST = 4
"""How many of the longest tokens to put before a continuation."""

_ADDED = 4
"""How many added tokens to put beside a token: the tokenizer splits a text at them first."""

_PAIRS = 48
"""Most tokens for which neighbours are tried on both sides at once."""


class Witnesses:
    """Hold encoded texts and, for each id, the first text that produced it.

    An id that never appeared may still be reachable; see `tokstat.reachability.search`.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._texts: list[str] = []
        self._first = np.full(int(self._rows.ids.max(initial=-1)) + 1, -1, np.int32)
        self._in_place = np.zeros(len(self._rows), np.bool_)

    @property
    def _rows(self) -> Vocabulary:
        return self._tokenizer.vocabulary

    def text_of(self, row: int) -> str:
        """Return the text of the token in one row, with its leading space."""
        return text_of(self._rows, row)

    def missing(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows whose tokens have not appeared yet."""
        return rows[self._first[self._rows.ids[rows]] < 0]

    def encode(
        self, texts: Sequence[str], rows: NDArray[np.int64] | None = None, gap: int = 0
    ) -> None:
        """Encode texts and record which ids appear; texts that fail are ignored.

        Each text may be that of `_LINE` of the `rows`, in order, with `gap` characters between two
        that are tokens: then it is also recorded which of their tokens are in place.
        """
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            encoded = [np.array(ids, np.int32) for ids in encode_all(self._tokenizer, batch)]
            for text, ids in zip(batch, encoded, strict=True):
                fresh = ids[self._first[ids] < 0]
                if len(fresh):
                    self._first[fresh] = len(self._texts)
                    self._texts.append(text)
            if rows is not None:
                for number, ids in enumerate(encoded, start):
                    self._mark_in_place(rows[number * _LINE : (number + 1) * _LINE], ids, gap)

    def _mark_in_place(self, rows: NDArray[np.int64], ids: NDArray[np.int32], gap: int) -> None:
        """Mark the tokens of a line that were produced where they stand between two others.

        The places follow from the lengths of the tokens. A token of unknown length, such as a part
        of a character, would put all others in doubt: then none is marked.
        """
        lengths = self._lengths
        found = np.searchsorted(self._rows.ids, ids)
        ends, found_ends = np.cumsum(lengths[rows] + gap) - gap, np.cumsum(lengths[found])
        if len(rows) < 2 or not len(ids) or ends[-1] != found_ends[-1]:
            return
        places = np.searchsorted(found_ends, ends)
        same = (found_ends[places] == ends) & (found[places] == rows)
        if not gap:
            known, properties = self._rows.alphabetic[rows], self._rows.properties
            same[1:-1] &= (known | is_plain(properties.lasts[rows]))[:-2]
            same[1:-1] &= (known | is_plain(properties.firsts[rows]))[2:]
        self._in_place[rows[1:-1][same[1:-1]]] = True

    def words_in_place(self, *, starting: bool) -> dict[str | None, bool]:
        """Return of the texts with, or without, the word boundary whether they were in place.

        Such a text was one token where it stood between two others: between line ends, or where a
        letter, a mark or another character of ASCII ended the token before and began the next.
        """
        rows = self._rows.starts_word == starting
        texts = compress(self._rows.texts, rows.tolist())
        return dict(zip(texts, self._in_place[rows].tolist(), strict=True))

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        """The length of each token in characters, or in bytes if it is written so.

        It is far too long where it is not known.
        """
        rows = self._rows
        if rows.scheme.byte_level and not rows.scheme.end:
            lengths = np.fromiter(map(len, rows.tokens), np.int64, len(rows))
            added = np.flatnonzero(rows.ranks < 0)
            lengths[added] = [len(rows.tokens[row].encode()) for row in added.tolist()]
            return lengths
        spaces = rows.starts_word & rows.scheme.keeps_spaces
        return np.where(rows.content, rows.properties.lengths + spaces, _UNKNOWN_LENGTH)

    def search_plainly(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Encode the tokens' own texts, many in one text, then alone; return the rows not seen.

        Continuations, which need a word before them, are left for the next search.
        """
        scheme, starts = self._rows.scheme, self._rows.starts_word[rows]
        if scheme.keeps_spaces:
            # Their leading spaces keep them apart: a third faster than with line ends.
            self._encode_lines(rows[starts], joint="", in_place=True)
            self._encode_lines(rows[~starts], in_place=True)
            self.encode(texts_of(self._rows, self.missing(rows)))
        else:
            whole = rows[starts] if scheme.continuation or scheme.end else rows
            self._encode_lines(whole, in_place=True)
            self.encode(texts_of(self._rows, self.missing(whole)))
        return self.missing(rows)

    def search_beside_strangers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Try each token beside text that does not merge with it; return the rows not seen."""
        before, after = self._neighbours
        return self._search(rows, [(before[0], ""), ("", after[0]), (before[1], "")])

    def search_beside_neighbours(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Try each token with a neighbour before or after it; return the rows not seen."""
        before, after = self._neighbours
        contexts = [(left, "") for left in before] + [("", right) for right in after]
        return self._search(rows, contexts)

    def encode_beside_neighbours(self, texts: Sequence[str]) -> None:
        """Encode texts alone, and with a neighbour before or after them."""
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
        """Try a few tokens with every pair of neighbours; return the rows not seen.

        Each side has one of `characters`, or nothing.
        """
        for row in self.missing(rows)[:_PAIRS].tolist():
            text = self.text_of(row)
            edges = ("", *characters)
            self.encode([left + text + right for left, right in product(edges, edges)])
        return self.missing(rows)

    def search_partial(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Try characters that contain the bytes of each token; return the rows not seen."""
        for count in (_FEW_TEXTS, _MANY_TEXTS):
            rows = self.missing(rows)
            around = [
                [*texts_around(self._rows.surface(row), count), self._rows.tokens[row]]
                for row in rows.tolist()
            ]
            if self._rows.scheme.end:  # a repeated character has its bytes inside a word too
                around = [[*texts, *(text + text for text in texts)] for texts in around]
            self.encode(["\n".join(texts) for texts in around])
        return self.missing(rows)

    def witness(self, row: int, words: Iterable[str] = ()) -> str | None:
        """Return a short text that produces the token in one row, or None if none is known.

        The token's own text is tried first, then `words`, then its text with a neighbour, then the
        recorded text without everything that the token does not need.
        """
        index = self._first[self._rows.ids[row]]
        if index < 0:
            return None
        wanted, seen = int(self._rows.ids[row]), self._texts[index]

        def gives(text: str) -> bool:
            return wanted in encode_all(self._tokenizer, [text])[0]

        found = next(filter(gives, self._candidates(row, words)), None)
        return shortest(seen, gives) if found is None else found

    def _candidates(self, row: int, words: Iterable[str]) -> Iterator[str]:
        if self._rows.texts[row] is not None:
            text = self.text_of(row)
            yield text
            yield from words
            before, after = self._neighbours
            yield from (left + text for left in before)
            yield from (text + right for right in after)

    def _encode_lines(
        self,
        rows: NDArray[np.int64],
        left: str = "",
        right: str = "",
        joint: str = "\n",
        in_place: bool = False,
    ) -> None:
        texts = texts_of(self._rows, rows)
        if left or right:
            texts = [left + text + right for text in texts]
        lines = [joint.join(texts[at : at + _LINE]) for at in range(0, len(texts), _LINE)]
        gap = len(joint) if self._rows.scheme.keeps_spaces else 0
        self.encode(lines, rows if in_place else None, gap)

    @cached_property
    def _neighbours(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the texts to put before a token, and those to put after it.

        A greedy model cannot match beyond the longest word token, so it always splits after it.
        That makes the longest word a safe neighbour for WordPiece.
        """
        added = self._tokenizer.backend.get_added_tokens_decoder().values()
        contents = [token.content for token in islice(added, _ADDED)]
        beside = (*_NEIGHBOURS, *_some_characters(self._rows), *contents)
        return (*_longest_words(self._rows), *beside), beside


def words_holding(text: str, words: str) -> Iterator[str]:
    """Yield the words that contain a text and are longer, the last one first.

    `words` holds many words, with a line end before and after each.
    """
    at = words.rfind(text) if text else -1
    while at >= 0:
        start, end = words.rfind("\n", 0, at) + 1, words.find("\n", at)
        if words[start:end] != text:
            yield words[start:end]
        at = words.rfind(text, 0, start)


def texts_of(rows: Vocabulary, some: NDArray[np.int64]) -> list[str]:
    """Return the texts of the tokens in some rows, with their leading spaces."""
    texts = rows.texts
    if not rows.scheme.keeps_spaces:
        return [texts[row] or "" for row in some.tolist()]
    return [
        " " + (texts[row] or "") if starts else texts[row] or ""
        for row, starts in zip(some.tolist(), rows.starts_word[some].tolist(), strict=True)
    ]


def text_of(rows: Vocabulary, row: int) -> str:
    """Return the text of the token in one row, with its leading space."""
    space = " " if rows.scheme.keeps_spaces and rows.starts_word[row] else ""
    return space + (rows.texts[row] or "")


def _longest_words(rows: Vocabulary) -> list[str]:
    """Return the longest lower-case word token, and the longest tokens that start a word.

    The list is empty where the vocabulary marks no continuations.
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
    """Return some characters that are tokens; a model may drop others."""
    single = np.flatnonzero(rows.content & (rows.properties.lengths == 1))
    some = single[:: max(len(single) // _CHARACTERS, 1)]
    return [rows.texts[row] or "" for row in some.tolist()]


def encode_all(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the ids of each text; an empty list for a text on which the model fails."""
    try:
        encodings = encode_batch_fast(tokenizer.backend, texts)
    except EncodingError:  # for any one of the texts
        if len(texts) < 2:
            return [[]] * len(texts)
        half = len(texts) // 2
        return encode_all(tokenizer, texts[:half]) + encode_all(tokenizer, texts[half:])
    return [encoding.ids for encoding in encodings]
