"""Ctrl-C at any time, from the first line of the command to its last."""

from __future__ import annotations

import os
import py_compile
import random
import signal
import subprocess
import sys
import time
from importlib.util import cache_from_source
from pathlib import Path

import pytest

import tokstat
from tests.conftest import word_level_json
from tests.faults.writers import hears_sigint
from tokstat.__main__ import CUT_OFF

TRIES = 30

PROGRAM = """
import os
import py_compile
from tokstat.__main__ import main
os.write(1, b"begun\\n")
main()
"""


def stopped_after(seconds: float | None, *arguments: str) -> tuple[int, str, float]:
    """Run the command, and stop it so long after its first line; return status, stderr, seconds."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        begun = time.monotonic()
        if seconds is not None:
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    return process.returncode, stderr.strip(), time.monotonic() - begun


@hears_sigint
@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["explain", "TS501"], ["inspect", "FILE", "--json"]], ids=["explain", "inspect"]
)
def test_ctrl_c_at_any_time(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(word_level_json("the", "people"))
    arguments = [str(file) if each == "FILE" else each for each in command]
    code, _, whole = stopped_after(None, *arguments)
    assert code == 0
    delays = random.Random(0)
    ends = [stopped_after(delays.uniform(0, whole), *arguments)[:2] for _ in range(TRIES)]
    assert {*ends} <= {(130, "tokstat: stopped"), (0, ""), (-signal.SIGINT, "")}
    assert ends.count((130, "tokstat: stopped")) > TRIES / 2


@hears_sigint
def test_ctrl_c_during_an_import_that_makes_another_error_of_it(tmp_path: Path) -> None:
    """Or none: the import goes on, and the command ends with the error that this leads to."""
    (tmp_path / "hostile.py").write_text(
        "import os, signal\n"
        "try:\n    os.kill(os.getpid(), signal.SIGINT)\n    while True: pass\n"
        "except KeyboardInterrupt:\n    raise ImportError('half of it') from None\n"
    )
    for place in ("tokstat.cli.explain", "tokstat.api.explanation"):
        done = subprocess.run(
            [sys.executable, "-c", HOSTILE.format(place=place), "explain", "TS501"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (130, "")
        assert done.stderr.strip() == "tokstat: stopped"


@hears_sigint
def test_ctrl_c_in_a_callback_is_not_lost(tmp_path: Path) -> None:
    program = (
        "import os, signal, time, tokstat\n"
        "class Dying:\n    def __del__(self):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n        time.sleep(0.001)\n"
        "def explain(*names):\n    Dying()\n    time.sleep(60)\n"
        "tokstat.explain = explain\n"
        "from tokstat.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "explain", "TS501"],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == "tokstat: stopped"


HOSTILE = """
import sys
from importlib.abc import MetaPathFinder

class Stopped(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == {place!r}:
            import hostile

sys.meta_path.insert(0, Stopped())
from tokstat.__main__ import main
main()
"""


@hears_sigint
def test_who_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    program = (
        "import os, signal, atexit\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from tokstat.__main__ import main\nmain()\n"
        "assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN"
    )
    done = subprocess.run([sys.executable, "-c", program, "--version"], check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("left", [30, 300], ids=str)
@pytest.mark.parametrize("module", ["cli/main", "errors", "text/visible", "api/explanation"])
def test_a_compiled_file_that_is_cut_off_is_no_ctrl_c(
    module: str, left: int, tmp_path: Path
) -> None:
    """Whether it is imported before the command begins, or by it."""
    source = Path(tokstat.__file__).parent / f"{module}.py"
    compiled = Path(cache_from_source(str(source.resolve())))
    prefix = tmp_path / "compiled"
    cut = prefix / compiled.relative_to("/").parent.parent / compiled.name
    cut.parent.mkdir(parents=True)
    py_compile.compile(str(source), str(cut), doraise=True)
    cut.write_bytes(cut.read_bytes()[:left])
    program = "from tokstat.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-X", f"pycache_prefix={prefix}", "-c", program, "explain", "TS501"],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (2, b"", CUT_OFF.strip())
