"""Read a tokenizer.json as the tokenizers library does, after checks that keep it from aborting."""

from __future__ import annotations

import base64
import json
import re
from itertools import product
from typing import Any

import tokenizers

from tokstat.errors import InvalidTokenizerError
from tokstat.io.limits import require_few_tokens, require_shallow
from tokstat.loading.diagnosis import diagnose
from tokstat.text.wording import counted
from tokstat.tokenizer.growth import require_bounded_growth
from tokstat.tokenizer.token_text import count_stored
from tokstat.tokenizer.written_json import split_merge

_MOST_MODELS = 64
"""Pairs of repeated keys that one object may have."""

_STRING = re.compile(rb'"\s*:\s*"[^"]')
_LIST = re.compile(rb'"\s*:\s*\[')
_CHARSMAP = re.compile(rb'precompiled_charsmap"\s*:\s*(?:null|"([A-Za-z\d+/=]*)")')
_ESCAPED_LETTER = re.compile(rb"\\u00(?:5[fF]|6|7[Aa\d])")
"""A letter or underscore written as an escape, which could hide a key from a byte search."""


def parse_tokenizer_json(data: bytes, source: str) -> tokenizers.Tokenizer:
    """Build the tokenizer that the bytes of a tokenizer.json describe.

    Raises:
        InvalidTokenizerError: the bytes are not JSON or not a tokenizer, have an unknown model
            type, or describe a vocabulary without tokens or steps that make much text of little.
        LimitError: the JSON is nested too deeply, or lists too many tokens.
    """
    require_shallow(data, source)
    has_escapes = b"\\u00" in data and _ESCAPED_LETTER.search(data) is not None
    _require_whole_characters(data, source, has_escapes)
    _require_sound_charsmaps(data, source, has_escapes)
    try:
        backend = tokenizers.Tokenizer.from_buffer(data)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a PanicException is no Exception
        raise InvalidTokenizerError(*diagnose(data, source, error)) from error
    require_tokens(backend, source)
    require_bounded_growth(backend, source)
    return backend


def _require_whole_characters(data: bytes, source: str, has_escapes: bool) -> None:
    """Raise InvalidTokenizerError for a merge that would make the library abort the process.

    The library drops as many bytes from a merge's right part as `continuing_subword_prefix` has.
    If that divides a character, its error message is invalid UTF-8, and building it panics
    (tokenizers 0.23.3). Only files with both merges and a prefix are parsed here, and few have
    both.
    """
    if not has_escapes and not _may_drop_prefixes(data):
        return
    found: list[list[str]] = []

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # A key may occur twice, and the library builds a model from each value.
        prefixes = [value for key, value in pairs if key == "continuing_subword_prefix"]
        lists = [value for key, value in pairs if key == "merges"]
        if len(prefixes) * len(lists) > _MOST_MODELS:
            raise ValueError("an object repeats the keys of a model many times")
        for prefix, merges in product(prefixes, lists):
            found.extend(_dividing_merges(prefix, merges))
        return dict(pairs)

    try:
        json.loads(data, object_pairs_hook=look)
    except ValueError as error:  # the library might abort before it finds this error
        raise InvalidTokenizerError(*diagnose(data, source, error)) from error
    if found:
        raise InvalidTokenizerError(
            f"{source} cannot be read as a tokenizer: after the continuing_subword_prefix, the"
            f" right part of {counted(len(found), 'merge')} begins inside a character, first"
            f" {found[0]!r}",
            "Train it again without continuing_subword_prefix, or remove these merges.",
        )


def _require_sound_charsmaps(data: bytes, source: str, has_escapes: bool) -> None:
    """Raise InvalidTokenizerError for damaged normalization rules.

    The library allocates as much memory as the rules declare, and aborts if it gets too little.
    Rules that point outside themselves make it panic on a text (tokenizers 0.23.3).
    """
    if not has_escapes and b"precompiled_charsmap" not in data:
        return
    from tokstat.loading.charsmap import Charsmap

    try:
        for written in filter(None, _charsmaps(data, has_escapes)):
            Charsmap.parse(base64.b64decode(written, validate=True))
    except ValueError as error:  # JSON, base64 or the rules are damaged
        raise InvalidTokenizerError(*diagnose(data, source, error)) from error


def _charsmaps(data: bytes, has_escapes: bool) -> list[bytes]:
    """Return the base64 of all normalization rules. Escapes in the text require parsing it."""
    found = _CHARSMAP.findall(data)
    if len(found) == data.count(b"precompiled_charsmap") and not has_escapes:
        return found
    found = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        values = (value for key, value in pairs if key == "precompiled_charsmap")
        found.extend(value.encode() for value in values if isinstance(value, str))

    json.loads(data, object_pairs_hook=look)
    return found


def _may_drop_prefixes(data: bytes) -> bool:
    """Whether a JSON text may contain both merges and a continuing_subword_prefix."""
    return _has_value(data, b"continuing_subword_prefix", _STRING) and _has_value(
        data, b"merges", _LIST
    )


def _has_value(data: bytes, key: bytes, value: re.Pattern[bytes]) -> bool:
    """Whether `value` matches after a key. `find` is ten times as fast as one search."""
    at = data.find(key)
    while at >= 0:
        if value.match(data, at + len(key)):
            return True
        at = data.find(key, at + 1)
    return False


def _dividing_merges(prefix: Any, merges: Any) -> list[Any]:
    """Return the merges whose right part, after the prefix, begins inside a character."""
    if not (isinstance(prefix, str) and isinstance(merges, list)):
        return []
    dropped = len(prefix.encode("utf-8", "surrogatepass"))
    dividing = []
    for merge in merges:
        try:
            _, right = split_merge(merge)
            rest = right.encode("utf-8", "surrogatepass")[dropped:]
        except (TypeError, ValueError, AttributeError):  # the library reports an invalid merge
            continue
        if rest and rest[0] & 0xC0 == 0x80:
            dividing.append(merge)
    return dividing


def require_tokens(backend: tokenizers.Tokenizer, source: str) -> None:
    """Raise InvalidTokenizerError without tokens, LimitError with more than the limit."""
    count = count_stored(backend)
    if not count:
        raise InvalidTokenizerError(
            f"The tokenizer in {source} has no tokens",
            "Train it first, or download the file again.",
        )
    require_few_tokens(count, source)
