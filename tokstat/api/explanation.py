"""Explain findings, metrics and analyzers."""

from __future__ import annotations

from tokstat.io.plugins import ANALYZERS, entry_points_of
from tokstat.results.explanations import Explanation, explanations_of, packaged_explanations


def explain(*names: str) -> tuple[Explanation, ...]:
    """Explain findings, metrics and analyzers: their meaning, their source, and what to do.

    Without a name, return all of them, each analyzer before its metrics and findings.

    Raises:
        TokstatError: `UnknownNameError`, or `AnalyzerError` for a broken plug-in.
    """
    everything = _with_plugins() if entry_points_of(ANALYZERS) else packaged_explanations()
    if not names:
        return everything
    return tuple(
        each for name in dict.fromkeys(names) for each in explanations_of(name, everything)
    )


def _with_plugins() -> tuple[Explanation, ...]:
    from tokstat.analyzers.explanations import all_explanations

    return all_explanations()
