"""What a stored token stands for: its bytes, and whether it carries the word boundary.

Tokenizers write the blank before a word in different ways: byte-level BPE as a character of its
byte alphabet (`Ġ`), SentencePiece as `▁`, WordPiece by leaving out the `##` of a continuation,
CLIP as `</w>` on a word's last piece. Nothing outside this module knows any of these.
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

_BYTE_TOKEN = re.compile(r"<0x([0-9A-Fa-f]{2})>")


@dataclass(frozen=True)
class Scheme:
    """Describe how a tokenizer writes bytes and word boundaries into its stored tokens.

    `space` is the character that stores a blank ("" where blanks are never part of a token),
    `continuation` the prefix of a piece inside a word, `end` the suffix of a word's last piece.
    """

    name: str
    byte_level: bool = False
    space: str = ""
    continuation: str = ""
    end: str = ""

    @property
    def keeps_spaces(self) -> bool:
        """Tell whether a blank of the text is part of some token."""
        return bool(self.space) or (self.byte_level and not self.end)


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Hold what n tokens stand for: all bytes, and those without the boundary; and flags."""

    whole: list[bytes]
    unmarked: list[bytes]
    starts_word: NDArray[np.bool_]
    byte_fallback: NDArray[np.bool_]


def components(backend: tokenizers.Tokenizer, name: str) -> list[dict[str, Any]]:
    """List the parts of a pipeline component, sequences flattened, as written in tokenizer.json.

    `name` is normalizer, pre_tokenizer, decoder or post_processor. A component implemented in
    Python has no written form and gives an empty list.
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
    if isinstance(model, tokenizers.models.WordLevel):
        return Scheme("word-level")
    if any(part["type"] == "ByteLevel" for part in pipeline):
        name = "byte-level, end-of-word" if end else "byte-level"
        return Scheme(name, byte_level=True, continuation=continuation, end=end)
    space = _space_marker(pipeline)
    if space:
        return Scheme("metaspace", space=space, continuation=continuation)
    if continuation:
        return Scheme("continuation prefix", continuation=continuation)
    if end:
        return Scheme("end-of-word", end=end)
    return Scheme("unmarked")


def _space_marker(pipeline: list[dict[str, Any]]) -> str:
    """Find the character that the pipeline writes in place of a blank, or ""."""
    for part in pipeline:
        if part["type"] == "Metaspace":
            return str(part.get("replacement", "▁"))
        pattern = (part.get("pattern") or {}).get("String") if part["type"] == "Replace" else None
        if pattern == " " and part.get("content", "").strip():
            return str(part["content"])
        if part["type"] == "Replace" and part.get("content") == " " and pattern:
            return str(pattern)
    return ""


@cache
def byte_alphabet() -> dict[str, int]:
    """Map each character of the byte-level alphabet to its byte (Radford et al. 2019, GPT-2).

    Printable Latin-1 characters stand for themselves, the other bytes for the characters from
    U+0100 on, in order.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {
        chr(0x100 + offset): byte for offset, byte in enumerate(others)
    }


def decode_tokens(tokens: Sequence[str], scheme: Scheme) -> Surfaces:
    """Decode the stored tokens of a model's vocabulary; added tokens are literal text instead.

    A blank counts as a boundary only where something other than a blank follows it: tokens of
    white space start no word and keep all of it.
    """
    cores, flags = _strip_marks(tokens, scheme)
    surfaces = _from_byte_alphabet(cores) if scheme.byte_level else _from_text(cores, scheme.space)
    byte_fallback = np.zeros(len(tokens), np.bool_)
    if scheme.space:
        byte_fallback = _decode_byte_tokens(tokens, surfaces)
    unmarked = surfaces
    if scheme.keeps_spaces:
        flags = np.fromiter(map(_is_word_start, surfaces), np.bool_, len(surfaces))
        flags &= ~byte_fallback
        unmarked = [
            surface[1:] if start else surface
            for surface, start in zip(surfaces, flags.tolist(), strict=True)
        ]
    return Surfaces(surfaces, unmarked, flags, byte_fallback)


def _strip_marks(tokens: Sequence[str], scheme: Scheme) -> tuple[list[str], NDArray[np.bool_]]:
    """Take off affixed marks (`##`, `</w>`) and tell which tokens carry the word boundary."""
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


def _from_byte_alphabet(tokens: list[str]) -> list[bytes]:
    """Decode all tokens in one pass over their joined characters."""
    alphabet = byte_alphabet()
    codes = np.frombuffer("".join(tokens).encode("utf-32-le", "surrogatepass"), np.uint32)
    table = np.full(0x100 + 256, -1, np.int16)
    table[[ord(character) for character in alphabet]] = list(alphabet.values())
    decoded = table[np.minimum(codes, len(table) - 1)]
    blob = decoded.astype(np.uint8).tobytes()
    ends = np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)))
    starts = [0, *ends[:-1].tolist()]
    surfaces = [blob[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]
    # As the library's own decoder: a token with a foreign character stands for its text.
    for index in np.unique(np.searchsorted(ends, np.flatnonzero(decoded < 0), side="right")):
        surfaces[index] = tokens[index].encode("utf-8", "surrogatepass")
    return surfaces


def _from_text(tokens: list[str], space: str) -> list[bytes]:
    if space:
        tokens = [token.replace(space, " ") for token in tokens]
    return [token.encode("utf-8", "surrogatepass") for token in tokens]


def _decode_byte_tokens(tokens: Sequence[str], surfaces: list[bytes]) -> NDArray[np.bool_]:
    """Decode `<0xNN>` tokens in place, if the vocabulary holds the whole alphabet of 256."""
    matches = {
        index: match
        for index, token in enumerate(tokens)
        if token.startswith("<0x") and (match := _BYTE_TOKEN.fullmatch(token))
    }
    flags = np.zeros(len(tokens), np.bool_)
    if len({match[1].upper() for match in matches.values()}) == 256:
        for index, match in matches.items():
            surfaces[index] = bytes.fromhex(match[1])
            flags[index] = True
    return flags


def _is_word_start(surface: bytes) -> bool:
    return len(surface) > 1 and surface[0] == 0x20 and not surface[1:2].isspace()
