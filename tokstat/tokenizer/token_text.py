"""What single tokens stand for, without decoding a whole vocabulary.

`Vocabulary` decodes all tokens at once, in columns. For the few tokens of one text that is too
slow: this module decodes one token at a time, to the same result.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from string import hexdigits

import tokenizers

from tokstat.text.utf8 import text_of_bytes
from tokstat.text.visible import visible
from tokstat.tokenizer.scheme import (
    BYTE_TOKEN,
    LEAST_BYTES,
    SPACE,
    WHITE_SPACE,
    Scheme,
    byte_alphabet,
)

KINDS = ("special", "placeholder", "added", "byte", "partial", "text")
"""Every kind of token; `Vocabulary.kind_codes` index this tuple."""

# DeepSeek writes placeholders with a wide bar: <｜place▁holder▁no▁0｜>. Llama 4 puts their purpose
# first: <|vision_reserved_special_token_0|>. Qwen has <|extra_0|>, Mistral <SPECIAL_20>.
PLACEHOLDER = re.compile(
    r"[\[<][|｜]?(?:unused|(?:\w+_)?reserved|place▁?holder|extra_(?:id|\d)|special_\d)"
    r"[\w\-. ▁]*[|｜]?[\]>]",
    re.IGNORECASE,
)


def count_stored(backend: tokenizers.Tokenizer) -> int:
    """Return the number of tokens, added ones included.

    For this number the library makes a dictionary of all tokens, which takes 0.1 s for large
    vocabularies. Asked for the model's own it does not.
    """
    model = backend.model
    added = backend.get_added_tokens_decoder().values()
    beside = sum(model.token_to_id(token.content) is None for token in added)
    return int(backend.get_vocab_size(with_added_tokens=False)) + beside


@dataclass(frozen=True)
class TokenText:
    """Hold one token: as stored, in readable form, and its kind (one of `KINDS`).

    `display` has a dot for the word boundary; `in_text` has it only where that is a space.
    """

    id: int
    token: str
    display: str
    in_text: str
    kind: str
    is_added: bool = False
    is_special: bool = False


class TokenTexts:
    """Decode single tokens of one tokenizer."""

    def __init__(self, backend: tokenizers.Tokenizer, scheme: Scheme) -> None:
        self._backend = backend
        self._scheme = scheme
        self._added = backend.get_added_tokens_decoder()
        self._known: dict[int, TokenText] = {}

    def __getitem__(self, token_id: int) -> TokenText:
        """Return the token with an id. Raises KeyError for an id that the vocabulary lacks."""
        if token_id not in self._known:
            self._known[token_id] = self._decoded(token_id)
        return self._known[token_id]

    def __contains__(self, token_id: int) -> bool:
        return token_id in self._added or self._backend.id_to_token(token_id) is not None

    def _decoded(self, token_id: int) -> TokenText:
        added = self._added.get(token_id)
        if added is not None:
            token = added.content
            text = self._scheme.text_of_added(token)
            kind = "special" if added.special else "added"
            if PLACEHOLDER.fullmatch(token):
                kind = "placeholder"
            shown = display(kind, token, text, False, token.encode)
            return TokenText(token_id, token, shown, shown, kind, True, bool(added.special))
        stored = self._backend.id_to_token(token_id)
        if stored is None:
            raise KeyError(token_id)
        byte = self._named_byte(stored)
        if byte is not None:
            shown = display("byte", stored, None, False, byte)
            return TokenText(token_id, stored, shown, shown, "byte")
        decoded, starts_word, surface = decode_token(stored, self._scheme)
        if decoded is None:
            kind = "byte" if len(surface) == 1 else "partial"
        else:
            is_placeholder = decoded[:1] in ("[", "<") and PLACEHOLDER.fullmatch(stored)
            kind = "placeholder" if is_placeholder else "text"
        begins = starts_word and self._scheme.keeps_spaces
        shown, in_text = (
            display(kind, stored, decoded, dotted, lambda: surface)
            for dotted in (starts_word, begins)
        )
        return TokenText(token_id, stored, shown, in_text, kind)

    @property
    def byte_ids(self) -> list[int]:
        """The ids of the tokens of one byte that is not a character, of the kind `byte`."""
        if self._scheme.byte_level:
            marks = (("", ""), (self._scheme.continuation, ""), ("", self._scheme.end))
            names = {one + byte + two for one, two in marks for byte in byte_alphabet()}
        else:
            names = {f"<0x{one}{two}>" for one, two in product(hexdigits, repeat=2)}
        found = {self._backend.model.token_to_id(name) for name in names} - {None}
        return sorted(number for number in found if self[number].kind == "byte")

    def _named_byte(self, token: str) -> Callable[[], bytes] | None:
        """Return the byte that a token such as `<0x0A>` names, where such tokens name bytes."""
        match = BYTE_TOKEN.fullmatch(token) if self._scheme.space else None
        if match is None or not self._names_bytes:
            return None
        surface = bytes([int(match[1], 16)])
        return lambda: surface

    @cached_property
    def _names_bytes(self) -> bool:
        names = (f"<0x{byte:02X}>" for byte in range(256))
        found = sum(
            self._backend.token_to_id(name) is not None
            or self._backend.token_to_id(name.lower()) is not None
            for name in names
        )
        return found >= LEAST_BYTES


def decode_token(token: str, scheme: Scheme) -> tuple[str | None, bool, bytes]:
    """Return a stored token's text, whether it carries the word boundary, and its bytes.

    The text is None where the bytes alone are not valid UTF-8; only then are the bytes needed.
    """
    core, starts_word = _without_marks(token, scheme)
    if scheme.byte_level:
        return _decode_byte_level(core, None if scheme.keeps_spaces else starts_word)
    if not scheme.space:
        return core, starts_word, b""
    text = core.replace(scheme.space, " ")
    starts_word = text[:1] == " " and len(text) > 1 and not text[1].isspace()
    return text[1:] if starts_word else text, starts_word, b""


def _without_marks(token: str, scheme: Scheme) -> tuple[str, bool]:
    if scheme.continuation:
        prefix = scheme.continuation
        is_inside = len(token) > len(prefix) and token.startswith(prefix)
        return (token[len(prefix) :] if is_inside else token), not is_inside
    if scheme.end:
        return token.removesuffix(scheme.end), token.endswith(scheme.end)
    return token, True


def _decode_byte_level(token: str, carries_boundary: bool | None) -> tuple[str | None, bool, bytes]:
    alphabet = byte_alphabet()
    if not all(character in alphabet for character in token):
        return (
            token,
            False,
            b"",
        )  # as the library's decoder: what is outside the alphabet is literal
    surface = bytes(alphabet[character] for character in token)
    skips = False
    if carries_boundary is None:
        skips = len(surface) > 1 and surface[0] == SPACE and surface[1] not in WHITE_SPACE
        carries_boundary = skips
    text = text_of_bytes(surface[1:] if skips else surface)
    if text is not None and skips and text[0].isspace():
        return " " + text, False, surface
    return text, carries_boundary, surface


def display(
    kind: str, token: str, text: str | None, starts_word: bool, surface: Callable[[], bytes]
) -> str:
    """Return a token in readable form: a dot for a space, hex where it is not text."""
    if kind == "byte" or text is None:
        return "<" + surface().hex(" ").upper() + ">"
    if kind in ("special", "placeholder"):
        return visible(token)
    return visible(" " + text if starts_word else text)
