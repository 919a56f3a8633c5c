"""Find and run the loaders of plug-ins, by the entry-point group `tokstat.loaders`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tokstat.errors import InvalidTokenizerError, LoaderError, TokstatError, reason_of
from tokstat.io.plugins import LOADERS, entry_points_of
from tokstat.tokenizer.tokenizer import Tokenizer

BUILT_IN_PREFIXES = ("hf", "tiktoken", "gguf")
"""Prefixes that no plug-in can claim."""

_PREFIX = re.compile(r"([a-z][a-z0-9_+-]+):(.*)", re.DOTALL)


@dataclass(frozen=True)
class Loader:
    """Declare how to load specs `PREFIX:NAME` and files with one of the suffixes.

    `load(spec, name)` receives the user's spec, and the name after the prefix or the path of the
    file. It returns a tokenizer whose origin records what was read. A `TokstatError` that it
    raises reaches the user unchanged.
    """

    prefix: str
    load: Callable[[str, str], Tokenizer]
    suffixes: tuple[str, ...] = ()


def load_by_prefix(spec: str) -> Tokenizer | None:
    """Load a spec with the plug-in that has its prefix; return None without such a plug-in.

    Raises:
        LoaderError: a plug-in cannot be imported, is not a loader, or claims a used prefix.
        InvalidTokenizerError: the plug-in fails with a foreign error.
        TokstatError: the plug-in raises it.
    """
    match = _PREFIX.match(spec)
    loader = _loaders().get(match[1]) if match else None
    return None if match is None or loader is None else _run(loader, spec, match[2])


def has_prefix(spec: str) -> bool:
    """Tell whether a loader takes a spec for its prefix. Raises LoaderError."""
    match = _PREFIX.match(spec)
    return match is not None and match[1] in _loaders()


def load_by_suffix(spec: str, path: Path) -> Tokenizer:
    """Load a file that `has_suffix` holds of. Raises as `load_by_prefix`."""
    return _run(_by_suffix(path)[0], spec, str(path))


def has_suffix(path: Path) -> bool:
    """Tell whether a loader takes a file for its suffix. Raises LoaderError."""
    return bool(_by_suffix(path))


def _by_suffix(path: Path) -> list[Loader]:
    return [each for each in _loaders().values() if path.name.endswith(each.suffixes)]


def _run(loader: Loader, spec: str, name: str) -> Tokenizer:
    try:
        tokenizer = loader.load(spec, name)
    except TokstatError:
        raise
    except Exception as error:  # a plug-in may raise errors of any kind
        raise InvalidTokenizerError(
            f'The plug-in for {loader.prefix!r} cannot load {name!r}: "{reason_of(error)}"',
            "Check the name, and read the documentation of the plug-in.",
        ) from error
    if not isinstance(tokenizer, Tokenizer):
        raise LoaderError(
            f"The plug-in for {loader.prefix!r} returned no tokenizer for {name!r}, but an object"
            f" of type {type(tokenizer).__name__}",
            "Repair or uninstall the plug-in.",
        )
    return tokenizer


@cache
def _loaders() -> dict[str, Loader]:
    """Return the loaders of all plug-ins by prefix."""
    found: dict[str, Loader] = {}
    for point in entry_points_of(LOADERS):
        try:
            loader = point.load()
        except Exception as error:  # importing a plug-in may raise errors of any kind
            raise LoaderError(
                f'The plug-in {point.value} cannot be imported: "{type(error).__name__}: {error}"',
                "Repair or uninstall the plug-in.",
            ) from error
        if not isinstance(loader, Loader) or not _PREFIX.match(f"{loader.prefix}:"):
            raise LoaderError(
                f"The plug-in {point.value} is not a loader with a valid prefix",
                "Point its entry point to a tokstat.loading.plugins.Loader.",
            )
        if loader.prefix in (*BUILT_IN_PREFIXES, *found):
            raise LoaderError(
                f"The plug-in {point.value} claims the prefix {loader.prefix!r}, which is taken",
                "Uninstall one of the two plug-ins, or rename the prefix.",
            )
        found[loader.prefix] = loader
    return found
