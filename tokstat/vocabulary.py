"""The token rows of a vocabulary, as columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.results import Table
from tokstat.surface import Scheme, Surfaces, decode_tokens
from tokstat.unicode import TextProperties, text_properties, visible

KINDS = ("special", "placeholder", "added", "byte", "partial", "text")
"""Every kind of token; `Vocabulary.kind_codes` index this tuple."""

_PLACEHOLDER = re.compile(
    r"[\[<]\|?(?:unused|reserved|placeholder|extra_id)[\w\-. ]*\|?[\]>]", re.IGNORECASE
)


@dataclass(frozen=True)
class Token:
    """Describe one id of a vocabulary.

    `token` is the stored string, `surface` the bytes it stands for, `text` those bytes as text
    without the word boundary, or None where they are not valid UTF-8 alone. `rank` is the place
    among the model's own tokens in the order of ids, which training gives by falling frequency
    (WordPiece, Unigram) or by merge (BPE); None for added tokens.
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
        """The token as people read it: a dot for the boundary, bytes in hex if it is not text."""
        return display(self.text, self.surface, self.starts_word, self.kind, self.token)


def display(text: str | None, surface: bytes, starts_word: bool, kind: str, token: str) -> str:
    """Show a token without its raw markers, on one line, safe to print."""
    if kind == "byte" or text is None:
        return "<" + surface.hex(" ").upper() + ">"
    if kind in ("special", "placeholder", "added"):
        return visible(token)
    return visible(" " + text if starts_word else text)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Hold one row per id, with added tokens, as columns in the order of ids.

    Arrays have shape (n,), lists length n. `kind_codes` index `KINDS`. A token that is added and
    shaped like a placeholder is a placeholder, flagged special or not: reserved slots usually are
    flagged, and would otherwise never show as what they are. `shared_ids` are those that several
    tokens claim; only one of these has a row.
    """

    ids: NDArray[np.int32]
    tokens: list[str]
    surfaces: list[bytes]
    texts: list[str | None]
    starts_word: NDArray[np.bool_]
    kind_codes: NDArray[np.uint8]
    ranks: NDArray[np.int32]
    scheme: Scheme
    properties: TextProperties = field(repr=False)
    shared_ids: tuple[int, ...] = ()

    @classmethod
    def from_backend(cls, backend: tokenizers.Tokenizer, scheme: Scheme) -> Vocabulary:
        """Decode every token of a tokenizer once."""
        added = {
            index: (token.content, bool(token.special))
            for index, token in backend.get_added_tokens_decoder().items()
        }
        return cls.from_tokens(backend.get_vocab(with_added_tokens=True), added, scheme)

    @classmethod
    def from_tokens(
        cls, ids: Mapping[str, int], added: Mapping[int, tuple[str, bool]], scheme: Scheme
    ) -> Vocabulary:
        """Build the columns from token → id, and added id → (token, whether flagged special).

        Of several tokens with one id the added one is kept, else the last in the order of strings.
        """
        by_id = dict(sorted((index, token) for token, index in ids.items()))
        counts = Counter(ids.values()) if len(by_id) < len(ids) else Counter[int]()
        by_id.update({index: token for index, (token, _) in added.items() if index in by_id})
        tokens = list(by_id.values())
        id_column = np.fromiter(by_id, np.int32, len(by_id))
        is_added = np.fromiter((index in added for index in by_id), np.bool_, len(by_id))
        surfaces = decode_tokens(tokens, scheme)
        for row in np.flatnonzero(is_added).tolist():
            surfaces.whole[row] = surfaces.unmarked[row] = tokens[row].encode(
                "utf-8", "surrogatepass"
            )
        starts_word = surfaces.starts_word & ~is_added
        texts = [_decode_utf8(surface) for surface in surfaces.unmarked]
        return cls(
            ids=id_column,
            tokens=tokens,
            surfaces=surfaces.whole,
            texts=texts,
            starts_word=starts_word,
            kind_codes=_kind_codes(tokens, texts, surfaces, by_id, added),
            ranks=np.where(is_added, -1, np.cumsum(~is_added) - 1).astype(np.int32),
            scheme=scheme,
            properties=text_properties([text or "" for text in texts]),
            shared_ids=tuple(sorted(index for index, count in counts.items() if count > 1)),
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def row(self, position: int) -> Token:
        """Return the token in one row (rows are in the order of ids, and ids may have gaps)."""
        return Token(
            id=int(self.ids[position]),
            token=self.tokens[position],
            surface=self.surfaces[position],
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
        position = int(np.searchsorted(self.ids, token_id))
        if position == len(self) or self.ids[position] != token_id:
            raise KeyError(token_id)
        return self.row(position)

    def display(self, position: int) -> str:
        """Show the token in one row as people read it, without raw markers."""
        return self.row(position).display

    def displays(self, positions: NDArray[np.int64] | list[int]) -> list[str]:
        """Show the tokens of several rows."""
        return [self.display(int(position)) for position in positions]

    def kind(self, name: str) -> NDArray[np.bool_]:
        """Mask the rows of one kind, shape (n,)."""
        mask: NDArray[np.bool_] = self.kind_codes == KINDS.index(name)
        return mask

    @cached_property
    def content(self) -> NDArray[np.bool_]:
        """Mask of content tokens: kind `text`."""
        return self.kind("text")

    @cached_property
    def alphabetic(self) -> NDArray[np.bool_]:
        """Mask of alphabetic tokens: content tokens of letters and marks only."""
        return self.content & self.properties.alphabetic

    @cached_property
    def alphabetic_rows(self) -> NDArray[np.int64]:
        """Rows of the alphabetic tokens, in the order of ids."""
        return np.flatnonzero(self.alphabetic)

    @cached_property
    def folded(self) -> list[str]:
        """Lower-cased texts of the alphabetic tokens, in the order of `alphabetic_rows`."""
        texts = self.texts
        return [(texts[row] or "").lower() for row in self.alphabetic_rows.tolist()]

    @cached_property
    def missing_ids(self) -> NDArray[np.int64]:
        """Ids below the highest one that no token has."""
        highest = int(self.ids[-1]) if len(self) else -1
        return np.setdiff1d(np.arange(highest + 1), self.ids, assume_unique=True)

    def to_table(self, positions: NDArray[np.int64] | None = None) -> Table:
        """Return the rows, or some of them, as a table with the columns of `Token`."""
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


def _decode_utf8(surface: bytes) -> str | None:
    try:
        return surface.decode()
    except UnicodeDecodeError:
        return None


def _kind_codes(
    tokens: list[str],
    texts: list[str | None],
    surfaces: Surfaces,
    ids: Mapping[int, str],
    added: Mapping[int, tuple[str, bool]],
) -> NDArray[np.uint8]:
    """Give every token its one kind; see `Vocabulary` for the order of precedence."""
    special, placeholder, other_added, byte, partial, text = range(len(KINDS))
    codes = np.full(len(tokens), text, np.uint8)
    for row, decoded in enumerate(texts):
        if decoded is None:
            codes[row] = byte if len(surfaces.whole[row]) == 1 else partial
    codes[surfaces.byte_fallback] = byte
    for row, index in enumerate(ids):
        if index in added:
            codes[row] = special if added[index][1] else other_added
        if tokens[row][:1] in "[<" and _PLACEHOLDER.fullmatch(tokens[row]):
            codes[row] = placeholder
    return codes
