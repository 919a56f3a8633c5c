"""What near duplicates cost, counted again token by token."""

from __future__ import annotations

import pytest

from tests.conftest import word_level_json
from tokstat.analyzers.casing import casing
from tokstat.analyzers.redundancy import redundancy
from tokstat.analyzers.subject import Subject
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.results.report import Section
from tokstat.tokenizer.tokenizer import Origin, Tokenizer
from tokstat.words.lexicon import Lexicon, load_lexicon
from tokstat.words.word_classes import WORD_CLASSES


def slots(section: Section) -> dict[str, int]:
    table = section.table("axes")
    return dict(zip(table.columns["axis"], table.columns["slots"], strict=True))


def made(*words: str) -> Tokenizer:
    backend = parse_tokenizer_json(word_level_json(*words), "made")
    return Tokenizer(backend, Origin("made", "test", None, "", "test", ()))


def recount(subject: Subject) -> dict[str, int]:
    """Fold case, then the boundary, then plurals, with sets and strings only."""
    zipf = subject.lexicon.word_lists[0].zipf
    tokens = [
        (token.text, token.starts_word)
        for row, token in enumerate(subject.vocabulary)
        if subject.vocabulary.alphabetic[row]
    ]
    whole = {
        (token.text or "").lower()
        for row, token in enumerate(subject.vocabulary)
        if WORD_CLASSES[subject.word_classes[row]] == "whole_word"
    }
    folded = {(text.lower(), starts) for text, starts in tokens if text}
    words = {text for text, _ in folded}
    plurals = 0
    for word in words & whole:
        if word[-1] != "s" or word[-2:] in ("ss", "us", "is"):
            continue
        singulars = {word[:-1]}
        if word[-3:] == "ies" and word[-4:-3] not in ("", *"aeiou"):
            singulars.add(word[:-3] + "y")
        if word[-2:] == "es" and word[:-2].endswith(("s", "x", "z", "ch", "sh", "o")):
            singulars.add(word[:-2])
        known = {each for each in singulars & whole if len(each) >= 3}
        plurals += any(zipf.get(each, 0) >= zipf[word] - 1 for each in known)
    return {
        "case": len(tokens) - len(folded),
        "space": len(folded) - len(words),
        "plural": plurals,
        "all": len(tokens) - len(words) + plurals,
    }


def test_slots_agree_with_a_plain_recount(tokenizer: Tokenizer, english: Lexicon) -> None:
    subject = Subject(tokenizer, english)
    section = redundancy(subject)
    if section.skipped:
        pytest.skip(section.skipped)
    assert slots(section) == recount(subject)
    ratio = section.metric("family_duplicate_ratio")
    assert ratio.numerator == slots(section)["all"]
    assert ratio.denominator == subject.vocabulary.content.sum()


def test_costs_agree_with_those_of_casing(modernbert: Tokenizer, english: Lexicon) -> None:
    subject = Subject(modernbert, english)
    costs, before = slots(redundancy(subject)), casing(subject)
    assert costs["case"] == before.metric("casing_duplicates").value == 9_436
    assert costs["case"] + costs["space"] == before.metric("near_duplicates").value == 15_495
    assert costs["all"] == costs["case"] + costs["space"] + costs["plural"]


def test_a_family_is_counted_once(english: Lexicon) -> None:
    section = redundancy(Subject(made("dog", "Dog", "DOGS", "dogs", "cat", "news"), english))
    assert slots(section) == {"case": 2, "space": 0, "plural": 1, "all": 3}
    assert section.table("axes").columns["examples"] == (
        "·dog|·Dog ·DOGS|·dogs",
        "",
        "dog|dogs",
        "",
    )


def test_plurals_are_told_for_english_only() -> None:
    section = redundancy(Subject(made("Auto", "Autos", "auto"), load_lexicon(["de"])))
    assert section.metric("plural_duplicates").value is None
    assert slots(section) == {"case": 1, "space": 0, "plural": 0, "all": 1}
    assert section.metric("family_duplicates").scope
