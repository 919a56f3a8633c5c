"""Colours for any colour vision, axes and files, for all plots."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tokstat.errors import OutputError, reason_of
from tokstat.io.files import as_path, replace_file
from tokstat.results.report import Report, Section
from tokstat.text.visible import visible_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, PURPLE, SKY, YELLOW = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#E69F00",
)
"""From the palette of Okabe and Ito (2008)."""

GREY = "#8C8C8C"

BARE, SPACED = ORANGE, BLUE
"""Words alone, and words in text."""

COLUMN = (5.5, 3.6)
"""Inches: as wide as a column of a paper, where every label is legible."""


def section_of(result: Report | Section, analyzer: str) -> Section:
    """Return an analyzer's section of a report, or the section that was given."""
    return result.section(analyzer) if isinstance(result, Report) else result


def label(text: str) -> str:
    """Make a text safe for a figure, on one line.

    A dollar sign then starts no formula, and an underscore at the start hides no legend entry.
    """
    safe = visible_line(text).replace("$", r"\$")
    return f" {safe}" if safe.startswith("_") else safe


def axes_or_new(ax: Axes | None, size: tuple[float, float] = COLUMN) -> Axes:
    """Return the given axes, or new ones in a figure outside pyplot's global state."""
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained").subplots()


def frame(axes: Axes, *, grid: Literal["x", "y"] = "y") -> None:
    """Remove the top and right spines, and put a light grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, alpha=0.3)
    axes.set_axisbelow(True)


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure to a file; its suffix sets the format. Raises OutputError.

    The figure is drawn in memory first, so that an unknown suffix changes no file.
    """
    from matplotlib import rc_context

    path = as_path(path)
    kind = path.suffix.removeprefix(".").lower()
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    drawn = BytesIO()
    try:
        # Reproducible bytes: no date, and ids that depend on the contents alone.
        with rc_context({"svg.hashsalt": "tokstat"}):
            figure.savefig(drawn, format=kind, dpi=150, metadata=dates.get(kind))
        replace_file(path, drawn.getvalue())
    except (OSError, ValueError) as error:
        raise OutputError(
            f"The figure cannot be written to {path}: {reason_of(error)}",
            "Choose a name that ends in .png, .svg or .pdf, in an existing folder.",
        ) from error
