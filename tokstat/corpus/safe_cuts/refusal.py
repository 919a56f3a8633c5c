"""Why no cut of a text can be shown to be safe."""

from __future__ import annotations


class UnsafeError(Exception):
    """Say in one clause which part of a tokenizer stands against cutting texts."""
