"""Files that are no UTF-8 text are told by how they begin, and not counted as text."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Run, word_level_json
from tokstat.corpus.reading.documents import Problems, Reading, read_documents
from tokstat.corpus.reading.foreign import foreign_kind
from tokstat.corpus.reading.sources import FilePart

TEXT = b"one two\nthree\n" * 3


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", TEXT)
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


FOREIGN = {
    "gzip": gzip.compress(TEXT),
    "bzip2": bz2.compress(TEXT),
    "xz": lzma.compress(TEXT),
    "ZIP": zipped(),
    "tar": tarred(),
    "PDF": b"%PDF-1.7\n1 0 obj\n",
    "UTF-16": TEXT.decode().encode("utf-16"),
    "UTF-16 without its mark": TEXT.decode().encode("utf-16-le"),
    "UTF-16, big end first": TEXT.decode().encode("utf-16-be"),
    "UTF-32": TEXT.decode().encode("utf-32"),
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("given", ["alone", "in a folder"])
def test_what_is_no_text_is_not_counted(name: str, given: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "t.json").write_bytes(word_level_json("one", "two", "three"))
    (tmp_path / "texts").mkdir()
    path = tmp_path / "texts" / "a"
    path.write_bytes(FOREIGN[name])
    spec = path if given == "alone" else path.parent
    kind = name.partition(" ")[0].rstrip(",")
    assert kind in run("corpus", str(tmp_path / "t.json"), str(spec)).refusal


@pytest.mark.parametrize("name", ["gzip", "ZIP", "UTF-16"])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
def test_what_has_the_suffix_of_another_kind_is_named(
    name: str, suffix: str, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "t.json").write_bytes(word_level_json("one", "two", "three"))
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(FOREIGN[name])
    refusal = run("corpus", str(tmp_path / "t.json"), str(path)).refusal
    assert name in refusal
    assert "column" not in refusal


@pytest.mark.parametrize("name", ["UTF-16", "ZIP", "tar"])
def test_no_part_of_it_is_counted(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(FOREIGN[name] * 2)
    problems = Problems()
    parts = [FilePart(str(path), start, start + 20) for start in (0, 20, 40)]
    assert list(read_documents(parts, Reading(), problems)) == []
    assert sum(each.count for each in problems.found.values()) == 3


@pytest.mark.parametrize("text", ["", "a", "a\0", "PK", "PDF\n", "BZh", "\0\0\0\0\0", "日本語"])
def test_texts_are_texts(text: str) -> None:
    assert foreign_kind(text.encode()) == ""


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
@pytest.mark.parametrize("column", ["text", "lang"])
def test_two_columns_of_one_name_are_refused(
    column: str, suffix: str, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "t.json").write_bytes(word_level_json("one", "two"))
    path = tmp_path / f"a.{suffix}"
    between = "," if suffix == "csv" else "\t"
    path.write_text(between.join(("text", "lang", column)) + "\n" + between.join("abc") + "\n")
    said = run("corpus", str(tmp_path / "t.json"), str(path), "--by", "lang").refusal
    assert f"several columns '{column}'" in said


def test_the_columns_are_named_where_the_wanted_one_is_missing(tmp_path: Path, run: Run) -> None:
    (tmp_path / "t.json").write_bytes(word_level_json("one"))
    (tmp_path / "a.csv").write_text("text;lang\none;de\n")
    assert (
        "it has 'text;lang'"
        in run("corpus", str(tmp_path / "t.json"), str(tmp_path / "a.csv")).refusal
    )
