"""tokstat: analyze a tokenizer's vocabulary, find its faults, and measure their cost.

>>> import tokstat
>>> report = tokstat.inspect("answerdotai/ModernBERT-base")
>>> report.metric("whole_word_ratio").value
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tokstat.version import __version__ as __version__

if TYPE_CHECKING:
    from tokstat.api import (
        check,
        compare,
        distill,
        evaluate_wordsim,
        explain,
        fetch_data,
        inspect,
        link_published,
        link_study,
        list_data,
        load,
        load_report,
        load_result,
        make_policy,
        measure_corpus,
        read_ladder,
        render_report,
        repair,
        run_study,
        select_tokens,
        whatif,
    )
    from tokstat.comparison.comparison import Comparison
    from tokstat.errors import TokstatError
    from tokstat.results.report import Report
    from tokstat.tokenizer.tokenizer import Tokenizer
    from tokstat.tokenizer.vocabulary import Token, Vocabulary


__all__ = [
    "Comparison",
    "Report",
    "Token",
    "Tokenizer",
    "TokstatError",
    "Vocabulary",
    "check",
    "compare",
    "distill",
    "evaluate_wordsim",
    "explain",
    "fetch_data",
    "inspect",
    "link_published",
    "link_study",
    "list_data",
    "load",
    "load_report",
    "load_result",
    "make_policy",
    "measure_corpus",
    "read_ladder",
    "render_report",
    "repair",
    "run_study",
    "select_tokens",
    "whatif",
]

_HOMES = {
    "Comparison": "tokstat.api.comparison",
    "Report": "tokstat.api.inspection",
    "Token": "tokstat.tokenizer.vocabulary",
    "Tokenizer": "tokstat.tokenizer.tokenizer",
    "TokstatError": "tokstat.errors",
    "Vocabulary": "tokstat.tokenizer.vocabulary",
}
"""Modules of the public names that are not in `tokstat.api`."""


def __getattr__(name: str) -> Any:
    """Import a public name at its first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES.get(name, "tokstat.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
