"""The policy that a report must meet: codes, levels and limits, checked against the analyzers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tokstat.analyzers.registry import all_rules, get_analyzers
from tokstat.errors import GateError, UnknownNameError, did_you_mean
from tokstat.results.declarations import MetricType
from tokstat.results.report import SEVERITIES, Report, Severity

if TYPE_CHECKING:
    from tokstat.gate.lock import Lock

Bound = Literal["min", "max"]

_RANGES = {"ratio": (0.0, 1.0), "difference": (-1.0, 1.0)}
_COUNTED = frozenset({"tokens", "ids", "words", "bytes", "characters", "merges", "files"})
"""Units that only whole numbers count; other units may have any number."""


@dataclass(frozen=True)
class Threshold:
    """Limit a metric from below ("min") or above ("max"); a value equal to the limit passes."""

    metric: str
    bound: Bound
    limit: float


@dataclass(frozen=True)
class Baseline:
    """Hold an earlier report; `source` is the file or address that it comes from."""

    source: str
    report: Report


@dataclass(frozen=True)
class Policy:
    """Hold what a report must meet to pass; `make_policy` returns valid policies.

    `select` and `ignore` hold codes or prefixes of codes. The longest one that fits a finding
    decides whether it is reported. Without any, every finding is reported. Findings at least as
    severe as `fail_on` fail. With a baseline only findings that it lacks fail, at any severity
    unless `fail_on` is set. Thresholds apply with and without a baseline. With a lock every change
    of the tokenizer fails.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = None
    thresholds: tuple[Threshold, ...] = ()
    baseline: Baseline | None = None
    lock: Lock | None = None

    @property
    def least(self) -> Severity | None:
        """The mildest severity that fails; None if no finding can fail."""
        return self.fail_on or ("info" if self.baseline else None)


def make_policy(
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    fail_on: str | None = None,
    minimum: Mapping[str, float] | None = None,
    maximum: Mapping[str, float] | None = None,
    baseline: Baseline | None = None,
    lock: Lock | None = None,
) -> Policy:
    """Return a policy, checked against what the analyzers declare.

    Raises:
        UnknownNameError: no analyzer declares a code or metric.
        GateError: a level is unknown, a metric cannot have its limit, or two limits contradict
            each other.
    """
    chosen, refused = _codes(select), _codes(ignore)
    for code in chosen:
        if code in refused:
            raise GateError(f"{code} is both selected and ignored", "Select or ignore it.")
    if fail_on is not None and fail_on not in SEVERITIES:
        raise GateError(f"There is no level {fail_on!r}", f"Give one of {', '.join(SEVERITIES)}.")
    thresholds = (
        *(_threshold(name, "min", limit) for name, limit in (minimum or {}).items()),
        *(_threshold(name, "max", limit) for name, limit in (maximum or {}).items()),
    )
    _check_limits_agree(thresholds)
    return Policy(chosen, refused, fail_on, thresholds, baseline, lock)


def parse_limits(texts: Iterable[str]) -> dict[str, float]:
    """Parse limits written METRIC=NUMBER.

    Raises:
        GateError: a limit has another form, or a metric has two limits.
    """
    limits: dict[str, float] = {}
    for text in texts:
        name, equals, number = (part.strip() for part in text.partition("="))
        try:
            limit = float(number) if name and equals else None
        except ValueError:
            limit = None
        if limit is None:
            raise GateError(
                f"{text!r} is not a limit", "Write METRIC=NUMBER, such as whole_word_ratio=0.6."
            )
        if name in limits and limits[name] != limit:
            raise GateError(
                f"{name} has two limits on one side, {limits[name]:g} and {limit:g}",
                "Give one of them.",
            )
        limits[name] = limit
    return limits


def is_reported(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Return whether a code is selected, and not ignored by a longer prefix."""
    chosen = max((len(each) for each in select if code.startswith(each)), default=-1)
    refused = max((len(each) for each in ignore if code.startswith(each)), default=-1)
    return chosen > refused if select else refused < 0


def _codes(prefixes: Iterable[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(each.strip() for each in prefixes))
    if not chosen:  # saves importing the analyzers
        return ()
    known = sorted(rule.code for rule in all_rules())
    for prefix in chosen:
        if not prefix or not any(code.startswith(prefix) for code in known):
            raise UnknownNameError(
                f"No finding has a code that starts with {prefix!r}", did_you_mean(prefix, known)
            )
    return chosen


def _threshold(name: str, bound: Bound, limit: float) -> Threshold:
    declared = {metric.name: metric for each in get_analyzers() for metric in each.metrics}
    if name not in declared:
        raise UnknownNameError(f"There is no metric {name!r}", did_you_mean(name, sorted(declared)))
    _check_limit(declared[name], limit)
    return Threshold(name, bound, limit)


def _check_limit(metric: MetricType, limit: object) -> None:
    if isinstance(limit, bool) or not isinstance(limit, (int, float)):
        raise GateError(f"The limit of {metric.name} is {limit!r}, not a number", "Give a number.")
    if not -1e300 < limit < 1e300:  # NaN also fails this test
        raise GateError(f"The limit of {metric.name} is {limit}", "Give a finite number.")
    low, high = _RANGES.get(metric.unit, (-1e300, 1e300))
    if not low <= limit <= high:
        raise GateError(
            f"{metric.name} is a {metric.unit} from {low:g} to {high:g}, and its limit is"
            f" {limit:g}",
            "Write percentages as fractions: 0.6 for 60%.",
        )
    if metric.unit in _COUNTED and (limit < 0 or limit != int(limit)):
        raise GateError(
            f"{metric.name} counts {metric.unit}, and its limit is {limit:g}",
            "Give a whole number from 0 up, or limit a metric that is a ratio.",
        )


def _check_limits_agree(thresholds: Sequence[Threshold]) -> None:
    least = {each.metric: each.limit for each in thresholds if each.bound == "min"}
    for each in thresholds:
        if each.bound == "max" and least.get(each.metric, each.limit) > each.limit:
            raise GateError(
                f"{each.metric} cannot be at least {least[each.metric]:g} and at most "
                f"{each.limit:g}",
                "Lower the minimum, or raise the maximum.",
            )
