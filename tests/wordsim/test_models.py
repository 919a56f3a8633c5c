"""Static models of every kind: what they give for a word, and what is said of broken ones."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from numpy.typing import NDArray
from safetensors.numpy import save_file

from tests.conftest import wrap
from tests.needs import need
from tests.small_tokenizers import SMALL
from tests.wordsim import save_static_model, set_padding, word_level
from tokstat.errors import MissingExtraError, ModelError
from tokstat.tokenizer.single_words import single_token_words
from tokstat.wordsim.models import FunctionModel, Model2VecModel, TokenModel, load_model

WORDS = ["tiger", "New York", "zebra", "tiger zebra"]
"""One token, two tokens, an unknown one, a known and an unknown one."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_static_model(tmp_path / "model", word_level("pad", "tiger", "New", "York"))
    return tmp_path / "model"


# Model2Vec and sentence-transformers.


@pytest.mark.parametrize("as_path", [True, False])
def test_a_folder_is_embedded_as_model2vec_does(folder: Path, as_path: bool) -> None:
    vectors = StaticModel.from_pretrained(folder).embedding
    model = load_model(folder if as_path else str(folder))
    assert isinstance(model, Model2VecModel)
    found = model.embed(WORDS)
    expected = StaticModel.from_pretrained(folder).encode(WORDS)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(
        found, [vectors[2], vectors[[3, 4]].mean(axis=0), np.zeros(8), vectors[2]], rtol=1e-6
    )
    unknown = model.unknown_words(WORDS)
    assert unknown.tolist() == [False, False, True, True]


def test_a_stored_padding_changes_nothing(folder: Path) -> None:
    before = load_model(folder)
    set_padding(folder, 12)
    after = load_model(folder)
    np.testing.assert_array_equal(after.embed(WORDS), before.embed(WORDS))
    for model in (before, after):
        assert model.tokenizer is not None
        single = single_token_words(model.tokenizer, WORDS, "bare")
        assert single.tolist() == [True, False, False, False]


@pytest.mark.parametrize("nested", [True, False])
def test_a_static_model_of_sentence_transformers(nested: bool, tmp_path: Path) -> None:
    vectors = np.eye(3, dtype=np.float32)
    inner = tmp_path / "0_StaticEmbedding" if nested else tmp_path
    inner.mkdir(exist_ok=True)
    (tmp_path / "config_sentence_transformers.json").write_text("{}")
    save_file({"embedding.weight": vectors}, inner / "model.safetensors")
    word_level("tiger", "cat").save(str(inner / "tokenizer.json"))
    found = load_model(tmp_path).embed(["cat", "tiger cat"])
    assert found.tolist() == [[0, 0, 1], [0, 0.5, 0.5]]


def without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def with_half_the_weights(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-40])


def with_other_weights(folder: Path) -> None:
    save_file({"decoder": np.eye(4)}, folder / "model.safetensors")


def with_fewer_vectors(folder: Path) -> None:
    save_file({"embeddings": np.eye(4)}, folder / "model.safetensors")


def without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def with_broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")


def with_broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("{")


@pytest.mark.parametrize(
    "damage",
    [
        without_weights,
        with_half_the_weights,
        with_other_weights,
        with_fewer_vectors,
        without_tokenizer,
        with_broken_tokenizer,
        with_broken_config,
    ],
)
def test_a_damaged_folder(damage: Callable[[Path], None], folder: Path) -> None:
    damage(folder)
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert str(folder) in caught.value.problem


def test_a_word_that_the_tokenizer_cannot_encode(folder: Path) -> None:
    """Without the token that stands for unknown words, a word-level tokenizer fails on them."""
    file = folder / "tokenizer.json"
    stored = json.loads(file.read_text("utf-8"))
    stored["model"]["unk_token"] = "[absent]"
    file.write_text(json.dumps(stored), "utf-8")
    assert load_model(folder).embed(["tiger"]).shape == (1, 8)
    with pytest.raises(ModelError, match="'zebra'"):
        load_model(folder).embed(["tiger", "zebra"])


