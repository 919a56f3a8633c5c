"""One function a job, for the command line, notebooks and scripts alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tokstat.render import mimebundle
from tokstat.results.report import Report

if TYPE_CHECKING:
    from tokstat.api.comparison import compare
    from tokstat.api.corpus import measure_corpus, sort_arguments
    from tokstat.api.editing import make_interventions, read_ladder, repair, whatif
    from tokstat.api.experiments import distill, link_study, run_study
    from tokstat.api.explanation import explain
    from tokstat.api.gate import check, make_policy
    from tokstat.api.inspection import describe, inspect, load, make_subject
    from tokstat.api.reports import load_report, load_result, render_report
    from tokstat.api.tokens import select_tokens
    from tokstat.api.wordsim import (
        evaluate_wordsim,
        fetch_data,
        link_published,
        list_data,
        plot_link,
    )

__all__ = [
    "check",
    "compare",
    "describe",
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
    "make_interventions",
    "make_policy",
    "make_subject",
    "measure_corpus",
    "plot_link",
    "read_ladder",
    "render_report",
    "repair",
    "run_study",
    "select_tokens",
    "sort_arguments",
    "whatif",
]

_HOMES = {
    "check": "gate",
    "compare": "comparison",
    "describe": "inspection",
    "distill": "experiments",
    "evaluate_wordsim": "wordsim",
    "explain": "explanation",
    "fetch_data": "wordsim",
    "inspect": "inspection",
    "link_published": "wordsim",
    "link_study": "experiments",
    "list_data": "wordsim",
    "load": "inspection",
    "load_report": "reports",
    "load_result": "reports",
    "make_interventions": "editing",
    "make_policy": "gate",
    "make_subject": "inspection",
    "measure_corpus": "corpus",
    "plot_link": "wordsim",
    "read_ladder": "editing",
    "render_report": "reports",
    "repair": "editing",
    "run_study": "experiments",
    "select_tokens": "tokens",
    "sort_arguments": "corpus",
    "whatif": "editing",
}
"""The module of each function: a command imports only what it runs."""

Report.mimebundle = mimebundle


def __getattr__(name: str) -> Any:
    """Import a function when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"tokstat.api.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
