"""Say how many branches a measurement of coverage.py has met, and fail below a percentage.

    coverage json -o coverage.json
    python tests/tools/branch_coverage.py coverage.json --at-least 95

The total of `coverage report` mixes lines and branches; this counts branches alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main() -> None:
    """Print both figures and the files with most branches missing; exit with 1 below the least."""
    options = argparse.ArgumentParser()
    options.add_argument("measured", type=Path)
    options.add_argument("--at-least", type=float, required=True, metavar="PERCENT")
    given = options.parse_args()
    measured = json.loads(given.measured.read_text("utf-8"))
    totals = measured["totals"]
    branches = 100 * totals["covered_branches"] / totals["num_branches"]
    lines = 100 * totals["covered_lines"] / totals["num_statements"]
    missing = {
        name: file["summary"]["missing_branches"] for name, file in measured["files"].items()
    }
    for name in sorted(missing, key=lambda name: -missing[name])[:10]:
        if missing[name]:
            print(f"{missing[name]:4} branches not met in {name}")
    print(
        f"branches: {totals['covered_branches']:,} of {totals['num_branches']:,}, {branches:.1f} %;"
        f" lines: {totals['covered_lines']:,} of {totals['num_statements']:,}, {lines:.1f} %"
    )
    if branches < given.at_least:
        sys.exit(f"fewer branches than {given.at_least} %")


if __name__ == "__main__":
    main()
