"""Files are found, and divided into parts that have everything once."""

from __future__ import annotations

import gzip
import os
import sys
import threading
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings, strategies

from tests.corpus.reading.conftest import RECORDS, as_parquet, read
from tokstat.corpus.reading.sources import (
    divide,
    expected_bytes,
    is_stream,
    open_input,
    place_of,
)


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
    assert [each._replace(place=0) for each in apart] == together


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


def test_one_file_has_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.txt").write_bytes(b"x")
    Path("link.txt").symlink_to("data.txt")
    names = ("data.txt", "./data.txt", "link.txt", str(Path("data.txt").absolute()))
    places = {place_of(name) for name in (*names, f"file://{tmp_path}/data.txt")}
    assert places == {str((tmp_path / "data.txt").resolve())}


def test_what_can_be_read_only_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "data.txt").write_bytes(b"x")
    paths = ["-", str(tmp_path / "pipe"), "/dev/stdin", "/dev/fd/0", "/dev/zero"]
    assert list(map(is_stream, paths)) == [True] * 5
    others = (tmp_path / "data.txt", tmp_path / "absent", "file:///dev/zero")
    assert not any(is_stream(str(path)) for path in others)


def test_an_archive_has_more_text_than_bytes(tmp_path: Path) -> None:
    sizes = {}
    for name in ("a.txt", "a.jsonl.gz", "a.parquet"):
        (tmp_path / name).write_bytes(bytes(100))
        sizes[name] = expected_bytes(str(tmp_path / name))
    assert sizes == {"a.txt": 100, "a.jsonl.gz": 300, "a.parquet": 300}
    assert expected_bytes(str(tmp_path / "missing.gz")) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_pipe_is_decompressed_without_a_thread(tmp_path: Path) -> None:
    """Ctrl-C could not stop a thread that waits for its next bytes."""
    path = tmp_path / "data.txt.gz"
    os.mkfifo(path)
    writer = Thread(target=path.write_bytes, args=(gzip.compress(b"text"),), daemon=True)
    writer.start()
    with open_input(str(path)) as file:
        writer.join()
        before = {*threading.enumerate()}
        assert file.read() == b"text"
        assert {*threading.enumerate()} <= before


def test_the_first_unit_may_be_larger() -> None:
    path = str(Path(__file__))
    size = Path(path).stat().st_size
    assert size > 1_000
    sizes = [
        [len(unit) for unit in divide([path], ["lines"], size // 10 + 1, *bounds)]
        for bounds in ((0, 0), (0, size // 3), (size // 4, size // 2), (size, 0))
    ]
    assert sizes == [[1] * 10, [3, *[1] * 7], [5, 2, 3], [10]]
