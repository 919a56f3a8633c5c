"""Read a tokenizer.json exactly as written."""

from __future__ import annotations

import json
from typing import Any

import tokenizers

from tokstat.errors import InvalidTokenizerError
from tokstat.limits import require_few_tokens, require_shallow
from tokstat.source_text import split_merge

_MODELS = ("BPE", "WordPiece", "Unigram", "WordLevel")


def parse_tokenizer_json(data: bytes, source: str) -> tokenizers.Tokenizer:
    """Build the tokenizer that the bytes of a tokenizer.json describe.

    Raises:
        InvalidTokenizerError: the bytes are no JSON, no tokenizer, of an unknown model type, or
            describe a vocabulary of zero tokens.
    """
    require_shallow(data, source)
    try:
        backend = tokenizers.Tokenizer.from_buffer(data)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # ValueError, or a PanicException, which is no Exception
        raise InvalidTokenizerError(*_diagnose(data, source, error)) from error
    require_tokens(backend, source)
    return backend


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
