"""Ctrl-C at any time, from the first line of the command to its last."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import word_level_json
from tests.faults.writers import hears_sigint

TRIES = 40

PROGRAM = """
import os
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
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "tokstat: stopped\n")


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
