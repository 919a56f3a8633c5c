"""What the plots draw: results of the packaged tokenizers and experiments."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import tokstat
from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.comparison.comparison import Comparison
from tokstat.experiments.ladder import Ladder
from tokstat.plots.style import COLUMN
from tokstat.results.report import Report
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.study_results import Study, packaged_study

DRAWN = ("composition", "whole_words", "casing", "fragments", "coverage")


@pytest.fixture
def axes() -> Axes:
    return Figure(figsize=COLUMN, layout="constrained").subplots()


@pytest.fixture(scope="session")
def report(modernbert: Tokenizer) -> Report:
    return tokstat.inspect(modernbert, analyzers=DRAWN)


@pytest.fixture(scope="session")
def ladder() -> Ladder:
    return tokstat.read_ladder()


@pytest.fixture(scope="session")
def study() -> Study:
    return packaged_study()


@pytest.fixture(scope="session")
def comparison(modernbert: Tokenizer, bert: Tokenizer) -> Comparison:
    """Two real ones, and one that shares little with them."""
    small = wrap(next(iter(SMALL.values()))(), "small")
    return tokstat.compare(modernbert, bert, small, analyzers=["composition"])
