"""Every format and compression gives the same documents; what is bad is counted with its place."""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import zstandard
from hypothesis import example, given, strategies

from tests.corpus.reading.conftest import RECORDS, as_parquet, read
from tokstat.corpus.counting.window import Document
from tokstat.corpus.reading import documents
from tokstat.corpus.reading.documents import Problems, Reading, read_documents
from tokstat.corpus.reading.finding import find_files
from tokstat.corpus.reading.sources import FilePart, divide, format_of
from tokstat.errors import CorpusError
from tokstat.io.limits import Limits


def as_jsonl() -> bytes:
    lines = [json.dumps({"text": text, "meta": {"lang": lang}}) for text, lang in RECORDS]
    return ("\n".join(lines) + "\n").encode()


def as_csv(delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(
        [("meta.lang", "text"), *((b, a) for a, b in RECORDS)]
    )
    return out.getvalue().encode()


FORMATS: dict[str, Callable[[], bytes]] = {
    "jsonl": as_jsonl,
    "csv": lambda: as_csv(","),
    "tsv": lambda: as_csv("\t"),
    "parquet": as_parquet,
}


COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_formats(tmp_path: Path, format_: str, compression: str) -> None:
    path = tmp_path / f"data.{format_}{compression}"
    path.write_bytes(COMPRESSIONS[compression](FORMATS[format_]()))
    assert format_of(str(path)) == format_
    documents, problems = read(path, group="meta.lang")
    assert documents == [Document(text, str(path), lang) for text, lang in RECORDS]
    assert problems.found == {}


def test_parquet_that_is_no_utf8(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    texts = pyarrow.array([b"so\xff", b"und", None]).view("string")
    path = tmp_path / "data.parquet"
    parquet.write_table(pyarrow.table({"text": texts}), path)
    documents, problems = read(path)
    assert [each.text for each in documents] == ["so\ufffd", "und"]
    assert sorted(each.count for each in problems.found.values()) == [1, 1]
    path.write_bytes(path.read_bytes().replace(b"und", b"u"))
    assert len(read(path)[1].found) > 0


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_lines_and_whole_files_of_plain_text(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "de" / f"data.txt{compression}"
    path.parent.mkdir()
    path.write_bytes(COMPRESSIONS[compression](b"eins\r\n\n drei \nvier"))
    lines, _ = read(path, group="folder")
    assert [each.text for each in lines] == ["eins", "", " drei ", "vier"]
    assert {each.group for each in lines} == {"de"}
    whole, _ = read(path, documents="file")
    assert [each.text for each in whole] == ["eins\r\n\n drei \nvier"]


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\nb\n")))
    assert [each.text for each in read("-")[0]] == ["a", "b"]


def test_a_url(tmp_path: Path) -> None:
    path = tmp_path / "data.txt.gz"
    path.write_bytes(gzip.compress(b"a\nb\n"))
    assert [each.text for each in read(f"file://{path}")[0]] == ["a", "b"]
    assert find_files([f"file://{tmp_path}"]).files == (f"file://{path}",)
    assert find_files([f"file://{tmp_path}/*.gz"]).files == (f"file://{path}",)


BAD_JSON = b'{"text": "good"}\n{"text": \n{"other": 1}\n{"text": 7}\n[]\n\n{"text": "\\ud800x"}\n'


def test_bad_records_are_counted_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(BAD_JSON + b'{"text": "\xff"}\n{"text": "\xf4\x8f\xbf\xbf"}\n')
    documents, problems = read(path)
    assert [each.text for each in documents] == ["good", "\ufffd" * 3 + "x", "\ufffd", "\ufffd"]
    counts = {kind: problem.count for kind, problem in problems.found.items()}
    assert sorted(counts.values()) == [1, 1, 1, 1, 1, 2]
    (json_problem,) = (each for kind, each in problems.found.items() if "JSON" in kind)
    assert json_problem.places == (f"{path} at byte 17",)
    with pytest.raises(CorpusError, match="at byte 17"):
        read(path, strict=True)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin1.txt"
    path.write_bytes("gut\nschön\n".encode("latin-1"))
    documents, problems = read(path)
    assert [each.text for each in documents] == ["gut", "sch\ufffdn"]
    ((kind, problem),) = problems.found.items()
    assert "UTF-8" in kind
    assert problem.places == (f"{path} at byte 4",)


@pytest.mark.parametrize("name", ["empty.txt", "empty.jsonl", "empty.csv", "empty.txt.xz"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(lzma.compress(b"") if name.endswith("xz") else b"")
    documents, problems = read(path)
    assert documents == []
    assert [problem.places for problem in problems.found.values()] == [(str(path),)]


@pytest.mark.parametrize("compression", [".gz", ".xz", ".bz2", ".zst"])
def test_a_truncated_archive_counts_as_far_as_it_goes(tmp_path: Path, compression: str) -> None:
    lines = [f"{number} {number**5}" for number in range(50_000)]
    path = tmp_path / f"data.txt{compression}"
    data = COMPRESSIONS[compression]("\n".join(lines).encode())
    path.write_bytes(data[: len(data) * 3 // 4])
    documents, problems = read(path)
    whole = [each.text for each in documents]
    assert 0 < len(whole) < len(lines)
    assert whole[:-1] == lines[: len(whole) - 1]
    assert [problem.places for problem in problems.found.values()] == [(str(path),)]
    with pytest.raises(CorpusError):
        read(path, strict=True)


@pytest.mark.parametrize("name", ["data.parquet", "data.txt.gz", "data.jsonl.zst"])
def test_what_is_not_what_its_name_says(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"This is no archive.\n" * 3)
    documents, problems = read(path)
    assert documents == []
    assert [problem.places for problem in problems.found.values()] == [(str(path),)]


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_a_table_without_the_column(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"data.{format_}"
    path.write_bytes(FORMATS[format_]())
    documents, problems = read(path, text_field="body")
    assert documents == []
    ((kind, problem),) = problems.found.items()
    assert "'body'" in kind
    assert problem.places == (str(path),)


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes(b"a\n")
    (unit,) = divide(find_files([str(path)]).files, ["lines"], 100)
    path.unlink()
    documents, problems = read(path, unit[0])
    assert documents == []
    assert [problem.places for problem in problems.found.values()] == [(str(path),)]


def test_rows_of_a_table_that_lack_text(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"id,text\n1,good\n2\n3,b\xff\n")
    documents, problems = read(path)
    assert [each.text for each in documents] == ["good", "b\ufffd"]
    assert [problem.places for problem in problems.found.values()] == [
        (f"{path} line 3",),
        (f"{path} line 4",),
    ]


def test_a_table_that_is_broken_off(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b'text\ngood\n"a\0b\n' + b"x" * 100)
    documents, problems = read(path)
    assert documents[0].text == "good"
    assert len(documents) + len(problems.found) == 2


def test_cells_of_parquet_that_are_no_text(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "data.parquet"
    columns = {"text": ["good", None, "x"], "lang": ["en", "en", None]}
    parquet.write_table(pyarrow.table(columns), path)
    documents, problems = read(path, group="lang")
    assert [(each.text, each.group) for each in documents] == [("good", "en"), ("x", "")]
    assert [problem.places for problem in problems.found.values()] == [(f"{path} row 2",)]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_bytes_that_are_told_are_those_of_the_file(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"data.{format_}"
    path.write_bytes(FORMATS[format_]())
    told: list[int] = []
    size = path.stat().st_size
    part = FilePart(str(path), 0, None, size)
    list(read_documents([part], Reading(), Problems(False), told.append))
    assert sum(told) == size


@pytest.mark.parametrize("format_", ["text", "jsonl", "csv", "tsv"])
@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
def test_byte_order_marks(tmp_path: Path, format_: str, compression: str) -> None:
    """Excel writes one at the beginning of its "CSV UTF-8"."""
    texts = {"text": b"eins\nzwei\n", **{name: make() for name, make in FORMATS.items()}}
    plain, marked = (tmp_path / f"{name}.{format_}{compression}" for name in ("plain", "marked"))
    plain.write_bytes(COMPRESSIONS[compression](texts[format_]))
    marked.write_bytes(COMPRESSIONS[compression](codecs.BOM_UTF8 + texts[format_]))
    for group in (None, "meta.lang") if format_ != "text" else (None,):
        expected, _ = read(plain, group=group)
        found, problems = read(marked, group=group)
        assert [(each.text, each.group) for each in found] == [
            (each.text, each.group) for each in expected
        ]
        assert problems.found == {}
    whole, _ = read(marked, documents="file")
    assert not whole[0].text.startswith("\ufeff")


@pytest.mark.parametrize("format_", ["text", "jsonl", "csv", "tsv"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_named(tmp_path: Path, format_: str, encoding: str) -> None:
    path = tmp_path / f"data.{format_}"
    path.write_bytes("text\nschön\n".encode(encoding))
    documents, problems = read(path)
    assert documents == []
    ((kind, problem),) = problems.found.items()
    assert "UTF-16" in kind or "UTF-32" in kind
    assert problem.places == (str(path),)


@pytest.mark.parametrize("name", ["data.txt", "data.jsonl", "data.csv"])
@pytest.mark.parametrize("documents", ["line", "file"])
def test_a_line_without_end_is_not_taken_into_memory(
    tmp_path: Path, name: str, documents: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokstat.io.limits._set", [Limits(file_size=1000)])
    path = tmp_path / name
    path.write_bytes(b"text\n" + b"x" * 1001)
    found, problems = read(path, documents=documents)
    assert sum(len(each.text) for each in found) < 1000
    (kind,) = (kind for kind in problems.found if "file-size" in kind)
    assert "1,000 bytes" in kind


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_a_table_without_the_column_of_groups(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"data.{format_}"
    path.write_bytes(FORMATS[format_]())
    documents, problems = read(path, group="topic")
    assert {each.group for each in documents} == {""}
    ((kind, problem),) = problems.found.items()
    assert "'topic'" in kind
    assert problem.places == (str(path),)


VALUES = strategies.recursive(
    strategies.one_of(
        strategies.none(),
        strategies.booleans(),
        strategies.integers(),
        strategies.floats(),
        strategies.text(strategies.characters()),  # lone surrogates too
    ),
    lambda inner: strategies.one_of(
        strategies.lists(inner, max_size=3),
        strategies.dictionaries(strategies.sampled_from(["text", "a", "é"]), inner, max_size=3),
    ),
    max_leaves=5,
)


@pytest.mark.skipif(find_spec("orjson") is None, reason="the extra fast is not installed")
@given(value=VALUES, is_ascii=strategies.booleans(), cut=strategies.integers(0, 3))
@example(value={"text": "\ud800"}, is_ascii=True, cut=0)
@example(value={"text": [], "a": 10**400}, is_ascii=True, cut=0)
@example(value=[2**64], is_ascii=True, cut=0)
def test_lines_are_read_alike_without_orjson(value: object, is_ascii: bool, cut: int) -> None:
    written = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    lines = [
        written[: len(written) - cut],
        b'{"text": "twice", "text": "' + written + b'"}',
        b"[" * 2_000 + b"1" + b"]" * 2_000,
        b'{"text": "at its end"}\r\n',
        b'{"text": "x", "a": ' + written + b"}",
        b"\t \n",
    ]

    def read_by(loads: Callable[[bytes], object]) -> list[object]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(documents, "_fast_json", lambda: loads)
            problems = Problems()
            found = [
                list(documents._read_record(line, "", str(number), Reading(group="a"), problems))
                for number, line in enumerate(lines)
            ]
            return [found, problems.found]

    import orjson

    assert read_by(orjson.loads) == read_by(documents._refuse)
