"""Show how word classes agree with labelled tokens: python -m tests.tools.confusion [LANGUAGE].

With --write the matrix of the English labels and the shares of the others go into docs/method.md.

The labelled tokens are in tests/data: `token_labels.tsv` for English, by tokenizer and id, and
`token_labels_LANGUAGE.tsv` for other languages. A token is labelled by reading, as in
tests/data/labelling_guide.md. Where two readings differ, `settled_labels.tsv` has the label that
counts.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import tokstat
from tests.real_tokenizers import fetch
from tokstat.analyzers.subject import Subject
from tokstat.api.inspection import make_subject
from tokstat.loading.bundled import load_bundled
from tokstat.words.word_classes import WORD_CLASSES

FOLDER = Path(__file__).parents[1] / "data"
METHOD = Path(__file__).parents[2] / "docs" / "method.md"

LABELS: Mapping[str, str] = {
    "W": "whole word of the language",
    "N": "name, brand or acronym",
    "O": "whole word of another language",
    "I": "words run together, code",
    "A": "productive affix",
    "F": "fragment",
}

OTHERS = {"de": "German", "ru": "Russian", "zh": "Chinese"}
"""Languages with labels of two readings."""

BUNDLED = {"modernbert": "answerdotai/ModernBERT-base", "bert": "google-bert/bert-base-uncased"}


@dataclass(frozen=True)
class Confusion:
    """Count labelled tokens by word class and label."""

    counts: Counter[tuple[str, str]]

    def total(self, word_class: str | None = None, label: str | None = None) -> int:
        """Count the tokens of a class, of a label, or of both."""
        return sum(
            count
            for (own_class, own_label), count in self.counts.items()
            if word_class in (None, own_class) and label in (None, own_label)
        )

    @property
    def precision(self) -> float:
        """The share of labelled fragments among tokens called fragments."""
        return self.total("fragment", "F") / self.total("fragment")

    @property
    def recall(self) -> float:
        """The share of tokens called fragments among labelled fragments."""
        return self.total("fragment", "F") / self.total(label="F")

    def to_markdown(self) -> str:
        """Return the matrix as a table, and the two shares."""
        lines = ["| class | " + " | ".join(LABELS) + " |", "|---" * (len(LABELS) + 1) + "|"]
        for name in WORD_CLASSES:
            row = [self.total(name, label) for label in LABELS]
            if any(row):
                lines.append(f"| `{name}` | " + " | ".join(map(str, row)) + " |")
        hits = self.total("fragment", "F")
        lines += [
            "",
            f"Fragment precision {self.precision:.2f} ({hits} of {self.total('fragment')}), "
            f"recall {self.recall:.2f} ({hits} of {self.total(label='F')}).",
        ]
        return "\n".join(lines)


@cache
def subject_of(name: str, language: str) -> Subject:
    """Load a tokenizer with the list of a language."""
    if name in BUNDLED:
        tokenizer = load_bundled(BUNDLED[name], BUNDLED[name], "")
    else:
        tokenizer = tokstat.load(fetch(name))
    return make_subject(tokenizer, language)


def read_rows(name: str) -> list[dict[str, str]]:
    """Read a table of tests/data."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_tokens(language: str) -> list[dict[str, str]]:
    """Read the labelled tokens; those of English hold the ones on which two readers agreed."""
    return read_rows("token_labels.tsv" if language == "en" else f"token_labels_{language}.tsv")


def settled_labels(language: str) -> dict[tuple[str, str], str]:
    """Return the labels on which the readings differed, as settled, by tokenizer and id."""
    rows = read_rows("settled_labels.tsv")
    return {
        (row["tokenizer"], row["id"]): row["settled"] for row in rows if row["language"] == language
    }


def final_label(row: Mapping[str, str], settled: Mapping[tuple[str, str], str]) -> str:
    """Return the label that counts. Raises KeyError if the readings differ and none is settled."""
    if row.get("second", row["label"]) == row["label"]:
        return row["label"]
    return settled[row["tokenizer"], row["id"]]


def agreement(language: str) -> tuple[int, int, float]:
    """Return on how many tokens both readings agree, of how many, and Cohen's kappa."""
    pairs = [(row["label"], row["second"]) for row in read_tokens(language)]
    agreed = sum(one == other for one, other in pairs)
    same = agreed / len(pairs)
    counts = [Counter(labels) for labels in zip(*pairs, strict=True)]
    chance = sum(counts[0][label] * counts[1][label] for label in LABELS) / len(pairs) ** 2
    return agreed, len(pairs), (same - chance) / (1 - chance)


def confusion(language: str) -> Confusion:
    """Classify the labelled tokens of a language."""
    counts: Counter[tuple[str, str]] = Counter()
    settled = settled_labels(language)
    for row in read_tokens(language):
        subject = subject_of(row["tokenizer"], language)
        place = int(np.searchsorted(subject.vocabulary.ids, int(row["id"])))
        counts[WORD_CLASSES[subject.word_classes[place]], final_label(row, settled)] += 1
    return Confusion(counts)


def other_languages() -> str:
    """Return a table with the agreement and the two shares of each other language."""
    lines = [
        "| language | readings agree on | kappa | fragment precision | fragment recall |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for code, name in OTHERS.items():
        (agreed, read, kappa), found = agreement(code), confusion(code)
        hits = found.total("fragment", "F")
        precision = f"{found.precision:.2f} ({hits} of {found.total('fragment')})"
        recall = f"{found.recall:.2f} ({hits} of {found.total(label='F')})"
        lines.append(f"| {name} | {agreed} of {read} | {kappa:.2f} | {precision} | {recall} |")
    return "\n".join(lines)


def page() -> str:
    """Return docs/method.md with the matrix of the English labels and the table of the others."""
    text = METHOD.read_text("utf-8")
    made = {"confusion": confusion("en").to_markdown(), "other languages": other_languages()}
    for name, content in made.items():
        head, start, rest = text.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition(f"<!-- /{name} -->")
        text = f"{head}{start}{content}\n{end}{tail}"
    return text


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        METHOD.write_text(page(), "utf-8")
    else:
        chosen = (sys.argv[1:] or ["en"])[0]
        if chosen != "en":
            agreed, read, kappa = agreement(chosen)
            print(f"The readings agree on {agreed} of {read} tokens (kappa {kappa:.2f}).\n")
        print(confusion(chosen).to_markdown())
