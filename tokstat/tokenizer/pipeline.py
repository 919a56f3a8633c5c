"""The steps of a tokenizer's pipeline, each with its settings, and runnable alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import tokenizers
from tokenizers import normalizers, pre_tokenizers

from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import run_normalizer, run_pre_tokenizer

CUSTOM = "custom"
"""Type of a component written in Python, which can be run but not read."""


@dataclass(frozen=True)
class NormalizerPart:
    """Hold one step of a normalizer; `settings` are as in tokenizer.json."""

    type: str
    settings: Mapping[str, Any]
    backend: tokenizers.Tokenizer = field(repr=False)
    step: Any = field(repr=False)

    def __call__(self, text: str) -> str:
        """Normalize a text by this step alone."""
        return run_normalizer(self.backend, self.step, text)


@dataclass(frozen=True)
class PreTokenizerPart:
    """Hold one step of a pre-tokenizer; `settings` are as in tokenizer.json."""

    type: str
    settings: Mapping[str, Any]
    backend: tokenizers.Tokenizer = field(repr=False)
    step: Any = field(repr=False)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of characters that this step alone makes pieces of."""
        return [span for _, span in run_pre_tokenizer(self.backend, self.step, text)]


def normalizer_parts(backend: tokenizers.Tokenizer) -> tuple[NormalizerPart, ...]:
    """List the steps of the normalizer, sequences flattened."""
    if backend.normalizer is None:
        return ()
    written = components(backend, "normalizer")
    if not written and not is_empty(backend.normalizer):
        return (NormalizerPart(CUSTOM, {}, backend, backend.normalizer),)
    return tuple(
        NormalizerPart(part["type"], part, backend, _rebuilt(normalizers.Lowercase(), part))
        for part in written
    )


def pre_tokenizer_parts(backend: tokenizers.Tokenizer) -> tuple[PreTokenizerPart, ...]:
    """List the steps of the pre-tokenizer, sequences flattened."""
    if backend.pre_tokenizer is None:
        return ()
    written = components(backend, "pre_tokenizer")
    if not written and not is_empty(backend.pre_tokenizer):
        return (PreTokenizerPart(CUSTOM, {}, backend, backend.pre_tokenizer),)
    return tuple(
        PreTokenizerPart(
            part["type"], part, backend, _rebuilt(pre_tokenizers.WhitespaceSplit(), part)
        )
        for part in written
    )


def is_empty(component: Any) -> bool:
    """Return whether a component is an empty sequence, and not one that cannot be read."""
    try:
        component.__getstate__()
    except Exception:  # components written in Python raise a bare Exception
        return False
    return True


def _rebuilt(component: Any, part: Mapping[str, Any]) -> Any:
    """Turn a component into the written one; the state that is set includes the type."""
    component.__setstate__(json.dumps(part).encode())
    return component


@cache
def _decoded_charsmap(encoded: str) -> str:
    from base64 import b64decode

    blob = b64decode(encoded)
    size = int.from_bytes(blob[:4], "little")
    return blob[4 + size :].decode("utf-8", "replace")


def charsmap_outputs(part: NormalizerPart) -> frozenset[str]:
    """Return the characters that a Precompiled normalizer may write.

    SentencePiece's map is the size of a trie in four bytes, the trie, and the replacement strings,
    each ended by a zero byte.
    """
    return frozenset(_decoded_charsmap(part.settings["precompiled_charsmap"])) - {"\0"}
