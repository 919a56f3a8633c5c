"""The shortest text that still shows something (delta debugging, Zeller and Hildebrandt 2002)."""

from __future__ import annotations

from collections.abc import Callable


def shortest(text: str, holds: Callable[[str], bool]) -> str:
    """Take parts out of a text, halves first, single characters last, while something holds of it.

    The empty text is not tried. A caller with a budget lets nothing hold once it is spent.
    """
    size = len(text) // 2
    while size:
        start = 0
        while start < len(text):
            shorter = text[:start] + text[start + size :]
            if shorter and holds(shorter):
                text = shorter
            else:
                start += size
        size //= 2
    return text
