"""Texts of a result that are more than paragraphs, in every format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokstat.results.report import Table
    from tokstat.results.written import Written


class Heading(str):
    """A text that names what follows."""

    __slots__ = ()


class Preformatted(str):
    """Lines whose breaks and spaces count; they have been made safe to show."""

    __slots__ = ()


def table_parts(result: Written) -> Iterator[Table]:
    """Yield the table of a result that is no more than one."""
    table: Table = result.to_table()  # type: ignore[assignment]
    yield table
