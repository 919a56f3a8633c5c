"""The verdict of a gate in words, a line for each reason."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.gate.verdict import JudgedFinding, JudgedMetric, Verdict
from tokstat.render.markdown.report import escape
from tokstat.text.unicode import visible_line

_BOUNDS = {"min": ("minimum", "less than"), "max": ("maximum", "more than")}

_IDS_SHOWN = 5


def verdict_lines(verdict: Verdict) -> list[str]:
    """Say whether the gate passed, and each reason why not; nothing where nothing was asked."""
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
    """Say in one line why a metric does not pass."""
    bound, beyond = _BOUNDS[judged.bound]
    fraction = f"{judged.numerator:,} of {judged.denominator:,}" if judged.denominator else None
    basis = "; ".join(part for part in (fraction, judged.scope) if part)
    named = f"{judged.metric} ({basis})" if basis else judged.metric
    if judged.value is None:
        return f"{named} could not be computed, so its {bound} is not met: {judged.reason}"
    value, limit = _apart(judged.value, judged.limit)
    return f"{named} is {value}, {beyond} its {bound} of {limit}"


def finding_reason(judged: JudgedFinding) -> str:
    """Say in one line what is new of a finding, and what it is."""
    told = ""
    if judged.new_token_ids:
        new = judged.new_token_ids
        some = ", ".join(map(str, new[:_IDS_SHOWN])) + ("…" if len(new) > _IDS_SHOWN else "")
        tokens = "token, id" if len(new) == 1 else "tokens, ids"
        told = f" ({len(new):,} new {tokens} {some}; {judged.known_tokens:,} in the baseline)"
    return f"{judged.severity} {judged.code}{told}: {judged.message}"


def _lines(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        if finding.fails:
            yield f"gate: {finding_reason(finding)}"
    for metric in verdict.metrics:
        if not metric.passed:
            yield f"gate: {metric_reason(metric)}"
    if verdict.baseline is not None:
        yield from _baseline_lines(verdict)
    if verdict.left_out:
        yield f"gate: left out by --select or --ignore: {', '.join(verdict.left_out)}"
    if verdict.was_asked_for:
        yield _summary(verdict)


def _baseline_lines(verdict: Verdict) -> Iterator[str]:
    known = dict.fromkeys(each.code for each in verdict.findings if not each.is_new)
    if known:
        yield f"gate: in the baseline {verdict.baseline}: {', '.join(known)}"
    if verdict.gone:
        yield (
            f"gate: only in the baseline: {', '.join(verdict.gone)} (save a new one, and it "
            "stays so)"
        )
    for note in verdict.notes:
        yield f"gate: note: {note}"


def _summary(verdict: Verdict) -> str:
    """Close with the verdict, and what it rests on."""
    asked = []
    if verdict.fail_on is not None:
        failing = sum(finding.fails for finding in verdict.findings)
        new = "new " if verdict.baseline is not None else ""
        many = "finding" if failing == 1 else "findings"
        level = "of any level" if verdict.fail_on == "info" else f"of level {verdict.fail_on}"
        worse = " or worse" if verdict.fail_on == "warning" else ""
        asked.append(f"{failing or 'no'} {new}{many} {level}{worse}")
    if verdict.metrics:
        met = sum(metric.passed for metric in verdict.metrics)
        asked.append(f"{met} of {len(verdict.metrics)} limits met")
    return f"gate {'passed' if verdict.passed else 'failed'}: {', '.join(asked)}"


def _apart(value: float, limit: float) -> tuple[str, str]:
    """Write two numbers with as many digits as tell them apart, if they differ."""
    for digits in range(4, 18):
        shown = (f"{value:.{digits}g}", f"{limit:.{digits}g}")
        if shown[0] != shown[1] or value == limit:
            break
    return _plain(value, shown[0]), _plain(limit, shown[1])


def _plain(number: float, shown: str) -> str:
    """Write a whole number in full, and another one as it was shortened."""
    return f"{int(number):,}" if number == int(number) and abs(number) >= 1 else shown
