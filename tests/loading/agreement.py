"""Hold an encoder to another: the same ids for the same texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import tokenizers
from hypothesis import strategies as st

Encode = Callable[[str], Sequence[int]]

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    st.characters(codec="utf-8", max_codepoint=0x3100), max_size=40
)
"""Any text, and text of the scripts at the low end, where marks and letters meet."""


def ids_of(backend: tokenizers.Tokenizer, text: str) -> list[int]:
    return list(backend.encode(text, add_special_tokens=False).ids)


def differences(
    backend: tokenizers.Tokenizer, reference: Encode, texts: Iterable[str]
) -> list[tuple[str, list[str | None], list[str | None]]]:
    """Return the texts that the two encode differently, with both results as tokens."""
    found = []
    for text in texts:
        ours, theirs = ids_of(backend, text), list(reference(text))
        if ours != theirs:
            tokens = backend.id_to_token
            found.append((text, list(map(tokens, ours)), list(map(tokens, theirs))))
    return found


def without(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """Leave out the texts that spell one of these names, which only one side looks for."""
    forbidden = tuple(names)
    return [text for text in texts if not any(name in text for name in forbidden)]
