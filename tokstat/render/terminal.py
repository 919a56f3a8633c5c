"""A report for a terminal."""

from __future__ import annotations

import io

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from tokstat.render.summary import Score, identity, number, scores
from tokstat.results import Report, Section, Table
from tokstat.unicode import visible

_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_BRIEF_IDENTITY = ("model", "tokens", "source")
_EXAMPLES = 6
_ROWS = 12


def render_terminal(
    report: Report, *, width: int | None = None, color: bool = False, verbose: bool = False
) -> str:
    """Lay a report out for a terminal of `width` columns, by default the terminal's own.

    `verbose` adds every metric and table, and what to do about findings of severity info.
    """
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        _print_report(console, report, verbose)
    # Grids pad their last column; nobody wants the blanks in a file or a copied line.
    return "".join(line.rstrip() + "\n" for line in capture.get().splitlines())


def _print_report(console: Console, report: Report, verbose: bool) -> None:
    _print_identity(console, report, verbose)
    for score in scores(report, _EXAMPLES):
        _print_score(console, score)
    _print_skipped(console, report)
    _print_findings(console, report, verbose)
    if verbose:
        for section in report.sections:
            _print_section(console, section)
    else:
        console.print(Text("All metrics, tables and hints: -v; as data: --json", style="dim"))


def _print_identity(console: Console, report: Report, verbose: bool) -> None:
    console.print(Text(visible_line(report.tokenizer.spec), style="bold"))
    grid = Grid.grid(padding=(0, 2))
    for label, value in identity(report.tokenizer):
        if verbose or label in _BRIEF_IDENTITY:
            grid.add_row(Text(label, style="dim"), Text(visible_line(value)))
    lexicon = report.lexicon
    words = f"{', '.join(lexicon.languages)}: {lexicon.words:,} known words ({lexicon.source})"
    grid.add_row(Text("lexicon", style="dim"), Text(visible_line(words)))
    console.print(grid)
    for note in report.tokenizer.notes:
        console.print(Text("note: " + visible_line(note), style="yellow"))
    console.print()


def _print_score(console: Console, score: Score) -> None:
    line = Text(f"{score.label:<18}")
    line.append(f"{score.value:>13}", style="bold")
    line.append(f"  {score.fraction}", style="dim")
    console.print(line)
    console.print(Padding(Text(score.definition, style="dim"), (0, 0, 0, 2)))
    if score.examples:
        width = max(console.width - 2, 1)
        examples = Text("  ".join(map(visible_line, score.examples)))
        examples.truncate(width, overflow="ellipsis")
        console.print(Padding(examples, (0, 0, 0, 2)), no_wrap=True, crop=True)


def _print_skipped(console: Console, report: Report) -> None:
    for section in report.sections:
        if section.skipped:
            console.print(Text(f"{section.title}: skipped, {section.skipped}", style="yellow"))
    console.print()


def _print_findings(console: Console, report: Report, verbose: bool) -> None:
    if not report.findings:
        console.print(Text("No findings.", style="green"))
    for finding in report.findings:
        head = Text(f"{finding.severity} {finding.code}  ", style=_SEVERITY_STYLE[finding.severity])
        head.append(visible_line(finding.message), style="not bold default")
        console.print(head)
        if verbose or finding.severity != "info":
            hint = Text("→ " + visible_line(finding.hint), style="dim")
            console.print(Padding(hint, (0, 0, 0, 2)))
    console.print()


def _print_section(console: Console, section: Section) -> None:
    if section.skipped:
        return
    console.print(Text(section.title, style="bold underline"))
    grid = Grid.grid(padding=(0, 2))
    for metric in section.metrics:
        made_of = f"{metric.numerator:,}/{metric.denominator:,}" if metric.denominator else ""
        grid.add_row(metric.name, Text(number(metric), justify="right"), made_of)
    console.print(Padding(grid, (0, 0, 0, 2)))
    for table in section.tables:
        _print_table(console, table)
    console.print()


def _print_table(console: Console, table: Table) -> None:
    rest = len(table) - _ROWS
    shown = _ROWS if rest > 0 else len(table)
    if not shown:
        return
    console.print(Padding(Text(table.title, style="italic"), (1, 0, 0, 2)))
    grid = Grid(box=None, pad_edge=False, header_style="dim")
    for name, column in table.columns.items():
        numeric = all(isinstance(value, (int, float)) for value in column)
        grid.add_column(name, justify="right" if numeric else "left", overflow="ellipsis")
    for row in list(table.rows())[:shown]:
        grid.add_row(*(Text(visible_line(_cell(value))) for value in row))
    console.print(Padding(grid, (0, 0, 0, 2)))
    if rest > 0:
        more = Text(f"… and {rest:,} more (--json has all)", style="dim")
        console.print(Padding(more, (0, 0, 0, 2)))


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def visible_line(text: str) -> str:
    """Make text safe for one line, keeping its own blanks."""
    return " ".join(visible(part) for part in text.split(" "))
