"""Take tokenizers that are already in memory: those of the tokenizers library and transformers."""

from __future__ import annotations

import hashlib
from typing import Any

import tokenizers

from tokstat.errors import SpecError
from tokstat.text.wording import quoted
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_COMPONENTS = ("normalizer", "pre_tokenizer", "post_processor", "decoder")


def from_memory(given: object) -> Tokenizer:
    """Return the tokenizer of a `tokenizers.Tokenizer`, or of a fast one of transformers.

    The model is shared and all settings are copied, so that the given one keeps its padding and
    truncation.

    Raises:
        SpecError: it is something else, such as a slow tokenizer of transformers.
    """
    backend = given if isinstance(given, tokenizers.Tokenizer) else _backend_of(given)
    if backend is None:
        raise SpecError(
            f"{quoted(type(given).__name__)} is not a tokenizer that tokstat can look into",
            "Give a spec, a path, a tokenizers.Tokenizer, or a fast tokenizer of transformers"
            " (use_fast=True).",
        )
    name = str(getattr(given, "name_or_path", "") or f"{type(given).__name__} in memory")
    copied = _copy(backend)
    digest = hashlib.sha256(_written(copied).encode()).hexdigest()
    return Tokenizer(copied, Origin(name, "memory", None, digest, type(given).__name__, ()))


def _backend_of(given: object) -> tokenizers.Tokenizer | None:
    backend = getattr(given, "backend_tokenizer", None)
    return backend if isinstance(backend, tokenizers.Tokenizer) else None


def _copy(backend: tokenizers.Tokenizer) -> tokenizers.Tokenizer:
    """Return a tokenizer of the same model and settings, without padding and truncation."""
    copied = tokenizers.Tokenizer(backend.model)
    for name in _COMPONENTS:
        component = getattr(backend, name)
        if component is not None:
            setattr(copied, name, component)
    added = backend.get_added_tokens_decoder()
    for number in sorted(added):
        token = added[number]
        (copied.add_special_tokens if token.special else copied.add_tokens)([token])
    if _added(copied) != _added(backend):  # ids with gaps: only the written form keeps them
        copied = tokenizers.Tokenizer.from_str(backend.to_str())
        copied.no_padding()
        copied.no_truncation()
    return copied


def _added(backend: tokenizers.Tokenizer) -> dict[int, Any]:
    return {number: repr(token) for number, token in backend.get_added_tokens_decoder().items()}


def _written(backend: tokenizers.Tokenizer) -> str:
    """Return the written form, "" where a component in Python has none."""
    try:
        return str(backend.to_str())
    except Exception:  # tokenizers raises a bare Exception for components written in Python
        return ""
