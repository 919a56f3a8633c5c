"""Findings as annotations of GitHub Actions, one a line.

Form and escapes follow GitHub's "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from pathlib import Path

from tokstat.gate.verdict import GatedReport
from tokstat.render.verdict import finding_reason, metric_reason, unlocked_reason
from tokstat.text.visible import visible_line

_LEVELS = {"info": "notice", "warning": "warning", "error": "error"}

_MESSAGE_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY_ESCAPES = {**_MESSAGE_ESCAPES, ":": "%3A", ",": "%2C"}


def render_github(gated: GatedReport) -> str:
    """Write an annotation for each new finding, metric beyond its limit, and unlocked part.

    An annotation names the tokenizer's file if that is below the working directory, so that GitHub
    shows it beside the change. Findings of the baseline are left out.
    """
    file = _file_of(gated.report.tokenizer.source)
    lines = []
    findings = zip(gated.report.findings, gated.verdict.findings, strict=True)
    for finding, judged in findings:
        if judged.is_new:
            message = f"{finding_reason(judged)}\n{finding.hint}"
            lines.append(_annotation(_LEVELS[finding.severity], finding.code, message, file))
    lines += [
        _annotation("error", metric.metric, metric_reason(metric), file)
        for metric in gated.verdict.metrics
        if not metric.passed
    ]
    lines += [
        _annotation("error", part.part, unlocked_reason(gated.verdict, part), file)
        for part in gated.verdict.unlocked
    ]
    return "".join(line + "\n" for line in lines)


def _file_of(source: str) -> str | None:
    try:
        path = Path(source).resolve().relative_to(Path.cwd())
        return path.as_posix() if path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # elsewhere, or no path at all
        return None


def _annotation(level: str, title: str, message: str, file: str | None) -> str:
    properties = {"title": title} if file is None else {"file": file, "title": title}
    listed = ",".join(
        f"{name}={_escape(visible_line(value), _PROPERTY_ESCAPES)}"
        for name, value in properties.items()
    )
    lines = "\n".join(visible_line(line) for line in message.split("\n"))
    return f"::{level} {listed}::{_escape(lines, _MESSAGE_ESCAPES)}"


def _escape(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
