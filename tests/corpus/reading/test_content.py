"""A part has another digest if and only if what is counted of it is other."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

from tokstat.corpus.counting.state import Extent
from tokstat.corpus.reading.content import UNREAD, span_of
from tokstat.corpus.reading.sources import FilePart, divide


def spans(path: Path, division: str, size: int) -> list[Extent]:
    units = divide([str(path)], [division], size)  # type: ignore[list-item]
    return [span_of(part, division, "") for unit in units for part in unit]  # type: ignore[arg-type]


def beginning_in(data: bytes, part: FilePart) -> bytes:
    """Return the lines that begin in a part."""
    kept, place = b"", 0
    for line in io.BytesIO(data):
        kept += line if part.start <= place < (part.end or len(data)) else b""
        place += len(line)
    return kept


texts = strategies.text("ab\n", min_size=1, max_size=25)


@settings(max_examples=150)
@given(one=texts, other=texts, same=strategies.integers(0, 25), size=strategies.integers(1, 12))
def test_parts_of_lines_have_equal_digests_where_their_lines_are_equal(
    one: str, other: str, same: int, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("parts") / "data.txt"
    found: list[dict[tuple[int, int | None], tuple[str, bytes]]] = []
    for text in (one, one[:same] + other):
        path.write_text(text)
        parts = [part for unit in divide([str(path)], ["lines"], size) for part in unit]
        found.append(
            {
                (part.start, part.end): (
                    span_of(part, "lines", "").digest,
                    beginning_in(text.encode(), part),
                )
                for part in parts
            }
        )
    first, second = found
    for bounds in first.keys() & second.keys():
        (digest, lines), (other_digest, other_lines) = first[bounds], second[bounds]
        assert (digest == other_digest) == (lines == other_lines)


def test_parquet_changes_where_its_row_groups_do(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "data.parquet"

    def written(*texts: str) -> list[Extent]:
        out = io.BytesIO()
        parquet.write_table(pyarrow.table({"text": texts}), out, row_group_size=2)
        path.write_bytes(out.getvalue())
        return spans(path, "row groups", 1)

    before = written("aa", "bb", "cc", "dd", "ee")
    assert [(each.start, each.end) for each in before] == [(0, 1), (1, 2), (2, 3)]
    assert written("aa", "bb", "cc", "dd", "ee") == before
    for position in range(5):
        texts = ["aa", "bb", "cc", "dd", "ee"]
        texts[position] = "xx"
        assert written(*texts)[position // 2].digest != before[position // 2].digest


def test_other_files_are_taken_whole_and_as_they_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "data.txt.gz"
    path.write_bytes(gzip.compress(b"a\n", mtime=0))
    before = spans(path, "whole", 1)
    assert spans(path, "whole", 100) == before
    path.write_bytes(gzip.compress(b"b\n", mtime=0))
    assert spans(path, "whole", 1) != before
    assert span_of(FilePart(str(path)), "whole", "csv") != span_of(FilePart(str(path)), "whole", "")


def test_a_url_is_taken_at_its_word(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes(b"a\n")
    part = FilePart(f"file://{path}")
    before = span_of(part, "lines", "")
    assert span_of(part, "lines", "") == before
    path.write_bytes(b"bb\n")
    assert span_of(part, "lines", "") != before


def test_what_cannot_be_read_has_no_digest(tmp_path: Path) -> None:
    assert span_of(FilePart(str(tmp_path / "absent")), "lines", "").digest == UNREAD
    assert span_of(FilePart(f"file://{tmp_path}/absent"), "lines", "").digest == UNREAD
    assert span_of(FilePart(str(tmp_path / "absent"), 0, 1), "row groups", "").digest == UNREAD
