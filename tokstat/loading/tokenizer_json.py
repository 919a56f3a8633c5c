"""Read a tokenizer.json exactly as written."""

from __future__ import annotations

import base64
import json
import re
from itertools import product
from typing import Any

import tokenizers

from tokstat.errors import InvalidTokenizerError
from tokstat.io.limits import require_few_tokens, require_shallow
from tokstat.tokenizer.written_json import split_merge

_MODELS = ("BPE", "WordPiece", "Unigram", "WordLevel")

_STRING = re.compile(rb'"\s*:\s*"[^"]')
_LIST = re.compile(rb'"\s*:\s*\[')
_CHARSMAP = re.compile(rb'precompiled_charsmap"\s*:\s*(?:null|"([A-Za-z\d+/=]*)")')
_ESCAPED_LETTER = re.compile(rb"\\u00(?:5[fF]|6|7[Aa\d])")
"""A letter of a key, or _, written as an escape; nobody does, but the library would read it."""


def parse_tokenizer_json(data: bytes, source: str) -> tokenizers.Tokenizer:
    """Build the tokenizer that the bytes of a tokenizer.json describe.

    Raises:
        InvalidTokenizerError: the bytes are no JSON, no tokenizer, of an unknown model type, or
            describe a vocabulary of zero tokens.
    """
    require_shallow(data, source)
    has_escapes = b"\\u00" in data and _ESCAPED_LETTER.search(data) is not None
    _require_whole_characters(data, source, has_escapes)
    _require_sound_charsmaps(data, source, has_escapes)
    try:
        backend = tokenizers.Tokenizer.from_buffer(data)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # ValueError, or a PanicException, which is no Exception
        raise InvalidTokenizerError(*_diagnose(data, source, error)) from error
    require_tokens(backend, source)
    return backend


def _require_whole_characters(data: bytes, source: str, has_escapes: bool) -> None:
    """Raise InvalidTokenizerError for a merge at which the library would abort the process.

    It drops as many bytes of a merge's right part as `continuing_subword_prefix` has, without a
    look at what they are. Where that cuts a character in two, no token can be the result, and the
    library's error quotes bytes that are no UTF-8, at which Python's exception cannot be built: a
    panic where none is caught (tokenizers 0.23.3). Few files have both merges and a prefix, and
    only these are parsed.
    """
    if not has_escapes and not _may_drop_prefixes(data):
        return
    found: list[list[str]] = []

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # A key may be there twice, and the library builds a model from each.
        prefixes = [value for key, value in pairs if key == "continuing_subword_prefix"]
        lists = [value for key, value in pairs if key == "merges"]
        for prefix, merges in product(prefixes, lists):
            found.extend(_cut_characters(prefix, merges))
        return dict(pairs)

    try:
        json.loads(data, object_pairs_hook=look)
    except ValueError as error:  # the library would abort before it came to the end
        raise InvalidTokenizerError(*_diagnose(data, source, error)) from error
    if found:
        raise InvalidTokenizerError(
            f"{source} cannot be read as a tokenizer: {len(found):,} merges cut a character in two"
            f" where the continuing_subword_prefix is dropped, the first is {found[0]!r}",
            "Train it again without the prefix, or remove these merges.",
        )


def _require_sound_charsmaps(data: bytes, source: str, has_escapes: bool) -> None:
    """Raise InvalidTokenizerError for normalization rules that lead out of themselves.

    The library takes as much memory as they claim, and aborts the process where there is not so
    much; of others, texts make it panic (tokenizers 0.23.3). Few files have any.
    """
    if not has_escapes and b"precompiled_charsmap" not in data:
        return
    from tokstat.loading.charsmap import Charsmap

    try:
        for written in filter(None, _charsmaps(data, has_escapes)):
            Charsmap.parse(base64.b64decode(written, validate=True))
    except ValueError as error:  # of JSON, of base64, or of the rules
        raise InvalidTokenizerError(*_diagnose(data, source, error)) from error


