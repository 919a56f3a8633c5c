"""One function a job, for the command line, notebooks and scripts alike."""

from typing import Any

from tokstat.results.written import Written


def _write(result: Any, format: str) -> str:
    from tokstat.render import write_result

    return write_result(result, format, width=80)  # type: ignore[arg-type]


Written.writer = staticmethod(_write)
