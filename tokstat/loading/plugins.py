"""Loaders that other distributions bring, by the entry-point group `tokstat.loaders`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tokstat.errors import InvalidTokenizerError, LoaderError, TokstatError, reason_of
from tokstat.io.plugins import entry_points_of
from tokstat.tokenizer.tokenizer import Tokenizer

ENTRY_POINT_GROUP = "tokstat.loaders"

BUILT_IN_PREFIXES = ("hf", "tiktoken", "gguf")
"""Prefixes of specs that no loader of another distribution can take."""

_PREFIX = re.compile(r"([a-z][a-z0-9_+-]+):(.*)", re.DOTALL)


@dataclass(frozen=True)
class Loader:
    """Declare how specs `PREFIX:NAME`, and files with one of the suffixes, are loaded.

    `load(spec, name)` gets the spec as the user gave it, and the name behind the prefix or the
    path of the file; it returns a tokenizer whose origin says what was read. Any `TokstatError`
    that it raises reaches the user as it is.
    """

    prefix: str
    load: Callable[[str, str], Tokenizer]
    suffixes: tuple[str, ...] = ()


def load_by_prefix(spec: str) -> Tokenizer | None:
    """Load a spec whose prefix a loader takes, None where none does.

    Raises:
        LoaderError: a loader does not load, is none, or takes a used prefix.
        TokstatError: what the loader raises.
    """
    match = _PREFIX.match(spec)
    loader = _loaders().get(match[1]) if match else None
    return None if match is None or loader is None else _run(loader, spec, match[2])


def load_by_suffix(spec: str, path: Path) -> Tokenizer | None:
    """Load a file whose name a loader takes, None where none does. Raises as `load_by_prefix`."""
    for loader in _loaders().values():
        if path.name.endswith(loader.suffixes):
            return _run(loader, spec, str(path))
    return None


def _run(loader: Loader, spec: str, name: str) -> Tokenizer:
    try:
        tokenizer = loader.load(spec, name)
    except TokstatError:
        raise
    except Exception as error:  # whatever a foreign loader raises
        raise InvalidTokenizerError(
            f"The loader {loader.prefix!r} cannot load {name!r}: {reason_of(error)}",
            "Look into the documentation of the distribution that brings it.",
        ) from error
    if not isinstance(tokenizer, Tokenizer):
        raise LoaderError(
            f"The loader {loader.prefix!r} returned no tokenizer for {name!r}",
            "Repair or uninstall the distribution that brings it.",
        )
    return tokenizer


@cache
def _loaders() -> dict[str, Loader]:
    """Return the loaders of other distributions by prefix."""
    found: dict[str, Loader] = {}
    for point in entry_points_of(ENTRY_POINT_GROUP):
        try:
            loader = point.load()
        except Exception as error:  # whatever a foreign module raises on import
            raise LoaderError(
                f"The plug-in {point.value} does not load: {type(error).__name__}: {error}",
                "Repair or uninstall the distribution that brings it.",
            ) from error
        if not isinstance(loader, Loader) or not _PREFIX.match(f"{loader.prefix}:"):
            raise LoaderError(
                f"The plug-in {point.value} is no loader with a prefix",
                "Make it a tokstat.loading.plugins.Loader.",
            )
        if loader.prefix in (*BUILT_IN_PREFIXES, *found):
            raise LoaderError(
                f"The plug-in {point.value} takes the prefix {loader.prefix!r}, which is used",
                "Rename or uninstall one of them.",
            )
        found[loader.prefix] = loader
    return found
