"""The verdict of a gate as text, one line a reason."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.comparison.part_changes import PartDifference
from tokstat.gate.verdict import JudgedFinding, JudgedMetric, Verdict
from tokstat.render.changes import part_line
from tokstat.render.markdown.report import escape
from tokstat.text.visible import visible_line
from tokstat.text.wording import agreed, counted

_BOUNDS = {"min": ("minimum", "less than"), "max": ("maximum", "more than")}

_IDS_SHOWN = 5


def verdict_lines(verdict: Verdict) -> list[str]:
    """Return the verdict and each reason for it; no line if no gate was asked for."""
    return [visible_line(line) for line in _lines(verdict)]


def verdict_text(verdict: Verdict) -> str:
    """Write the verdict as the end of a report for people."""
    lines = verdict_lines(verdict)
    return "".join(line + "\n" for line in ["", *lines]) if lines else ""


def verdict_markdown(verdict: Verdict) -> str:
    """Write the verdict as a section of Markdown."""
    lines = verdict_lines(verdict)
    if not lines:
        return ""
    return "## Gate\n\n" + "".join(f"- {escape(line)}\n" for line in lines)


def metric_reason(judged: JudgedMetric) -> str:
    """Return in one line why a metric fails."""
    bound, beyond = _BOUNDS[judged.bound]
    fraction = f"{judged.numerator:,} of {judged.denominator:,}" if judged.denominator else None
    basis = "; ".join(part for part in (fraction, judged.scope) if part)
    named = f"{judged.metric} ({basis})" if basis else judged.metric
    if judged.value is None:
        return f"{named} has no value, so its {bound} is not met: {judged.reason}"
    value, limit = _apart(judged.value, judged.limit)
    return f"{named} is {value}, {beyond} its {bound} of {limit}"


def finding_reason(judged: JudgedFinding) -> str:
    """Return in one line what a finding reports, and how many of its tokens are new."""
    told = ""
    if judged.new_token_ids:
        new = judged.new_token_ids
        some = ", ".join(map(str, new[:_IDS_SHOWN])) + ("…" if len(new) > _IDS_SHOWN else "")
        told = (
            f" ({counted(len(new), 'new token')}, {agreed(len(new), 'id', 'ids')} {some};"
            f" {judged.known_tokens:,} in the baseline)"
        )
    return f"{judged.severity} {judged.code}{told}: {judged.message}"


def unlocked_reason(verdict: Verdict, part: PartDifference) -> str:
    """Return in one line which part differs from the lock, and how."""
    return f"lock {verdict.lock}: {part_line(part)}"


def _lines(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        if finding.fails:
            yield f"gate: {finding_reason(finding)}"
    for metric in verdict.metrics:
        if not metric.passed:
            yield f"gate: {metric_reason(metric)}"
    for part in verdict.unlocked:
        yield f"gate: {unlocked_reason(verdict, part)}"
    if verdict.lock is not None and verdict.baseline is None:
        yield from _note_lines(verdict)
    if verdict.baseline is not None:
        yield from _baseline_lines(verdict)
    if verdict.left_out:
        yield f"gate: not judged because of --select or --ignore: {', '.join(verdict.left_out)}"
    if verdict.was_asked_for:
        yield _summary(verdict)


def _baseline_lines(verdict: Verdict) -> Iterator[str]:
    known = dict.fromkeys(each.code for each in verdict.findings if not each.is_new)
    if known:
        yield f"gate: already in the baseline {verdict.baseline}: {', '.join(known)}"
    if verdict.gone:
        yield (
            f"gate: fixed since the baseline: {', '.join(verdict.gone)}. Save a new baseline to "
            "keep them fixed."
        )
    yield from _note_lines(verdict)


def _note_lines(verdict: Verdict) -> Iterator[str]:
    for note in verdict.notes:
        yield f"gate: note: {note}"


def _summary(verdict: Verdict) -> str:
    """Return the verdict, and the counts that decide it."""
    asked = []
    if verdict.fail_on is not None:
        failing = sum(finding.fails for finding in verdict.findings)
        new = "new " if verdict.baseline is not None else ""
        many = agreed(failing, "finding", "findings")
        level = "of any level" if verdict.fail_on == "info" else f"of level {verdict.fail_on}"
        worse = " or worse" if verdict.fail_on == "warning" else ""
        asked.append(f"{failing or 'no'} {new}{many} {level}{worse}")
    if verdict.metrics:
        met = sum(metric.passed for metric in verdict.metrics)
        asked.append(f"{met:,} of {counted(len(verdict.metrics), 'limit')} met")
    if verdict.lock is not None:
        many = counted(len(verdict.unlocked), "part")
        differ = agreed(len(verdict.unlocked), "differs", "differ")
        asked.append(f"{many} {differ} from the lock" if verdict.unlocked else "as locked")
    return f"gate {'passed' if verdict.passed else 'failed'}: {', '.join(asked)}"


def _apart(value: float, limit: float) -> tuple[str, str]:
    """Write two numbers with enough digits to show that they differ."""
    for digits in range(4, 18):
        shown = (f"{value:.{digits}g}", f"{limit:.{digits}g}")
        if shown[0] != shown[1] or value == limit:
            break
    return _plain(value, shown[0]), _plain(limit, shown[1])


def _plain(number: float, shown: str) -> str:
    """Write a whole number in full, any other as it was shortened."""
    return f"{int(number):,}" if number == int(number) and abs(number) >= 1 else shown
