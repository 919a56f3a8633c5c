"""Know which files are tokenizers: by their names, the sets they form, and their first bytes.

Every loader and command asks here; no other module has a list of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from tokstat.errors import AccessDeniedError, NoTokenizerError
from tokstat.io.foreign_files import require_no_text, require_own_kind
from tokstat.loading.gguf_header import MAGIC
from tokstat.loading.plugins import has_suffix
from tokstat.tokenizer.tokenizer import TOKENIZER_JSON, Tokenizer

FormatLoader = Callable[..., Tokenizer]
"""Loads a file, given its spec and path, and `source` and `revision` for the record."""

FileSet = tuple[str, ...]

VOCAB_TXT: FileSet = ("vocab.txt",)

FILE_SETS: tuple[FileSet, ...] = (
    (TOKENIZER_JSON,),
    VOCAB_TXT,
    ("vocab.json", "merges.txt"),
)
"""File sets that make a tokenizer without anything else, best first."""

CONVERTIBLE = (
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
    "spm.model",
    "sentencepiece.model",
    "source.spm",
    "target.spm",
    "vocab.json",
    "vocab.txt",
    "tekken.json",
    "qwen.tiktoken",
    "tiktoken.model",
)
"""Files from which transformers may build a tokenizer, where tokstat does not read them itself."""

SINGLE_FILES = ("tekken.json", "*.model", "*.spm", "*.tiktoken", "*.gguf")
"""The formats of one file each, as messages name them."""

SUFFIXES = (".json", ".txt", ".model", ".spm", ".tiktoken", ".gguf")
"""How the names of tokenizers end, those of other distributions' loaders apart."""

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
    r"|(?P<sentencepiece>.*\.(model(\.v\w+)?|spm))",
    re.IGNORECASE,
)
_LATER_PART = re.compile(r"-(?!0*1-of)\d+-of-\d+\.gguf$")
_CONFIGS = ("tokenizer_config.json", "config.json")
_HEAD = 4096
_VERSION_ENDS = 8
"""Where the version of a GGUF file ends, a small number that no text has after its magic."""

_BINARY = ("gguf", "sentencepiece")

_LINE_OF_RANKS = re.compile(rb"[A-Za-z0-9+/]+={0,2}[ \t]+\d{1,9}\r?(?:\n|$)")
_NOT_FOR_PLUGINS = (".json", ".txt")


def shown(sets: Iterable[FileSet]) -> str:
    """Return file sets as messages name them."""
    return ", ".join(" + ".join(names) for names in sets)


def set_of(path: Path) -> FileSet | None:
    """Return the file set of several files, or of a vocabulary, that a file belongs to."""
    for names in FILE_SETS[1:]:
        if path.name in names and is_complete(path.parent, names):
            return names
    return None


def is_complete(folder: Path, names: FileSet) -> bool:
    """Tell whether a folder has every file of a set."""
    return all((folder / name).is_file() for name in names)


def is_convertible(folder: Path) -> bool:
    """Tell whether transformers may build a tokenizer from a file of a folder."""
    return any((folder / name).is_file() for name in CONVERTIBLE)


def is_plugins(path: Path) -> bool:
    """Tell whether a loader of another distribution takes a file. Raises LoaderError."""
    return path.suffix not in _NOT_FOR_PLUGINS and has_suffix(path)


def is_tokenizer(path: Path) -> bool:
    """Tell whether a path names or holds a tokenizer, where it might also be a text.

    A text may begin as ranks do, so these are told by their name alone. What cannot be read is
    none: whatever reads it next says why. Raises LoaderError as `is_plugins` does.
    """
    named = path.name in {*CONVERTIBLE, *(names[0] for names in FILE_SETS)}
    try:
        if path.is_dir():
            sets = any(is_complete(path, names) for names in FILE_SETS)
            return sets or is_convertible(path) or bool(_single_files(path))
        if named or _NAMES.fullmatch(path.name) or set_of(path) or is_plugins(path):
            return True
        head = _head(path)
    except OSError:
        return False
    if path.suffix == ".json":
        return b'"added_tokens"' in head or b'"token_bytes"' in head
    return head.startswith(MAGIC) and b"\0" in head[len(MAGIC) : _VERSION_ENDS]


def format_of(path: Path) -> str | None:
    """Return the format of a file, None for an unknown one. Its content outranks its name.

    Raises:
        AccessDeniedError: the file cannot be read.
        InvalidTokenizerError: it is a Git LFS pointer, a web page, a pickle or an archive, or text
            in the place of a binary format.
    """
    try:
        head = _head(path)
    except OSError as error:
        raise AccessDeniedError(
            f"{path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    require_own_kind(head, str(path))
    if head.startswith(MAGIC):
        return "gguf"
    if _LINE_OF_RANKS.match(head):
        return "ranks"
    if head.lstrip()[:1] == b"{" and b'"token_bytes"' in head:
        return "tekken"
    match = _NAMES.fullmatch(path.name)
    kind = match.lastgroup if match else None
    if kind in _BINARY:
        require_no_text(head, str(path))
    return kind


def _head(path: Path) -> bytes:
    """Return the first bytes of a file, none of what is no file: a pipe can be read only once."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_HEAD)


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

    Raises:
        NoTokenizerError: the folder has several such files, and none has a usual name.
    """
    found = _single_files(folder)
    for name in _USUAL:
        if folder / name in found:
            return folder / name
    if len(found) > 1:
        raise NoTokenizerError(
            f"{source} contains several tokenizers: {', '.join(path.name for path in found)}",
            "Give the path of one of these files.",
        )
    return found[0] if found else None


def _single_files(folder: Path) -> list[Path]:
    """Return the files of these formats in a folder.

    A SentencePiece model beside a configuration is none: what is made of it depends on the model's
    class, which transformers knows.
    """
    found = [
        path
        for path in sorted(folder.iterdir())
        if _NAMES.fullmatch(path.name) and path.is_file() and not _LATER_PART.search(path.name)
    ]
    if any((folder / name).is_file() for name in _CONFIGS):
        found = [path for path in found if format_of(path) != "sentencepiece"]
    return found


def sentencepiece_files(folder: Path) -> list[Path]:
    """Return the SentencePiece models in a folder, whatever is beside them."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and _NAMES.fullmatch(path.name) and format_of(path) == "sentencepiece"
    ]
