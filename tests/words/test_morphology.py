"""Agreement with morphemes, against MorphScore's own rule counted word by word."""

from __future__ import annotations

from statistics import mean

import pytest
import tokenizers

import tokstat
from tests.conftest import word_level_json
from tokstat.tokenizer.encoding import encode_batch
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.morphology import Agreement, agreement
from tokstat.words.segmentations import Segmentations, SegmentedWord

WORDS = {
    "tigers": "tiger|s",
    "unhappiness": "un|happi|ness",
    "kindness": "kind|ness",
    "unkindly": "un|kind|ly",
    "rereading": "re|read|ing",
    "greenhouses": "green|house|s",
    "Übersetzungen": "Über|setz|ung|en",
    "naïvely": "naïve|ly",
    "walked": "walk|ed",
    "überfahrt": "über|fahrt",
    "antidisestablishment": "anti|dis|establish|ment",
    "книгами": "книг|ами",
}
SEGMENTED = Segmentations(
    "mixed", tuple(SegmentedWord(word, tuple(text.split("|"))) for word, text in WORDS.items())
)


def by_hand(tokenizer: Tokenizer) -> dict[str, tuple[int, int, int]]:
    """Return for each word of two known tokens or more: shared, morpheme and token boundaries.

    The token boundaries are those between the bytes of the tokens: no offsets are used.
    """
    found = {}
    for word, text in WORDS.items():
        (encoding,) = encode_batch(tokenizer.backend, [word])
        surfaces = [tokenizer.vocabulary[token].surface for token in encoding.ids]
        spelled = b"".join(surfaces).decode("utf-8")
        if tokenizer.unknown_id in encoding.ids or len(surfaces) < 2:
            continue
        # A tokenizer that lower-cases or strips accents still has one character for one.
        assert len(spelled.strip()) == len(word)
        ends, so_far = set(), b""
        for surface in surfaces[:-1]:
            so_far += surface
            try:
                ends.add(len(so_far.decode("utf-8").lstrip()))
            except UnicodeDecodeError:
                continue
        pieces = text.split("|")
        gold = {len("".join(pieces[:count])) for count in range(1, len(pieces))}
        found[word] = (len(gold & ends), len(gold), len(surfaces) - 1)
    return found


@pytest.mark.parametrize("name", ["bert", "modernbert"])
def test_against_a_count_by_bytes(name: str, request: pytest.FixtureRequest) -> None:
    tokenizer: Tokenizer = request.getfixturevalue(name)
    expected = by_hand(tokenizer)
    found = agreement(tokenizer, SEGMENTED, "bare")
    assert found.scored == len(expected) >= 6
    assert found.scored + found.one_token + found.unknown == len(WORDS)
    shared, gold, tokens = map(sum, zip(*expected.values(), strict=True))
    assert (found.shared, found.morpheme_boundaries, found.token_boundaries) == (
        shared,
        gold,
        tokens,
    )
    assert found.recall_micro == shared / gold
    assert found.precision_micro == shared / tokens
    assert found.recall_macro == pytest.approx(mean(s / g for s, g, _ in expected.values()))
    assert found.precision_macro == pytest.approx(mean(s / t for s, _, t in expected.values()))


def test_the_published_rule_for_one_boundary(modernbert: Tokenizer) -> None:
    """MorphScore: 1 for a split that has the boundary, 0 for another, nothing for one token."""
    pairs = [("kind", "ness"), ("walk", "ed"), ("naïve", "ly"), ("tiger", "s"), ("книг", "ами")]
    points = []
    for first, rest in pairs:
        ids = encode_batch(modernbert.backend, [first + rest])[0].ids
        splits = [
            (modernbert.backend.decode(ids[:count]), modernbert.backend.decode(ids[count:]))
            for count in range(1, len(ids))
        ]
        if splits:
            points.append(int((first, rest) in splits))
    words = tuple(SegmentedWord("".join(pair), pair) for pair in pairs)
    found = agreement(modernbert, Segmentations("en", words), "bare")
    assert found.scored == len(points)
    assert found.recall_macro == pytest.approx(mean(points))


def test_words_that_are_not_scored() -> None:
    tokenizer = tokstat.load(tokenizers.Tokenizer.from_buffer(word_level_json("tigers", "swim")))
    words = (SegmentedWord("tigers", ("tiger", "s")), SegmentedWord("swims", ("swim", "s")))
    found = agreement(tokenizer, Segmentations("en", words), "bare")
    assert found == Agreement("en", 0, 1, 1, 0, 0, 0, 0.0, 0.0)
    assert found.recall_macro is found.recall_micro is found.precision_micro is None


def test_in_text_a_word_is_split_as_after_a_space(modernbert: Tokenizer) -> None:
    words = (SegmentedWord("tigers", ("tiger", "s")), SegmentedWord("unkindly", ("un", "kindly")))
    alone = agreement(modernbert, Segmentations("en", words), "bare")
    in_text = agreement(modernbert, Segmentations("en", words), "spaced")
    assert alone.scored == 2
    assert in_text.scored + in_text.one_token == 2
    assert (alone.shared, in_text.shared) == (0, 1)
