"""An opened page: what it said, what it reached for, and what axe-core finds in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
SAMPLE = "#table-whole-words-sample"

REPORTS = ("modernbert", "bert", "hostile")
OTHERS = ("comparison", "many", "hostile-comparison", "corpus", "difference", "splits")
PAGES = (*REPORTS, *OTHERS)


@dataclass
class Opened:
    """A page with what it said and reached for."""

    page: Any
    url: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)

    def texts(self, selector: str) -> list[str]:
        return [text.strip() for text in self.page.locator(selector).all_text_contents()]

    def is_quiet(self) -> bool:
        """Whether nothing was logged or asked for, and no token's script ran."""
        others = [url for url in self.requests if url != self.url and not url.startswith("data:")]
        return not self.messages and not others and self.evaluate("window.broken === undefined")


Open = Callable[..., Opened]


def serious(opened: Opened, axe: str) -> list[tuple[str, str]]:
    """List axe-core's serious and critical findings: the rule and what it concerns."""
    opened.page.add_script_tag(content=axe)
    found = opened.evaluate("axe.run().then((result) => result.violations)")
    return [
        (each["id"], node["html"])
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
