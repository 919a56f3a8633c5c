"""Published WordSim results."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parents[1] / "data"

CASE = ("bge-base-en-v1.5 distill", "gte-modernbert-base distill", "modernbert-embed-base distill")
"""The rows of the case that tokstat began with; the others are compared with the first."""

DISTIL = "m2v_distill"
"""Start of the kind of models that were distilled and not trained further."""

_STATIC_TEACHER = "(full transformer)"


@dataclass(frozen=True)
class PublishedResult:
    """Hold one published model; numbers that the source lacks are None.

    `tokenizer` is a Hub name, None if it is not known. `kind` separates distilled models from
    trained and classic ones. STS and classification are those of the first MTEB generation.
    """

    model: str
    teacher: str
    kind: str
    tokenizer: str | None
    tokenizer_family: str
    wordsim: float
    sts: float | None
    classification: float | None
    average: float | None
    note: str
    source: str

    @property
    def is_static(self) -> bool:
        """Whether words are embedded without context."""
        return self.teacher != _STATIC_TEACHER

    @property
    def family(self) -> str:
        """The family of the tokenizer in one word: BPE, WordPiece or words."""
        if "BPE" in self.tokenizer_family:
            return "BPE"
        return "words" if self.tokenizer_family.startswith("word-level") else "WordPiece"

    @property
    def score_key(self) -> str | None:
        """Name of the model's tokenizer among the reference tokenizers, or None."""
        if self.tokenizer:
            return self.tokenizer
        return "LLaMA-2" if "(LLaMA-2)" in self.tokenizer_family else None


@cache
def published_results() -> tuple[PublishedResult, ...]:
    """Return the packaged table of published results."""
    with (_DATA / "published_results.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(_result(row) for row in csv.DictReader(file, delimiter="\t"))


def _result(row: dict[str, Any]) -> PublishedResult:
    numbers = {
        name: float(row[name]) if row[name] else None
        for name in ("sts", "classification", "average")
    }
    return PublishedResult(
        **{
            **row,
            **numbers,
            "tokenizer": row["tokenizer"] or None,
            "wordsim": float(row["wordsim"]),
        }
    )
