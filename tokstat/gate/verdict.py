"""The verdict on a report: findings that fail, findings that are new, and limits of metrics."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from tokstat.analyzers.registry import analyzers_of_metric
from tokstat.comparison.part_changes import PartDifference
from tokstat.errors import ReportError, reason_of
from tokstat.gate.policy import Bound, Policy, Threshold, is_reported
from tokstat.results.from_json import build, refusing
from tokstat.results.language_names import named
from tokstat.results.report import SEVERITIES, Finding, Metric, Report, Severity, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, quoted

if TYPE_CHECKING:
    from tokstat.comparison.difference import Difference


@dataclass(frozen=True)
class JudgedFinding:
    """Hold whether a reported finding fails and, with a baseline, what of it is new.

    `new_token_ids` are its tokens that the baseline lacks, and `known_tokens` counts the others.
    Both are empty without a baseline, and for a finding that names no tokens.
    """

    code: str
    severity: Severity
    message: str
    fails: bool
    is_new: bool = True
    new_token_ids: tuple[int, ...] = ()
    known_tokens: int = 0


@dataclass(frozen=True)
class JudgedMetric:
    """Hold the verdict on one metric; `reason` explains a missing value."""

    metric: str
    bound: Bound
    limit: float
    passed: bool
    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    scope: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.denominator and self.numerator is None:
            raise ValueError("a metric has a denominator, and lacks its numerator")


@dataclass(frozen=True)
class Verdict:
    """Hold whether a report passed, and why.

    `findings` are the reported ones, in the report's order; `left_out` are the codes that `select`
    and `ignore` leave out. With a baseline, `gone` are codes that only the baseline has, and
    `notes` are cautions about the comparison. With a lock, `unlocked` are the parts of the
    tokenizer that differ from it.
    """

    passed: bool
    fail_on: Severity | None = None
    findings: tuple[JudgedFinding, ...] = ()
    metrics: tuple[JudgedMetric, ...] = ()
    left_out: tuple[str, ...] = ()
    baseline: str | None = None
    gone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lock: str | None = None
    unlocked: tuple[PartDifference, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<Verdict {'passed' if self.passed else 'failed'}:"
            f" {counted(len(self.findings), 'finding')}, {counted(len(self.metrics), 'metric')}>"
        )

    @property
    def was_asked_for(self) -> bool:
        """Whether anything could have failed."""
        return self.fail_on is not None or bool(self.metrics) or self.lock is not None

    @property
    def has_reasons(self) -> bool:
        """Whether there is anything to tell: a gate was asked for, or findings are left out."""
        return self.was_asked_for or self.baseline is not None or bool(self.left_out)


@dataclass(frozen=True)
class GatedReport(Written):
    """Pair a report, without the findings left out, with its verdict."""

    report: Report
    verdict: Verdict

    def __repr__(self) -> str:
        return f"<GatedReport {quoted(self.report.tokenizer.spec)}: {self.verdict!r}>"

    def to_table(self) -> Table:
        """Return a row for each finding, with the verdict on it."""
        names = [name for name in JudgedFinding.__dataclass_fields__ if name != "new_token_ids"]
        return Table.of("findings", "Judged findings", self.verdict.findings, names)

    @property
    def passed(self) -> bool:
        """Whether the report passed."""
        return self.verdict.passed

    def to_dict(self) -> dict[str, Any]:
        """Return the report's dict with the verdict under `gate`; `Report.from_dict` reads it."""
        return {**self.report.to_dict(), "gate": asdict(self.verdict)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GatedReport:
        """Rebuild from `to_dict`'s result, or from its JSON.

        Raises:
            ReportError: the data is not a report with a verdict.
        """
        report = Report.from_dict(data)
        with refusing("The report has no verdict that can be read", "inspect"):
            verdict = build(Verdict, data["gate"])
            if len(verdict.findings) != len(report.findings):
                raise ValueError("not every finding is judged")
        return cls(report, verdict)

    def to_json(self) -> str:
        """Return strict JSON, on one line.

        Raises:
            ReportError: a plug-in's table holds a value that JSON cannot hold.
        """
        try:
            return json.dumps(self.to_dict(), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ReportError(
                f"The report cannot be written as JSON: {reason_of(error)}",
                "Put only plain numbers and strings into the tables of your analyzers.",
            ) from error


def judge(report: Report, policy: Policy, changes: Difference | None = None) -> GatedReport:
    """Leave out findings as the policy says, and judge the others and the metrics.

    `changes` are what differs from the policy's lock.
    """
    shown = _without_left_out(report, policy)
    before = policy.baseline.report if policy.baseline else None
    findings = _judge_findings(shown.findings, before, policy.least)
    metrics = tuple(
        judged for threshold in policy.thresholds for judged in _judge_metric(threshold, report)
    )
    reported = {finding.code for finding in shown.findings}
    verdict = Verdict(
        passed=not any(each.fails for each in findings) and all(each.passed for each in metrics),
        fail_on=policy.least,
        findings=findings,
        metrics=metrics,
        left_out=tuple(sorted({finding.code for finding in report.findings} - reported)),
    )
    if policy.baseline and before:
        known = {finding.code for finding in before.findings}
        gone = {code for code in known if is_reported(code, policy.select, policy.ignore)}
        verdict = replace(
            verdict,
            baseline=policy.baseline.source,
            gone=tuple(sorted(gone - reported)),
            notes=tuple(_comparison_notes(shown, before)),
        )
    if changes is not None:
        verdict = replace(
            verdict,
            passed=verdict.passed and not changes,
            lock=changes.old,
            unlocked=changes.parts,
            notes=(*verdict.notes, *changes.notes),
        )
    return GatedReport(shown, verdict)


def _without_left_out(report: Report, policy: Policy) -> Report:
    if not policy.select and not policy.ignore:
        return report
    return replace(
        report,
        sections=tuple(
            replace(
                section,
                findings=tuple(
                    finding
                    for finding in section.findings
                    if is_reported(finding.code, policy.select, policy.ignore)
                ),
            )
            for section in report.sections
        ),
    )


def _judge_findings(
    findings: Sequence[Finding], before: Report | None, least: Severity | None
) -> tuple[JudgedFinding, ...]:
    known_ids, known_wholes = _known(findings, before.findings if before else ())
    judged = []
    for place, finding in enumerate(findings):
        known = known_ids[finding.code]
        new_ids = finding.token_ids
        if known:
            new_ids = tuple(token for token in new_ids if token not in known)
        is_new = bool(new_ids) if finding.token_ids else place not in known_wholes
        is_severe = least is not None and _rank(finding.severity) >= _rank(least)
        judged.append(
            JudgedFinding(
                code=finding.code,
                severity=finding.severity,
                message=finding.message,
                fails=is_new and is_severe,
                is_new=is_new,
                new_token_ids=new_ids if before else (),
                known_tokens=len(finding.token_ids) - len(new_ids),
            )
        )
    return tuple(judged)


def _known(
    findings: Sequence[Finding], before: Sequence[Finding]
) -> tuple[Mapping[str, set[int]], set[int]]:
    """Return the baseline's tokens by code, and the positions of known findings without tokens.

    Numbers in a message may have changed since the baseline, so messages alone do not match
    findings. Of the findings of a code that name no tokens, as many are known as the baseline has.
    Those with the same message are known first.
    """
    ids: dict[str, set[int]] = defaultdict(set)
    messages: dict[str, list[str]] = defaultdict(list)
    for finding in before:
        ids[finding.code].update(finding.token_ids)
        if not finding.token_ids:
            messages[finding.code].append(finding.message)
    known, others = set(), []
    for place, finding in enumerate(findings):
        if finding.token_ids:
            continue
        if finding.message in messages[finding.code]:
            messages[finding.code].remove(finding.message)
            known.add(place)
        else:
            others.append(place)
    for place in others:
        if messages[findings[place].code]:
            messages[findings[place].code].pop()
            known.add(place)
    return ids, known


def _rank(severity: Severity) -> int:
    return SEVERITIES.index(severity)


def _judge_metric(threshold: Threshold, report: Report) -> list[JudgedMetric]:
    """Compare every value of a metric with its limit; a metric of several scopes has several.

    A metric without a value does not pass.
    """
    found = [
        metric
        for section in report.sections
        for metric in section.metrics
        if metric.name == threshold.metric
    ]
    if not found:
        reason = _why_absent(threshold.metric, report)
        return [
            JudgedMetric(
                threshold.metric, threshold.bound, threshold.limit, False, None, reason=reason
            )
        ]
    return [_compare(threshold, metric) for metric in found]


def _compare(threshold: Threshold, metric: Metric) -> JudgedMetric:
    value = metric.value
    reason, passed = None, False
    if value is None:
        of_nothing = metric.denominator == 0
        reason = "its denominator is 0" if of_nothing else "it has no value for this tokenizer"
    else:
        passed = value >= threshold.limit if threshold.bound == "min" else value <= threshold.limit
    return JudgedMetric(
        threshold.metric,
        threshold.bound,
        threshold.limit,
        passed,
        value,
        metric.numerator,
        metric.denominator,
        metric.scope,
        reason,
    )


def _why_absent(metric: str, report: Report) -> str:
    sections = {section.analyzer: section for section in report.sections}
    reasons = []
    for name in analyzers_of_metric(metric):
        if name not in sections:
            reasons.append(f"analyzer {name} did not run")
        elif sections[name].skipped:
            reasons.append(f"analyzer {name} was skipped: {sections[name].skipped}")
        else:
            reasons.append(f"analyzer {name} does not compute it for this tokenizer")
    return "; ".join(reasons) or "no analyzer of the report computes it"


def _comparison_notes(report: Report, before: Report) -> Iterable[str]:
    now, then = report.tokenizer, before.tokenizer
    for what, one, other in (
        ("model", now.model_type, then.model_type),
        ("vocabulary size", f"{now.vocab_size:,}", f"{then.vocab_size:,}"),
    ):
        if one != other:
            yield (f"the baseline's {what} is {other}, and this one's is {one}: ids may differ")
    if report.lexicon != before.lexicon:
        yield (
            f"the baseline uses another word list ({before.lexicon.source}: "
            f"{named(*before.lexicon.languages)})"
        )
    ran = {section.analyzer for section in before.sections if not section.skipped}
    for section in report.sections:
        if section.findings and section.analyzer not in ran:
            yield f"the baseline has no result of analyzer {section.analyzer}"
