"""How a tokenizer writes bytes and word boundaries into its stored tokens.

Tokenizers write the space before a word in different ways: byte-level BPE as a character of its
byte alphabet (`Ġ`), SentencePiece as `▁`, WordPiece by leaving out the `##` of a continuation,
CLIP as `</w>` on a word's last piece. Only the modules that decode tokens know these marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import tokenizers

SPACE = 0x20
WHITE_SPACE = tuple(b" \t\n\r\v\f\x1c\x1d\x1e\x1f")

LEAST_BYTES = 250
"""Fewest byte tokens of a vocabulary that has them. Gemma has 255, and a plain tab instead."""

BYTE_TOKEN = re.compile(r"<0x([0-9A-Fa-f]{2})>")


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
    is_wordpiece = isinstance(model, tokenizers.models.WordPiece)
    byte_level = any(part["type"] == "ByteLevel" for part in pipeline)
    if is_wordpiece and continuation and not byte_level:
        return Scheme("WordPiece", continuation=continuation)
    if byte_level:
        name = "byte-level, end-of-word" if end else "byte-level"
        return Scheme(name, byte_level=True, continuation=continuation, end=end)
    space = _space_marker(backend)
    if space:
        return Scheme("metaspace", space=space, continuation=continuation)
    if continuation:
        return Scheme("continuation prefix", continuation=continuation)
    if end:
        return Scheme("end-of-word", end=end)
    if is_wordpiece:
        return Scheme("WordPiece")
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
