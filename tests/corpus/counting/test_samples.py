"""Samples are the beginnings of the first documents, however the text is divided."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.corpus.counting.samples import (
    GROUPS,
    LONGEST,
    SAMPLES,
    SHORTEST,
    Sample,
    Sampler,
    beginning,
    merged_samples,
)
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.report import CorpusReport

LINE = "x" * (SHORTEST - 1) + "y"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("x" * (SHORTEST - 1), None),
        (LINE, LINE),
        (f"  {LINE}\n", LINE),
        (f"a title\n\n{LINE}\nmore", LINE),
        (f"{LINE}\0", None),
        (f"{LINE} {'z' * LONGEST}", LINE),
        ("z" * 2 * LONGEST, "z" * LONGEST),
        (f"{LINE}\ud800", None),
    ],
)
def test_the_first_line_that_is_long_enough(text: str, line: str | None) -> None:
    assert beginning(text) == line


def test_a_group_is_full_after_a_few() -> None:
    sampler = Sampler()
    for number in range(SAMPLES):
        assert sampler.full == set()
        sampler.offer(f"{LINE} {number}", "f", "g", 0)
    assert sampler.full == {"g"}
    assert [each.text[-1] for each in sampler.found()["g"]] == ["0", "1", "2"]


def test_the_number_of_groups_is_bounded() -> None:
    sampler = Sampler()
    for number in range(2 * GROUPS):
        sampler.offer(LINE, "f", f"{number:03}", 0)
    assert list(sampler.found()) == [f"{number:03}" for number in range(GROUPS)]


def test_the_first_of_both_stay() -> None:
    one = {"g": (Sample("a", 0, 0, "1"), Sample("a", 9, 0, "3"))}
    other = {"g": (Sample("a", 5, 3, "2"), Sample("b", 0, 0, "4")), "h": (Sample("b", 0, 1, "5"),)}
    merged = merged_samples(one, other)
    assert [each.text for each in merged["g"]] == ["1", "2", "3"]
    assert merged_samples(other, one) == merged
    assert [each.text for each in merged["h"]] == ["5"]


@pytest.mark.parametrize("unit_bytes", [100, 1_000, 100_000])
def test_samples_are_the_same_however_files_are_divided(unit_bytes: int, tmp_path: Path) -> None:
    files = []
    for name in "ab":
        files.append(tmp_path / name / "text.txt")
        files[-1].parent.mkdir()
        lines = (f"{name}: document {number} of {'many ' * (number % 7)}" for number in range(200))
        files[-1].write_text("short\n" + "\n".join(lines))
    expected = [
        (name, text)
        for name in "ab"
        for text in [
            f"{name}: document {n} of {'many ' * (n % 7)}".strip() for n in range(1, 1 + SAMPLES)
        ]
    ]
    for workers in (1, 3):
        with ThreadPoolExecutor(workers) as executor:
            report = tokstat.measure_corpus(
                [load_known("byte-level")],
                files,
                reading=Reading(group="folder"),
                unit_bytes=unit_bytes,
                executor=executor if workers > 1 else None,
            )
        assert rows(report) == expected


def test_saved_counts_keep_them(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(f"{LINE} 1\n{LINE} 2\n")
    tokenizer = load_known("byte-level")
    first, again = (
        tokstat.measure_corpus([tokenizer], [file], state=tmp_path / "state") for _ in range(2)
    )
    assert rows(first) == rows(again) == [("", f"{LINE} 1"), ("", f"{LINE} 2")]


def rows(report: CorpusReport) -> Sequence[tuple[object, ...]]:
    columns = report.table("samples").columns
    return list(zip(columns["group"], columns["text"], strict=True))
