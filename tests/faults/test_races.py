"""Several processes at once: on one output, on one state, and on every cache that tokstat keeps.

These are: teachers' vectors, fetched sets, and the Hub client's files. Word lists are the packages'
own, and saved counts lie in the folder that the user names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.writers import WITH_SETS, WRITERS, command
from tests.faults.writers import run as run_process
from tests.hub_server import Fault, Hub
from tokstat.results.report import SCHEMA_VERSION

INSPECT = WRITERS["inspect, JSON"]


def together(
    folder: Path, *lines: tuple[str, ...], prelude: str = "", **environment: str
) -> list[str]:
    """Run command lines at once; all end well, and their stdout is returned."""
    processes = [
        subprocess.Popen(
            command(*line, prelude=prelude),
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in lines
    ]
    told = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(lines), told
    return [stdout for stdout, _ in told]


def test_many_processes_write_one_file(folder: Path, tmp_path: Path) -> None:
    """Each time it is read it is one of theirs, whole."""
    out = tmp_path / "out"
    out.mkdir()
    processes = [subprocess.Popen(command(*INSPECT.to(out)), cwd=folder) for _ in range(4)]
    while any(process.poll() is None for process in processes):
        if (out / INSPECT.name).exists():
            assert json.loads((out / INSPECT.name).read_bytes())["schema_version"] == SCHEMA_VERSION
        time.sleep(0.005)
    assert [process.returncode for process in processes] == [0] * 4
    assert [path.name for path in out.iterdir()] == [INSPECT.name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["repair", "distill"])
def test_many_processes_write_one_folder(name: str, folder: Path, tmp_path: Path) -> None:
    """One has it, whole; the others say that it is there."""
    out = tmp_path / "out"
    out.mkdir()
    prelude = WITH_SETS if WRITERS[name].needs_sets else ""
    processes = [
        subprocess.Popen(
            command(*WRITERS[name].to(out), prelude=prelude),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = [process.communicate(timeout=120)[1] for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 2, 2], told
    for process, stderr in zip(processes, told, strict=True):
        assert process.returncode == 0 or len(stderr.splitlines()) == 1
    assert [path.name for path in out.iterdir()] == ["out"]
    assert json.loads((out / "out" / "tokenizer.json").read_bytes())["model"]


@pytest.mark.slow
def test_two_runs_on_one_state(folder: Path) -> None:
    """Both count, nothing is lost, and what is there is not counted again."""
    for name in ("one", "two", "three"):
        (folder / f"{name}.txt").write_text(f"the people {name}\n" * 50)
    files = ("one.txt", "two.txt", "three.txt")
    corpus = ("corpus", "tokenizer.json", "--json", "--workers", "1")
    (expected,) = together(folder, (*corpus, *files))
    together(
        folder,
        (*corpus, *files[:2], "--state", "state"),
        (*corpus, *files[1:], "--state", "state"),
        (*corpus, *files, "--state", "state"),
    )
    (found,) = together(folder, (*corpus, *files, "--state", "state"))
    assert json.loads(found) == json.loads(expected)
    assert all(path.name.endswith(".counts.gz") for path in (folder / "state").iterdir())


VECTORS = """
import sys
import numpy as np
from tokstat.results.report import SCHEMA_VERSION
from tokstat.distillation.embedding_cache import EmbeddingCache
from contextlib import closing
texts = [f"word {number}" for number in range(500)]
for start in range(0, 500, 20):
    with closing(EmbeddingCache("sha", "recipe", 4)) as cache:
        part = texts[start : start + 20]
        cache.write(part, np.full((20, 4), len(part), np.float16))
with closing(EmbeddingCache("sha", "recipe", 4)) as cache:
    found = cache.read(texts)
