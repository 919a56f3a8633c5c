"""Recognise the single-file formats, by the first bytes of a file and by its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tokstat.errors import AccessDeniedError, NoTokenizerError
from tokstat.loading.gguf_header import MAGIC
from tokstat.tokenizer.tokenizer import Tokenizer

FormatLoader = Callable[..., Tokenizer]
"""Loads a file, given its spec and path, and `source` and `revision` for the record."""

_USUAL = (
    "tekken.json",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
    "spm.model",
)
"""Usual names of a model's tokenizer file, best first."""

_NAMES = re.compile(
    r"(?P<gguf>.*\.gguf)|(?P<ranks>.*\.tiktoken)|(?P<tekken>tekken.*\.json)"
    r"|(?P<sentencepiece>.*\.model(\.v\w+)?)",
    re.IGNORECASE,
)
_LATER_PART = re.compile(r"-(?!0*1-of)\d+-of-\d+\.gguf$")
_CONFIGS = ("tokenizer_config.json", "config.json")
_HEAD = 4096
_LINE_OF_RANKS = re.compile(rb"[A-Za-z0-9+/]+={0,2}[ \t]+\d{1,9}\r?(?:\n|$)")


def format_of(path: Path) -> str | None:
    """Return the format of a file, None for an unknown one. Its content outranks its name.

    Raises:
        AccessDeniedError: the file cannot be read.
    """
    try:
        head = b""
        if path.is_file():  # a pipe can be read only once, by its loader
            with path.open("rb") as file:
                head = file.read(_HEAD)
    except OSError as error:
        raise AccessDeniedError(
            f"{path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    if head.startswith(MAGIC):
        return "gguf"
    if _LINE_OF_RANKS.match(head):
        return "ranks"
    if head.lstrip()[:1] == b"{" and b'"token_bytes"' in head:
        return "tekken"
    match = _NAMES.fullmatch(path.name)
    return match.lastgroup if match else None


def loader_of(kind: str) -> FormatLoader:
    """Return the function that loads a format."""
    from tokstat.loading.gguf import load_gguf
    from tokstat.loading.sentencepiece import load_sentencepiece
    from tokstat.loading.tekken import load_tekken
    from tokstat.loading.tiktoken import load_ranks

    return {
        "gguf": load_gguf,
        "ranks": load_ranks,
        "tekken": load_tekken,
        "sentencepiece": load_sentencepiece,
    }[kind]


def file_in(folder: Path, source: str) -> Path | None:
    """Return the one file of these formats in a folder, None without one.

    A SentencePiece model beside a configuration does not count. There, the model's class decides
    how to read it, which only transformers knows.

    Raises:
        NoTokenizerError: the folder has several such files, and none has a usual name.
    """
    found = [
        path
        for path in sorted(folder.iterdir())
        if _NAMES.fullmatch(path.name) and path.is_file() and not _LATER_PART.search(path.name)
    ]
    if any((folder / name).is_file() for name in _CONFIGS):
        found = [path for path in found if format_of(path) != "sentencepiece"]
    for name in _USUAL:
        if folder / name in found:
            return folder / name
    if len(found) > 1:
        raise NoTokenizerError(
            f"{source} contains several tokenizers: {', '.join(path.name for path in found)}",
            "Give the path of one of these files.",
        )
    return found[0] if found else None
