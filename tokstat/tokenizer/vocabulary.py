"""A vocabulary: one row per token, stored as columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import compress, count, islice
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tokstat.io.limits import MOST_IDS
from tokstat.results.report import Table
from tokstat.text.unicode import TextProperties, text_properties
from tokstat.text.wording import counted
from tokstat.tokenizer.decoding import Scheme, Surfaces, decode_tokens
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.token_text import KINDS as KINDS
from tokstat.tokenizer.token_text import PLACEHOLDER
from tokstat.tokenizer.token_text import display as display_of

_BLOCK = 1 << 14

_BRACKETS = "[<"


@dataclass(frozen=True)
class Token:
    """Describe one id of a vocabulary.

    - `token`: the stored string.
    - `surface`: the bytes that it stands for.
    - `text`: those bytes as text without the word boundary; None where they alone are not valid
      UTF-8.
    - `rank`: the position among the model's own tokens in the order of ids, None for added tokens.
      Training assigns ids by falling frequency (WordPiece, Unigram) or by merge (BPE).
    """

    id: int
    token: str
    surface: bytes
    text: str | None
    starts_word: bool
    kind: str
    script: str
    rank: int | None

    @property
    def display(self) -> str:
        """The token in readable form: a dot for the leading space, hex where it is not text."""
        return display_of(self.kind, self.token, self.text, self.starts_word, lambda: self.surface)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Hold one row per id, added tokens included, as columns in the order of ids.

    Arrays have shape (n,), lists length n. `kind_codes` index `KINDS`. An added token that looks
    like a placeholder is a placeholder, even if it is flagged special: reserved tokens usually are.
    `shared_ids` are the ids of several tokens, of which only one has a row.
    """

    ids: NDArray[np.int32]
    tokens: list[str]
    texts: list[str | None]
    starts_word: NDArray[np.bool_]
    kind_codes: NDArray[np.uint8]
    ranks: NDArray[np.int32]
    scheme: Scheme
    broken: Mapping[int, bytes] = field(repr=False)
    shared_ids: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"<Vocabulary: {counted(len(self), 'token')}, {self.scheme.name}>"

    @classmethod
    def of(cls, stored: StoredTokens, scheme: Scheme) -> Vocabulary:
        """Decode the stored tokens of a tokenizer."""
        tokens, is_added = stored.tokens, stored.is_added
        surfaces = decode_tokens(tokens, scheme)
        flags = {}
        for row in np.flatnonzero(is_added).tolist():
            surfaces.texts[row] = scheme.text_of_added(tokens[row])
            surfaces.broken.pop(row, None)
            flags[row] = stored.added[int(stored.ids[row])][1]
        return cls(
            ids=stored.ids,
            tokens=tokens,
            texts=surfaces.texts,
            starts_word=surfaces.starts_word & ~is_added,
            kind_codes=_kind_codes(tokens, surfaces, flags),
            ranks=np.where(is_added, -1, np.cumsum(~is_added) - 1).astype(np.int32),
            scheme=scheme,
            broken=surfaces.broken,
            shared_ids=stored.shared_ids,
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def row(self, position: int) -> Token:
        """Return the token in one row. Rows are in the order of ids, which may have gaps."""
        return Token(
            id=int(self.ids[position]),
            token=self.tokens[position],
            surface=self.surface(position),
            text=self.texts[position],
            starts_word=bool(self.starts_word[position]),
            kind=KINDS[self.kind_codes[position]],
            script=self.properties.script_names[self.properties.script_codes[position]],
            rank=None if self.ranks[position] < 0 else int(self.ranks[position]),
        )

    def __iter__(self) -> Iterator[Token]:
        return map(self.row, range(len(self)))

    def __getitem__(self, token_id: int) -> Token:
        """Return the token with an id. Raises KeyError for an id that the vocabulary lacks."""
        if not 0 <= token_id < MOST_IDS:
            raise KeyError(token_id)
        # For a number of another type numpy would convert all ids.
        position = int(np.searchsorted(self.ids, np.int32(token_id)))
        if position == len(self) or self.ids[position] != token_id:
            raise KeyError(token_id)
        return self.row(position)

    def surface(self, position: int) -> bytes:
        """Return the bytes of the token in one row, with its leading space."""
        text = self.texts[position]
        if text is None:
            return self.broken[position]
        space = b" " if self.scheme.keeps_spaces and self.starts_word[position] else b""
        return space + text.encode("utf-8", "surrogatepass")

    def display(self, position: int) -> str:
        """Return the token in one row in readable form, without raw marks."""
        return self.displays([position])[0]

    def displays(self, positions: NDArray[np.int64] | list[int]) -> list[str]:
        """Return the tokens of several rows in readable form."""
        rows = np.array(positions, np.int64)
        kinds, starts = self.kind_codes[rows].tolist(), self.starts_word[rows].tolist()
        return [
            display_of(
                KINDS[kind],
                self.tokens[row],
                self.texts[row],
                starts_word,
                partial(self.surface, row),
            )
            for row, kind, starts_word in zip(rows.tolist(), kinds, starts, strict=True)
        ]

    def displays_of_ids(self, ids: Sequence[int]) -> list[str]:
        """Return the tokens of several ids in readable form; "" for an id without a token."""
        wanted = np.array(ids, np.int64)
        rows = np.searchsorted(self.ids, wanted).clip(max=len(self) - 1)
        found = self.ids[rows] == wanted
        shown = iter(self.displays(rows[found]))
        return [next(shown) if there else "" for there in found.tolist()]

    def kind(self, name: str) -> NDArray[np.bool_]:
        """Return a mask of the rows of one kind, shape (n,)."""
        mask: NDArray[np.bool_] = self.kind_codes == KINDS.index(name)
        return mask

    @cached_property
    def properties(self) -> TextProperties:
        """The properties of the texts."""
        return text_properties([text or "" for text in self.texts])

    @cached_property
    def content(self) -> NDArray[np.bool_]:
        """Mask of the content tokens, which are those of kind `text`; shape (n,)."""
        return self.kind("text")

    @cached_property
    def alphabetic(self) -> NDArray[np.bool_]:
        """Mask of the alphabetic tokens: content tokens of letters and marks only; shape (n,)."""
        return self.content & self.properties.alphabetic

    @cached_property
    def alphabetic_rows(self) -> NDArray[np.int64]:
        """Rows of the alphabetic tokens, in the order of ids."""
        return np.flatnonzero(self.alphabetic)

    @cached_property
    def _words_and_codes(self) -> tuple[dict[str, int], NDArray[np.int32]]:
        codes: defaultdict[str, int] = defaultdict(count().__next__)
        column = np.zeros(len(self.alphabetic_rows), np.int32)
        texts = compress(self.texts, self.alphabetic.tolist())
        for start in range(0, len(column), _BLOCK):
            joined = "\n".join(cast("Iterator[str]", islice(texts, _BLOCK)))
            # One call lowers many words: a line end bounds a word for `lower` as the end of a
            # text does, so a final sigma stays right.
            folded = joined.lower().split("\n")
            column[start : start + _BLOCK] = list(map(codes.__getitem__, folded))
        codes.default_factory = None
        return codes, column

    @cached_property
    def words(self) -> list[str]:
        """Distinct lower-cased texts of the alphabetic tokens, in the order of their first ids."""
        return list(self.word_index)

    @property
    def word_index(self) -> Mapping[str, int]:
        """The index of each word in `words`."""
        return self._words_and_codes[0]

    @property
    def word_codes(self) -> NDArray[np.int32]:
        """The index in `words` of each alphabetic token, in the order of `alphabetic_rows`."""
        return self._words_and_codes[1]

    @cached_property
    def distinct_texts(self) -> frozenset[str | None]:
        """The texts of all tokens."""
        return frozenset(self.texts)

    @cached_property
    def texts_inside_words(self) -> frozenset[str | None]:
        """The texts of the tokens that lack the word boundary."""
        return frozenset(compress(self.texts, (~self.starts_word).tolist()))

    @cached_property
    def missing_ids(self) -> NDArray[np.int64]:
        """Ids below the highest one that have no token, in order."""
        absent = np.ones(int(self.ids[-1]) + 1 if len(self) else 0, np.bool_)
        absent[self.ids] = False
        return np.flatnonzero(absent)

    def to_table(self, positions: NDArray[np.int64] | None = None) -> Table:
        """Return all rows, or those at some positions, as a table with the columns of `Token`."""
        rows = range(len(self)) if positions is None else positions.tolist()
        tokens = [self.row(row) for row in rows]
        return Table(
            name="tokens",
            title="Tokens",
            columns={
                "id": tuple(token.id for token in tokens),
                "display": tuple(token.display for token in tokens),
                "token": tuple(token.token for token in tokens),
                "surface": tuple(token.surface.hex() for token in tokens),
                "text": tuple(token.text for token in tokens),
                "starts_word": tuple(token.starts_word for token in tokens),
                "kind": tuple(token.kind for token in tokens),
                "script": tuple(token.script for token in tokens),
                "rank": tuple(token.rank for token in tokens),
            },
        )


def _kind_codes(
    tokens: list[str],
    surfaces: Surfaces,
    special_flags: Mapping[int, bool],
) -> NDArray[np.uint8]:
    """Assign every token its kind; `Vocabulary` explains the order of precedence.

    `special_flags` holds, by row, whether an added token is special.
    """
    special, placeholder, other_added, byte, partial, text = range(len(KINDS))
    codes = np.full(len(tokens), text, np.uint8)
    for row, surface in surfaces.broken.items():
        codes[row] = byte if len(surface) == 1 else partial
    codes[surfaces.byte_tokens] = byte
    for row, is_special in special_flags.items():
        codes[row] = special if is_special else other_added
    bracketed = [row for row, each in enumerate(surfaces.texts) if each and each[0] in _BRACKETS]
    codes[[row for row in bracketed if PLACEHOLDER.fullmatch(tokens[row])]] = placeholder
    return codes
