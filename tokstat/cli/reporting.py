"""The format of a report, and its output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from tokstat.api.reports import Format
    from tokstat.gate.verdict import GatedReport
    from tokstat.render.defined import Definitions
    from tokstat.results.report import Table
    from tokstat.results.written import Written

Command = Callable[..., Any]

_FORMATS = ("terminal", "json", "markdown", "html")
"""Those of `tokstat.api.reports`, repeated here because importing them would slow `--help`."""

_OF_SUFFIX = {
    ".csv": "csv",
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
}

OF_TABLES = ("json", "markdown", "html", "csv")
"""Formats of tables besides text."""

_PLAIN = ("", ".txt", ".text", ".log")
"""Suffixes of plain text; what is no file, such as /dev/stdout, has none."""

_WIDTH_OF_FILES = 80

FOR_PEOPLE = ("terminal", "markdown")
"""Formats that end with the verdict of a gate."""


def format_option(*others: str) -> Callable[[Command], Command]:
    """Add --format, with `others` besides the formats of every report."""
    more = "; github: annotations of GitHub Actions" if "github" in others else ""
    return click.option(
        "--format",
        "format_",
        type=click.Choice([*_FORMATS, *others]),
        help=f"Format of the report{more}.  [default: by the suffix of -o, else terminal]",
    )


def format_of(
    format_: str | None, output: Path | None, among: Sequence[str] = ("json", "markdown", "html")
) -> str:
    """Return the format asked for, else that of the file's suffix; called before the work begins.

    `among` are the formats that the command has besides text.

    Raises:
        click.UsageError: the suffix is of no such format.
    """
    suffix = output.suffix.lower() if output is not None else ""
    if format_ is not None or suffix in _PLAIN:
        return format_ or "terminal"
    known = {each: name for each, name in _OF_SUFFIX.items() if name in among}
    if suffix not in known:
        names = ", ".join([*known, ".txt"])
        raise click.UsageError(f"There is no format for -o {output}: its suffix may be {names}")
    return known[suffix]


def write_gated(
    gated: GatedReport, format_: str, output: Path | None, *, verbose: bool = False
) -> None:
    """Write a report, with its verdict if the format has a place for one.

    Raises:
        OutputError, ReaderGoneError: as `write`.
    """
    from tokstat.cli.output import write

    if format_ == "json":
        write(gated.to_json() + "\n", output)
    elif format_ == "github":
        from tokstat.render.github.annotations import render_github

        write(render_github(gated), output)
    else:
        from tokstat.render import verdict

        end = {"markdown": verdict.verdict_markdown, "terminal": verdict.verdict_text}.get(format_)
        text = _text(gated.report, cast("Format", format_), output, verbose)
        text += "" if end is None else end(gated.verdict)
        write(text, output, prose=format_ == "terminal")


def write_report(
    report: Written, format_: str, output: Path | None, *, verbose: bool = False
) -> None:
    """Write a report, or another result, to stdout or a file.

    Raises:
        OutputError, ReaderGoneError: as `write`.
    """
    from tokstat.cli.output import write

    text = _text(report, cast("Format", format_), output, verbose)
    write(text, output, prose=format_ == "terminal")


def write_table(
    table: Table, definitions: Definitions, format_: str | None, output: Path | None
) -> None:
    """Write a table of declared metrics in the format asked for, else that of the file's suffix.

    Raises:
        OutputError, ReaderGoneError: as `write`.
    """
    from tokstat.cli.output import write
    from tokstat.render.terminal import tables

    chosen = format_of(format_, output, OF_TABLES)
    if chosen == "csv":
        text = tables.to_csv(table)
    elif chosen == "json":
        text = tables.to_json(table)
    elif chosen == "markdown":
        from tokstat.render.markdown.defined import defined_to_markdown

        text = defined_to_markdown(table, definitions)
    elif chosen == "html":
        from tokstat.render.html.defined import defined_to_html

        text = defined_to_html(table, definitions)
    else:
        from tokstat.render.terminal.defined import defined_to_text

        text = defined_to_text(table, definitions)
    write(text, output, prose=chosen == "terminal")


def _text(report: Written, format_: Format, output: Path | None, verbose: bool) -> str:
    import tokstat
    from tokstat.cli.output import has_color

    color = has_color(output)
    width = None if output is None else _WIDTH_OF_FILES
    return tokstat.render_report(report, format_, width=width, color=color, verbose=verbose)
