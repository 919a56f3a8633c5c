"""Teachers with a tokenizer of their own: what they give a text."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
from numpy.typing import NDArray

from tests.distillation import TEXTS
from tokstat.distillation.encoders import TransformersEncoder, load_teacher
from tokstat.distillation.teachers import Recipe
from tokstat.errors import MissingExtraError, TeacherError

WIDTH = 384


@pytest.fixture(scope="module")
def teacher(minilm: Path) -> TransformersEncoder:
    found = load_teacher(str(minilm))
    assert isinstance(found, TransformersEncoder)
    return found


def copy_model(minilm: Path, folder: Path, *but: str) -> Path:
    """Link all files of the model but some."""
    folder.mkdir()
    for file in minilm.iterdir():
        if file.is_file() and file.name not in but:
            (folder / file.name).symlink_to(file)
    return folder


def hidden_states(teacher: TransformersEncoder, text: str) -> NDArray[np.float64]:
    """States of all tokens of one text, without any pad, shape (tokens, width)."""
    import torch

    backend = tokenizers.Tokenizer.from_str(teacher.backend.to_str())
    ids = torch.tensor([backend.encode(text).ids])
    with torch.inference_mode():
        states = teacher.model(input_ids=ids).last_hidden_state[0]
    result: NDArray[np.float64] = states.numpy().astype(np.float64)
    return result


@pytest.mark.parametrize(
    "pooling",
    ["mean", *(pytest.param(each, marks=pytest.mark.slow) for each in ("cls", "last", "token"))],
)
def test_pooling_by_hand(teacher: TransformersEncoder, pooling: Any) -> None:
    states = [hidden_states(teacher, text) for text in TEXTS]
    expected = {
        "mean": [each.mean(axis=0) for each in states],
        "cls": [each[0] for each in states],
        "last": [each[-1] for each in states],
        "token": [each[1:-1].mean(axis=0) for each in states],
    }
    found = teacher.embed(TEXTS, Recipe(pooling))
    assert found.shape == (len(TEXTS), teacher.width) == (len(TEXTS), WIDTH)
    np.testing.assert_allclose(found, expected[pooling], atol=1e-2)


def test_recipes_differ(teacher: TransformersEncoder) -> None:
    recipes = [Recipe(), Recipe("cls"), Recipe("last"), Recipe("token"), Recipe(swap_ends=True)]
    found = [teacher.embed(TEXTS, recipe).astype(np.float32) for recipe in recipes]
    assert len({recipe.key for recipe in recipes}) == len(recipes)
    for number, one in enumerate(found):
        for other in found[:number]:
            assert (np.abs(one - other).max(axis=1) > 0.05).all()


def test_remembered_is_fresh(teacher: TransformersEncoder, folder: Path) -> None:
    calls: list[tuple[int, int]] = []

    def embed(texts: list[str]) -> NDArray[np.float16]:
        return teacher.embed(texts, Recipe(), lambda *counts: calls.append(counts))

    fresh = embed([*TEXTS, *TEXTS])
    assert calls == [(len(TEXTS), len(TEXTS))]
    np.testing.assert_array_equal(fresh[: len(TEXTS)], fresh[len(TEXTS) :])
    np.testing.assert_array_equal(embed(TEXTS), fresh[: len(TEXTS)])
    assert len(calls) == 1
    np.testing.assert_array_equal(embed(["new", *TEXTS])[1:], fresh[: len(TEXTS)])
    assert calls[1:] == [(1, 1)]
    for file in folder.iterdir():
        file.unlink()
    np.testing.assert_array_equal(embed(TEXTS), fresh[: len(TEXTS)])


@pytest.mark.parametrize("length", [None, 16, 128])
def test_stored_padding_and_truncation_change_nothing(
    teacher: TransformersEncoder, minilm: Path, tmp_path: Path, length: int | None
) -> None:
    """The file of the package pads to 128 itself."""
    stored = json.loads((minilm / "tokenizer.json").read_text("utf-8"))
    assert stored["padding"]["strategy"] == {"Fixed": 128}
    stored["padding"] = length and {**stored["padding"], "strategy": {"Fixed": length}}
    stored["truncation"] = length and {**stored["truncation"], "max_length": 4}
    copy = copy_model(minilm, tmp_path / "model", "tokenizer.json")
    (copy / "tokenizer.json").write_text(json.dumps(stored), "utf-8")
    other = load_teacher(str(copy))
    assert other.sha256 != teacher.sha256
    np.testing.assert_array_equal(
        other.embed(TEXTS, Recipe("last")), teacher.embed(TEXTS, Recipe("last"))
    )


def test_what_else_is_in_a_batch_changes_little(teacher: TransformersEncoder) -> None:
    together = teacher.embed(TEXTS, Recipe()).astype(np.float32)
    other = replace(teacher, sha256="other")
    alone = [other.embed([text], Recipe())[0] for text in TEXTS]
    np.testing.assert_allclose(together, np.array(alone, np.float32), atol=2e-3)


def test_the_hash_is_of_the_contents(
    teacher: TransformersEncoder, minilm: Path, tmp_path: Path
) -> None:
    copy = copy_model(minilm, tmp_path / "model")
    assert load_teacher(str(copy)).sha256 == teacher.sha256


def test_the_configuration_counts_too(
    teacher: TransformersEncoder, minilm: Path, tmp_path: Path
) -> None:
    copy = copy_model(minilm, tmp_path / "model", "config.json")
    data = json.loads((minilm / "config.json").read_text("utf-8"))
    (copy / "config.json").write_text(json.dumps({**data, "layer_norm_eps": 1e-3}), "utf-8")
    assert load_teacher(str(copy)).sha256 != teacher.sha256


def test_teachers_of_other_weights_share_nothing_remembered(minilm: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(minilm / "model.safetensors")
    hashes = set()
    for number in range(2):
        copy = copy_model(minilm, tmp_path / str(number), "model.safetensors")
        weights["embeddings.LayerNorm.weight"] += number
        save_file(weights, copy / "model.safetensors", {"format": "pt"})
        hashes.add(load_teacher(str(copy)).sha256)
    assert len(hashes) == 2


def test_pickled_weights_are_none(minilm: Path, tmp_path: Path) -> None:
    """To read them is to run them."""
    copy = copy_model(minilm, tmp_path / "model", "model.safetensors")
    (copy / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(TeacherError, match="safetensors"):
        load_teacher(str(copy))


@pytest.mark.parametrize("absent", ["tokenizer.json", "model.safetensors", "config.json"])
def test_a_part_is_absent(minilm: Path, tmp_path: Path, absent: str) -> None:
    copy = copy_model(minilm, tmp_path / "model", absent)
    with pytest.raises(TeacherError, match=str(copy)) as caught:
        load_teacher(str(copy))
    assert "\n" not in str(caught.value)


def test_a_damaged_tokenizer(minilm: Path, tmp_path: Path) -> None:
    copy = copy_model(minilm, tmp_path / "model", "tokenizer.json")
    (copy / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(TeacherError, match="cannot be loaded"):
        load_teacher(str(copy))


def test_a_missing_library_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"torch.*tokstat-toolkit\[distill\]") as caught:
        load_teacher(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is here")
def test_a_library_that_is_really_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingExtraError, match="needs torch"):
        load_teacher(str(tmp_path))


# Architectures whose configurations call the width something else.

OTHERS = {
    "DistilBert": {"dim": 16, "n_layers": 1, "n_heads": 2, "hidden_dim": 8},
    "GPT2": {"n_embd": 16, "n_layer": 1, "n_head": 2},
    "T5": {"d_model": 16, "d_kv": 8, "d_ff": 8, "num_layers": 1, "num_heads": 2},
    "Bart": {
        "d_model": 16,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_ffn_dim": 8,
        "decoder_ffn_dim": 8,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", OTHERS)
def test_configurations_that_call_the_width_otherwise(
    kind: str, minilm: Path, tmp_path: Path
) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("torch")
    configuration = getattr(transformers, f"{kind}Config")(vocab_size=30522, **OTHERS[kind])
    transformers.AutoModel.from_config(configuration).save_pretrained(tmp_path)
    (tmp_path / "tokenizer.json").symlink_to(minilm / "tokenizer.json")
    teacher = load_teacher(tmp_path)
    vectors = teacher.embed(TEXTS, Recipe()).astype(np.float32)
    assert vectors.shape == (len(TEXTS), teacher.width) == (len(TEXTS), 16)
    assert np.ptp(vectors, axis=0).max() > 0


# ONNX.


def test_an_onnx_file_gives_the_same_vectors(
    teacher: TransformersEncoder, minilm: Path, tmp_path: Path
) -> None:
    """The package holds the same weights as an ONNX file."""
    pytest.importorskip("onnxruntime")
    onnx = minilm / "onnx" / "model.onnx"
    if not onnx.is_file():
        pytest.skip("the model has no ONNX file")
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").symlink_to(onnx)
    (tmp_path / "tokenizer.json").symlink_to(minilm / "tokenizer.json")
    found = load_teacher(tmp_path)
    assert found.width == teacher.width
    assert found.sha256 != teacher.sha256
    np.testing.assert_allclose(
        found.embed(TEXTS, Recipe("token")), teacher.embed(TEXTS, Recipe("token")), atol=5e-3
    )
