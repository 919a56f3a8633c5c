"""Decode the stored tokens of a vocabulary: bytes, text, and whether a token begins a word.

`token_text` decodes one token at a time, to the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokstat.text.unicode import Characters
from tokstat.text.utf8 import text_of_bytes
from tokstat.tokenizer.scheme import BYTE_TOKEN, LEAST_BYTES, SPACE, WHITE_SPACE
from tokstat.tokenizer.scheme import Scheme as Scheme
from tokstat.tokenizer.scheme import byte_alphabet as byte_alphabet
from tokstat.tokenizer.scheme import components as components
from tokstat.tokenizer.scheme import detect_scheme as detect_scheme

_TABLE_SIZE = 0x100 + 256 + 1
"""One more than the byte alphabet needs: all code points beyond it share the last entry, -1."""

_BLOCK = 1 << 14


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Hold what n stored tokens stand for.

    - `texts`: the text without the word boundary; None where the bytes alone are not valid UTF-8.
    - `starts_word`: whether a token carries the word boundary, shape (n,).
    - `broken`: the bytes of each token without a text, by position.
    - `byte_tokens`: the positions of tokens that name one byte (`<0x0A>`).
    """

    texts: list[str | None]
    starts_word: NDArray[np.bool_]
    broken: dict[int, bytes]
    byte_tokens: list[int]


def decode_tokens(tokens: Sequence[str], scheme: Scheme) -> Surfaces:
    """Decode the stored tokens of a model's vocabulary, but not added tokens, which are literal.

    A leading space is a word boundary only if something other than white space follows it. Tokens
    of white space start no word, and keep all their spaces.
    """
    cores, carries_boundary = _strip_marks(tokens, scheme)
    if scheme.byte_level:
        return _decode_in_blocks(cores, None if scheme.keeps_spaces else carries_boundary)
    if not scheme.space:
        return Surfaces(list(cores), carries_boundary, {}, [])
    surfaces = _strip_spaces([core.replace(scheme.space, " ") for core in cores])
    _decode_byte_tokens(tokens, surfaces)
    return surfaces


def _strip_marks(tokens: Sequence[str], scheme: Scheme) -> tuple[list[str], NDArray[np.bool_]]:
    """Remove affixed marks (`##`, `</w>`), and mask the tokens that carry the word boundary."""
    if scheme.continuation:
        prefix = scheme.continuation
        inside = [len(token) > len(prefix) and token.startswith(prefix) for token in tokens]
        cores = [
            token[len(prefix) :] if is_inside else token
            for token, is_inside in zip(tokens, inside, strict=True)
        ]
        return cores, ~np.array(inside, np.bool_)
    if scheme.end:
        suffix = scheme.end
        last = np.fromiter((token.endswith(suffix) for token in tokens), np.bool_, len(tokens))
        return [token.removesuffix(suffix) for token in tokens], last
    return list(tokens), np.ones(len(tokens), np.bool_)


def _decode_in_blocks(
    tokens: Sequence[str], carries_boundary: NDArray[np.bool_] | None
) -> Surfaces:
    """Decode tokens of the byte alphabet in blocks, which bounds the memory."""
    texts: list[str | None] = []
    flags = []
    broken = {}
    for start in range(0, len(tokens), _BLOCK):
        block = slice(start, start + _BLOCK)
        given = None if carries_boundary is None else carries_boundary[block]
        part = _decode_byte_level(tokens[block], given)
        texts += part.texts
        flags.append(part.starts_word)
        broken.update({start + row: surface for row, surface in part.broken.items()})
    return Surfaces(texts, np.concatenate([np.zeros(0, np.bool_), *flags]), broken, [])


def _decode_byte_level(
    tokens: Sequence[str], carries_boundary: NDArray[np.bool_] | None
) -> Surfaces:
    """Decode tokens of the byte alphabet.

    Without `carries_boundary`, a leading space is the boundary, and is removed. Most tokens are
    ASCII apart from it. ASCII stands for itself, so these tokens need no decoding.
    """
    characters = Characters.of(tokens)
    decoded = _byte_table()[np.minimum(characters.codes, _TABLE_SIZE - 1)]
    starts, ends = characters.starts, characters.ends
    has_space = np.zeros(len(tokens), np.bool_)
    if carries_boundary is None:
        padded = np.append(decoded, [0, 0])
        has_space = (characters.lengths > 1) & (padded[starts] == SPACE)
        has_space &= ~np.isin(padded[starts + 1], WHITE_SPACE)
        carries_boundary = has_space.copy()

    texts: list[str | None] = list(tokens)
    for row in np.flatnonzero(has_space).tolist():
        texts[row] = tokens[row][1:]
    is_plain = characters.codes < 0x80
    is_plain[starts[has_space]] = True
    rows = characters.owners(~is_plain)
    blob = decoded.astype(np.uint8).tobytes()
    broken = {}
    bounds = (column[rows].tolist() for column in (starts, has_space, ends))
    for row, start, skip, end in zip(rows.tolist(), *bounds, strict=True):
        surface = blob[start:end]
        text = text_of_bytes(surface[1:] if skip else surface)
        if text is None:
            broken[row] = surface
        elif skip and text[0].isspace():
            carries_boundary[row] = False
            text = " " + text
        texts[row] = text
    # Like the library's own decoder: a token with a character outside the alphabet is literal.
    for row in characters.owners(decoded < 0).tolist():
        texts[row] = tokens[row]
        carries_boundary[row] = False
        broken.pop(row, None)
    return Surfaces(texts, carries_boundary, broken, [])


@cache
def _byte_table() -> NDArray[np.int16]:
    """Return the byte of each code point, -1 outside the byte alphabet; shape (`_TABLE_SIZE`,)."""
    table = np.full(_TABLE_SIZE, -1, np.int16)
    for character, byte in byte_alphabet().items():
        table[ord(character)] = byte
    return table


def _decode_byte_tokens(tokens: Sequence[str], surfaces: Surfaces) -> None:
    """Decode `<0xNN>` tokens in place, if the vocabulary has nearly all of the 256."""
    named = {
        index: int(match[1], 16)
        for index, token in enumerate(tokens)
        if token.startswith("<0x") and (match := BYTE_TOKEN.fullmatch(token))
    }
    if len(set(named.values())) < LEAST_BYTES:
        return
    surfaces.byte_tokens.extend(named)
    for index, byte in named.items():
        surfaces.texts[index] = chr(byte) if byte < 0x80 else None
        if byte >= 0x80:
            surfaces.broken[index] = bytes([byte])


def _strip_spaces(decoded: list[str]) -> Surfaces:
    """Remove the leading space that is a word boundary, and mask the tokens that had one."""
    flags = np.array(
        [text[:1] == " " and len(text) > 1 and not text[1].isspace() for text in decoded], np.bool_
    )
    texts: list[str | None] = [
        text[1:] if starts else text for text, starts in zip(decoded, flags.tolist(), strict=True)
    ]
    return Surfaces(texts, flags, {}, [])
