"""Write the figures of a run as a table for docs/reliability.md.

python -m tests.fuzz.table results.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_NAMES = ("inputs", "read", "refused", "crashed", "slowest_ms", "peak_mib")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("results", type=Path)
    print("\n".join(table(json.loads(options.parse_args().results.read_text("utf-8")))))


def table(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table in Markdown, a row a parser, and their sum."""
    yield "| parser | inputs | read | refused | crashed | slowest, ms | peak, MiB |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    rows = result["parsers"]
    for name, row in rows.items():
        yield _row(name, row)
    names = ("inputs", "read", "refused", "crashed")
    yield _row(
        "**all**",
        {
            **{each: sum(row[each] for row in rows.values()) for each in names},
            **{
                each: max(row[each] for row in rows.values()) for each in ("slowest_ms", "peak_mib")
            },
        },
    )


def _row(name: str, row: Mapping[str, int]) -> str:
    return "| " + " | ".join([name, *(f"{row[each]:,}" for each in _NAMES)]) + " |"


if __name__ == "__main__":
    main()
