"""Help, the version, wrong use, and failures before a command runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.conftest import Run
from tokstat.cli.main import main
from tokstat.io.limits import NAMES


def test_help_names_every_command_and_the_version_is_the_package_s() -> None:
    assert {"inspect", "tokens"} <= set(run("--help").stdout.split())
    import tokstat

    assert tokstat.__version__ in run("--version").stdout


def test_help_names_every_limit() -> None:
    shown = "".join(run("--help").stdout.split())  # lines break at hyphens, too
    assert [name for name in NAMES if name not in shown] == []


def test_stdout_has_the_payload_and_nothing_that_a_library_prints() -> None:
    program = (
        "import os, sys\n"
        "from tokstat.cli import main\n"
        "def run(**options):\n"
        "    os.write(1, b'a warning of a library')\n"
        "    sys.stdout.buffer.write(b'{}')\n"
        "main.cli.main = run\n"
        "main.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"{}", b"")


@pytest.fixture(scope="module")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled files that `tokstat explain` needs."""
    folder = tmp_path_factory.mktemp("bytecode")
    done = explain(folder)
    assert done.returncode == 0, done.stderr
    return folder


def end_of(before: str) -> subprocess.CompletedProcess[bytes]:
    """Run `tokstat --version` after some statements in another process."""
    program = (
        "import atexit, os, sys\nfrom tokstat.cli.main import main\n"
        f"sys.argv = ['tokstat', '--version']\n{before}\nmain()\nprint('not reached')"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)


def test_what_is_registered_runs_at_the_end() -> None:
    done = end_of("atexit.register(os.write, 2, b'done')")
    assert (done.returncode, done.stderr) == (0, b"done")
    assert done.stdout.startswith(b"tokstat")
    assert b"not reached" not in done.stdout


def test_a_profiler_sees_the_end() -> None:
    assert b"not reached" in end_of("sys.setprofile(lambda *_: None)").stdout


def explain(bytecode: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tokstat", "explain", "TS101", "--json"],
        env={**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode), "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("size", [20, 50])
def test_a_compiled_file_that_is_cut_off_is_no_ctrl_c(bytecode: Path, size: int) -> None:
    (file,) = bytecode.rglob("tokstat/results/explanations.*.pyc")
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    done = explain(bytecode)
    file.write_bytes(whole)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().split("\n", 1)[1].splitlines()
    assert "__pycache__" in line


def test_another_early_end_of_a_file_is_shown_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def end(*_: object) -> None:
        raise EOFError("no more")

    monkeypatch.setattr("tokstat.explain", end)
    monkeypatch.setattr("sys.argv", ["tokstat", "explain", "TS101"])
    with pytest.raises(EOFError, match="no more"):
        main()


@pytest.mark.parametrize(
    "arguments",
    [
        ["link", "--published", "--study", "study.json"],
        ["link", "--published", "--seed", "-1"],
        ["wordsim"],
        ["wordsim", "model", "--seed", "-1"],
        ["wordsim", "model", "--resamples", "0"],
        ["data"],
    ],
    ids=" ".join,
)
def test_wrong_use(arguments: list[str], run: Run) -> None:
    done = run(*arguments)
    assert (done.code, done.stdout) == (2, "")


@pytest.mark.skipif(sys.platform == "win32", reason="it takes a shell that closes streams")
@pytest.mark.parametrize(
    ("closed", "code", "lines"), [(">&-", 2, 1), (">&- 2>&-", 2, 0), ("2>&-", 0, 0), ("<&-", 0, 0)]
)
def test_closed_streams(closed: str, code: int, lines: int) -> None:
    """Nothing is a traceback, and what goes to stderr is not written to stdout instead."""
    command = f'exec "$0" -m tokstat explain TS501 {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], capture_output=True, text=True, check=False
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (code, lines)
    assert bool(done.stdout) == (code == 0)