assert len(found) == 500, len(found)
assert all((vector == 20).all() for vector in found.values())
"""


def test_three_processes_use_one_cache_of_vectors(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    processes = [
        subprocess.Popen([sys.executable, "-c", VECTORS], env=environment, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in processes:
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 0, stderr.decode()


@pytest.mark.slow
def test_three_processes_fetch_the_sets(folder: Path, hub: Hub) -> None:
    """The server is slow, so that each begins before another has ended."""
    run_process(folder, "explain", "TS101", prelude=WITH_SETS)  # writes the small sets
    content = {path.name: path.read_bytes() for path in (folder / "sets").iterdir()}
    hub.commit("org/sets", content)
    hub.faults["rw.txt"] = Fault.TRICKLE
    hub.pause = 0.002
    stdout = together(
        folder,
        *[("data", "fetch")] * 3,
        prelude=WITH_SETS,
        TOKSTAT_DATA_URL=f"{hub.url}/org/sets/resolve/main",
        NO_PROXY="127.0.0.1",
    )
    assert len(set(stdout)) == 1
    fetched = {path.name: path.read_bytes() for path in map(Path, stdout[0].splitlines())}
    assert fetched == content
    (cache,) = {path.parent for path in map(Path, stdout[0].splitlines())}
    assert sorted(path.name for path in cache.iterdir()) == sorted(content)


@pytest.mark.slow
def test_three_processes_fetch_one_tokenizer(folder: Path, tmp_path: Path, hub: Hub) -> None:
    commit = hub.commit("org/tiny", {"tokenizer.json": (folder / "tokenizer.json").read_bytes()})
    hub.faults["/resolve/"] = Fault.TRICKLE
    hub.pause = 0.0002
    stdout = together(
        folder,
        *[("inspect", "org/tiny", "--json", "--analyzer", "composition")] * 3,
        HF_ENDPOINT=hub.url,
        HF_HOME=str(tmp_path / "hf"),
    )
    assert len(set(stdout)) == 1
    assert json.loads(stdout[0])["tokenizer"]["revision"] == commit


@pytest.mark.slow
def test_two_studies_write_one_file(folder: Path) -> None:
    """The last one to save wins; what it saves is whole, and has the rows that it measured."""
    study = ("study", "tokenizer.json", "other.json", "--data", "sets", "-o", "rows.json")
    together(folder, study, study, prelude=WITH_SETS)
    rows = json.loads((folder / "rows.json").read_bytes())["rows"]
    assert len(rows) == 4
    assert not list(folder.glob(".*"))


# Clocks.

JUMPS = """
import time, itertools
clock = itertools.count(2_000_000_000, -86_400)
time.time = lambda: float(next(clock))
time.time_ns = lambda: next(clock) * 10**9
"""


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(("inspect", "tokenizer.json", "--json"), id="inspect"),
        pytest.param(("corpus", "tokenizer.json", "text.txt", "--json"), marks=pytest.mark.slow),
        pytest.param(("compare", "tokenizer.json", "other.json"), marks=pytest.mark.slow),
        pytest.param(
            ("link", "--published", "--plot", "out.svg", "-o", "/dev/stdout"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_clock_that_jumps_back(line: tuple[str, ...], folder: Path) -> None:
    """Nothing is dated by it, and no time limit is measured by it."""
    first = run_process(folder, *line)
    assert first.returncode == 0
    assert run_process(folder, *line, prelude=JUMPS).stdout == first.stdout


@pytest.mark.slow
def test_a_clock_that_jumps_during_a_download(folder: Path, tmp_path: Path, hub: Hub) -> None:
    """It ends when its seconds are over, and neither at once nor never."""
    hub.commit("org/tiny", {"tokenizer.json": b"{}"})
    hub.faults["/resolve/"] = Fault.STALL
    start = time.monotonic()
    done = run_process(
        folder,
        *("inspect", "org/tiny"),
        prelude=JUMPS,
        HF_ENDPOINT=hub.url,
        HF_HOME=str(tmp_path / "hf"),
        TOKSTAT_LIMITS="download-seconds=1",
    )
    assert 1 < time.monotonic() - start < 20
    assert done.returncode == 2
    assert "download-seconds" in done.stderr


def test_no_wall_clock_is_read() -> None:
    """Time limits and rates are of the clock that cannot be set.

    A chat template may ask for today's date, and gets it.
    """
    import ast

    import tokstat

    wall = {("time", "time"), ("time", "time_ns"), ("time", "ctime"), ("time", "localtime")}
    wall |= {(name, each) for name in ("datetime", "date") for each in ("now", "utcnow", "today")}
    clocks = set()
    for path in Path(tokstat.__file__).parent.rglob("*.py"):
        if path.name == "template_process.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                clocks.add((node.value.id, node.attr))
            if isinstance(node, ast.ImportFrom) and node.module in ("time", "datetime"):
                clocks |= {(node.module, each.name) for each in node.names}
    assert ("time", "monotonic") in clocks
    assert not clocks & wall
