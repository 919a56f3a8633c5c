"""Files of segmented words, in the three forms, and lines that cannot be used."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokstat.errors import DataError
from tokstat.words.segmentations import SegmentedWord, read_segmentations


def test_the_three_forms(tmp_path: Path) -> None:
    path = tmp_path / "deu.derivational.v1.tsv"
    path.write_text(
        "Häuser\tHäus|er\n"
        "gehen\tgeht\tV;PRS\tgeh|t\n"
        "Nation\tnational\tN\tJ\tal\tsuffix\n"
        "sehen\tübersehen\tV\tV\tüber\tprefix\n",
        "utf-8",
    )
    found = read_segmentations(path)
    assert found.language == "deu"
    assert [word.pieces for word in found.words] == [
        ("Häus", "er"),
        ("geh", "t"),
        ("Nation", "al"),
        ("über", "sehen"),
    ]
    assert [sorted(word.boundaries) for word in found.words] == [[4], [3], [6], [4]]


def test_what_cannot_be_scored_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text(
        "\ufeffrunning\trun|ing\nrunning\trun|ing\ncat\tcat\nran\trun\tV;PST\t-\n"
        "tigers\ttiger|s\ntigers\ttiger|s\nStraße\tStrass|e\n\n",
        "utf-8",
    )
    found = read_segmentations(path, "en")
    assert found.language == "en"
    assert found.words == (SegmentedWord("tigers", ("tiger", "s")),)
    assert found.misspelled == ("running = run|ing", "Straße = Strass|e")
    assert (found.whole, found.repeated) == (2, 1)


def test_case_of_the_base_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "deu.tsv"
    path.write_text("schreiben\tSchreibenung\tV\tN\tung\tsuffix\n", "utf-8")
    assert [word.word for word in read_segmentations(path).words] == ["Schreibenung"]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "no line"),
        (b"\n \n", "no line"),
        (b"tigers tiger|s\n", "Line 1"),
        (b"tigers\ttiger|s\ngo\twent\tV;PST\n", "Line 2"),
        (b"a\tb\tc\td\te\tinfix\n", "6 fields"),
        (b"\xff\tx\n", "UTF-8"),
    ],
)
def test_files_of_another_form(tmp_path: Path, data: bytes, named: str) -> None:
    path = tmp_path / "words.tsv"
    path.write_bytes(data)
    with pytest.raises(DataError, match=named):
        read_segmentations(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        read_segmentations(tmp_path / "absent.tsv")


@given(st.lists(st.text("abcß漢", min_size=1), min_size=2))
def test_boundaries_are_where_pieces_meet(pieces: list[str]) -> None:
    word = SegmentedWord("".join(pieces), tuple(pieces))
    assert len(word.boundaries) == len(pieces) - 1
    cuts = [0, *sorted(word.boundaries), len(word.word)]
    parts = [word.word[start:end] for start, end in pairwise(cuts)]
    assert parts == pieces
