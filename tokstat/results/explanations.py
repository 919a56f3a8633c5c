"""What findings, metrics and analyzers mean, as data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tokstat.errors import UnknownNameError, did_you_mean
from tokstat.io.files import PACKAGED_DATA
from tokstat.results.report import SCHEMA_VERSION, Severity

Kind = Literal["analyzer", "command", "metric", "finding"]

PACKAGED = PACKAGED_DATA / "explanations.json"
"""The explanations of what tokstat brings. `python tests/tools/build_docs.py` writes them from the
declarations, so that `tokstat explain` need not import the analyzers."""


@dataclass(frozen=True)
class Explanation:
    """Hold the explanation of one name: its meaning, its source, and what to do.

    `title` is one line, and `meaning` adds to it. A metric has a `unit`, a finding a `severity`; an
    analyzer may have `needs`. `related` are further names: an analyzer's metrics and findings, the
    findings beside a metric, the metrics beside a finding. `module` defines the analyzer.
    """

    name: str
    kind: Kind
    analyzer: str
    title: str
    meaning: str
    source: str
    what_to_do: str
    related: tuple[str, ...]
    module: str
    unit: str | None = None
    severity: Severity | None = None
    needs: tuple[str, ...] = ()


def packaged_explanations() -> tuple[Explanation, ...]:
    """Explain every analyzer that tokstat brings, each followed by its metrics and findings."""
    data = json.loads(PACKAGED.read_text("utf-8"))
    return tuple(
        Explanation(**{**each, "related": tuple(each["related"]), "needs": tuple(each["needs"])})
        for each in data["explanations"]
    )


def explanations_of(name: str, everything: Sequence[Explanation]) -> tuple[Explanation, ...]:
    """Explain a name; a metric of several analyzers has several explanations.

    Raises:
        UnknownNameError: nothing has the name.
    """
    found = tuple(each for each in everything if each.name == name)
    if not found:
        known = list(dict.fromkeys(each.name for each in everything))
        raise UnknownNameError(
            f"There is no finding, metric or analyzer {name!r}", did_you_mean(name, known)
        )
    return found


def to_dict(explanations: Iterable[Explanation]) -> dict[str, Any]:
    """Return plain data, ready for JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "explanations": [asdict(each) for each in explanations],
    }
