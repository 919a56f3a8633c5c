"""Take a repository's copy on this machine without the Hub's client, whose import is slow."""

from __future__ import annotations

import os
from pathlib import Path

from tokstat.errors import LimitError
from tokstat.io.limits import read_beside
from tokstat.loading import bundled
from tokstat.loading.formats import CONVERTIBLE, FILE_SETS, is_complete
from tokstat.tokenizer.tokenizer import Tokenizer

_MAIN = "main"
_LONGEST_REF = 1 << 10


def load_copy(spec: str, repository: str) -> Tokenizer | None:
    """Load the copy of a repository's main branch in the cache, or the packaged one, or None.

    Raises: as `tokstat.loading.load`.
    """
    folder = _cached_folder(repository)
    if folder is not None:
        from tokstat.loading.local import load_folder

        return load_folder(spec, folder, source=f"hf:{repository} (cache)", revision=folder.name)
    if bundled.holds(repository):
        return bundled.load_bundled(spec, repository, "a copy on this machine is taken")
    return None


def _cached_folder(repository: str) -> Path | None:
    """Return the snapshot of the main branch in the cache of the Hub's client, if complete."""
    home = _cache() / f"models--{repository.replace('/', '--')}"
    try:
        commit = read_beside(home / "refs" / _MAIN, _LONGEST_REF).decode("utf-8").strip()
        folder = home / "snapshots" / commit
        sets = (*FILE_SETS, *((name,) for name in CONVERTIBLE if name.endswith(".model")))
        return folder if commit and any(is_complete(folder, names) for names in sets) else None
    except (LimitError, OSError, ValueError):  # there is none, or nothing that can be read
        return None


def _cache() -> Path:
    """Return the folder of the client's cache, from the variables that the client reads."""
    given = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    if given:
        return Path(given).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("HF_HOME") or f"{cache}/huggingface").expanduser() / "hub"
