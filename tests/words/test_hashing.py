"""Tests of the hashes of words and of their parts."""

import numpy as np

from tokstat.words.hashing import HashedWords, find, hashes_of

WORDS = ["tiger", "tig", "iger", "ge", "r", "größe"]


def test_a_part_has_the_hash_of_the_word_that_it_spells() -> None:
    table = HashedWords(WORDS)
    assert table.hashes.tolist() == hashes_of(WORDS).tolist()
    rows, places = np.array([0, 0]), np.array([1, 2])
    assert table.parts(rows, places, 2).tolist() == hashes_of(["ig", "ge"]).tolist()
    head, rest = table.split(np.array([0]), np.array([3]))
    assert [head[0], rest[0]] == hashes_of(["tig", "er"]).tolist()


def test_found_hashes_are_those_of_the_table() -> None:
    table = np.sort(hashes_of(WORDS))
    needles = hashes_of(["ge", "no", "größe"])
    found, place = find(needles, table)
    assert found.tolist() == [0, 2]
    assert table[place].tolist() == needles[[0, 2]].tolist()


def test_no_words() -> None:
    assert len(hashes_of([])) == 0
