"""The sets: how their files are read, and what is in those that there are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.wordsim import make_set, source_of
from tokstat.errors import DataError
from tokstat.wordsim.sets import ALL_SETS, PACKAGED_SETS, WORDSIM_SETS, parse_set
from tokstat.wordsim.store import load_set

SOURCE = source_of(b"")

WORDS = {
    "rw": 2951,
    "men": 751,
    "simLex": 1028,
    "rel353": 346,
    "simverb_3500": 827,
    "mturk_771": 1113,
    "card_660": 1306,
}
"""Distinct words of each set, in the order of the sets."""


def test_columns_say_where_words_and_rating_stand() -> None:
    found = parse_set(replace(SOURCE, columns=(2, 3, 1)), b"0\t7.5\ttake\tgive\tmore\n", "here")
    assert (found.first, found.second, found.ratings.tolist()) == (["take"], ["give"], [7.5])


def test_an_underscore_is_a_blank_and_case_is_kept() -> None:
    found = make_set([("New_York", "big_old_Apple", 1), ("ÄRGER", "ärger", 2)])
    assert found.first == ["New York", "ÄRGER"]
    assert found.second == ["big old Apple", "ärger"]


def test_words_are_distinct_and_sorted() -> None:
    assert make_set([("b", "a", 1), ("c", "b", 2)]).words == ["a", "b", "c"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_empty_lines_and_either_line_end(end: str) -> None:
    lines = ["# a\tb\t1", "one\ttwo\t-1e1", "", "three\tfour\t.5"]
    found = parse_set(SOURCE, end.join(lines).encode(), "here")
    assert found.words == ["four", "one", "three", "two"]
    assert found.ratings.tolist() == [-10, 0.5]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"one\ttwo\t1\none\ttwo\n", "Line 2"),
        (b"one two 1\n", "Line 1"),
        (b"one\ttwo\tmuch\n", "'much'"),
        (b"one\ttwo\t\n", "line 1"),
        (b"one\ttwo\t1,5\n", "'1,5'"),
        (b"one\ttwo\tnan\n", "'nan'"),
        (b"one\ttwo\t-inf\n", "'-inf'"),
        (b"one\t\xff\t1\n", "UTF-8"),
    ],
)
def test_files_that_are_no_sets(content: bytes, names: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_set(SOURCE, content, "some.txt")
    assert names in caught.value.problem
    assert "some.txt" in caught.value.problem


def test_texts_are_as_they_are() -> None:
    """No character is read as a comment, a space or the end of a line but those of TSV."""
    source = replace(SOURCE, texts=True)
    rows = ["# a _b_\tc\u2028d\t1", "", '"e"\t f \t2']
    found = parse_set(source, "\r\n".join(rows).encode(), "here")
    assert found.first == ["# a _b_", '"e"']
    assert found.second == ["c\u2028d", " f "]
    with pytest.raises(DataError, match="'score' in line 1"):
        parse_set(source, b"one\tother\tscore\n", "here")


@pytest.mark.parametrize("content", [b"a\tb\t3\n", b"a\tb\t3\nc\td\t3.0\n"], ids=["one", "equal"])
def test_texts_without_two_scores_have_no_correlation(content: bytes) -> None:
    with pytest.raises(DataError, match=r"some\.tsv"):
        parse_set(replace(SOURCE, texts=True), content, "some.tsv")
    assert len(parse_set(SOURCE, content, "some.tsv").first) == content.count(b"\n")


def test_the_packaged_set() -> None:
    (source,) = PACKAGED_SETS
    found = load_set(source)
    assert found is not None
    assert len(found.first) == len(found.second) == len(found.ratings) == source.pairs == 353
    assert len(found.words) == 437
    assert (found.ratings.min(), found.ratings.max()) == (0.23, 10)
    assert source.licence == "CC BY 4.0"
    assert "Finkelstein" in source.citation


def test_every_set_has_a_name_of_its_own_and_says_where_it_is_from() -> None:
    assert len({source.name for source in ALL_SETS}) == len(ALL_SETS) == 8
    assert all(source.licence and source.citation and source.title for source in ALL_SETS)
    assert not any(source.packaged for source in WORDSIM_SETS)


def test_the_seven_sets(shared: Path) -> None:
    assert [source.name for source in WORDSIM_SETS] == list(WORDS)
    distinct: set[str] = set()
    for source in WORDSIM_SETS:
        file = shared / "wordsim" / source.file
        assert hashlib.sha256(file.read_bytes()).hexdigest() == source.sha256
        found = load_set(source, shared / "wordsim")
        assert found is not None
        assert len(found.first) == len(found.second) == len(found.ratings) == source.pairs
        assert len(found.words) == WORDS[source.name]
        distinct |= {*found.words}
    assert len(distinct) == 6438
