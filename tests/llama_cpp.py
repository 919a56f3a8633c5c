"""llama.cpp's own tokenizer, from the library that a package of npm carries.

The library ends the process at some files (GGML_ASSERT), so each runs in a child process:
`python tests/llama_cpp.py FOLDER` reads requests and writes answers, one JSON a line.
"""

from __future__ import annotations

import ctypes
import json
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

VERSION = "3.22.1"
"""The version of node-llama-cpp, which carries llama.cpp 0.5.0."""

_TIMEOUT_SECONDS = 120
_LAYOUT = bytes([0, 0, 1, 0, 0, 0])
"""The truth values of `llama_model_params` by default: vocab_only, check_tensors, …"""


class RefusedError(Exception):
    """llama.cpp does not load a file."""


def library() -> Path:
    """Return the folder of the library, from the cache or else from npm.

    Raises:
        UnavailableError: with the reason, if it cannot be had.
    """
    from tests.needs import UnavailableError
    from tests.real_tokenizers import Package, cache_folder, fetch_files

    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise UnavailableError("llama.cpp is only fetched for Linux on x86-64")
    member = "package/bins/linux-x64/libllama.v0.5.0.so"
    package = Package("npm", "@node-llama-cpp/linux-x64", VERSION, member, "")
    return fetch_files(package, cache_folder() / f"llama.cpp-{VERSION}")


def encode(folder: Path, path: Path, texts: Iterable[str]) -> list[list[int]]:
    """Return llama.cpp's ids of texts, special tokens in them taken as special, none added.

    Raises:
        RefusedError: with its last words, if it does not load the file.
    """
    done = subprocess.run(
        [sys.executable, __file__, str(folder)],
        input=json.dumps([str(path), list(texts)]),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if _is_reason(line)]
        raise RefusedError(errors[0] if errors else f"exit {done.returncode}")
    ids: list[list[int]] = json.loads(done.stdout)
    return ids


def _is_reason(line: str) -> bool:
    return "error" in line or "GGML_ASSERT" in line


class _Parameters(ctypes.Structure):
    """`llama_model_params`, of which only one value is set; the rest has room to spare."""

    _fields_ = (
        ("before", ctypes.c_ubyte * 72),
        ("truths", ctypes.c_ubyte * len(_LAYOUT)),
        ("after", ctypes.c_ubyte * 178),
    )


def _load(folder: Path, path: str) -> tuple[Any, Any]:
    """Return the library, and the vocabulary of a file."""
    backends = ctypes.CDLL(str(folder / "libggml.v0.5.0.so"))
    backends.ggml_backend_load_all_from_path(str(folder).encode())
    llama = ctypes.CDLL(str(folder / "libllama.v0.5.0.so"))
    llama.llama_model_default_params.restype = _Parameters
    parameters = llama.llama_model_default_params()
    if bytes(parameters.truths) != _LAYOUT:
        raise SystemExit("error: llama_model_params has another layout in this library")
    parameters.truths[0] = True
    load = llama.llama_model_load_from_file
    load.argtypes, load.restype = (ctypes.c_char_p, _Parameters), ctypes.c_void_p
    model = load(path.encode(), parameters)
    if not model:
        raise SystemExit(1)
    llama.llama_model_get_vocab.argtypes = (ctypes.c_void_p,)
    llama.llama_model_get_vocab.restype = ctypes.c_void_p
    return llama, llama.llama_model_get_vocab(model)


def _encode(llama: Any, vocabulary: Any, texts: Sequence[str]) -> list[list[int]]:
    numbers = ctypes.POINTER(ctypes.c_int32)
    size, truth = ctypes.c_int32, ctypes.c_bool
    llama.llama_tokenize.argtypes = (
        *(ctypes.c_void_p, ctypes.c_char_p, size),
        *(numbers, size, truth, truth),
    )
    found = []
    for text in texts:
        data = text.encode()
        room = (ctypes.c_int32 * (4 * len(data) + 16))()
        count = llama.llama_tokenize(vocabulary, data, len(data), room, len(room), False, True)
        found.append(room[:count])
    return found


def main() -> None:
    """Answer one request: a path and texts."""
    path, texts = json.load(sys.stdin)
    json.dump(_encode(*_load(Path(sys.argv[1]), path), texts), sys.stdout)


if __name__ == "__main__":
    main()
