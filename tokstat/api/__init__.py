"""One function a job: the command line, notebooks and scripts all take this path."""

from tokstat.api.comparison import compare
from tokstat.api.corpus import measure_corpus, sort_arguments
from tokstat.api.editing import make_interventions, read_ladder, repair, whatif
from tokstat.api.experiments import distill, link_study, run_study
from tokstat.api.explanation import explain
from tokstat.api.gate import check, make_policy
from tokstat.api.inspection import describe, inspect, load, make_subject
from tokstat.api.reports import load_report, load_result, render_report
from tokstat.api.tokens import select_tokens
from tokstat.api.wordsim import evaluate_wordsim, fetch_data, link_published, list_data, plot_link

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
