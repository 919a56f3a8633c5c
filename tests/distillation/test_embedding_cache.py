"""Teachers: what they give a text, and what is remembered of it on disk."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import limit_files
from tests.distillation import TEXTS
from tokstat.distillation.embedding_cache import EmbeddingCache
from tokstat.errors import DataError

WIDTH = 384


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
from tokstat.distillation.embedding_cache import EmbeddingCache

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
from tokstat.distillation.embedding_cache import EmbeddingCache

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
