"""Cuts of each kind, where they are and where they are forbidden."""

from __future__ import annotations

import pytest

from tokstat.corpus.safe_cuts.boundaries import (
    DOCUMENT,
    Boundaries,
    WhiteBoundary,
    code_points,
    find_cuts,
    utf8_lengths,
)


def cut(text: str, boundaries: Boundaries) -> str:
    """Write a bar at every cut after the first character."""
    cuts = find_cuts(code_points(text), boundaries)
    return "".join(f"|{each}" if at else each for each, at in zip(text, cuts, strict=True))


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("space", "a| b  c\nd \ne\n f"),
        ("last_space", "a b | c\nd \ne\n| f"),
        ("line", "a b  c\n|d \ne\n f"),
        ("lines", "a b  c\nd \n|e\n f"),
        ("last_line", "a b  c\nd |\ne\n f"),
    ],
)
def test_each_kind_at_white_space(kind: WhiteBoundary, found: str) -> None:
    assert cut("a b  c\nd \ne\n f", Boundaries(frozenset({kind}))) == found


def test_pairs_inside_words_and_documents() -> None:
    pairs = Boundaries(pairs=frozenset({("letter", "number"), ("number", "punctuation")}))
    assert cut("ab12,c3", pairs) == "ab|12|,c|3"
    assert cut(f"{DOCUMENT}a{DOCUMENT}b", Boundaries()) == f"|{DOCUMENT}a|{DOCUMENT}b"


def test_characters_forbid_a_cut_beside_them() -> None:
    white: frozenset[WhiteBoundary] = frozenset({"space", "last_space"})
    assert cut("a b  c", Boundaries(white)) == "a| b | c"
    assert cut("a b  c", Boundaries(white, not_after=frozenset("a"))) == "a b | c"
    assert cut("a b  c", Boundaries(white, not_before=frozenset("bc"))) == "a| b  c"
    assert cut("e\u0301 b", Boundaries(white)) == "e\u0301| b"
    assert cut("e\u0301 b", Boundaries(white, after_marks=False)) == "e\u0301 b"


def test_both_are_the_places_that_both_allow() -> None:
    one = Boundaries(frozenset({"space", "line"}), not_after=frozenset("a"))
    two = Boundaries(frozenset({"space"}), not_after=frozenset("b"), after_marks=False)
    assert one & two == Boundaries(
        frozenset({"space"}), not_after=frozenset("ab"), after_marks=False
    )


def test_lengths_are_those_of_utf8() -> None:
    text = "aé€🙂"
    assert utf8_lengths(code_points(text)).tolist() == [len(each.encode()) for each in text]
