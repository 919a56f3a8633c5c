"""Read saved results, and write results in any format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from tokstat.errors import ReportError, naming, reason_of
from tokstat.io.files import as_path
from tokstat.io.limits import read_text
from tokstat.render import write_result
from tokstat.results.from_json import parse_saved
from tokstat.results.report import Report
from tokstat.results.written import Written

if TYPE_CHECKING:
    from tokstat.comparison.comparison import Comparison
    from tokstat.comparison.difference import Difference
    from tokstat.corpus.report import CorpusReport

Format = Literal["terminal", "json", "markdown", "html"]

FORMATS: tuple[Format, ...] = get_args(Format)
"""All formats of results."""

Result: TypeAlias = "Report | Comparison | CorpusReport | Difference"


def load_report(path: str | Path) -> Report:
    """Read a report that `tokstat inspect --json` wrote.

    Raises:
        ReportError: the file cannot be read, or has no report of this version.
        LimitError: for one beyond a limit on size or depth.
    """
    result = load_result(path)
    if not isinstance(result, Report):
        raise ReportError(
            f"{path} is not a report of tokstat inspect, but the result of another command",
            "Read it with load_result.",
        )
    return result


def load_result(path: str | Path) -> Result:
    """Read what `inspect --json`, `compare --json`, `corpus --json` or `diff --json` wrote.

    Raises:
        ReportError: the file cannot be read, or has no such result of this version.
        LimitError: for one beyond a limit on size or depth.
    """
    try:
        text = read_text(as_path(path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or reason_of(error)
        raise ReportError(
            f"The saved report {path} cannot be read: {reason}",
            "Give the file of: tokstat inspect SPEC --json -o FILE",
        ) from error
    with naming(str(path)):
        return _parse(text)


def _parse(text: str) -> Result:
    data = parse_saved(text, "report", "inspect")
    if "labels" in data:
        from tokstat.api.comparison import read_comparison

        return read_comparison(data)
    if "differs" in data:
        from tokstat.comparison.difference import Difference

        return Difference.from_dict(data)
    if "words" in data and "text" in data:
        from tokstat.corpus.saved import report_from_dict

        return report_from_dict(data)
    return Report.from_dict(data)


def render_report(
    report: Written,
    format: Format = "terminal",
    *,
    width: int | None = None,
    color: bool = False,
    verbose: bool = False,
) -> str:
    """Write a report, or any other result, in one of the `FORMATS`.

    `width` (in columns, by default the terminal's own), `color` and `verbose` are for the format
    "terminal" only. Only reports and splits have colours.

    Raises:
        ValueError: for another format.
    """
    if format not in FORMATS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
    return write_result(report, format, width=width, color=color, verbose=verbose)
