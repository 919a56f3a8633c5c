"""Options by which a report passes or fails, and the output of the verdict."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tokstat.cli.settings import current_settings

if TYPE_CHECKING:
    from tokstat.gate.verdict import Verdict

Command = Callable[..., Any]


def gate_options(command: Command) -> Command:
    """Add the gate's options; the command gets a `policy` made of them and the settings."""

    @functools.wraps(command)
    def with_policy(
        *arguments: Any,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        fail_on: str | None,
        minimum: tuple[str, ...],
        maximum: tuple[str, ...],
        baseline: Path | None,
        **options: Any,
    ) -> Any:
        import tokstat
        from tokstat.gate.policy import parse_limits

        policy = tokstat.make_policy(
            select=_split(select),
            ignore=_split(ignore),
            fail_on=fail_on,
            minimum=parse_limits(minimum),
            maximum=parse_limits(maximum),
            baseline=baseline,
            settings=current_settings(),
        )
        return command(*arguments, policy=policy, **options)

    for option in reversed(_OPTIONS):
        with_policy = option(with_policy)
    return with_policy


_OPTIONS = (
    click.option(
        "--select",
        multiple=True,
        metavar="CODE[,CODE]",
        help="Report only these findings; TS6 stands for all codes that begin with TS6.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="CODE[,CODE]",
        help="Leave these findings out. If --select and --ignore both match, the longer code wins.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["info", "warning", "error"]),
        help="Exit with 1 if a finding is at least this severe.",
    ),
    click.option(
        "--min",
        "minimum",
        multiple=True,
        metavar="METRIC=NUMBER",
        help="Exit with 1 if the metric is less, or could not be computed. Repeatable.",
    ),
    click.option(
        "--max",
        "maximum",
        multiple=True,
        metavar="METRIC=NUMBER",
        help="Exit with 1 if the metric is more, or could not be computed. Repeatable.",
    ),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path),
        help="An earlier report (--json). Exit with 1 only for findings or tokens that it lacks; "
        "without --fail-on, of any severity.",
    ),
)


def _split(texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the codes of a repeatable option that takes commas; None if it was not given."""
    return tuple(code for text in texts for code in text.split(",")) if texts else None


def report_verdict(verdict: Verdict, in_payload: bool, failures: Sequence[str] = ()) -> None:
    """Write the verdict to stderr, unless it stands in what stdout shows; exit with 1 if it failed.

    Whoever reads a log must see there why the exit status is 1. With `failures` of analyzers, a
    sentence each, it is 2: a report that lacks a section cannot be judged.
    """
    from tokstat.cli.output import say
    from tokstat.render.verdict import verdict_lines

    if not in_payload:
        for line in verdict_lines(verdict):
            say(line)
    for failure in failures:
        say(failure)
    if failures:
        sys.exit(2)
    if not verdict.passed:
        sys.exit(1)
