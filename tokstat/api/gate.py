"""Decide whether a report passes, in notebooks, scripts and continuous integration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tokstat.api.inspection import load
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
from tokstat.io.files import as_path
from tokstat.io.limits import read_text
from tokstat.results.report import Report
from tokstat.tokenizer.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokstat.gate.lock import Lock


def check(
    report: Report, required: Policy, tokenizer: str | Path | Tokenizer | None = None
) -> GatedReport:
    """Return the report with its verdict and the reasons; findings that do not count are left out.

    The report may be a saved one: `Report.from_json`. A policy with a lock also needs the
    tokenizer: a report does not hold all that a lock does.

    Raises:
        TokstatError: `GateError` for a lock without the tokenizer or of another one; as `load`.
    """
    if required.lock is None:
        return verdict.judge(report, required)
    if tokenizer is None:
        raise GateError("A lock needs the tokenizer", "Give it: check(report, policy, tokenizer).")
    from tokstat.gate.lock import check_lock, require_same_tokenizer

    loaded = load(tokenizer)
    changes = check_lock(required.lock, loaded)
    require_same_tokenizer(required.lock, loaded, changes)
    return verdict.judge(report, required, changes)


def make_policy(
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    fail_on: str | None = None,
    minimum: Mapping[str, float] | None = None,
    maximum: Mapping[str, float] | None = None,
    baseline: str | Path | Report | None = None,
    lock: str | Path | Lock | None = None,
    settings: Settings | None = None,
) -> Policy:
    """Return the conditions under which a report passes.

    `select` and `ignore` are codes of findings or their beginnings; the longest match wins.
    `fail_on` is the mildest severity that fails. `minimum` and `maximum` are the limits of metrics.
    `baseline` is an earlier report, or the file of its JSON: only what it lacks fails. `lock` is a
    lock, or its file: every change of the tokenizer fails. `settings` has the values of arguments
    that are not given. A given `select` also replaces the `ignore` of the settings, and limits
    replace theirs metric by metric.

    Raises:
        TokstatError: `UnknownNameError` for a code or metric that no analyzer declares,
            `GateError` for limits that are impossible or contradict each other, or for a baseline
            or lock that cannot be read, `SettingsError` if the settings are at fault.
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
        lock=_read_lock(settings.lock if lock is None else lock),
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


def _read_lock(given: str | Path | Lock | None) -> Lock | None:
    if not isinstance(given, (str, Path)):
        return given
    from tokstat.gate.lock import read_lock

    return read_lock(as_path(given))


def _read_baseline(given: str | Path | Report | None) -> Baseline | None:
    if given is None:
        return None
    if isinstance(given, Report):
        return Baseline(given.tokenizer.spec, given)
    try:
        report = Report.from_json(read_text(as_path(given)))
        _check_findings(report)
    except (LimitError, ReportError) as error:
        raise GateError(
            f"The baseline {given} cannot be read: {error.problem}", error.hint
        ) from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise GateError(
            f"The baseline {given} cannot be read: {reason_of(error)}",
            f"Write it: tokstat inspect SPEC --baseline {given} --write-baseline",
        ) from error
    return Baseline(str(given), report)


def _check_findings(report: Report) -> None:
    for finding in report.findings:  # reading an unknown severity raises ValueError
        if not isinstance(finding.code, str) or not all(
            isinstance(token, int) for token in finding.token_ids
        ):
            raise TypeError(f"the finding {finding.code!r} lacks a code or token ids")
