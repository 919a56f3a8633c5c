"""Define the error for a tokenizer without a cut that is known to be safe."""

from __future__ import annotations


class UnsafeError(Exception):
    """Name in one clause the part of a tokenizer that makes every cut unsafe."""
