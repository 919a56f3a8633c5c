"""Show how learned affixes agree with lists: python -m tests.tools.affix_quality [LANGUAGE ...].

With a language (`de`) also the strings on which they differ. With --write the table goes into
docs/method.md. tests/data/affixes_guide.md describes the hand-written lists.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tokstat.words.affixes import Affixes
from tokstat.words.packaged import learned_words

FOLDER = Path(__file__).parents[1] / "data"
METHOD = Path(__file__).parents[2] / "docs" / "method.md"
START, END = "<!-- affixes -->\n", "<!-- /affixes -->"

NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "ru": "Russian"}

Pair = tuple[str, str]
"""A string, and whether it is a prefix or a suffix."""


@dataclass(frozen=True)
class Quality:
    """Compare learned affixes with a list. Strings that are not on the list do not count."""

    affixes: frozenset[Pair]
    others: frozenset[Pair]
    learned: frozenset[Pair]

    @property
    def right(self) -> frozenset[Pair]:
        """The learned affixes that are affixes by the list."""
        return self.learned & self.affixes

    @property
    def wrong(self) -> frozenset[Pair]:
        """The learned affixes that are none by the list."""
        return self.learned & self.others

    @property
    def precision(self) -> float:
        """The share of affixes among the learned strings on the list."""
        return len(self.right) / len(self.right | self.wrong)

    @property
    def recall(self) -> float:
        """The share of learned strings among the affixes of the list."""
        return len(self.right) / len(self.affixes)

    def recall_of(self, kind: str) -> str:
        """Return the recall of the prefixes or the suffixes, with its counts."""
        right = sum(own == kind for _, own in self.right)
        affixes = sum(own == kind for _, own in self.affixes)
        return f"{right / affixes:.2f} ({right} of {affixes})"


def read_gold(language: str) -> Mapping[Pair, bool]:
    """Map each string of a list to whether it is an affix."""
    path = FOLDER / f"{NAMES[language].lower()}_affixes.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {(row["string"], row["kind"]): row["gold"] == "affix" for row in rows}


def measure(affixes: Affixes, language: str) -> Quality:
    """Compare affixes with the list of a language."""
    gold = read_gold(language)
    prefixes = {(string, "prefix") for string in affixes.prefixes}
    suffixes = {(string, "suffix") for string in affixes.suffixes}
    real = frozenset(pair for pair, is_affix in gold.items() if is_affix)
    return Quality(real, frozenset(gold) - real, frozenset(prefixes | suffixes))


def measure_packaged(language: str) -> Quality:
    """Compare the affixes in the package, those of `--lang`, with the list of a language."""
    words = learned_words(language)
    assert words is not None
    return measure(words.affixes, language)


def table() -> str:
    """Return precision and recall of every language as a table."""
    lines = [
        "| language | affixes, others | precision | recall | prefix recall | suffix recall |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for code, name in NAMES.items():
        found = measure_packaged(code)
        right, judged = len(found.right), len(found.right | found.wrong)
        cells = [
            name,
            f"{len(found.affixes)}, {len(found.others)}",
            f"{found.precision:.2f} ({right} of {judged})",
            f"{found.recall:.2f} ({right} of {len(found.affixes)})",
            found.recall_of("prefix"),
            found.recall_of("suffix"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def differences(language: str) -> str:
    """Return the strings on which the learned affixes and the list differ."""
    found = measure_packaged(language)
    lines = []
    for title, pairs in (("missed", found.affixes - found.right), ("wrong", found.wrong)):
        for kind in ("prefix", "suffix"):
            strings = sorted(string for string, own in pairs if own == kind)
            lines.append(f"{title} ({kind}, {len(strings)}): {' '.join(strings)}")
    return "\n".join(lines)


def page() -> str:
    """Return docs/method.md with the table."""
    head, start, rest = METHOD.read_text("utf-8").partition(START)
    _, end, tail = rest.partition(END)
    return f"{head}{start}{table()}\n{end}{tail}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        METHOD.write_text(page(), "utf-8")
    else:
        print(table())
        for language in sys.argv[1:]:
            print(f"\n{NAMES[language]}\n{differences(language)}")
