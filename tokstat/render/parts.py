"""Texts of a result that are more than paragraphs, in every format."""

from __future__ import annotations


class Heading(str):
    """A text that names what follows."""

    __slots__ = ()


class Preformatted(str):
    """Lines whose breaks and spaces count; they have been made safe to show."""

    __slots__ = ()
