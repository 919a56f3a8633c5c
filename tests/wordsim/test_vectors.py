"""Files of word vectors, text and binary, good and bad."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokstat.errors import ModelError
from tokstat.wordsim.vectors import is_vector_file, read_vectors

Rows = Mapping[str, Sequence[float]]

ROWS: Rows = {"tiger": (1, -2.5, 1e-3), "cat": (0, 0, 4), "Ärger": (-1, 2, 3)}


def as_text(rows: Rows, header: bool = False, end: str = "\n") -> bytes:
    """Write GloVe's format, or with a header word2vec's; fastText ends lines with a blank."""
    lines = [f"{word} {' '.join(map(repr, row))}{end}" for word, row in rows.items()]
    if header:
        lines.insert(0, f"{len(rows)} {len(next(iter(rows.values())))}\n")
    return "".join(lines).encode()


def as_binary(rows: Rows, newlines: bool = True) -> bytes:
    """Write word2vec's binary format; gensim puts no newlines between records."""
    width = len(next(iter(rows.values())))
    content = f"{len(rows)} {width}\n".encode()
    for word, row in rows.items():
        content += word.encode() + b" " + struct.pack(f"<{width}f", *row) + b"\n" * newlines
    return content


GOOD = {
    "glove.txt": as_text(ROWS),
    "dos.txt": as_text(ROWS, end="\r\n"),
    "word2vec.txt": as_text(ROWS, header=True),
    "fasttext.vec": as_text(ROWS, header=True, end=" \n"),
    "unended.txt": as_text(ROWS).rstrip(),
    "word2vec.bin": as_binary(ROWS),
    "gensim.bin": as_binary(ROWS, newlines=False),
}


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def as_lists(path: Path, words: Sequence[str]) -> dict[str, list[float]]:
    return {word: vector.tolist() for word, vector in read_vectors(path, words).items()}


@pytest.mark.parametrize("name", GOOD)
def test_formats(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, name, GOOD[name])
    assert is_vector_file(path)
    expected = {word: np.array(row, np.float32).tolist() for word, row in ROWS.items()}
    assert as_lists(path, [*ROWS]) == expected


@pytest.mark.parametrize("name", GOOD)
def test_only_wanted_words_are_kept(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, name, GOOD[name])
    assert as_lists(path, ["cat", "CAT", "ca"]) == {"cat": [0, 0, 4]}


def test_words_with_blanks(tmp_path: Path) -> None:
    """GloVe's file of 840B tokens has such words as `. . .`, and mail addresses after `at`."""
    content = as_text({"the": (1, 2), ". . .": (3, 4), "at name@domain.com": (5, 6), "1": (7, 8)})
    path = write(tmp_path, "glove.txt", content)
    assert as_lists(path, [". . .", "at name@domain.com", "at", "1"]) == {
        ". . .": [3, 4],
        "at name@domain.com": [5, 6],
        "1": [7, 8],
    }


def test_words_with_blanks_under_a_header(tmp_path: Path) -> None:
    path = write(tmp_path, "vectors.vec", as_text({"New York": (1, 2), "a": (3, 4)}, header=True))
    assert as_lists(path, ["New York"]) == {"New York": [1, 2]}


def test_the_first_vector_of_a_word_counts(tmp_path: Path) -> None:
    path = write(tmp_path, "twice.txt", b"a 1 2\nb 0 0\na 3 4\n")
    assert as_lists(path, ["a"]) == {"a": [1, 2]}


def test_bytes_that_are_not_utf8_do_not_matter_elsewhere(tmp_path: Path) -> None:
    path = write(tmp_path, "latin.txt", b"\xe4rger 1 2\na 3 4\n")
    assert as_lists(path, ["a"]) == {"a": [3, 4]}


BAD = {
    "empty.txt": b"",
    "empty.bin": b"",
    "blank.txt": b"\n",
    "words.txt": b"tiger\ncat\n",
    "shorter.txt": b"tiger 1 2 3\ncat 1 2\n",
    "number.txt": b"tiger 1 two 3\n",
    "prose.txt": b"tiger is a big cat\n",
    "none.txt": as_text({"zebra": (1, 2, 3)}),
    "none.bin": as_binary({"zebra": (1, 2, 3)}),
    "header-only.vec": b"3 3\n",
    "header-of-more.vec": b"4 3\n" + as_text(ROWS),
    "header-of-wider.vec": b"3 4\n" + as_text(ROWS),
    "header-of-narrower.vec": b"3 2\n" + as_text(ROWS),
    "cut-in-a-line.txt": as_text(ROWS)[:-5],
    "cut-in-a-line.vec": as_text(ROWS, header=True)[:-5],
    "cut-at-a-line.vec": as_text(ROWS, header=True).rsplit(b"\n", 2)[0],
    "no-header.bin": as_binary(ROWS).partition(b"\n")[2],
    "text.bin": as_text(ROWS),
    "width-of-zero.bin": b"3 0\ntiger ",
    "header-of-more.bin": as_binary(ROWS).replace(b"3 3", b"4 3", 1),
    "header-of-wider.bin": as_binary(ROWS).replace(b"3 3", b"3 4", 1),
    "header-of-very-many.bin": as_binary(ROWS).replace(b"3 3", b"3 999999999999999999", 1),
    "cut-in-a-vector.bin": as_binary(ROWS)[:-3],
    "cut-in-a-word.bin": as_binary({"a" * 200: (1,), "b" * 200: (2,)})[:-100],
    "endless-word.bin": b"1 1\n" + b"a" * 20_000,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, name, BAD[name])
    with pytest.raises(ModelError) as caught:
        read_vectors(path, [*ROWS])
    assert name in caught.value.problem


@pytest.mark.parametrize("name", ["absent.txt", "absent.bin"])
def test_missing_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=name):
        read_vectors(tmp_path / name, ["a"])


def test_folder_called_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ModelError, match=r"folder\.txt"):
        read_vectors(tmp_path / "folder.txt", ["a"])


words = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=6)
numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    width = draw(st.integers(2, 4))
    row = st.lists(numbers, min_size=width, max_size=width)
    return draw(st.dictionaries(words, row, min_size=1, max_size=5))


@given(tables(), st.sampled_from(["glove.txt", "word2vec.txt", "word2vec.bin", "gensim.bin"]))
def test_what_is_written_is_read(rows: Rows, name: str) -> None:
    content = {
        "glove.txt": as_text(rows),
        "word2vec.txt": as_text(rows, header=True),
        "word2vec.bin": as_binary(rows),
        "gensim.bin": as_binary(rows, newlines=False),
    }[name]
    with tempfile.TemporaryDirectory() as folder:
        assert as_lists(write(Path(folder), name, content), [*rows]) == rows
