"""Numbers in sentences: thousands separators, singular and plural."""

from __future__ import annotations


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun: "1 token", "2,000 tokens".

    `plural` is for a noun that does not take a plain -s at its end.
    """
    return f"{count:,} {agreed(count, noun, plural or noun + 's')}"


def agreed(count: int, one: str, many: str) -> str:
    """Return the form of a word that agrees with a count."""
    return one if count == 1 else many
