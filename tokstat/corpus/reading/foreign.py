"""What a file is that should be UTF-8 text and is something else, by how it begins."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from tokstat.errors import CorpusError

LONGEST_BEGINNING = 512
"""Bytes that tell every kind: a tar archive names itself at byte 257."""


class _Kind(NamedTuple):
    begins: re.Pattern[bytes]
    name: str
    hint: str


def _kind(begins: bytes, name: str, hint: str) -> _Kind:
    return _Kind(re.compile(begins, re.DOTALL), name, hint)


_CONVERT = "Convert it with iconv."
_UNPACK = "Unpack it, or give it the suffix of its compression."
_ARCHIVE = "Unpack it, and give the files in it."

_KINDS = (
    _kind(re.escape(codecs.BOM_UTF32_LE), "UTF-32", _CONVERT),
    _kind(re.escape(codecs.BOM_UTF32_BE), "UTF-32", _CONVERT),
    _kind(re.escape(codecs.BOM_UTF16_LE), "UTF-16", _CONVERT),
    _kind(re.escape(codecs.BOM_UTF16_BE), "UTF-16", _CONVERT),
    _kind(rb"(?:[^\0]\0){4}", "UTF-16", _CONVERT),
    _kind(rb"(?:\0[^\0]){4}", "UTF-16", _CONVERT),
    _kind(rb"\x1f\x8b\x08", "a gzip archive", _UNPACK),
    _kind(rb"BZh[1-9]1AY&SY", "a bzip2 archive", _UNPACK),
    _kind(rb"\xfd7zXZ\0", "an xz archive", _UNPACK),
    _kind(rb"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    _kind(rb"PK\x03\x04", "a ZIP archive or an office document", _ARCHIVE),
    _kind(rb".{257}ustar", "a tar archive", _ARCHIVE),
    _kind(rb"%PDF-\d", "a PDF document", "Extract its text."),
    _kind(rb"PAR1[\x15\x16]", "a Parquet file", "Give it the suffix .parquet, or --format."),
)


def foreign_kind(beginning: bytes) -> str:
    """Return what a file is by its first bytes, "" if these may be UTF-8 text."""
    kind = _of(beginning)
    return kind.name if kind else ""


def require_text(beginning: bytes) -> None:
    """Raise CorpusError for the beginning of a file that is no UTF-8 text."""
    kind = _of(beginning)
    if kind:
        raise CorpusError(f"it is {kind.name} and not UTF-8 text", kind.hint)


def _of(beginning: bytes) -> _Kind | None:
    head = beginning[:LONGEST_BEGINNING]
    return next((kind for kind in _KINDS if kind.begins.match(head)), None)
