"""Decide what a spec names, and load it."""

from __future__ import annotations

import re
from pathlib import Path

from tokstat.errors import AccessDeniedError, SourceNotFoundError, SpecError
from tokstat.loading.plugins import load_by_prefix
from tokstat.tokenizer.tokenizer import Tokenizer

_REPOSITORY = re.compile(r"(?:[\w.-]+/)?[\w.-]+(?:@[\w./-]+)?")
_HUB_PREFIX = "hf:"
_TIKTOKEN_PREFIX = "tiktoken:"
_GGUF_PREFIX = "gguf:"


def load(spec: str | Path) -> Tokenizer:
    """Load the tokenizer that a spec names.

    A spec is `hf:org/name[@revision]`, `tiktoken:` with a rank file or the name of an encoding,
    `gguf:file`, the path of a tokenizer file or of a folder, or a plain `org/name[@revision]`. A
    path that exists wins over a Hub name. Other distributions may bring more prefixes.

    Raises:
        SpecError: the spec has no known form.
        SourceNotFoundError: no such path, repository or revision.
        AccessDeniedError: a gated repository or an unreadable file.
        HubUnreachableError: the Hub does not answer, and there is no cached or packaged copy.
        OutputError: the Hub's client cannot write into its cache.
        NoTokenizerError: the folder or repository holds no tokenizer.
        InvalidTokenizerError: the file is no tokenizer.
        LoaderError: a loader of another distribution is broken.
    """
    text = str(spec)
    if not text.strip():
        raise SpecError("The spec is empty", "Give a file, a folder, or org/name.")
    if isinstance(spec, str) and text.startswith(_HUB_PREFIX):
        return _load_from_hub(text, text.removeprefix(_HUB_PREFIX))
    try:
        if isinstance(spec, str) and text.startswith(_TIKTOKEN_PREFIX):
            from tokstat.loading.tiktoken import load_tiktoken

            return load_tiktoken(text, text.removeprefix(_TIKTOKEN_PREFIX))
        if isinstance(spec, str) and text.startswith(_GGUF_PREFIX):
            return _load_gguf(text, text.removeprefix(_GGUF_PREFIX))
        path = _existing_path(spec)
        if path is not None:
            from tokstat.loading.local import load_path

            return load_path(text, path)
    except PermissionError as error:
        raise AccessDeniedError(
            f"{text} cannot be read: {error.strerror}",
            "Check its permissions and those of its folder.",
        ) from error
    if isinstance(spec, Path) or _looks_like_path(text):
        raise SourceNotFoundError(
            f"No file or folder {text!r} (looked in {Path.cwd()})",
            "Check the path, or give a Hub name such as answerdotai/ModernBERT-base.",
        )
    return load_by_prefix(text) or _load_from_hub(text, text)


def _load_gguf(spec: str, name: str) -> Tokenizer:
    from tokstat.loading.gguf import load_gguf

    path = _existing_path(name)
    if not name or path is None or not path.is_file():
        raise SourceNotFoundError(
            f"No file {name!r} (looked in {Path.cwd()})", "Give the path of a GGUF file."
        )
    return load_gguf(spec, path)


def _existing_path(spec: str | Path) -> Path | None:
    try:
        path = Path(spec).expanduser()
        return path if path.exists() else None
    except PermissionError:
        raise
    except (OSError, RuntimeError, ValueError):  # too long a name, no such ~user, a null byte
        return None


def _looks_like_path(text: str) -> bool:
    return (
        text.startswith(("/", ".", "~"))
        or text.endswith((".json", ".txt", ".model", ".tiktoken", ".gguf", "/"))
        or text.count("/") > 1 + text.partition("@")[2].count("/")
    )


def _load_from_hub(spec: str, name: str) -> Tokenizer:
    if not _REPOSITORY.fullmatch(name):
        raise SpecError(
            f"{spec!r} names neither a path that exists nor a Hub repository",
            "Give a file, a folder, org/name, org/name@revision, hf:org/name, tiktoken:name or"
            " gguf:file.",
        )
    from tokstat.loading.hub import load_repository

    repository, _, revision = name.partition("@")
    return load_repository(spec, repository, revision or None)
