"""The packaged copies of two tokenizers, for machines without the Hub."""

from __future__ import annotations

import hashlib
import json
import lzma
from functools import cache
from typing import Any

from tokstat.errors import InvalidTokenizerError
from tokstat.io.files import PACKAGED_DATA
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_FOLDER = PACKAGED_DATA / "tokenizers"


@cache
def _index() -> dict[str, dict[str, Any]]:
    index: dict[str, dict[str, Any]] = json.loads((_FOLDER / "index.json").read_text("utf-8"))
    return index


def _entry(repository: str) -> dict[str, Any] | None:
    for name, entry in _index().items():
        if repository in (name, *entry["aliases"]):
            return entry
    return None


def holds(repository: str) -> bool:
    """Tell whether a repository's tokenizer is packaged."""
    return _entry(repository) is not None


def load_bundled(spec: str, repository: str, reason: str) -> Tokenizer:
    """Load a packaged copy; `reason` says why the Hub's own was not read.

    Raises:
        InvalidTokenizerError: the packaged file is not the one whose hash is recorded.
    """
    entry = _entry(repository)
    if entry is None:
        raise KeyError(repository)
    try:
        data = lzma.decompress((_FOLDER / entry["file"]).read_bytes())
    except (OSError, lzma.LZMAError) as error:
        raise _damaged(repository, str(error)) from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != entry["sha256"]:
        raise _damaged(repository, f"SHA-256 {digest}")
    note = f"Read from the copy packaged with tokstat, not from the Hub: {reason}."
    return Tokenizer(
        parse_tokenizer_json(data, f"the packaged copy of {repository}"),
        Origin(
            spec=spec,
            source=f"packaged copy of {repository}",
            revision=None,
            sha256=digest,
            loader=f"packaged tokenizer.json, made from {entry['source']}",
            files=(entry["file"],),
            notes=(note,),
        ),
    )


def _damaged(repository: str, reason: str) -> InvalidTokenizerError:
    return InvalidTokenizerError(
        f"The packaged copy of {repository} is damaged ({reason})", "Install tokstat-toolkit again."
    )