def _charsmaps(data: bytes, has_escapes: bool) -> list[bytes]:
    """Return the normalization rules of a JSON text, which is parsed only if they are escaped."""
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
    """Tell whether a JSON text may hold merges and a prefix to drop from them."""
    return _has_value(data, b"continuing_subword_prefix", _STRING) and _has_value(
        data, b"merges", _LIST
    )


def _has_value(data: bytes, key: bytes, value: re.Pattern[bytes]) -> bool:
    """Tell whether a key is followed by such a value; as fast as `find`, ten times a search."""
    at = data.find(key)
    while at >= 0:
        if value.match(data, at + len(key)):
            return True
        at = data.find(key, at + 1)
    return False


def _cut_characters(prefix: Any, merges: Any) -> list[Any]:
    """Return the merges whose right part has a byte of a character's middle behind the prefix."""
    if not (isinstance(prefix, str) and isinstance(merges, list)):
        return []
    dropped = len(prefix.encode("utf-8", "surrogatepass"))
    cut = []
    for merge in merges:
        try:
            _, right = split_merge(merge)
            rest = right.encode("utf-8", "surrogatepass")[dropped:]
        except (TypeError, ValueError, AttributeError):  # no merge, which the library says
            continue
        if rest and rest[0] & 0xC0 == 0x80:
            cut.append(merge)
    return cut


def require_tokens(backend: tokenizers.Tokenizer, source: str) -> None:
    """Raise InvalidTokenizerError for no tokens, LimitError for more than the limit."""
    count = backend.get_vocab_size(with_added_tokens=True)
    if not count:
        raise InvalidTokenizerError(
            f"The tokenizer in {source} has a vocabulary of zero tokens",
            "Nothing can be measured of it; train it first, or fetch the file again.",
        )
    require_few_tokens(count, source)


def _diagnose(data: bytes, source: str, error: BaseException) -> tuple[str, str]:
    """Say which of the ways of not being a tokenizer.json this is."""
    if not data.strip():
        return f"{source} is empty", "Fetch or export the tokenizer again."
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as reason:
        return (
            f"{source} is not valid JSON: {reason}",
            "Fetch or export it again; a download may have been cut off.",
        )
    if isinstance(content, dict) and {"schema_version", "sections"} <= content.keys():
        return f"{source} is a saved report, no tokenizer", f"Run: tokstat render {source}"
    model = content.get("model") if isinstance(content, dict) else None
    if not isinstance(model, dict):
        return (
            f"{source} is JSON but no tokenizer: it has no model",
            "Give the tokenizer.json that the tokenizers library writes.",
        )
    kind = model.get("type")
    if kind is not None and kind not in _MODELS:
        return (
            f"The tokenizer in {source} has an unknown model type {kind!r}",
            f"Known types are {', '.join(_MODELS)}; a newer tokenizers library may know more.",
        )
    if impossible := _impossible_merges(model):
        return (
            f"{source} cannot be read as a tokenizer: {impossible}",
            "Remove these merges, or add the tokens to the vocabulary.",
        )
    return (
        f"{source} cannot be read as a tokenizer: {error}",
        "Export it again with a current version of the tokenizers library.",
    )


def _impossible_merges(model: dict[str, Any]) -> str:
    """Count the merges with a part or a result that the vocabulary lacks, and show the first."""
    vocab: Any = model.get("vocab")
    try:
        skipped = len(model.get("continuing_subword_prefix") or "")
        merged = map(split_merge, model.get("merges") or ())
        tokens = [(left, right, left + right[skipped:]) for left, right in merged]
        lacking = [[token for token in each if token not in vocab] for each in tokens]
    except (TypeError, ValueError, AttributeError):  # no merges at all, or none of two parts
        return ""
    if not any(lacking):
        return ""
    number = next(number for number, names in enumerate(lacking) if names)
    left, right, _ = tokens[number]
    return (
        f"{sum(map(bool, lacking)):,} merges name tokens that the vocabulary lacks, the first is"
        f" number {number + 1:,}, {left!r} + {right!r}, which needs {lacking[number][0]!r}"
    )
