"""One function a job: the command line, notebooks and scripts all take this path."""

from tokstat.api.corpus import measure_corpus, sort_arguments
from tokstat.api.experiments import distill, link_study, run_study
from tokstat.api.inspection import describe, inspect, load, make_subject
from tokstat.api.tokens import select_tokens
from tokstat.api.wordsim import evaluate_wordsim, fetch_data, link_published, list_data, plot_link

__all__ = [
    "describe",
    "distill",
    "evaluate_wordsim",
    "fetch_data",
    "inspect",
    "link_published",
    "link_study",
    "list_data",
    "load",
    "make_subject",
    "measure_corpus",
    "plot_link",
    "run_study",
    "select_tokens",
    "sort_arguments",
]
