"""Decide whether a report passes, in notebooks, scripts and continuous integration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tokstat.errors import (
    GateError,
    LimitError,
    ReportError,
    SettingsError,
    TokstatError,
    reason_of,
)
from tokstat.gate import policy, verdict
from tokstat.gate.policy import Baseline, Policy
from tokstat.gate.settings import Settings
from tokstat.gate.verdict import GatedReport
from tokstat.io.limits import read_text
from tokstat.results.report import Report


def check(report: Report, required: Policy) -> GatedReport:
    """Return the report with its verdict and the reasons; findings that do not count are left out.

    The report may be a saved one: `Report.from_json`.
    """
    return verdict.judge(report, required)


def make_policy(
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    fail_on: str | None = None,
    minimum: Mapping[str, float] | None = None,
    maximum: Mapping[str, float] | None = None,
    baseline: str | Path | Report | None = None,
    settings: Settings | None = None,
) -> Policy:
    """Return the conditions under which a report passes.

    `select` and `ignore` are codes of findings or their beginnings; the longest match wins.
    `fail_on` is the mildest severity that fails. `minimum` and `maximum` are the limits of metrics.
    `baseline` is an earlier report, or the file of its JSON: only what it lacks fails. `settings`
    has the values of arguments that are not given. A given `select` also replaces the `ignore` of
    the settings, and limits replace theirs metric by metric.

    Raises:
        TokstatError: `UnknownNameError` for a code or metric that no analyzer declares,
            `GateError` for limits that are impossible or contradict each other, or for a baseline
            that cannot be read, `SettingsError` if the settings are at fault.
    """
    settings = settings or Settings()
    _check_settings(settings)
    if ignore is None and select is None:
        ignore = settings.ignore
    if select is None:
        select = settings.select
    return policy.make_policy(
        select=select or (),
        ignore=ignore or (),
        fail_on=fail_on or settings.fail_on,
        minimum={**(settings.minimum or {}), **(minimum or {})},
        maximum={**(settings.maximum or {}), **(maximum or {})},
        baseline=_read_baseline(settings.baseline if baseline is None else baseline),
    )


def _check_settings(settings: Settings) -> None:
    """Check the settings alone, so that an error can name their file."""
    try:
        policy.make_policy(
            select=settings.select or (),
            ignore=settings.ignore or (),
            fail_on=settings.fail_on,
            minimum=settings.minimum,
            maximum=settings.maximum,
        )
    except TokstatError as error:
        raise SettingsError(f"{settings.source}: {error.problem}", error.hint) from error


def _read_baseline(given: str | Path | Report | None) -> Baseline | None:
    if given is None:
        return None
    if isinstance(given, Report):
        return Baseline(given.tokenizer.spec, given)
    try:
        report = Report.from_json(read_text(Path(given)))
        _check_findings(report)
    except (LimitError, ReportError) as error:
        raise GateError(
            f"The baseline {given} cannot be read: {error.problem}", error.hint
        ) from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise GateError(
            f"The baseline {given} cannot be read: {reason_of(error)}",
            "Give the file that `tokstat inspect --json -o FILE` wrote.",
        ) from error
    return Baseline(str(given), report)


def _check_findings(report: Report) -> None:
    for finding in report.findings:  # reading an unknown severity raises ValueError
        if not isinstance(finding.code, str) or not all(
            isinstance(token, int) for token in finding.token_ids
        ):
            raise TypeError(f"the finding {finding.code!r} lacks a code or token ids")
