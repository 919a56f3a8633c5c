"""Files of word vectors: GloVe and fastText text, word2vec text and binary."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import ModelError
from tokstat.text.wording import counted

_SUFFIXES = (".txt", ".vec", ".bin", ".glove", ".w2v")
_LONGEST_WORD = 10_000
_LONGEST_HEADER = 64
_MOST_WIDTH = 1 << 20
_LONGEST_LINE = 32 * _MOST_WIDTH

Vectors = dict[str, NDArray[np.float32]]


def is_vector_file(path: Path) -> bool:
    """Tell by its suffix whether a path is meant as a file of vectors."""
    return path.suffix in _SUFFIXES


def read_vectors(path: Path, words: Collection[str]) -> Vectors:
    """Read the vectors of some words, and skip all others.

    A line of a text file has a word and its numbers, separated by spaces. The header of word2vec
    (number of vectors, and their width) is optional. A file that ends in .bin is in word2vec's
    binary format. If a word is repeated, its first vector counts.

    Raises:
        ModelError: the file cannot be read, is incomplete, or has vectors of different widths.
    """
    wanted = set(words)
    found: Vectors = {}
    try:
        with path.open("rb") as file:
            read = _binary_rows if path.suffix == ".bin" else _text_rows
            for word, vector in read(file, path, wanted):
                found.setdefault(word, vector)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {error.strerror or error}", "Check the path."
        ) from error
    if not found:
        raise ModelError(
            f"{path} has no vector for any of {counted(len(wanted), 'word')}",
            "Give a file of GloVe, word2vec or fastText vectors of English words.",
        )
    return found


def _text_rows(
    file: BinaryIO, path: Path, wanted: Collection[str]
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    width = None
    number, lines = 0, 0
    for number, line in enumerate(_lines(file, path), 1):
        word, _, rest = line.rstrip().decode("utf-8", "replace").partition(" ")
        numbers = rest.split()
        is_short = number == 1 and len(line) < _LONGEST_HEADER
        if is_short and len(numbers) == 1 and word.isdecimal() and rest.isdecimal():
            lines, width = 1 + int(word), int(rest)
            continue
        if width is None:
            width = len(numbers)
        # GloVe's 840B file has words with spaces; the numbers are the last fields.
        if len(numbers) > width:
            word = " ".join([word, *numbers[:-width]])
            numbers = numbers[-width:]
        if len(numbers) != width or not width:
            raise ModelError(
                f"Line {number} of {path} has {counted(len(numbers), 'number')}, the first {width}",
                "The file is damaged or incomplete: download it again.",
            )
        if word not in wanted:
            continue
        try:
            yield word, np.array(numbers, np.float32)
        except ValueError as error:
            raise ModelError(
                f"Line {number} of {path} has values that are not numbers: {error}",
                "Give a file of GloVe, word2vec or fastText vectors.",
            ) from error
    if number < lines:
        raise ModelError(
            f"{path} is incomplete: it has {number:,} of {lines:,} lines", "Download it again."
        )


def _lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise ModelError(
                f"{path} has a line of more than {_LONGEST_LINE:,} bytes",
                "Give a file of GloVe, word2vec or fastText vectors.",
            )
        yield line


def _binary_rows(
    file: BinaryIO, path: Path, wanted: Collection[str]
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    header = file.readline(_LONGEST_HEADER).split()
    if len(header) != 2 or not all(part.isdigit() for part in header) or int(header[1]) == 0:
        raise ModelError(
            f"{path} has no header of word2vec's binary format",
            "Give a binary word2vec file, or a text file with the suffix .txt or .vec.",
        )
    count, width = map(int, header)
    if width > _MOST_WIDTH:
        raise ModelError(
            f"{path} declares vectors of width {width:,}, more than {_MOST_WIDTH:,}",
            "Download it again.",
        )
    if count * 4 * width > path.stat().st_size:
        raise ModelError(
            f"{path} is incomplete: it is too small for {count:,} vectors of width {width:,}",
            "Download it again.",
        )
    for _ in range(count):
        word = _read_word(file)
        data = file.read(4 * width)
        if word is None or len(data) < 4 * width:
            raise ModelError(f"{path} is incomplete", "Download it again.")
        if word in wanted:
            yield word, np.frombuffer(data, "<f4")


def _read_word(file: BinaryIO) -> str | None:
    """Read up to the space that ends a word; None at the end of the file."""
    characters = bytearray()
    while (character := file.read(1)) not in (b" ", b""):
        if character != b"\n":
            characters += character
        if len(characters) > _LONGEST_WORD:
            return None
    return characters.decode("utf-8", "replace") if character else None
