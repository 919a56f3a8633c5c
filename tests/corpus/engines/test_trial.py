"""A trial in a process of its own survives whatever the engine does to it."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from tests.corpus.adversarial import TEXTS
from tests.needs import need
from tokstat.corpus.engines.engine import EngineError, EngineRefusesError, Utf8Texts
from tokstat.corpus.engines.gigatoken import installed_version, written_for
from tokstat.corpus.engines.judge import Judge
from tokstat.corpus.engines.trial import try_out
from tokstat.io.background import Background
from tokstat.tokenizer.tokenizer import Tokenizer

LIBRARIES = {
    "abort": "import os; os.abort()",
    "exit": "import os; os._exit(0)",
    "hang": "import time; time.sleep(60)",
    "says": "import os, pathlib, time\n"
    "part = pathlib.Path(os.environ['TOKSTAT_TEST_PROCESS'] + '.part')\n"
    "part.write_text(str(os.getpid()))\n"
    "part.rename(os.environ['TOKSTAT_TEST_PROCESS'])\n"
    "time.sleep(600)",
    "import": "raise ImportError('no such symbol')",
    "memory": "raise MemoryError",
    "refuses": "class Tokenizer:\n    def from_json(self): raise ValueError('no')",
}


def stand_in(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a library of the name gigatoken before all others."""
    folder.mkdir(exist_ok=True)
    (folder / "gigatoken.py").write_text(LIBRARIES[name])
    monkeypatch.syspath_prepend(str(folder))


@pytest.mark.parametrize(
    "name", ["abort", "exit", pytest.param("hang", marks=pytest.mark.slow), "import", "memory"]
)
def test_a_library_that_does_harm(
    name: str, tmp_path: Path, byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(name, tmp_path / "libraries", monkeypatch)
    with pytest.raises(EngineError) as caught:
        try_out(written_for(byte_level), "0.10.0", Utf8Texts.of(TEXTS), 3)
    assert not isinstance(caught.value, EngineRefusesError)
    assert os.getpid()


@pytest.mark.slow
def test_a_trial_that_is_stopped_leaves_nothing(
    tmp_path: Path, byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process and no folder, as after Ctrl-C."""
    stand_in("says", tmp_path / "libraries", monkeypatch)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TOKSTAT_TEST_PROCESS", str(tmp_path / "number"))
    trial = Background(lambda: try_out(written_for(byte_level), "0.10.0", Utf8Texts.of(TEXTS), 60))
    deadline = time.monotonic() + 60
    while not (tmp_path / "number").is_file() and time.monotonic() < deadline:
        time.sleep(0.01)
    trial.stop(10)
    assert trial.wait(0)
    assert {each.name for each in tmp_path.iterdir()} == {"libraries", "number"}
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "number").read_text()), 0)


def test_a_library_that_refuses(
    tmp_path: Path, byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("refuses", tmp_path / "libraries", monkeypatch)
    with pytest.raises(EngineRefusesError):
        try_out(written_for(byte_level), "0.10.0", Utf8Texts.of(TEXTS))


def test_the_real_one(byte_level: Tokenizer) -> None:
    need("gigatoken")
    texts = Utf8Texts.of(TEXTS)
    found = try_out(written_for(byte_level), str(installed_version()), texts)
    judged = Judge(byte_level).encode(texts)
    assert np.array_equal(found.ids, judged.ids)
    assert np.array_equal(found.bounds, judged.bounds)
