"""tokstat: what is in a tokenizer's vocabulary, what is wrong with it, and what that costs.

>>> import tokstat
>>> report = tokstat.inspect("answerdotai/ModernBERT-base")
>>> report.metric("whole_word_ratio").value
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokstat.api import (
        evaluate_wordsim,
        inspect,
        link_published,
        load,
        measure_corpus,
        select_tokens,
    )
    from tokstat.errors import TokstatError
    from tokstat.results import Report
    from tokstat.tokenizer import Tokenizer
    from tokstat.vocabulary import Token, Vocabulary

__version__ = "0.1.0"

__all__ = [
    "Report",
    "Token",
    "Tokenizer",
    "TokstatError",
    "Vocabulary",
    "evaluate_wordsim",
    "inspect",
    "link_published",
    "load",
    "measure_corpus",
    "select_tokens",
]

_HOMES = {
    "Report": "tokstat.api.inspection",
    "Token": "tokstat.vocabulary",
    "Tokenizer": "tokstat.tokenizer",
    "TokstatError": "tokstat.errors",
    "Vocabulary": "tokstat.vocabulary",
    "inspect": "tokstat.api",
    "link_published": "tokstat.api",
    "evaluate_wordsim": "tokstat.api",
    "load": "tokstat.api",
    "measure_corpus": "tokstat.api",
    "select_tokens": "tokstat.api",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
