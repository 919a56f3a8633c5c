"""Files are found, and divided into parts that have everything once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

from tests.corpus.reading.conftest import RECORDS, as_parquet, read
from tokstat.corpus.reading.sources import divide, find_files
from tokstat.errors import CorpusError


def test_folders_patterns_and_repeated_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.jsonl", "below/c.csv.gz", "image.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    expected = [str(tmp_path / name) for name in ("a.jsonl", "b.txt", "below/c.csv.gz")]
    assert find_files([str(tmp_path)]) == expected
    assert find_files([str(tmp_path / "**" / "*.[cj]*")]) == [expected[0], expected[2]]
    assert find_files([expected[1], str(tmp_path / "*.txt"), "-"]) == [expected[1], "-"]
    for nothing in (str(tmp_path / "absent.txt"), str(tmp_path / "*.md"), "file:///absent/*"):
        with pytest.raises(CorpusError, match=r"absent|md"):
            find_files([nothing])


@settings(max_examples=150, deadline=None)
@given(
    lines=strategies.lists(strategies.text("ab\r汉", max_size=6), max_size=12),
    size=strategies.integers(1, 30),
    ending=strategies.sampled_from(["", "\n"]),
)
def test_parts_have_every_line_once(
    lines: list[str], size: int, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("parts") / "data.txt"
    path.write_bytes(("\n".join(lines) + ending).encode())
    together, _ = read(path)
    units = divide([str(path)], ["lines"], size)
    apart = [each for unit in units for part in unit for each in read(path, part)[0]]
    assert apart == together


@pytest.mark.parametrize("part_bytes", [1, 300, 10_000])
def test_parts_have_every_row_group_once(tmp_path: Path, part_bytes: int) -> None:
    path = tmp_path / "data.parquet"
    path.write_bytes(as_parquet())
    units = divide([str(path)], ["row groups"], part_bytes)
    apart = [each for unit in units for part in unit for each in read(path, part)[0]]
    assert [each.text for each in apart] == [text for text, _ in RECORDS]
    assert len(units) == (3 if part_bytes == 1 else len(units))


def test_small_files_go_together(tmp_path: Path) -> None:
    paths = []
    for number in range(10):
        paths.append(str(tmp_path / f"{number}.txt"))
        Path(paths[-1]).write_bytes(b"12345")
    units = divide(paths, ["whole"] * 10, 1, 20)
    assert [len(unit) for unit in units] == [4, 4, 2]
