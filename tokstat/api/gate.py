"""Decide whether a report passes: in notebooks, scripts and continuous integration alike."""

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
    """Leave out the findings that do not count, and say whether the report passes, and why not.

    The report may be one that was saved: `Report.from_json`.
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
    """Say what a report must be like to pass.

    `select` and `ignore` are codes of findings or beginnings of codes, the longest of which wins;
    `fail_on` the mildest severity that fails; `minimum` and `maximum` the limits of metrics;
    `baseline` an earlier report, or the file of its JSON: only what it lacks fails. What is not
    given is taken from `settings`; a `select` that is given sets aside their `ignore`, too, and
    limits are taken metric by metric.

    Raises:
        TokstatError: `UnknownNameError` for a code or metric that no analyzer declares,
            `GateError` for limits that cannot be held or contradict each other, or for a baseline
            that cannot be read, `SettingsError` where the fault is the settings'.
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
    """Check them alone first, so that the message can name their file."""
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
    for finding in report.findings:  # by severity: one that is none raises ValueError
        if not isinstance(finding.code, str) or not all(
            isinstance(token, int) for token in finding.token_ids
        ):
            raise TypeError(f"{finding.code!r} is no finding with a code and token ids")
