"""Read saved reports, and write reports in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from tokstat.errors import LimitError, ReportError, reason_of
from tokstat.limits import read_text
from tokstat.render.terminal import render_terminal
from tokstat.results import Report

Format = Literal["terminal", "json", "markdown", "html"]

FORMATS: tuple[Format, ...] = get_args(Format)
"""Every format that a report can be written in."""


def load_report(path: str | Path) -> Report:
    """Read a report that `tokstat inspect --json` wrote.

    Raises:
        ReportError: for a file that cannot be read, or that holds no report of this version.
        LimitError: for one beyond a limit on size or depth.
    """
    try:
        text = read_text(Path(path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or reason_of(error)
        raise ReportError(
            f"The saved report {path} cannot be read: {reason}",
            "Give a file that `tokstat inspect --json -o FILE` wrote.",
        ) from error
    try:
        return Report.from_json(text)
    except (LimitError, ReportError) as error:
        raise type(error)(f"{path}: {error.problem}", error.hint) from error


def render_report(
    report: Report,
    format: Format = "terminal",
    *,
    width: int | None = None,
    color: bool = False,
    verbose: bool = False,
) -> str:
    """Write a report as text in one of the `FORMATS`.

    `width` (in columns, by default the terminal's own), `color` and `verbose` are of the terminal's
    format alone.

    Raises:
        ValueError: for another format.
    """
    if format == "terminal":
        return render_terminal(report, width=width, color=color, verbose=verbose)
    if format == "json":
        return report.to_json() + "\n"
    if format == "markdown":
        from tokstat.render.markdown import render_markdown

        return render_markdown(report)
    if format == "html":
        from tokstat.render.html.report import render_html

        return render_html(report)
    raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
