"""Tokenizers that are trained alike."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tokstat.errors import DataError, InvalidTokenizerError
from tokstat.experiments import training
from tokstat.experiments.defaults import TRAINING_WORDS
from tokstat.experiments.training import (
    ALGORITHMS,
    CASINGS,
    SPACES,
    Design,
    Spaces,
    digest_of,
    scaled,
    train,
)
from tokstat.tokenizer.single_words import single_token_words, split_words
from tokstat.words.lexicon import Lexicon

SIZE = 700


@pytest.fixture(scope="module")
def counts(english: Lexicon) -> Counter[str]:
    """Frequent words by Zipf's law, a tenth without a space, some with a capital."""
    found: Counter[str] = Counter({" naïve": 50, "naïve": 5})
    for rank, word in enumerate(english.word_lists[0].top(800), 1):
        if word.isalpha():
            times = 40_000 // rank
            found[f" {word}"] += times
            found[word] += times // 10
            found[f" {word.capitalize()}"] += times // 5
    return found


@pytest.mark.parametrize(
    "design",
    [
        Design(algorithm, SIZE, casing, spaces)
        for algorithm, casing, spaces in product(ALGORITHMS, CASINGS, SPACES)
    ],
    ids=lambda design: design.name,
)
def test_a_trained_tokenizer_is_what_it_is_called(design: Design, counts: Counter[str]) -> None:
    tokenizer = train(design, counts)
    assert tokenizer.model_type == design.algorithm
    assert len(tokenizer.vocabulary) == SIZE
    words = ["people", "the", "Strange", "naïve"]
    alone, in_text = (split_words(tokenizer, words, each) for each in ("bare", "spaced"))
    assert (alone == in_text) == (design.spaces == "dropped")
    lower = split_words(tokenizer, [word.lower() for word in words], "bare")
    assert (alone == lower) == (design.casing == "lower-cased")
    assert single_token_words(tokenizer, ["the"], "spaced").all()
    unknown = tokenizer.backend.token_to_id(training.UNKNOWN)
    assert unknown not in [token for tokens in (*alone, *in_text) for token in tokens]
    texts = tokenizer.vocabulary.texts
    assert not any(
        text is not None and ("Ġ" in text or text.startswith("##"))
        for text in texts[1:]
        if text != "##"
    )
    expected = (
        "a strange, naïve tiger" if design.casing == "lower-cased" else "a Strange, naïve tiger"
    )
    if design.spaces == "dropped":
        expected = expected.replace(" ", "")
    ids = tokenizer.backend.encode("a Strange, naïve tiger").ids
    assert tokenizer.backend.decode(ids) == expected


def test_one_design_gives_one_tokenizer_and_keeps_it(
    counts: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = Design("BPE", SIZE, "cased", "kept")
    plain = train(design, counts)
    kept = train(design, dict(reversed(counts.items())), tmp_path / "trained")
    (file,) = (tmp_path / "trained").iterdir()
    assert file.name.startswith("BPE-700-cased-kept-")
    monkeypatch.setattr(training, "_trained", lambda *_: pytest.fail("trained again"))
    again = train(design, counts, tmp_path / "trained")
    assert plain.origin.sha256 == kept.origin.sha256 == again.origin.sha256
    assert again.backend.to_str() == plain.backend.to_str()


def test_a_damaged_tokenizer_that_was_kept_is_an_error(
    counts: Counter[str], tmp_path: Path
) -> None:
    design = Design("WordPiece", SIZE, "cased", "kept")
    train(design, counts, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:1_000])
    with pytest.raises(InvalidTokenizerError, match=file.name):
        train(design, counts, tmp_path)


def test_great_counts_are_scaled_down() -> None:
    half = TRAINING_WORDS - 18
    counts = {"a": half, " b": half, "c": 34, "d": 1, "e": 1}
    assert scaled(counts) == {"a": half / 2, " b": half / 2, "c": 17}
    assert scaled({"a": 7, "b": 1}) == {"a": 7, "b": 1}
    assert scaled({}) == {}
    assert scaled({"a": 30, "b": 10}, 4) == {"a": 3, "b": 1}


def test_a_digest_is_of_counts_in_any_order() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1}) != digest_of({"a": 2, "b": 1})


@pytest.mark.parametrize("spaces", SPACES)
def test_unigram_learns_words_only_if_others_continue_them(spaces: Spaces) -> None:
    """The library looks for candidates among distinct words, and ignores how often each occurs."""
    letters = np.random.default_rng(0).choice(list("abcdefghijklm"), (400, 6))
    words = {" " + "".join(each): 5 for each in letters}
    words |= {" tiger": 5_000, " lion": 5_000, " lions": 3, " zebra": 5_000, " zebras": 3}
    found = {
        algorithm: single_token_words(
            train(Design(algorithm, 600, "cased", spaces), words),
            ["tiger", "lion", "zebra"],
            "spaced",
        ).tolist()
        for algorithm in ALGORITHMS
    }
    assert found == {
        "BPE": [True, True, True],
        "WordPiece": [True, True, True],
        "Unigram": [False, True, True],
    }


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_too_little_text_is_an_error(algorithm: training.Algorithm) -> None:
    words = {f" {first}{second}": 9 for first in "abcdefgh" for second in "abcdefgh"}
    with pytest.raises(
        DataError, match=f"64 distinct words, too few to learn 8,000 tokens: {algorithm} l"
    ):
        train(Design(algorithm, 8_000, "cased", "kept"), words)