@pytest.mark.parametrize(
    "spec",
    [
        "./absent",
        "org/model/file",
        "absent.txt",
        "~no-such-user/model",
        f"./{'a' * 300}",
        "absent.bin",
    ],
)
def test_names_of_nothing(spec: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(spec)
    assert spec.removeprefix("./") in caught.value.problem


@pytest.mark.parametrize(("spec", "library"), [("wordllama", "wordllama"), (".", "model2vec")])
def test_libraries_that_are_not_installed(
    spec: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=library):
        load_model(spec)


# Tokens with vectors.


@pytest.mark.parametrize("name", ["byte-level", "wordpiece", "metaspace", "unigram"])
def test_token_model_is_the_mean_of_token_vectors(name: str) -> None:
    backend = SMALL[name]()
    vectors = np.random.default_rng(0).normal(size=(backend.get_vocab_size(), 5))
    words = ["people", "unbelievably", "", "naïve", "New York", "x"]
    model = TokenModel(name, wrap(backend, name), vectors)
    expected = [
        vectors[ids].mean(axis=0) if ids else np.zeros(5)
        for ids in (backend.encode(word, add_special_tokens=False).ids for word in words)
    ]
    np.testing.assert_allclose(model.embed(words), expected, atol=1e-12)
    assert model.unknown_words(words)[[0, 2]].tolist() == [False, True]


def test_token_model_of_words_without_any_token() -> None:
    model = TokenModel("m", wrap(word_level("tiger"), "m"), np.ones((2, 3)))
    assert model.embed(["", " "]).tolist() == [[0, 0, 0]] * 2
    assert model.embed([]).shape == (0, 3)
    assert model.unknown_words(["tiger", "zebra", ""]).tolist() == [False, True, True]


def test_fewer_vectors_than_tokens() -> None:
    model = TokenModel("small", wrap(word_level("tiger", "cat"), "small"), np.ones((2, 3)))
    assert model.embed(["tiger"]).tolist() == [[1, 1, 1]]
    with pytest.raises(ModelError, match="small"):
        model.embed(["tiger", "cat"])


def test_wordllama() -> None:
    need("wordllama")
    model = load_model("wordllama")
    assert isinstance(model, TokenModel)
    assert model.vectors.shape == (32000, 256)
    ids = model.tokenizer.backend.encode("tiger", add_special_tokens=False).ids
    np.testing.assert_allclose(
        model.embed(["tiger"])[0], model.vectors[ids].astype(np.float64).mean(axis=0)
    )


# Files of vectors.


def test_a_vector_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("tiger 1 2\ncat 3 4\n")
    model = load_model(path)
    assert model.embed(WORDS).tolist() == [[1, 2], [0, 0], [0, 0], [0, 0]]
    path.unlink()
    unknown = model.unknown_words(WORDS)
    assert unknown is not None
    assert unknown.tolist() == [False, True, True, True]
    assert model.tokenizer is None


# Functions.


def lengths(words: list[str]) -> list[list[int]]:
    return [[len(word), word.count("e")] for word in words]


def test_a_function() -> None:
    model = load_model(lengths)
    assert (model.name, model.tokenizer, model.unknown_words(WORDS)) == ("lengths", None, None)
    assert model.embed(WORDS).tolist() == [[5, 1], [8, 1], [5, 1], [11, 2]]
    assert load_model(model) is model


def test_a_function_with_a_tokenizer() -> None:
    tokenizer = wrap(word_level("tiger"), "words")
    assert FunctionModel("m", lengths, tokenizer).tokenizer is tokenizer


def fails_on_zebra(words: list[str]) -> NDArray[np.float64]:
    if "zebra" in words:
        raise KeyError("no stripes")
    return np.ones((len(words), 2))


def fails_on_many(words: list[str]) -> NDArray[np.float64]:
    if len(words) > 1:
        raise MemoryError
    return np.ones((1, 2))


def ragged(words: list[str]) -> list[list[float]]:
    return [[1.0] * len(word) for word in words]


def no_numbers(words: list[str]) -> list[list[str]]:
    return [[word] for word in words]


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (fails_on_zebra, "'zebra'"),
        (fails_on_many, "MemoryError"),
        (ragged, "ragged"),
        (no_numbers, "no_numbers"),
    ],
)
def test_functions_that_fail(function: Callable[[list[str]], object], names: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_model(function).embed(WORDS)
    assert names in caught.value.problem
    assert function.__name__ in caught.value.problem
