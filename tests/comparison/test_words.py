"""Words that tokenizers share, and that distinguish one of them."""

from __future__ import annotations

import numpy as np

from tokstat.comparison.words import SingleTokenWords

ZIPF = {"the": 7.7, "tiger": 4.1, "cat": 5.0, "dog": 5.1, "xylem": 2.4, "swim": 4.2}


def words(*sets: tuple[str, ...]) -> SingleTokenWords:
    found = SingleTokenWords()
    for each in sets:
        found.add(each, np.array([ZIPF[word.lower()] for word in each], np.float32))
    return found


def test_words_by_hand() -> None:
    found = words(("The", "the", "tiger", "cat"), ("the", "cat", "dog", "xylem"), ("THE", "dog"))
    assert found.shared() == (1, ("the",))
    first, second, third = found.examples()
    assert (first.words, second.words, third.words) == (3, 4, 2)
    assert (first.only, first.only_examples) == (1, ("tiger",))
    assert (first.lacking, first.lacking_examples) == (1, ("dog",))
    assert (second.only_examples, second.lacking) == (("xylem",), 0)
    assert (third.only, third.lacking_examples) == (0, ("cat",))


def test_the_most_frequent_are_the_examples() -> None:
    both = ("swim", "dog", "tiger", "cat", "the")
    count, examples = words(both, both).shared()
    assert (count, examples) == (5, ("the", "dog", "cat", "swim", "tiger"))


def test_at_most_twenty_are_named() -> None:
    many = tuple(f"word{number}" for number in range(30))
    found = SingleTokenWords()
    found.add(many, np.arange(30, dtype=np.float32))
    found.add((), np.zeros(0, np.float32))
    assert found.shared() == (0, ())
    (first, _) = found.examples()
    assert first.only == 30
    assert first.only_examples == tuple(reversed(many))[:20]


def test_words_that_are_not_shown_are_counted() -> None:
    found = SingleTokenWords(lambda word: word != "dog")
    for _ in range(2):
        found.add(("swim", "dog", "the"), np.array([4.2, 5.1, 7.7], np.float32))
    assert found.shared() == (3, ("the", "swim"))
