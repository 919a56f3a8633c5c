"""Plots of results with matplotlib; each draws into given axes and changes no global style."""

from tokstat.plots.coverage import coverage
from tokstat.plots.fertility import fertility
from tokstat.plots.grid import grid
from tokstat.plots.ladder import ladder
from tokstat.plots.overlap import overlap
from tokstat.plots.published import link, link_figure
from tokstat.plots.study import study
from tokstat.plots.style import save
from tokstat.plots.vocabulary import (
    composition,
    duplicate_families,
    duplicates,
    fragments_by_rank,
    lengths,
)

__all__ = [
    "composition",
    "coverage",
    "duplicate_families",
    "duplicates",
    "fertility",
    "fragments_by_rank",
    "grid",
    "ladder",
    "lengths",
    "link",
    "link_figure",
    "overlap",
    "save",
    "study",
]
