"""Try an engine in a process of its own, which it may abort, fill or hang without harm."""

from __future__ import annotations

import faulthandler
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import numpy as np

from tokstat.corpus.engines.engine import EngineError, EngineRefusesError, TokenIds, Utf8Texts
from tokstat.corpus.engines.gigatoken import Gigatoken
from tokstat.io.background import stop_if_asked

_LOG = logging.getLogger(__name__)

SECONDS = 60
"""A trial that takes longer has failed."""

_SLICE = 0.2
"""Seconds of one wait."""

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
            status = _status_of(command, environment, seconds)
        except OSError as error:
            raise EngineError(f"no process can be started: {error}", engine.label) from error
        if status is None:
            raise EngineError(f"it takes longer than {seconds:,} s", engine.label)
        if status in (_REFUSED, _FAILED) and problem.is_file():
            kind = EngineRefusesError if status == _REFUSED else EngineError
            raise kind(problem.read_text("utf-8"), engine.label)
        if status or not found.is_file():
            how = f"signal {-status}" if status < 0 else str(status)
            raise EngineError(f"it ends its process ({how})", engine.label)
        with np.load(found) as arrays:
            return TokenIds(arrays["ids"], arrays["bounds"])


def _status_of(
    command: Sequence[str], environment: Mapping[str, str], seconds: float
) -> int | None:
    """Run a command, and return its exit status, or None if it takes longer.

    Where this runs in the background, the process ends with it when it is asked to stop.
    """
    deadline = monotonic() + seconds
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=nowhere, stdout=nowhere, stderr=nowhere
    ) as process:
        try:
            while monotonic() < deadline:
                stop_if_asked()
                with suppress(subprocess.TimeoutExpired):
                    return process.wait(_SLICE)
            return None
        finally:
            process.kill()


def main(name: str, version: str) -> None:
    """Encode the texts of a folder, and write the ids beside them: what the process runs."""
    faulthandler.dump_traceback_later(SECONDS, exit=True)  # also if the parent process has died
    tokenizer, given, found, problem = (Path(name, each) for each in _PLACES)
    with np.load(given) as arrays:
        texts = Utf8Texts(arrays["data"], arrays["starts"], arrays["stops"])
    try:
        ids = Gigatoken(tokenizer.read_bytes, version).encode(texts)
    except EngineError as error:
        problem.write_text(error.problem, "utf-8")
        sys.exit(_REFUSED if isinstance(error, EngineRefusesError) else _FAILED)
    np.savez(found, ids=ids.ids, bounds=ids.bounds)
