"""Decide what a spec names, and load it."""

from __future__ import annotations

import re
from pathlib import Path

from tokstat.errors import AccessDeniedError, SourceNotFoundError, SpecError
from tokstat.tokenizer import Tokenizer

_REPOSITORY = re.compile(r"(?:[\w.-]+/)?[\w.-]+(?:@[\w./-]+)?")
_HUB_PREFIX = "hf:"


def load(spec: str | Path) -> Tokenizer:
    """Load the tokenizer that a spec names.

    A spec is `hf:org/name[@revision]`, a path of a tokenizer.json or of a folder, or a plain
    `org/name[@revision]`. A path that exists wins over a Hub name.

    Raises:
        SpecError: the spec has no known form.
        SourceNotFoundError: no such path, repository or revision.
        AccessDeniedError: a gated repository or an unreadable file.
        HubUnreachableError: the Hub does not answer, and there is no cached or packaged copy.
        NoTokenizerError: the folder or repository holds no tokenizer.
        InvalidTokenizerError: the file is no tokenizer.
    """
    text = str(spec)
    if not text.strip():
        raise SpecError("The spec is empty", "Give a file, a folder, or org/name.")
    if isinstance(spec, str) and text.startswith(_HUB_PREFIX):
        return _load_from_hub(text, text.removeprefix(_HUB_PREFIX))
    try:
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
    return _load_from_hub(text, text)


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
        or text.endswith((".json", ".txt", ".model", "/"))
        or text.count("/") > 1 + text.partition("@")[2].count("/")
    )


def _load_from_hub(spec: str, name: str) -> Tokenizer:
    if not _REPOSITORY.fullmatch(name):
        raise SpecError(
            f"{spec!r} names neither a path that exists nor a Hub repository",
            "Give a file, a folder, org/name, org/name@revision or hf:org/name.",
        )
    from tokstat.loading.hub import load_repository

    repository, _, revision = name.partition("@")
    return load_repository(spec, repository, revision or None)
