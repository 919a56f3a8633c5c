"""Explain findings, metrics and analyzers."""

from __future__ import annotations

from tokstat.analyzers.explanations import Explanation, all_explanations, find_explanations


def explain(*names: str) -> tuple[Explanation, ...]:
    """Explain findings, metrics and analyzers: their meaning, their source, and what to do.

    Without a name, return all of them, each analyzer before its metrics and findings.

    Raises:
        TokstatError: `UnknownNameError`, or `AnalyzerError` for a broken plug-in.
    """
    if not names:
        return all_explanations()
    return tuple(each for name in dict.fromkeys(names) for each in find_explanations(name))
