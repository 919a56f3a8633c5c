"""One function a job, for the command line, notebooks and scripts alike."""

from typing import Any

from tokstat.render import mimebundle
from tokstat.results.report import Report
from tokstat.results.written import Written

Report.mimebundle = mimebundle


def _write(result: Any, format: str) -> str:
    from tokstat.api.reports import render_report

    return render_report(result, format)  # type: ignore[arg-type]


Written.writer = staticmethod(_write)
