"""Try an engine in a process of its own, which it may abort, fill or hang without harm."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tokstat.corpus.engines.engine import EngineError, EngineRefusesError, TokenIds, Utf8Texts
from tokstat.corpus.engines.gigatoken import Gigatoken

_LOG = logging.getLogger(__name__)

SECONDS = 60
"""A trial that takes longer has failed."""

_PROGRAM = "import sys; from tokstat.corpus.engines.trial import main; main(*sys.argv[1:])"
_REFUSED, _FAILED = 3, 4
_PLACES = ("tokenizer.json", "texts.npz", "ids.npz", "error.txt")


def try_out(written: bytes, version: str, texts: Utf8Texts, seconds: float = SECONDS) -> TokenIds:
    """Return the ids that gigatoken gives for texts.

    Raises:
        EngineRefusesError: it does not read the tokenizer.
        EngineError: it fails, ends its process, or takes too long.
    """
    engine = Gigatoken(lambda: written, version)
    _LOG.info("trying %s on texts made for the tokenizer", engine.label)
    with tempfile.TemporaryDirectory(prefix="tokstat-") as name:
        tokenizer, given, found, problem = (Path(name, each) for each in _PLACES)
        tokenizer.write_bytes(written)
        np.savez(given, data=texts.data, starts=texts.starts, stops=texts.stops)
        command = [sys.executable, "-c", _PROGRAM, name, version]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            done = subprocess.run(  # noqa: S603
                command, env=environment, capture_output=True, check=False, timeout=seconds
            )
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"it takes longer than {seconds:,} s", engine.label) from error
        except OSError as error:
            raise EngineError(f"no process can be started: {error}", engine.label) from error
        if done.returncode in (_REFUSED, _FAILED) and problem.is_file():
            kind = EngineRefusesError if done.returncode == _REFUSED else EngineError
            raise kind(problem.read_text("utf-8"), engine.label)
        if done.returncode or not found.is_file():
            status = f"signal {-done.returncode}" if done.returncode < 0 else str(done.returncode)
            raise EngineError(f"it ends its process ({status})", engine.label)
        with np.load(found) as arrays:
            return TokenIds(arrays["ids"], arrays["bounds"])


def main(name: str, version: str) -> None:
    """Encode the texts of a folder, and write the ids beside them: what the process runs."""
    tokenizer, given, found, problem = (Path(name, each) for each in _PLACES)
    with np.load(given) as arrays:
        texts = Utf8Texts(arrays["data"], arrays["starts"], arrays["stops"])
    try:
        ids = Gigatoken(tokenizer.read_bytes, version).encode(texts)
    except EngineError as error:
        problem.write_text(error.problem, "utf-8")
        sys.exit(_REFUSED if isinstance(error, EngineRefusesError) else _FAILED)
    np.savez(found, ids=ids.ids, bounds=ids.bounds)
