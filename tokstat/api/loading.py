"""Take whatever names or is a tokenizer; every other function asks here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from tokstat import loading
from tokstat.errors import SpecError
from tokstat.tokenizer.encoding import forget_slow_calls
from tokstat.tokenizer.tokenizer import Tokenizer

_LOG = logging.getLogger(__name__)

Spec: TypeAlias = "str | Path | Tokenizer | Any"
"""A spec, a path, a loaded tokenizer, a `tokenizers.Tokenizer`, or a fast one of transformers."""


def load(spec: Spec) -> Tokenizer:
    """Load a tokenizer from a file, a folder, or the Hub; return a loaded one as it is.

    A `tokenizers.Tokenizer` and a fast tokenizer of transformers are taken, too. They keep their
    padding and truncation.

    Raises:
        TokstatError: one of `SpecError`, `SourceNotFoundError`, `AccessDeniedError`,
            `HubUnreachableError`, `NoTokenizerError`, `InvalidTokenizerError`.
    """
    if isinstance(spec, Tokenizer):
        forget_slow_calls(spec.backend)
        return spec
    if isinstance(spec, (str, Path)):
        _LOG.info("loading %s", spec)
        return loading.load(spec)
    from tokstat.loading.in_memory import from_memory

    return from_memory(spec)


def specs_of(specs: Spec | Sequence[Spec]) -> list[Spec]:
    """Return one spec, or several, as a list; a single one that is a string is not its letters.

    Raises:
        SpecError: there is none.
    """
    found = list(specs) if isinstance(specs, (list, tuple)) else [specs]
    if not found:
        raise SpecError("There is no tokenizer", "Give a spec, or a list of them.")
    return found


def name_of(spec: Spec) -> str:
    """Return the name of a tokenizer in messages."""
    if isinstance(spec, Tokenizer):
        return spec.origin.spec
    if isinstance(spec, (str, Path)):
        return str(spec)
    return str(getattr(spec, "name_or_path", "") or type(spec).__name__)
