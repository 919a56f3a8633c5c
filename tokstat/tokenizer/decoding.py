"""Decode stored tokens: their bytes, their text, and whether they carry the word boundary.

Tokenizers write the space before a word in different ways: byte-level BPE as a character of its
byte alphabet (`Ġ`), SentencePiece as `▁`, WordPiece by leaving out the `##` of a continuation,
CLIP as `</w>` on a word's last piece. Only this module knows these marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.text.unicode import Characters
from tokstat.text.utf8 import text_of_bytes

_SPACE = 0x20
_WHITE_SPACE = tuple(b" \t\n\r\v\f\x1c\x1d\x1e\x1f")

_TABLE_SIZE = 0x100 + 256 + 1
"""One more than the byte alphabet needs: all code points beyond it share the last entry, -1."""

_BLOCK = 1 << 14

_LEAST_BYTES = 250
"""Fewest byte tokens of a vocabulary that has them. Gemma has 255, and a plain tab instead."""

_BYTE_TOKEN = re.compile(r"<0x([0-9A-Fa-f]{2})>")


@dataclass(frozen=True)
class Scheme:
    """Describe how a tokenizer writes bytes and word boundaries into its stored tokens.

    `space` is the character that stores a space ("" where spaces are never part of a token).
    `continuation` is the prefix of a piece inside a word, `end` the suffix of a word's last piece.
    """

    name: str
    byte_level: bool = False
    space: str = ""
    continuation: str = ""
    end: str = ""

    @property
    def blank(self) -> str:
        """The character that stores a space; "" where spaces are never part of a token."""
        return "Ġ" if self.byte_level and not self.end else self.space

    @property
    def keeps_spaces(self) -> bool:
        """Whether a space of the text can be part of a token."""
        return bool(self.blank)

    def core(self, token: str, starts_word: bool) -> str:
        """Return a stored token without its marks, still in the model's own alphabet."""
        if self.continuation and not starts_word:
            return token.removeprefix(self.continuation)
        return token.removesuffix(self.end) if self.end and starts_word else token

    def text_of_added(self, token: str) -> str:
        """Return the text of an added token: the token itself, with spaces for its space marks.

        Gemma's runs of spaces are added tokens, and tokens of the model as well.
        """
        return token.replace(self.space, " ") if self.space else token


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


def components(backend: tokenizers.Tokenizer, name: str) -> list[dict[str, Any]]:
    """List the parts of a pipeline component as written in tokenizer.json, sequences flattened.

    `name` is normalizer, pre_tokenizer, decoder or post_processor. The list is empty for a
    component implemented in Python, which has no written form.
    """
    component = getattr(backend, name)
    if component is None:
        return []
    try:
        return list(_flatten(json.loads(component.__getstate__())))
    except Exception:  # tokenizers raises a bare Exception for components written in Python
        return []


def _flatten(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("type") == "Sequence":
        for key in ("normalizers", "pretokenizers", "decoders", "processors"):
            for child in node.get(key, ()):
                yield from _flatten(child)
    else:
        yield node


def detect_scheme(backend: tokenizers.Tokenizer) -> Scheme:
    """Derive the scheme from the tokenizer's model and pipeline, never from its name."""
    model = backend.model
    pipeline = [
        part
        for name in ("normalizer", "pre_tokenizer", "decoder")
        for part in components(backend, name)
    ]
    continuation = getattr(model, "continuing_subword_prefix", None) or ""
    end = getattr(model, "end_of_word_suffix", None) or ""
    if isinstance(model, tokenizers.models.WordPiece):
        return Scheme("WordPiece", continuation=continuation)
    if any(part["type"] == "ByteLevel" for part in pipeline):
        name = "byte-level, end-of-word" if end else "byte-level"
        return Scheme(name, byte_level=True, continuation=continuation, end=end)
    space = _space_marker(backend)
    if space:
        return Scheme("metaspace", space=space, continuation=continuation)
    if continuation:
        return Scheme("continuation prefix", continuation=continuation)
    if end:
        return Scheme("end-of-word", end=end)
    return Scheme("word-level" if isinstance(model, tokenizers.models.WordLevel) else "unmarked")


def _space_marker(backend: tokenizers.Tokenizer) -> str:
    """Return the character that the pipeline writes in place of a space, or ""."""
    before = components(backend, "normalizer") + components(backend, "pre_tokenizer")
    after = components(backend, "decoder")
    for part in before + after:
        if part["type"] == "Metaspace":
            return str(part.get("replacement", "▁"))
    for part in before:
        if part["type"] == "Replace" and _replaced(part) == " " and part["content"].strip():
            return str(part["content"])
    for part in after:
        if part["type"] == "Replace" and part["content"] == " ":
            return _replaced(part)
    return ""


def _replaced(part: dict[str, Any]) -> str:
    return str((part.get("pattern") or {}).get("String") or "")


@cache
def byte_alphabet() -> dict[str, int]:
    """Map each character of the byte-level alphabet to its byte (Radford et al. 2019, GPT-2).

    Printable Latin-1 characters stand for their own byte. The characters from U+0100 on stand for
    the other bytes, in order.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {
        chr(0x100 + offset): byte for offset, byte in enumerate(others)
    }


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
        has_space = (characters.lengths > 1) & (padded[starts] == _SPACE)
        has_space &= ~np.isin(padded[starts + 1], _WHITE_SPACE)
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
        if token.startswith("<0x") and (match := _BYTE_TOKEN.fullmatch(token))
    }
    if len(set(named.values())) < _LEAST_BYTES:
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
