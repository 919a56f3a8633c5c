"""Teachers: what they give a text, and what is remembered of it on disk."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
from numpy.typing import NDArray

from tests.conftest import limit_files
from tokstat.distillation.teachers import EmbeddingCache, Recipe, Teacher, load_teacher
from tokstat.errors import DataError, MissingExtraError, TeacherError

TEXTS = [" the", "tiger", "a rather longer text, of some words", "##ing", "Ünïcode 汉字"]

WIDTH = 384


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tokstat"


# What is remembered.


def some_vectors(count: int, width: int = 8) -> NDArray[np.float16]:
    return np.random.default_rng(0).normal(size=(count, width)).astype(np.float16)


def read(texts: list[str], recipe: str = "mean", width: int = 8) -> dict[str, Any]:
    cache = EmbeddingCache("teacher", recipe, width)
    try:
        return {text: vector.tolist() for text, vector in cache.read(texts).items()}
    finally:
        cache.close()


def write(texts: list[str], vectors: NDArray[np.float16]) -> None:
    cache = EmbeddingCache("teacher", "mean", vectors.shape[1])
    cache.write(texts, vectors)
    cache.close()


def test_what_is_written_is_read() -> None:
    texts = [*TEXTS, "", "with\0zero", "'); DROP TABLE vectors", *map(str, range(1200))]
    vectors = some_vectors(len(texts))
    assert read(texts) == {}
    write(texts, vectors)
    assert read(["unknown", *texts, *texts]) == dict(zip(texts, vectors.tolist(), strict=True))
    write(texts[:1], vectors[1:2])
    assert read(texts[:1]) == {texts[0]: vectors[1].tolist()}


def test_recipes_and_teachers_have_files_of_their_own(folder: Path) -> None:
    write(TEXTS, some_vectors(len(TEXTS)))
    assert read(TEXTS, "cls") == {}
    EmbeddingCache("other", "mean", 8).close()
    assert len([*folder.glob("*.sqlite")]) == 3


def test_vectors_of_another_width_are_passed_over() -> None:
    write(TEXTS[:1], some_vectors(1, 5))
    write(TEXTS[1:], some_vectors(len(TEXTS) - 1))
    assert [*read(TEXTS)] == sorted(TEXTS[1:])


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_place_of_its_own(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    if value is None:
        monkeypatch.delenv("XDG_CACHE_HOME")
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", value)
    write(TEXTS, some_vectors(len(TEXTS)))
    assert [*(tmp_path / "home" / ".cache" / "tokstat").glob("embeddings-*.sqlite")]


# What cannot be remembered.


def refusal(*texts: str) -> str:
    with pytest.raises(DataError) as caught:
        write([*texts], some_vectors(len(texts)))
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("place", ["cache", "cache/tokstat"])
def test_a_file_where_the_folder_should_be(place: str, tmp_path: Path) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("")
    assert str(tmp_path / "cache") in refusal("tiger")


def test_a_damaged_file(folder: Path) -> None:
    write(["tiger"], some_vectors(1))
    (file,) = folder.glob("*.sqlite")
    for damage in (b"no database at all", b"SQLite format 3\0" + b"?" * 5000):
        for other in folder.iterdir():
            other.unlink()
        file.write_bytes(damage)
        assert str(file) in refusal("tiger")
        assert file.read_bytes() == damage


def test_a_file_of_something_else(folder: Path) -> None:
    write(["tiger"], some_vectors(1))
    (file,) = folder.glob("*.sqlite")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE vectors")
        connection.execute("CREATE TABLE vectors (something TEXT)")
        connection.commit()
    assert str(file) in refusal("tiger")
    with pytest.raises(DataError, match=str(file)):
        read(["tiger"])


FULL = f"""
import numpy as np
from tokstat.errors import DataError
from tokstat.distillation.teachers import EmbeddingCache

cache = EmbeddingCache("teacher", "mean", 384)
cache.write(["first"], np.zeros((1, 384), np.float16))
{limit_files(100_000)}
texts = [str(number) for number in range(1000)]
try:
    cache.write(texts, np.zeros((1000, 384), np.float16))
except DataError as error:
    print(error)
assert [*cache.read(["first", *texts])] == ["first"]
"""


def test_a_full_disk(folder: Path) -> None:
    """What was remembered before still is."""
    pytest.importorskip("resource")
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert str(folder) in done.stdout
    assert len(done.stdout.splitlines()) == 1


WRITER = """
import sys
import numpy as np
from tokstat.distillation.teachers import EmbeddingCache

print(flush=True)
sys.stdin.readline()
first = int(sys.argv[1])
cache = EmbeddingCache("teacher", "mean", 8)
for start in range(first, first + 2000, 50):
    texts = [str(number) for number in range(start, start + 50)]
    cache.write(texts, np.full((50, 8), start % 1000, np.float16))
    assert set(cache.read(texts)) == set(texts)
cache.close()
"""


def test_processes_that_write_at_once() -> None:
    """Half of each one's texts are also the other's; both open the file as it is made."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(first)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for first in (0, 1000)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint
    found = read([str(number) for number in range(3000)])
    expected = {str(number): [float(number // 50 * 50 % 1000)] * 8 for number in range(3000)}
    assert found == expected


# The teacher itself.


@pytest.fixture(scope="module")
def teacher(minilm: Path) -> Teacher:
    return load_teacher(str(minilm))


def copy_model(minilm: Path, folder: Path, *but: str) -> Path:
    """Link all files of the model but some."""
    folder.mkdir()
    for file in minilm.iterdir():
        if file.is_file() and file.name not in but:
            (folder / file.name).symlink_to(file)
    return folder


def hidden_states(teacher: Teacher, text: str) -> NDArray[np.float64]:
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
def test_pooling_by_hand(teacher: Teacher, pooling: Any) -> None:
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


def test_recipes_differ(teacher: Teacher) -> None:
    recipes = [Recipe(), Recipe("cls"), Recipe("last"), Recipe("token"), Recipe(swap_ends=True)]
    found = [teacher.embed(TEXTS, recipe).astype(np.float32) for recipe in recipes]
    assert len({recipe.key for recipe in recipes}) == len(recipes)
    for number, one in enumerate(found):
        for other in found[:number]:
            assert (np.abs(one - other).max(axis=1) > 0.05).all()


def test_remembered_is_fresh(teacher: Teacher, folder: Path) -> None:
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
    teacher: Teacher, minilm: Path, tmp_path: Path, length: int | None
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


def test_what_else_is_in_a_batch_changes_little(teacher: Teacher) -> None:
    together = teacher.embed(TEXTS, Recipe()).astype(np.float32)
    other = replace(teacher, sha256="other")
    alone = [other.embed([text], Recipe())[0] for text in TEXTS]
    np.testing.assert_allclose(together, np.array(alone, np.float32), atol=2e-3)


def test_the_hash_is_of_the_contents(teacher: Teacher, minilm: Path, tmp_path: Path) -> None:
    copy = copy_model(minilm, tmp_path / "model")
    assert load_teacher(str(copy)).sha256 == teacher.sha256


def test_the_configuration_counts_too(teacher: Teacher, minilm: Path, tmp_path: Path) -> None:
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
    with pytest.raises(MissingExtraError, match="A teacher needs torch"):
        load_teacher(str(tmp_path))
