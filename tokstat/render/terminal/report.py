"""A report for a terminal."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from tokstat.io.limits import limits
from tokstat.render.headlines import TERMS, HeadlineScore, cited, identity, number, scores, tally
from tokstat.render.panel import short_tables
from tokstat.results.language_names import named
from tokstat.results.report import Finding, Report, Section, Table
from tokstat.text.visible import visible_line
from tokstat.text.wording import counted

_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_BRIEF_IDENTITY = ("model", "tokens", "source")
_EXAMPLES = 6
_ROWS = 12
_MOST_TOKENS = 40
_TITLES = 4
"""Titles of findings, besides the worst, that are worth more than definitions and examples."""

SCREEN = 39
"""Most lines of the default report, unless the worst finding alone needs more.

With the shell's next prompt that is a screen of 40.
"""

_FOOTER = "All details: -v. As JSON: --json. As a page: -o report.html"


def render_terminal(
    report: Report, *, width: int | None = None, color: bool = False, verbose: bool = False
) -> str:
    """Lay out a report for a terminal of `width` columns, by default the terminal's own.

    By default the report fits one screen of `SCREEN` lines: the worst findings in full, the others
    by their titles while there is room. `verbose` shows every finding, metric and table.
    """
    paper = _Paper(width, color)
    lines = _everything(paper, report) if verbose else _one_screen(paper, report)
    return "".join(line + "\n" for line in lines)


class _Paper:
    """Set text in lines of one width, with or without colours."""

    def __init__(self, width: int | None, color: bool) -> None:
        self.console = Console(
            file=io.StringIO(),
            width=width,
            force_terminal=color,
            no_color=not color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def lines(self, *parts: RenderableType) -> list[str]:
        """Lay out one part under the other."""
        with self.console.capture() as capture:
            for part in parts:
                self.console.print(part)
        # Grids pad their last column; in a file or a copied line the spaces would be useless.
        return [line.rstrip() for line in capture.get().splitlines()]

    def one_line(self, text: Text, indent: int = 0) -> Padding:
        """Shorten a text to one line."""
        text.truncate(max(self.console.width - indent, 1), overflow="ellipsis")
        return Padding(text, (0, 0, 0, indent))


def _everything(paper: _Paper, report: Report) -> list[str]:
    lines = _identity(paper, report, verbose=True)
    for score in scores(report, _EXAMPLES):
        lines += _score(paper, score, definition=True, examples=True)
    lines.append("")
    for term, meaning in TERMS:
        lines += paper.lines(Text(f"{term}: {meaning}", style="dim"))
    lines += [*_skipped(paper, report), ""]
    if not report.findings:
        lines += paper.lines(_no_findings())
    most = limits().findings
    for finding in report.findings[:most]:
        lines += _finding(paper, finding, verbose=True)
    if len(report.findings) > most:
        more = Text(
            f"{counted(len(report.findings) - most, 'more finding')}: see --json", style="bold"
        )
        lines += paper.lines(more)
    lines.append("")
    for section in report.sections:
        if not section.skipped:
            lines += [*_section(paper, section), ""]
    return lines[:-1]


def _one_screen(paper: _Paper, report: Report) -> list[str]:
    """Choose the fullest head that leaves room for findings, then as many of these as fit."""
    footer = paper.lines(Text(_FOOTER, style="dim"))
    for definition, examples in ((True, True), (False, True), (False, False)):
        head = _identity(paper, report, verbose=False)
        for score in scores(report, _EXAMPLES):
            head += _score(paper, score, definition=definition, examples=examples)
        head += [*_skipped(paper, report), ""]
        room = SCREEN - len(head) - len(footer) - 1
        least = len(_finding(paper, report.findings[0])) if report.findings else 1
        if room >= least + min(len(report.findings) - 1, _TITLES):
            break
    return [*head, *_findings(paper, report.findings, room), "", *footer]


def _findings(paper: _Paper, findings: Sequence[Finding], room: int) -> list[str]:
    """Show findings in `room` lines, worst first: in full, then by title, then as a count.

    The worst one is always shown in full.
    """
    if not findings:
        return paper.lines(_no_findings())
    blocks = [_finding(paper, finding) for finding in findings]
    full = 1
    while full < len(blocks):
        if sum(map(len, blocks[: full + 1])) + len(blocks) - full - 1 > room:
            break
        full += 1
    lines = [line for block in blocks[:full] for line in block]
    rest = findings[full:]
    fits = len(rest) if len(lines) + len(rest) <= room else max(room - len(lines) - 1, 0)
    for finding in rest[:fits]:
        title = finding.title or finding.message
        lines += paper.lines(paper.one_line(_finding_head(finding, title)))
    if fits < len(rest):
        lines += paper.lines(Text(f"{counted(len(rest) - fits, 'more finding')}: -v", style="bold"))
    return lines


def _finding(paper: _Paper, finding: Finding, *, verbose: bool = False) -> list[str]:
    lines = paper.lines(
        _finding_head(finding, finding.message),
        Padding(Text("→ " + visible_line(finding.hint), style="dim"), (0, 0, 0, 2)),
    )
    if verbose and finding.rationale:
        lines += paper.lines(
            Padding(Text(visible_line(finding.rationale), style="dim"), (0, 0, 0, 2))
        )
    if verbose and finding.token_ids:
        shown = "  ".join(map(visible_line, filter(None, finding.tokens[:_MOST_TOKENS])))
        count = f"{counted(len(finding.token_ids), 'token')}: {shown}"
        lines += paper.lines(paper.one_line(Text(count), indent=2))
    return lines


def _finding_head(finding: Finding, text: str) -> Text:
    code = visible_line(f"{finding.severity} {finding.code}  ")
    head = Text(code, style=_SEVERITY_STYLE[finding.severity])
    return head.append(visible_line(text), style="not bold default")


def _no_findings() -> Text:
    return Text("No findings.", style="green")


def _identity(paper: _Paper, report: Report, *, verbose: bool) -> list[str]:
    name = Text(visible_line(report.tokenizer.spec), style="bold")
    worst = report.findings[0].severity if report.findings else None
    name.append("  ")
    name.append(tally(report), style=_SEVERITY_STYLE[worst] if worst else "green")
    grid = Grid.grid(padding=(0, 2))
    for label, value in identity(report.tokenizer):
        if verbose or label in _BRIEF_IDENTITY:
            grid.add_row(Text(label, style="dim"), Text(visible_line(value)))
    lexicon = report.lexicon
    words = (
        f"{named(*lexicon.languages)}: {counted(lexicon.words, 'known word')} ({lexicon.source})"
    )
    grid.add_row(Text("lexicon", style="dim"), Text(visible_line(words)))
    notes = (Text("note: " + visible_line(note), style="yellow") for note in report.tokenizer.notes)
    return [*paper.lines(name, *_verdict(report), "", grid, *notes), ""]


def _verdict(report: Report) -> Iterator[Text]:
    for statement in report.verdict:
        line = Text(visible_line(statement.sentence))
        if statement.codes:
            line.append(f" {visible_line(cited(statement))}", style="dim")
        yield line


def _score(paper: _Paper, score: HeadlineScore, *, definition: bool, examples: bool) -> list[str]:
    line = Text(f"{score.label:<18}")
    line.append(f"{score.value:>13}", style="bold")
    line.append(f"  {score.fraction}", style="dim")
    lines = paper.lines(line)
    if score.beside:
        lines += paper.lines(paper.one_line(Text(visible_line(score.beside)), indent=2))
    if definition:
        lines += paper.lines(
            Padding(Text(visible_line(score.definition), style="dim"), (0, 0, 0, 2))
        )
    if examples and score.examples:
        shown = Text("  ".join(map(visible_line, score.examples)))
        lines += paper.lines(paper.one_line(shown, indent=2))
    return lines


def _skipped(paper: _Paper, report: Report) -> list[str]:
    return paper.lines(
        *(
            Text(visible_line(f"{section.title}: skipped, {section.skipped}"), style="yellow")
            for section in report.sections
            if section.skipped
        )
    )


def _section(paper: _Paper, section: Section) -> list[str]:
    lines = paper.lines(Text(visible_line(section.title), style="bold underline"))
    grid = Grid.grid(padding=(0, 2))
    for metric in section.metrics:
        made_of = f"{metric.numerator:,}/{metric.denominator:,}" if metric.denominator else ""
        grid.add_row(visible_line(metric.name), Text(number(metric), justify="right"), made_of)
    if section.metrics:
        lines += paper.lines(Padding(grid, (0, 0, 0, 2)))
    for table in short_tables(section):
        lines += _table(paper, table)
    if len(lines) == 1:
        count = len(section.findings)
        text = f"checked: {counted(count, 'finding')}" if count else "checked: no findings"
        lines += paper.lines(Padding(Text(text, style="dim"), (0, 0, 0, 2)))
    return lines


def _table(paper: _Paper, table: Table) -> list[str]:
    shown = min(_ROWS, limits().rows)
    rest = len(table) - shown
    if not len(table):
        return []
    grid = Grid(box=None, pad_edge=False, header_style="dim")
    for name, column in table.columns.items():
        numeric = all(isinstance(value, (int, float)) for value in column)
        grid.add_column(
            visible_line(name),
            justify="right" if numeric else "left",
            overflow="ellipsis",
            no_wrap=numeric,
        )
    for row in itertools.islice(table.rows(), shown):
        grid.add_row(*(Text(visible_line(_cell(value))) for value in row))
    lines = paper.lines(
        Padding(Text(visible_line(table.title), style="italic"), (1, 0, 0, 2)),
        Padding(grid, (0, 0, 0, 2)),
    )
    if rest > 0:
        more = Text(f"{counted(rest, 'more row')}: see --json", style="dim")
        lines += paper.lines(Padding(more, (0, 0, 0, 2)))
    return lines


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
