"""Measure the tests, and write those that take long into tests/slow_tests.txt.

`python -m tests.tools.find_slow` runs all tests but those that are marked slow by hand, on a quiet
machine. Tests above the limit run with `-m slow` from then on. The quickest test of a file always
stays fast, so that the default suite covers every file.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from pathlib import Path

import pytest

LIST = Path(__file__).parents[1] / "slow_tests.txt"

HEAD = """\
# Tests that took longer than {seconds:g} s, written by: python -m tests.tools.find_slow
# tests/conftest.py marks them slow. Mark a test by hand if it waits or needs a network.
"""


class Durations:
    """Sum what each test took, without the fixtures that it shares with others."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the duration of a test's call."""
        if report.when == "call":
            self.seconds[report.nodeid] += report.duration


def slow_ones(seconds: dict[str, float], limit: float) -> list[str]:
    """Return the tests above a limit, but for the quickest of each file."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for name in sorted(seconds, key=seconds.__getitem__):
        by_file[name.partition("::")[0]].append(name)
    spared = {names[0] for names in by_file.values()}
    return sorted(name for name, took in seconds.items() if took > limit and name not in spared)


def main() -> None:
    """Run the tests, and write the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.5)
    limit = parser.parse_args().seconds
    os.environ["TOKSTAT_IGNORE_SLOW_LIST"] = "1"
    durations = Durations()
    status = pytest.main(["-q", "-p", "no:cacheprovider"], plugins=[durations])
    found = slow_ones(durations.seconds, limit)
    LIST.write_text(HEAD.format(seconds=limit) + "".join(f"{name}\n" for name in found), "utf-8")
    total, left = sum(durations.seconds.values()), sum(durations.seconds[name] for name in found)
    print(f"{len(found)} of {len(durations.seconds)} tests are slow: {left:.0f} of {total:.0f} s")
    raise SystemExit(status)


if __name__ == "__main__":
    main()
