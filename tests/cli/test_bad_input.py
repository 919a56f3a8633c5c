"""Whatever is wrong with the input: one line, exit status 2, and no file made, left or changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.bad_input import commands, editing, options, texts, tokenizer_files, word_sets
from tests.cli.bad_input.case import GOOD, Case, below, write
from tests.conftest import Outcome, Run
from tests.hub_server import Hub, serve_hub

CASES = {
    **commands.CASES,
    **word_sets.CASES,
    **editing.CASES,
    **texts.CASES,
    **options.CASES,
}


def representatives() -> set[str]:
    """Name the fast cases: of each list, every item with one command and every command with one.

    A case that starts a process is slow. A name is `list: command: item`.
    """
    seen: set[tuple[str, ...]] = set()
    names = set()
    for name, case in CASES.items():
        listed, *parts = name.split(": ", 2)
        pairs = {(listed, str(place), part) for place, part in enumerate(parts)}
        if not pairs <= seen and not case.is_slow and not case.in_little_memory:
            names.add(name)
            seen |= pairs
    return names


FAST = representatives()

HAS_EXTRAS = all(find_spec(name) for name in ("model2vec", "pyarrow", "pooch", "zstandard"))

MEMORY = 2 << 30
"""Bytes of address space; the interpreter, its libraries and threads take half."""

SECONDS = 20

LIMITED = f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from tokstat.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def empty_hub() -> Iterator[Hub]:
    """A Hub that has nothing."""
    with serve_hub() as server:
        yield server


@pytest.fixture
def place(
    tmp_path: Path,
    empty_hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder with a working folder, a home and caches of its own; no network but an empty Hub."""
    for name in ("work", "home", "cache"):
        (tmp_path / name).mkdir()
    for name in [name for name in os.environ if name.startswith(("TOKSTAT_", "HF_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TOKSTAT_DATA_URL", f"{empty_hub.url}/org/sets/resolve/main")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path_factory.getbasetemp() / "matplotlib"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", empty_hub.url)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "home" / "hub"))
    monkeypatch.setattr("tokstat.io.limits._set", [])
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def run_in_little_memory(*arguments: str) -> Outcome:
    """Run the command line as a process, whose memory and time are limited."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=name, marks=() if name in FAST else pytest.mark.slow)
        for name, case in CASES.items()
    ],
)
def test_bad_input(case: Case, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.in_little_memory and sys.platform == "win32":
        pytest.skip("there are no resource limits")
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    try:
        write(case.files)
        if case.prepare is not None:
            case.prepare(monkeypatch)
    except ModuleNotFoundError as error:  # in an environment without extras
        pytest.skip(f"{error.name} is not installed")
    before = below(place)
    try:
        outcome = (run_in_little_memory if case.in_little_memory else run)(*case.arguments)
    finally:
        word_sets.close()
    if "tokstat-toolkit[" in outcome.stderr and not HAS_EXTRAS:
        pytest.skip("it takes an extra that is not installed")
    assert outcome.code == case.code, outcome.stderr
    said = outcome.refusal if case.code == 2 else outcome.stdout + outcome.stderr
    assert all(name in said for name in case.names.split("|")), said
    assert "Traceback" not in said
    after = below(place)
    made = {*case.outputs}
    assert {name: what for name, what in after.items() if name not in made} == before
    assert made <= after.keys()


def test_panic_of_the_library_is_an_error_like_others(place: Path, run: Run) -> None:
    """It writes to stderr itself, which nothing can keep it from; the last line is ours."""
    merges = tokenizer_files.changed(type="BPE", vocab={"a": 0, "b": 1}, merges=["a b"])
    write({"tokenizer.json": merges})
    outcome = run("inspect", "tokenizer.json", "--json", "-o", "out.json")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "tokenizer.json" in outcome.stderr.splitlines()[-1]
    assert [path.name for path in Path().iterdir()] == ["tokenizer.json"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
@pytest.mark.parametrize("locked", ["folder/tokenizer.json", "folder"])
@pytest.mark.parametrize("spec", ["./folder/tokenizer.json", "./folder"])
def test_unreadable(spec: str, locked: str, place: Path, run: Run) -> None:
    write({"folder/tokenizer.json": GOOD})
    Path(locked).chmod(0)
    try:
        refusal = run("inspect", spec).refusal
    finally:
        Path(locked).chmod(0o700)
    assert spec.removeprefix("./") in refusal
