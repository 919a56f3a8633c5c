"""English plurals: rules by example, a hand-written list, and the properties of all pairs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tokstat.words.lexicon import Lexicon
from tokstat.words.plurals import plural_pairs

GOLD = Path(__file__).parents[1] / "data" / "english_plurals.tsv"


def pairs(english: Lexicon, *words: str) -> dict[str, str]:
    zipf = english.word_lists[0].zipf
    return plural_pairs(words, lambda word: zipf.get(word, 0.0))


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("years", "year"),
        ("houses", "house"),
        ("glasses", "glass"),
        ("boxes", "box"),
        ("watches", "watch"),
        ("wishes", "wish"),
        ("tomatoes", "tomato"),
        ("shoes", "shoe"),
        ("theories", "theory"),
        ("ties", "tie"),
        ("days", "day"),
        ("senses", "sense"),
        ("courses", "course"),
    ],
)
def test_regular_plurals(english: Lexicon, plural: str, singular: str) -> None:
    assert pairs(english, plural) == {plural: singular}


@pytest.mark.parametrize(
    "word",
    ["always", "this", "bus", "class", "was", "has", "paris", "does", "less", "physics", "s"],
)
def test_other_words_in_s(english: Lexicon, word: str) -> None:
    assert pairs(english, word) == {}


def test_a_singular_must_be_known_and_may_be_ten_times_rarer() -> None:
    known = {"cats": 5.0, "cat": 4.0, "dogs": 5.0, "dog": 3.9, "ants": 3.0}
    assert plural_pairs(known, lambda word: known.get(word, 0.0)) == {"cats": "cat"}
    assert plural_pairs(["cats"], lambda word: 0.0) == {}


def test_against_the_hand_written_list(english: Lexicon) -> None:
    """Frequent plurals are all found; of words picked to look like plurals, a fifth is taken."""
    with GOLD.open(encoding="utf-8", newline="") as file:
        gold = {
            row["word"]: row["singular"] or None for row in csv.DictReader(file, delimiter="\t")
        }
    found = pairs(english, *gold)
    plurals = {word: singular for word, singular in gold.items() if singular is not None}
    look_alikes = gold.keys() - plurals.keys()
    assert len(plurals) >= 120
    assert len(look_alikes) >= 90
    assert {word: found.get(word) for word in plurals} == plurals
    assert len(look_alikes & found.keys()) <= 0.25 * len(look_alikes)


@pytest.mark.parametrize(
    ("word", "candidates"),
    [
        ("cats", ["cat"]),
        ("glasses", ["glasse", "glass"]),
        ("names", ["name"]),  # what is before -es does not hiss
        ("watches", ["watche", "watch"]),
        ("cities", ["citie", "city"]),
        ("movies", ["movie", "movy"]),
        ("ayies", ["ayie", "ayy"]),
        ("iies", ["iie"]),  # i is a vowel
        ("eies", ["eie"]),
        ("pies", ["pie"]),  # py is too short
        ("ies", []),
        ("cat", []),
        ("ss", []),
        ("grass", []),
        ("virus", []),
        ("basis", []),
        ("", []),
    ],
)
def test_what_is_looked_up(word: str, candidates: list[str]) -> None:
    """Every spelling that a singular may have is asked for, and nothing else."""
    asked = []

    def frequency(each: str) -> float:
        asked.append(each)
        return 5.0

    plural_pairs([word], frequency)
    assert asked == ([word, *candidates] if candidates or word == "ies" else [])


def test_a_word_that_ends_otherwise_has_no_singular() -> None:
    assert plural_pairs(["carts", "cart", "cartus"], lambda word: 5.0) == {"carts": "cart"}


def test_of_two_singulars_the_more_frequent_one_counts() -> None:
    for more, singular in ((4.9, "sense"), (5.1, "sens")):
        known = {"senses": 5.0, "sense": 5.0, "sens": more}
        assert plural_pairs(["senses"], lambda word: known.get(word, 0.0)) == {"senses": singular}  # noqa: B023
