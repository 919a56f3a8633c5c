"""Decide what a spec names, and load that tokenizer."""

from __future__ import annotations

import re
from pathlib import Path

from tokstat.errors import AccessDeniedError, SourceNotFoundError, SpecError
from tokstat.loading.names import meant_by
from tokstat.loading.plugins import load_by_prefix
from tokstat.tokenizer.tokenizer import Tokenizer

_REPOSITORY = re.compile(r"(?:[\w.-]+/)?[\w.-]+(?:@[\w./-]+)?")
_ON_HUB = re.compile(
    r"(?:www\.)?(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/)"
    r"([\w.-]+(?:/(?!blob/|resolve/|tree/)[\w.-]+)?)"
)
_HUB_PREFIX = "hf:"
_TIKTOKEN_PREFIX = "tiktoken:"
_GGUF_PREFIX = "gguf:"


def load(spec: str | Path, *, prefers_copy: bool = False) -> Tokenizer:
    """Load the tokenizer that a spec names.

    A spec has one of these forms: `hf:org/name[@revision]`, `org/name[@revision]`,
    `tiktoken:ENCODING`, `tiktoken:FILE`, `gguf:FILE`, or the path of a tokenizer file or folder.
    An existing path takes precedence over a Hub name. Plug-ins may add prefixes. With
    `prefers_copy`, a copy of a repository on this machine is taken without asking the Hub.

    Raises:
        SpecError: the spec has no known form.
        SourceNotFoundError: the path, repository or revision does not exist.
        AccessDeniedError: the repository is gated, or the file cannot be read.
        HubUnreachableError: the Hub does not answer, and there is no cached or packaged copy.
        OutputError: the Hub's client cannot write to its cache.
        NoTokenizerError: the folder or repository has no tokenizer, or a folder has several.
        InvalidTokenizerError: the file is damaged, or is not a tokenizer.
        LimitError: the file or its content exceeds a limit.
        LoaderError: a plug-in is broken.
    """
    text = str(spec)
    if not text.strip():
        raise SpecError(
            "The tokenizer's name is empty", "Give the path of a file or folder, or org/name."
        )
    if isinstance(spec, str) and text.startswith(_HUB_PREFIX):
        return _load_from_hub(text, text.removeprefix(_HUB_PREFIX), prefers_copy)
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
    plugged = None if isinstance(spec, Path) else load_by_prefix(text)
    if plugged is not None:
        return plugged
    if isinstance(spec, str) and "://" in text:
        raise _for_url(text)
    if isinstance(spec, Path) or _looks_like_path(text):
        raise SourceNotFoundError(
            f"There is no file or folder {text!r} (current folder: {Path.cwd()})",
            "Check the path, or give a Hub name such as answerdotai/ModernBERT-base.",
        )
    return _load_from_hub(text, text, prefers_copy)


def _load_gguf(spec: str, name: str) -> Tokenizer:
    from tokstat.loading.gguf import load_gguf

    path = _existing_path(name)
    if not name or path is None or not path.is_file():
        raise SourceNotFoundError(
            f"There is no file {name!r} (current folder: {Path.cwd()})",
            "Give the path of a GGUF file.",
        )
    return load_gguf(spec, path)


def _existing_path(spec: str | Path) -> Path | None:
    try:
        path = Path(spec).expanduser()
        return path if path.exists() else None
    except PermissionError:
        raise
    except (OSError, RuntimeError, ValueError):  # the name is too long, or has a null byte or ~user
        return None


def _for_url(url: str) -> SpecError:
    """Return the error for an address, which names what to give instead."""
    protocol, _, rest = url.partition("://")
    within = _ON_HUB.match(rest)
    path = rest if protocol == "file" else ""
    meant = path or (within[1] if within else "")
    return SpecError(
        f"{url!r} is an address, and a tokenizer is not read from one",
        f"Did you mean {meant}?" if meant else "Download the file, and give its path.",
    )


def _looks_like_path(text: str) -> bool:
    from tokstat.loading.formats import SUFFIXES

    return (
        text.startswith(("/", ".", "~"))
        or text.endswith((*SUFFIXES, "/"))
        or text.count("/") > 1 + text.partition("@")[2].count("/")
    )


def _load_from_hub(spec: str, name: str, prefers_copy: bool) -> Tokenizer:
    if not _REPOSITORY.fullmatch(name):
        raise SpecError(
            f"{spec!r} is neither an existing path nor a valid name of a Hub repository",
            "Give the path of a file or folder, org/name, org/name@revision, hf:org/name,"
            " tiktoken:ENCODING or gguf:FILE.",
        )
    meant = meant_by(name) if spec == name else ""
    if meant:
        raise SourceNotFoundError(
            f"{spec!r} is neither a path nor the name of a Hub repository",
            f"Did you mean {meant}? A repository of this name can be given as hf:{name}.",
        )
    repository, _, revision = name.partition("@")
    if prefers_copy and not revision:
        from tokstat.loading.copies import load_copy

        found = load_copy(spec, repository)
        if found is not None:
            return found
    from tokstat.loading.hub import load_repository

    return load_repository(spec, repository, revision or None)
