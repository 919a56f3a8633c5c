"""What all plots share: colours that all eyes can tell apart, axes, and files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tokstat.errors import OutputError
from tokstat.io.files import replace_file
from tokstat.text.unicode import visible_line

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
"""Of the palette of Okabe and Ito (2008)."""

GREY = "#8C8C8C"

BARE, SPACED = ORANGE, BLUE
"""Words alone, and words after another word."""

COLUMN = (5.5, 3.6)
"""Inches: the width of a column of a paper, at which every label is legible."""


def label(text: str) -> str:
    """Make any text safe to write in a figure, on one line.

    A dollar begins no formula there, and an underscore does not keep it out of a legend.
    """
    safe = visible_line(text).replace("$", r"\$")
    return f" {safe}" if safe.startswith("_") else safe


def axes_or_new(ax: Axes | None, size: tuple[float, float] = COLUMN) -> Axes:
    """Return the axes given, or new ones of a figure that no global state knows of."""
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained").subplots()


def frame(axes: Axes, *, grid: Literal["x", "y"] = "y") -> None:
    """Take off what carries no data, and put a light grid behind what does."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, alpha=0.3)
    axes.set_axisbelow(True)


def save(figure: Figure, path: Path) -> None:
    """Write a figure to a file; its suffix says the format. Raises OutputError.

    It is drawn in memory first, so that an unknown suffix leaves no file, or the one that was.
    """
    from matplotlib import rc_context

    kind = path.suffix.removeprefix(".").lower()
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    drawn = BytesIO()
    try:
        # The same figure is the same bytes: no date, and ids that hang on its contents alone.
        with rc_context({"svg.hashsalt": "tokstat"}):
            figure.savefig(drawn, format=kind, dpi=150, metadata=dates.get(kind))
        replace_file(path, drawn.getvalue())
    except (OSError, ValueError) as error:
        raise OutputError(
            f"The figure cannot be written to {path}: {error}",
            "Give a name that ends in .png, .svg or .pdf, in a folder that exists.",
        ) from error
