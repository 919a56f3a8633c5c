"""Options by which a report passes or fails, and the output of the verdict."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tokstat.cli.completion import complete_codes, complete_limits
from tokstat.cli.settings import current_settings

if TYPE_CHECKING:
    from tokstat.gate.policy import Policy
    from tokstat.gate.verdict import Verdict
    from tokstat.results.report import Report
    from tokstat.tokenizer.tokenizer import Tokenizer

Command = Callable[..., Any]


def gate_options(command: Command) -> Command:
    """Add the gate's options; the command gets a `policy` made of them and the settings.

    It also gets `to_write`: the files of a new baseline and a new lock, which no policy can be
    made of yet.
    """

    @functools.wraps(command)
    def with_policy(
        *arguments: Any,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        fail_on: str | None,
        minimum: tuple[str, ...],
        maximum: tuple[str, ...],
        baseline: Path | None,
        lock: Path | None,
        write_baseline: bool,
        write_lock: bool,
        **options: Any,
    ) -> Any:
        import tokstat
        from tokstat.gate.policy import parse_limits

        settings = current_settings()
        to_write = ToWrite(
            _place("baseline", baseline or settings.baseline) if write_baseline else None,
            _place("lock", lock or settings.lock) if write_lock else None,
        )
        if write_baseline:
            baseline, settings = None, replace(settings, baseline=None)
        if write_lock:
            lock, settings = None, replace(settings, lock=None)
        policy = tokstat.make_policy(
            select=_split(select),
            ignore=_split(ignore),
            fail_on=fail_on,
            minimum=parse_limits(minimum),
            maximum=parse_limits(maximum),
            baseline=baseline,
            lock=lock,
            settings=settings,
        )
        return command(*arguments, policy=policy, to_write=to_write, **options)

    for option in reversed(_OPTIONS):
        with_policy = option(with_policy)
    return with_policy


_OPTIONS = (
    click.option(
        "--select",
        multiple=True,
        metavar="CODE[,CODE]",
        shell_complete=complete_codes,
        help="Report only these findings; TS6 stands for all codes that begin with TS6.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="CODE[,CODE]",
        shell_complete=complete_codes,
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
        shell_complete=complete_limits,
        help="Exit with 1 if the metric is less, or could not be computed. Repeatable.",
    ),
    click.option(
        "--max",
        "maximum",
        multiple=True,
        metavar="METRIC=NUMBER",
        shell_complete=complete_limits,
        help="Exit with 1 if the metric is more, or could not be computed. Repeatable.",
    ),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path),
        help="An earlier report (--json). Exit with 1 only for findings or tokens that it lacks; "
        "without --fail-on, of any severity.",
    ),
    click.option(
        "--lock",
        type=click.Path(path_type=Path),
        help="A file of tokstat lock. Exit with 1 if anything of the tokenizer differs from it.",
    ),
    click.option(
        "--write-baseline",
        is_flag=True,
        help="Write this report to the file that --baseline or the settings name.",
    ),
    click.option(
        "--write-lock",
        is_flag=True,
        help="Write the tokenizer's lock to the file that --lock or the settings name.",
    ),
)


@dataclass(frozen=True)
class ToWrite:
    """Hold the files of a new baseline and of a new lock; None for what is not written."""

    baseline: Path | None
    lock: Path | None


def _place(name: str, path: Path | None) -> Path:
    """Return where a new file goes, checked before the work begins."""
    from tokstat.io.files import require_place

    if path is None:
        raise click.UsageError(
            f"--write-{name} needs a file: add --{name} FILE, or {name} = FILE to the settings"
        )
    require_place(path)
    return path


def write_first(
    to_write: ToWrite, policy: Policy, report: Report, tokenizer: str | Tokenizer
) -> Policy:
    """Write a new baseline and a new lock, and return the policy with them."""
    import tokstat
    from tokstat.cli.output import say
    from tokstat.gate.policy import Baseline
    from tokstat.io.files import save_file

    if to_write.lock is not None:
        lock = tokstat.lock(tokenizer)
        lock.save(to_write.lock)
        policy = replace(policy, lock=replace(lock, source=str(to_write.lock)))
        say(f"lock written to {to_write.lock}")
    if to_write.baseline is not None:
        save_file(to_write.baseline, report.to_json() + "\n")
        policy = replace(policy, baseline=Baseline(str(to_write.baseline), report))
        say(f"baseline written to {to_write.baseline}")
    return policy


def _split(texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the codes of a repeatable option that takes commas; None if it was not given."""
    return tuple(code for text in texts for code in text.split(",")) if texts else None


def report_verdict(verdict: Verdict, in_payload: bool, failures: Sequence[str] = ()) -> None:
    """Write the verdict to stderr, unless it stands in what stdout shows; exit with 1 if it failed.

    Whoever reads a log must see there why the exit status is 1. With `failures` of analyzers, a
    sentence each, it is 2: a report that lacks a section cannot be judged.
    """
    from tokstat.cli.output import say

    if verdict.has_reasons and not in_payload:
        from tokstat.render.verdict import verdict_lines

        for line in verdict_lines(verdict):
            say(line)
    for failure in failures:
        say(failure)
    if failures:
        sys.exit(2)
    if not verdict.passed:
        sys.exit(1)
