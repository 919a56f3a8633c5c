"""Disks that are full or may only be read, under every command that writes; /dev/full as stdout."""

from __future__ import annotations

import errno
import subprocess
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.cli.bad_input.word_sets import put_sets, small_sets
from tests.conftest import Inspect, Run, limit_files
from tests.faults import writers
from tests.faults.writers import FILES, WRITERS, Writer, command, refusal
from tests.hub_server import Hub
from tokstat.distillation.embedding_cache import EmbeddingCache
from tokstat.errors import DataError


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, as that of this process."""
    monkeypatch.chdir(folder)
    return folder


def fill(disk: Path) -> None:
    """Leave room for names, and none for what they would hold."""
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017


@pytest.mark.parametrize("before", [None, b"of last time"], ids=["absent", "there"])
@pytest.mark.parametrize("writer", writers.HERE)
def test_a_full_disk(
    writer: Writer,
    before: bytes | None,
    here: Path,
    small_disk: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if writer.needs_sets:
        put_sets(monkeypatch)
    out = small_disk / writer.name
    if before is not None:
        if writer.is_folder:
            pytest.skip("a folder that is there is refused, full disk or not")
        out.write_bytes(before)
    fill(small_disk)
    there = sorted(small_disk.rglob("*"))
    assert writer.name in run(*writer.to(small_disk)).refusal
    left = sorted(small_disk.rglob("*"))
    # The state is a folder of many runs, and stays.
    assert [path for path in left if path != out or not writer.is_folder or path in there] == there
    assert not (writer.is_folder and out.exists() and [*out.iterdir()])
    assert before is None or out.read_bytes() == before


@pytest.mark.parametrize("writer", writers.HERE)
def test_a_place_that_may_only_be_read(
    writer: Writer, here: Path, small_disk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mounted so, as nothing else keeps root from writing."""
    if writer.needs_sets:
        put_sets(monkeypatch)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert writer.name in run(*writer.to(small_disk)).refusal
    assert [*small_disk.iterdir()] == []


def test_a_cache_of_vectors_on_a_full_disk(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was remembered is there still, whole, and more can be as soon as there is room."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    vectors = np.arange(16, dtype=np.float16).reshape(2, 8)
    with closing(EmbeddingCache("sha", "recipe", 8)) as cache:
        cache.write(["one", "two"], vectors)
    fill(small_disk)
    many = [f"word {number}" for number in range(2_000)]
    with pytest.raises(DataError, match=str(small_disk)):  # noqa: SIM117
        with closing(EmbeddingCache("sha", "recipe", 8)) as cache:
            cache.write(many, np.ones((2_000, 8), np.float16))
    (small_disk / "filler").unlink()
    with closing(EmbeddingCache("sha", "recipe", 8)) as cache:
        found = cache.read(["one", "two", *many])
        assert [*found] == ["one", "two"]
        assert (found["two"] == vectors[1]).all()
        cache.write(["three"], vectors[:1])


def test_a_cache_of_vectors_that_may_only_be_read(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(DataError, match=str(small_disk)):
        EmbeddingCache("sha", "recipe", 8)


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_fetched_sets_on_such_a_disk(
    fault: str, small_disk: Path, here: Path, hub: Hub, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.commit("org/sets", small_sets(monkeypatch))
    monkeypatch.setenv("TOKSTAT_DATA_URL", f"{hub.url}/org/sets/resolve/main")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    if fault == "full":
        fill(small_disk)
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert run("data", "fetch").refusal
    assert [path.name for path in small_disk.rglob("*") if path.is_file()] in ([], ["filler"])


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_the_cache_of_the_hub_on_such_a_disk(
    fault: str, small_disk: Path, hub: Hub, inspect_as_command: Inspect
) -> None:
    hub.commit("org/tiny", {"tokenizer.json": FILES["tokenizer.json"]})
    if fault == "full":
        fill(small_disk)
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    refusal = inspect_as_command(
        "org/tiny", HF_ENDPOINT=hub.url, HF_HUB_CACHE=str(small_disk / "hub")
    ).refusal
    assert "org/tiny" in refusal
    assert str(small_disk / "hub") in refusal
    assert not [path for path in small_disk.rglob("snapshots/*/*") if path.exists()]


@pytest.mark.parametrize("writer", writers.EACH)
def test_a_file_that_may_not_grow(writer: Writer, folder: Path, tmp_path: Path) -> None:
    """The limit comes when all is prepared: it holds for caches and inputs, too."""
    if writer.needs_sets or writer.name == "out.svg":
        pytest.skip("the cache of vectors, or of fonts, meets the limit first")
    out = tmp_path / "out"
    out.mkdir()
    done = writers.run(folder, *writer.to(out), prelude=limit_files(50))
    assert writer.name in refusal(done)
    assert [path for path in out.rglob("*") if path.is_file()] == []


def test_a_limit_on_files_leaves_no_bytecode_cut_off(folder: Path, tmp_path: Path) -> None:
    """A .pyc that is cut off would end every later run of the checkout with EOFError."""
    cache = tmp_path / "bytecode"
    done = writers.run(
        folder,
        *WRITERS["inspect, JSON"].to(tmp_path),
        prelude=limit_files(50),
        PYTHONPYCACHEPREFIX=str(cache),
        PYTHONDONTWRITEBYTECODE="",
    )
    assert "out.json" in refusal(done)
    assert [path for path in cache.rglob("*.pyc") if path.stat().st_size < 100] == []


def test_only_one_place_limits_files() -> None:
    """Whatever limits them another way may cut bytecode off."""
    tests = Path(__file__).parents[1]
    limit = "RLIMIT" + "_FSIZE"
    found = [path for path in tests.rglob("*.py") if limit in path.read_text("utf-8")]
    assert found == [tests / "conftest.py"]


to_stdout = pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(
            tuple(each for each in writer.arguments if each not in ("-o", writers.OUT, "--plot")),
            id=name,
            marks=() if name in writers.FAST else pytest.mark.slow,
        )
        for name, writer in WRITERS.items()
        if not writer.is_folder and not writer.needs_sets
    ],
)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@to_stdout
def test_a_full_stdout(arguments: tuple[str, ...], folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(*arguments), cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert "stdout" in line


@to_stdout
def test_a_reader_that_leaves(arguments: tuple[str, ...], folder: Path) -> None:
    with subprocess.Popen(
        command(*arguments), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        stderr = process.stderr.read()
    assert (process.returncode, stderr) == (141, b"")
