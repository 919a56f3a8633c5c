"""In what format a report is written, and how."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tokstat.api.reports import Format
    from tokstat.results import Report

_FORMATS = ("terminal", "json", "markdown", "html")
"""Those of `tokstat.api.reports`, for which `--help` does not wait."""

_OF_SUFFIX: dict[str, Format] = {
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
}

_WIDTH_OF_FILES = 80

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    help="How to write the report.  [default: by the name of -o, else terminal]",
)


def write_report(
    report: Report, format_: Format | None, output: Path | None, *, verbose: bool = False
) -> None:
    """Write a report to stdout or a file; the file's name says the format where nothing else does.

    Raises:
        OutputError, ReaderGoneError: as `write`.
    """
    from tokstat import api
    from tokstat.cli.output import write

    if format_ is None:
        format_ = _OF_SUFFIX.get(output.suffix.lower(), "terminal") if output else "terminal"
    color = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = None if output is None else _WIDTH_OF_FILES
    text = api.render_report(report, format_, width=width, color=color, verbose=verbose)
    write(text, output, prose=format_ == "terminal")
