"""Share of words that are one token, by frequency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokstat.plots.style import BARE, SPACED, axes_or_new, frame, label, section_of
from tokstat.results.report import Report, Section

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def coverage(report: Report | Section, ax: Axes | None = None, language: str | None = None) -> Axes:
    """Plot the share of words that are one token by frequency rank, alone and in text.

    The data are those of a report's section `coverage`, by default of its first language. The area
    between the lines is the loss for words that are encoded alone.
    """
    axes = axes_or_new(ax)
    columns = section_of(report, "coverage").table("frequency_bands").columns
    language = language or str(columns["language"][0])
    rows = [row for row, name in enumerate(columns["language"]) if name == language]
    edges = [int(columns["from_rank"][row]) for row in rows]
    edges.append(int(columns["to_rank"][rows[-1]]))
    sizes = [int(columns["to_rank"][row]) - int(columns["from_rank"][row]) + 1 for row in rows]
    shares = {
        name: [100 * int(columns[name][row]) / size for row, size in zip(rows, sizes, strict=True)]
        for name in ("bare", "spaced")
    }
    axes.stairs(shares["spaced"], edges, color=SPACED, linewidth=2, label="in text")
    axes.stairs(shares["bare"], edges, color=BARE, linewidth=2, linestyle="--", label="alone")
    axes.stairs(
        shares["spaced"], edges, baseline=shares["bare"], fill=True, color=SPACED, alpha=0.12
    )
    axes.set_xscale("log")
    axes.set_xlim(max(edges[0], 100), edges[-1])
    axes.set_ylim(0, 100)
    axes.set_xlabel(f"frequency rank of the word ({label(language)})")
    axes.set_ylabel("words that are one token, %")
    axes.legend(fontsize="small", frameon=False, loc="lower left")
    frame(axes)
    return axes
