"""Read saved results, and write results in any format."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from tokstat.errors import ReportError, naming, reason_of
from tokstat.io.limits import read_text
from tokstat.render.terminal.report import render_terminal
from tokstat.results.from_json import parse_saved
from tokstat.results.report import Report

if TYPE_CHECKING:
    from tokstat.comparison.comparison import Comparison
    from tokstat.comparison.difference import Difference
    from tokstat.corpus.report import CorpusReport
    from tokstat.splitting.side_by_side import TextSplits
    from tokstat.splitting.split import TextSplit

Format = Literal["terminal", "json", "markdown", "html"]

FORMATS: tuple[Format, ...] = get_args(Format)
"""All formats of results."""

Result: TypeAlias = "Report | Comparison | CorpusReport | Difference | TextSplits | TextSplit"


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
        text = read_text(Path(path))
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
    report: Result,
    format: Format = "terminal",
    *,
    width: int | None = None,
    color: bool = False,
    verbose: bool = False,
) -> str:
    """Write a report, a comparison, a corpus report or a difference in one of the `FORMATS`.

    `width` (in columns, by default the terminal's own), `color` and `verbose` are for the format
    "terminal" only. Only reports have colours.

    Raises:
        ValueError: for another format.
    """
    if format not in FORMATS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
    if format == "json":
        return json.dumps(report.to_dict(), allow_nan=False) + "\n"
    if isinstance(report, Report):
        return _report(report, format, {"width": width, "color": color, "verbose": verbose})
    from tokstat.comparison.comparison import Comparison
    from tokstat.splitting.side_by_side import AlignedText, TextSplits
    from tokstat.splitting.split import TextSplit

    if isinstance(report, TextSplit):
        report = TextSplits((AlignedText(report.text, (report,)),))
    if isinstance(report, TextSplits):
        return _splits(report, format, width, color)
    if isinstance(report, Comparison):
        return _comparison(report, format, width, verbose)
    from tokstat.comparison.difference import Difference

    if isinstance(report, Difference):
        return _difference(report, format, verbose)
    return _corpus(report, format, verbose)


def _report(report: Report, format: Format, layout: dict[str, Any]) -> str:
    if format == "markdown":
        from tokstat.render.markdown.report import render_markdown

        return render_markdown(report)
    if format == "html":
        from tokstat.render.html.report import render_html

        return render_html(report)
    return render_terminal(report, **layout)


def _comparison(comparison: Comparison, format: Format, width: int | None, verbose: bool) -> str:
    if format == "markdown":
        from tokstat.render.markdown.comparison import render_comparison_markdown

        return render_comparison_markdown(comparison)
    if format == "html":
        from tokstat.render.html.comparison import render_comparison_html

        return render_comparison_html(comparison)
    from tokstat.render.terminal.comparison import render_comparison

    columns = width or shutil.get_terminal_size().columns
    return render_comparison(comparison, width=columns, verbose=verbose)


def _splits(splits: TextSplits, format: Format, width: int | None, color: bool) -> str:
    if format == "markdown":
        from tokstat.render.markdown.splits import render_splits_markdown

        return render_splits_markdown(splits)
    if format == "html":
        from tokstat.render.html.splits import render_splits_html

        return render_splits_html(splits)
    from tokstat.render.terminal.splits import render_splits

    columns = width or shutil.get_terminal_size().columns
    return render_splits(splits, width=columns, color=color)


def _difference(difference: Difference, format: Format, verbose: bool) -> str:
    if format == "markdown":
        from tokstat.render.markdown.difference import render_difference_markdown

        return render_difference_markdown(difference)
    if format == "html":
        from tokstat.render.html.difference import render_difference_html

        return render_difference_html(difference)
    from tokstat.render.terminal.difference import render_difference

    return render_difference(difference, verbose=verbose)


def _corpus(report: CorpusReport, format: Format, verbose: bool) -> str:
    if format == "html":
        from tokstat.render.html.corpus import render_corpus_html

        return render_corpus_html(report)
    if format == "markdown":
        from tokstat.render.markdown.corpus import render_corpus_markdown

        return render_corpus_markdown(report)
    from tokstat.render.terminal.corpus import render_corpus

    return render_corpus(report, verbose)
