"""The one door to transformers, which takes seconds to import and may be broken."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tokstat.errors import MissingExtraError, is_failure, reason_of


def from_transformers(name: str, *otherwise: str) -> Any:
    """Return what transformers has under a name, which it imports only when asked for it.

    With more names, under the first of these that it knows.

    Raises:
        MissingExtraError: it is not installed, or raises whatever it may while it is imported.
    """
    try:
        library = importlib.import_module("transformers")
        *unsure, last = name, *otherwise
        known = [each for each in unsure if hasattr(library, each)]
        return getattr(library, known[0] if known else last)
    except BaseException as error:
        if not (is_failure(error) or isinstance(error, SystemExit)):
            raise
        raise MissingExtraError(
            f"transformers cannot be imported: {type(error).__name__}: {reason_of(error)}",
            "Run: pip install --force-reinstall transformers",
        ) from error


@contextmanager
def without_warnings() -> Iterator[None]:
    """Silence log messages, such as those of transformers without PyTorch or before it fails."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
