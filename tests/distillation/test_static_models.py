"""Static models under a teacher that there is not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from tests.conftest import wrap
from tests.experiments import WIDTH, HashTeacher
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.distillation import static_models
from tokstat.distillation.static_models import (
    Distillation,
    WordSplits,
    distill,
    text_hashes,
    token_texts,
    zipf_weights,
)
from tokstat.distillation.teachers import Recipe
from tokstat.tokenizer.single_words import CARRIER, CONVENTIONS, Convention, split_words
from tokstat.tokenizer.tokenizer import Tokenizer

KINDS = ("byte-level", "wordpiece", "metaspace-prefix")


WORDS = ["people", "time", "because", "government", "tiger", "music", "car", "train", "water"]


@pytest.fixture
def teacher() -> HashTeacher:
    return HashTeacher()


@pytest.fixture(scope="module")
def small() -> dict[str, Tokenizer]:
    return {kind: wrap(SMALL[kind](), kind) for kind in KINDS}


@pytest.mark.parametrize("kind", [*SMALL])
def test_texts_are_the_tokens_or_what_they_stand_for(kind: str) -> None:
    vocabulary = wrap(SMALL[kind](), kind).vocabulary
    found = token_texts(vocabulary)
    assert len(found) == len(vocabulary)
    for text, known, token in zip(found, vocabulary.texts, vocabulary.tokens, strict=True):
        assert text.strip()
        assert text == (known if known is not None and known.strip() else token)


def test_texts_of_the_packaged_pair(bert: Tokenizer, modernbert: Tokenizer) -> None:
    for tokenizer, token, text in (
        (bert, "[CLS]", "[CLS]"),
        (bert, "tiger", "tiger"),
        (bert, "##ing", "ing"),
        (modernbert, "Ġtiger", "tiger"),
        (modernbert, "ing", "ing"),
        (modernbert, "Ġ", "Ġ"),
        (modernbert, "[MASK]", "[MASK]"),
    ):
        row = list(tokenizer.vocabulary.tokens).index(token)
        assert token_texts(tokenizer.vocabulary)[row] == text


@pytest.mark.parametrize("kind", [*SMALL])
def test_a_sample_of_everything_is_exact(teacher: HashTeacher, kind: str) -> None:
    tokenizer = wrap(SMALL[kind](), kind)
    assert len(tokenizer.vocabulary) <= static_models.SAMPLE
    exact, fast = (
        distill(teacher, tokenizer, Distillation(pca=8), words=words) for words in (None, WORDS)
    )
    np.testing.assert_array_equal(exact.matrix, fast.matrix)
    assert np.isfinite(exact.matrix[tokenizer.vocabulary.ids]).all()


def test_fast_mode_reads_what_words_reach_and_a_sample(
    teacher: HashTeacher, small: dict[str, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_models, "SAMPLE", 100)
    tokenizer = small["byte-level"]
    model = distill(teacher, tokenizer, Distillation(pca=8), words=WORDS)
    reached = {
        token
        for convention in CONVENTIONS
        for tokens in split_words(tokenizer, WORDS, convention)
        for token in tokens
    }
    there = set(np.flatnonzero(np.isfinite(model.matrix).all(axis=1)).tolist())
    assert reached <= there
    assert 100 <= len(there) == len(teacher.texts) <= 100 + len(reached)
    absent = np.setdiff1d(np.arange(len(model.matrix)), sorted(there))
    assert np.isnan(model.matrix[absent]).all()
    assert np.isfinite(model.embed(WORDS)).all()
    assert np.isnan(model.embed(["zebra crossing keepers"])).any()


def test_each_word_is_split_once_under_a_convention(
    small: dict[str, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokenizer = small["byte-level"]
    asked: list[tuple[str, str]] = []

    def split(
        tokenizer: Tokenizer, words: Sequence[str], convention: Convention
    ) -> list[list[int]]:
        asked.extend((word, convention) for word in words)
        return split_words(tokenizer, words, convention)

    monkeypatch.setattr(static_models, "split_words", split)
    splits = WordSplits(tokenizer)
    for words in (WORDS[:4], [*WORDS, *WORDS], WORDS[::-1], []):
        for convention in CONVENTIONS:
            assert splits.of(words, convention) == split_words(tokenizer, words, convention)
    assert len(asked) == len(set(asked)) == 2 * len(WORDS)


def test_hashes_are_of_texts_and_the_seed(small: dict[str, Tokenizer]) -> None:
    vocabulary = small["byte-level"].vocabulary
    found = text_hashes(vocabulary, 3)
    row = vocabulary.tokens.index("the")
    expected = hashlib.blake2b(b"the", digest_size=8, salt=(3).to_bytes(8, "big")).digest()
    assert int(found[row]) == int.from_bytes(expected, "big")
    assert len(found) == len(vocabulary)
    assert (found != text_hashes(vocabulary, 0)).all()


def test_samples_hang_on_the_seed_and_on_texts_alone(
    teacher: HashTeacher, small: dict[str, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_models, "SAMPLE", 200)

    def sample(kind: str, seed: int) -> set[str]:
        teacher.texts.clear()
        distill(teacher, small[kind], words=[], seed=seed)
        return set(teacher.texts)

    first = sample("byte-level", 0)
    assert sample("byte-level", 0) == first
    assert len(first & sample("byte-level", 1)) < 60
    # Of what two vocabularies share, one sample has all that the other has.
    texts = {kind: set(token_texts(small[kind].vocabulary)) for kind in KINDS}
    shared = texts["byte-level"] & texts["metaspace-prefix"]
    one, other = first & shared, sample("metaspace-prefix", 0) & shared
    assert one
    assert one <= other or other <= one


@pytest.mark.parametrize("sif", [1e-4, 1e-3, None])
@pytest.mark.parametrize("tokens", [1, 7, 50_368])
def test_weights_are_model2vec_s(tokens: int, sif: float | None) -> None:
    found = zipf_weights(tokens, sif)
    if sif is None:
        expected = np.ones(tokens)
    else:
        frequency = 1 / np.arange(2, tokens + 2)
        expected = sif / (sif + frequency / frequency.sum())
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("sif", [1e-4, None])
@pytest.mark.parametrize("pca", [8, None])
def test_all_is_as_model2vec_does_it(
    teacher: HashTeacher, small: dict[str, Tokenizer], pca: int | None, sif: float | None
) -> None:
    need("torch")
    inference = need("model2vec.distill.inference")
    tokenizer = small["wordpiece"]
    found = distill(teacher, tokenizer, Distillation(pca=pca, sif=sif)).vectors
    texts = token_texts(tokenizer.vocabulary)
    raw = teacher.embed(texts, Recipe()).astype(np.float32)
    weights = inference.compute_weights(len(texts), sif)
    expected = inference.apply_pca(raw, pca) * weights[:, None]
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-3, atol=1e-3)


def test_axes_are_those_of_the_singular_values(
    teacher: HashTeacher, small: dict[str, Tokenizer]
) -> None:
    tokenizer = small["byte-level"]
    raw = teacher.embed(token_texts(tokenizer.vocabulary), Recipe()).astype(np.float64)
    centred = raw - raw.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:8]
    model = distill(teacher, tokenizer, Distillation(pca=8, sif=None))
    found = model.matrix[tokenizer.vocabulary.ids]
    np.testing.assert_allclose(np.abs(found), np.abs(centred @ axes.T), atol=1e-2)


@pytest.mark.parametrize("pca", [None, WIDTH + 1, 256])
def test_axes_that_there_are_not(
    teacher: HashTeacher, small: dict[str, Tokenizer], pca: int | None
) -> None:
    tokenizer = small["byte-level"]
    raw = teacher.embed(token_texts(tokenizer.vocabulary), Recipe("cls"))
    model = distill(teacher, tokenizer, Distillation(Recipe("cls"), pca=pca, sif=None))
    np.testing.assert_array_equal(model.matrix[tokenizer.vocabulary.ids], raw)


@pytest.mark.parametrize("kind", ["byte-level", "wordpiece", "metaspace-prefix", "end-of-word"])
def test_words_are_the_means_of_their_tokens(teacher: HashTeacher, kind: str) -> None:
    """After another word, they are what is behind its tokens."""
    tokenizer = wrap(SMALL[kind](), kind)
    model = distill(teacher, tokenizer, Distillation(pca=8))

    def ids(text: str) -> list[int]:
        found: list[int] = tokenizer.backend.encode(text, add_special_tokens=False).ids
        return found

    carrier = ids(CARRIER)
    bare, spaced = [], []
    for word in WORDS:
        both = ids(f"{CARRIER} {word}")
        assert both[: len(carrier)] == carrier
        bare.append(model.matrix[ids(word)].mean(axis=0))
        spaced.append(model.matrix[both[len(carrier) :]].mean(axis=0))
    np.testing.assert_allclose(model.embed(WORDS), bare, rtol=1e-5)
    np.testing.assert_allclose(model.under("spaced").embed(WORDS), spaced, rtol=1e-5)
    assert np.allclose(bare, spaced) == (kind != "byte-level")
    assert model.under("spaced").under("bare").convention == model.convention == "bare"
