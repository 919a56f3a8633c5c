"""Load the copies of two tokenizers that tokstat ships, for use without the Hub."""

from __future__ import annotations

import hashlib
import json
import lzma
from functools import cache
from typing import Any

from tokstat.errors import InvalidTokenizerError, reason_of
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
    """Whether tokstat ships a copy of a repository's tokenizer."""
    return _entry(repository) is not None


def repositories() -> tuple[str, ...]:
    """Return the names of the repositories whose tokenizers tokstat ships."""
    return tuple(_index())


def load_bundled(spec: str, repository: str, reason: str) -> Tokenizer:
    """Load the packaged copy of a repository; `reason` states why the Hub was not used.

    Raises:
        InvalidTokenizerError: the packaged file is damaged, or has another SHA-256.
        KeyError: there is no packaged copy; ask `holds` before.
    """
    entry = _entry(repository)
    if entry is None:
        raise KeyError(repository)
    try:
        data = lzma.decompress((_FOLDER / entry["file"]).read_bytes())
    except (OSError, lzma.LZMAError) as error:
        raise _damaged(repository, f'"{reason_of(error)}"') from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != entry["sha256"]:
        raise _damaged(repository, f"its SHA-256 is {digest}")
    # A report is sent to others, who have no use for what a library raised.
    why = reason.partition(': "')[0]
    note = f"This is the copy packaged with tokstat, not the Hub's current version: {why}."
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
        f"The packaged copy of {repository} is damaged: {reason}",
        "Run: pip install --force-reinstall tokstat-toolkit",
    )
