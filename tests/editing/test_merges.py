"""Merges against the tokenizers library, and ways to a token against all that there are."""

from __future__ import annotations

import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from tokstat.editing.merges import MergeTable, Pair, _way, mend, restrict, segment

LETTERS = "abc"

texts = st.text(st.sampled_from(LETTERS), min_size=1, max_size=9)


@st.composite
def tables(draw: st.DrawFn, end: str = "") -> MergeTable:
    """Merges of random tokens into others, now and then one of them twice."""
    known = [*LETTERS, *(letter + end for letter in LETTERS if end)]
    merges: list[Pair] = []
    for _ in range(draw(st.integers(0, 14))):
        starts = [token for token in known if not end or not token.endswith(end)]
        pair = (draw(st.sampled_from(starts)), draw(st.sampled_from(known)))
        merges.append(pair)
        known = [*dict.fromkeys([*known, "".join(pair)])]
    return MergeTable(tuple(merges), end)


def tokens_of(table: MergeTable) -> list[str]:
    letters = [*LETTERS, *(letter + table.end for letter in LETTERS if table.end)]
    sides = [side for pair in table.merges for side in pair]
    return [*dict.fromkeys([*letters, *sides, *map("".join, table.merges)])]


def by_the_library(table: MergeTable, text: str) -> list[str]:
    """Let the tokenizers library merge a text, whose last piece gets the mark if there is one."""
    model = tokenizers.models.BPE(
        vocab={token: index for index, token in enumerate(tokens_of(table))},
        merges=list(table.merges),
        **({"end_of_word_suffix": table.end} if table.end else {}),
    )
    return [token.value for token in model.tokenize(text)]


def ways(parts: list[str], vocabulary: set[str]) -> list[list[Pair]]:
    """List the steps of all bracketings whose every pair makes a token of the vocabulary."""
    if len(parts) == 1:
        return [[]] if parts[0] in vocabulary else []
    return [
        [*left, *right, ("".join(parts[:middle]), "".join(parts[middle:]))]
        for middle in range(1, len(parts))
        if "".join(parts) in vocabulary
        for left in ways(parts[:middle], vocabulary)
        for right in ways(parts[middle:], vocabulary)
    ]


@settings(max_examples=200, deadline=None)
@given(tables(), texts)
def test_texts_are_cut_as_the_library_cuts_them(table: MergeTable, text: str) -> None:
    made: set[str] = set()
    found = segment(table.symbols(text), table.ranks, made)
    assert found == by_the_library(table, text)
    assert {part for part in found if len(part) > 1} <= made
    assert all(name in text for name in made)


@settings(max_examples=200, deadline=None)
@given(tables("</w>"), texts)
def test_words_with_a_mark_at_their_end(table: MergeTable, word: str) -> None:
    assert segment(table.symbols(word + "</w>"), table.ranks) == by_the_library(table, word)


def test_what_merging_starts_from() -> None:
    table = MergeTable((), "</w>")
    assert table.symbols("abc") == ["a", "b", "c"]
    assert table.symbols("abc</w>") == ["a", "b", "c</w>"]
    assert table.symbols("a</w>") == ["a</w>"]
    assert table.symbols("</w>") == ["<", "/", "w", ">"]
    assert MergeTable(()).symbols("a</w>") == ["a", "<", "/", "w", ">"]


@settings(max_examples=150, deadline=None)
@given(tables(), st.sets(texts, max_size=6))
def test_restricted_merges_are_those_within_a_vocabulary(table: MergeTable, gone: set[str]) -> None:
    vocabulary = set(tokens_of(table)) - gone
    found = restrict(table, vocabulary).merges
    assert [pair for pair in table.merges if pair in found] == [*found]
    for pair in table.merges:
        assert (pair in found) == vocabulary.issuperset([*pair, "".join(pair)])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab"), min_size=1, max_size=3), min_size=1, max_size=6))
def test_a_way_is_found_if_there_is_any(parts: list[str]) -> None:
    """Through vocabularies of all sizes, made of what stands together in the parts."""
    whole = "".join(parts)
    pieces = sorted({whole[i:j] for i in range(len(whole)) for j in range(i + 1, len(whole) + 1)})
    for step in range(1, 5):
        vocabulary = {*pieces[step - 1 :: step], whole}
        found = _way(parts, vocabulary)
        if len(parts) == 1:
            assert found == []
            continue
        every = ways(parts, vocabulary)
        assert bool(found) == bool(every)
        assert not found or sorted(found) in [sorted(each) for each in every]


@settings(max_examples=200, deadline=None)
@given(tables(), st.sets(texts, max_size=4), st.sets(texts, max_size=6))
def test_mending_leads_to_tokens_and_breaks_no_way(
    table: MergeTable, gone: set[str], fresh: set[str]
) -> None:
    vocabulary = ({*tokens_of(table)} - gone) | fresh
    broken = restrict(table, vocabulary)

    def reached(by: MergeTable) -> set[str]:
        return {token for token in vocabulary if by_the_library(by, token) == [token]}

    wanted = (reached(table) - reached(broken)) | fresh
    mended, stranded = mend(broken, vocabulary, wanted)
    assert mended.merges[: len(broken.merges)] == broken.merges
    assert vocabulary.issuperset(side for pair in mended.merges for side in (*pair, "".join(pair)))
    assert reached(broken) <= reached(mended)
    assert wanted - set(stranded) <= reached(mended)
    assert not set(stranded) & reached(mended)
    assert wanted.issuperset(stranded)
    assert all(
        token in stranded or ways(segment(broken.symbols(token), broken.ranks), vocabulary)
        for token in wanted
    )


def test_a_token_that_nothing_leads_to_is_stranded() -> None:
    table = MergeTable((("a", "b"),))
    mended, stranded = mend(table, {"a", "b", "c", "ab", "abcc"}, ["abcc"])
    assert (mended.merges, stranded) == ((("a", "b"),), ("abcc",))
    mended, stranded = mend(table, {"a", "b", "c", "ab", "abc"}, ["abc"])
    assert (mended.merges, stranded) == ((("a", "b"), ("ab", "c")), ())


def test_mending_does_not_hang_on_the_order_of_tokens() -> None:
    vocabulary = {"a", "b", "ab", "ba", "abab", "aba", "bab"}
    one, other = (
        mend(MergeTable(()), vocabulary, order) for order in (["aba", "bab"], ["bab", "aba"])
    )
    assert (one[0].merges, one[1]) == (other[0].merges, other[1])
