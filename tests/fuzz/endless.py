"""Give every reader a file without an end, in a process with little memory.

`python -m tests.fuzz.endless FOLDER KIND` prints what came of each reader, as JSON. A kind is
`zero`, a link to /dev/zero; `pipe`, a pipe that never ends; or `silent`, one that never begins.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.fuzz.parsers import CONFIGURATIONS, MODEL_CONFIGURATIONS, PARSERS
from tests.fuzz.tokenizer_seeds import word_level
from tokstat import inspect, load
from tokstat.comparison.configuration import configured
from tokstat.corpus.reading.documents import Problems, Reading, read_documents
from tokstat.corpus.reading.sources import divide
from tokstat.editing.repair import _given_config
from tokstat.errors import CorpusError, MissingExtraError, TokstatError
from tokstat.gate.lock import read_lock
from tokstat.io.limits import Limits, set_limits
from tokstat.loading.converted import load_converted
from tokstat.model.chat_template import Conversation, read_conversation, render_chat
from tokstat.model.embedding_matrices import find_embeddings
from tokstat.words.lexicon import load_lexicon

FILE_SIZE = 4 << 20
MEMORY = 256 << 20
"""Bytes that a process may map beyond what its libraries need."""

Reader = Callable[[Path], object]

NAMED = (
    *("tokenizer.json, BPE", "tiktoken", "tekken", "SentencePiece", "GGUF", "safetensors"),
    *("report", "baseline", "ladder", "study", "settings", "pyproject.toml"),
    *("word list", "words to add", "vectors, text", "vectors, binary"),
)
"""Parsers of a file that the user names."""

PACKED = ("gz", "xz", "bz2", "zst")
BESIDE = (*CONFIGURATIONS, *MODEL_CONFIGURATIONS, "chat_template.jinja")
"""Files that are found in the folder of a tokenizer."""


def _readers() -> Iterator[tuple[str, str, Reader]]:
    """Yield the name of each reader, that of its file, and the reader."""
    for name in NAMED:
        yield name, PARSERS[name].file, PARSERS[name].read
    for name in ("vocab.txt", "vocab.json", "merges.txt"):
        yield name, name, lambda path: load(path.parent)
    yield "lock", "tokstat.lock", read_lock
    yield "conversation", "chat.json", read_conversation
    yield "corpus, whole file", "whole.txt", lambda path: _corpus(path, Reading(documents="file"))
    for suffix in ("txt", "csv", "tsv", "jsonl", "parquet", *(f"jsonl.{each}" for each in PACKED)):
        yield f"corpus, {suffix}", f"d.{suffix}", lambda path: _corpus(path, Reading())
    for name in BESIDE:
        yield f"beside a tokenizer: {name}", name, _beside
    yield "another library's folder", "config.json", _foreign
    yield "index", "model.safetensors.index.json", lambda path: find_embeddings(path.parent)


def _beside(path: Path) -> None:
    """Ask everything that reads the files beside a tokenizer."""
    (path.parent / "tokenizer.json").write_bytes(word_level()[0])
    tokenizer = load(path.parent)
    words = path.parent / "words.tsv"
    words.write_text("the\t100\nof\t50\n")
    report = inspect(
        tokenizer, lexicon=load_lexicon(path=words), analyzers=("files", "special_tokens")
    )
    assert not report.failures, report.failures
    _given_config(tokenizer)
    configured(tokenizer)
    with suppress(TokstatError):
        render_chat(tokenizer.model_folder, Conversation(({"role": "user"},)), "test")


def _corpus(path: Path, reading: Reading) -> None:
    problems = Problems()
    units = divide([str(path)], [reading.division_of(str(path))], 1 << 20)
    for _ in read_documents([part for unit in units for part in unit], reading, problems):
        pass
    if problems.found:
        raise CorpusError("it has problems", "")


def _foreign(path: Path) -> None:
    load_converted("test", path.parent, source="test")


@contextmanager
def _endless(path: Path, kind: str) -> Iterator[None]:
    """Put a file without an end to a path."""
    if kind == "zero":
        path.symlink_to("/dev/zero")
        yield
        return
    os.mkfifo(path)
    if kind == "silent":
        yield
        return
    writer = subprocess.Popen(["sh", "-c", 'exec cat /dev/zero > "$0"', str(path)], stderr=-3)
    try:
        yield
    finally:
        writer.kill()
        writer.wait()


def main(folder: Path, kind: str) -> None:
    """Print what came of each reader, and its seconds."""
    set_limits(Limits(file_size=FILE_SIZE))
    _warm_up(folder)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY,) * 2)
    found = {}
    for number, (name, file, read) in enumerate(_readers()):
        if kind == "pipe" and name == "corpus, parquet":  # which is opened twice
            continue
        if kind == "silent" and not name.startswith("beside") and name != "index":
            continue
        place = folder / str(number) / file
        place.parent.mkdir(parents=True)
        if file in ("vocab.json", "merges.txt"):
            for other in ("vocab.json", "merges.txt"):
                (place.parent / other).write_text("{}" * (other != file))
            place.unlink()
        start = time.monotonic()
        with _endless(place, kind):
            try:
                read(place)
                came = "ignored"
            except MissingExtraError:
                came = "missing"
            except TokstatError:
                came = "refused"
            except BaseException as error:
                came = f"{type(error).__name__}: {error}"
        found[name] = came, time.monotonic() - start
    print(json.dumps(found))


def _warm_up(folder: Path) -> None:
    """Load what readers import and start, which takes addresses."""
    good = folder / "good"
    good.mkdir()
    (good / "config.json").write_text("{}")
    _beside(good / "config.json")
    with suppress(TokstatError):
        _foreign(good / "config.json")
    for suffix in ("parquet", *(f"jsonl.{each}" for each in PACKED)):
        (good / f"d.{suffix}").write_bytes(b"")
        with suppress(TokstatError):
            _corpus(good / f"d.{suffix}", Reading())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
