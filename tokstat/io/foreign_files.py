"""Files that are found where a tokenizer should be, and are something else by their first bytes."""

from __future__ import annotations

import re

from tokstat.errors import InvalidTokenizerError

_KINDS: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (
        re.compile(rb"version https://git-lfs\.github\.com/spec/"),
        "a Git LFS pointer",
        "Run `git lfs pull` in its repository, or download the file itself.",
    ),
    (
        re.compile(
            rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
        ),
        "an HTML page",
        "Download the file and not the page that shows it: on the Hub its address has /resolve/ in "
        "place of /blob/.",
    ),
    (
        re.compile(rb"\x80[\x02-\x05]"),
        "a pickle of Python objects",
        "It may run any code, so it is not opened. Save the tokenizer with save_pretrained, and "
        "give that folder.",
    ),
    (
        re.compile(rb"%PDF"),
        "a PDF document",
        "Give a tokenizer.json, or another file of a tokenizer.",
    ),
    (
        re.compile(rb"PK\x03\x04"),
        "a ZIP archive, as PyTorch writes for weights",
        "Give the tokenizer's own file, or unpack the archive and give what is in it.",
    ),
    (
        re.compile(rb"\x1f\x8b"),
        "a gzip archive",
        "Unpack it, and give what is in it.",
    ),
)
"""How a kind of file begins, its name, and what to do about it."""

_HEAD = 4096


def require_own_kind(data: bytes, source: str) -> None:
    """Raise InvalidTokenizerError for data that begins as another kind of file does."""
    for begins, name, hint in _KINDS:
        if begins.match(data[:_HEAD]):
            raise InvalidTokenizerError(f"{source} is {name} and not a tokenizer", hint)


def require_no_text(data: bytes, source: str) -> None:
    """Raise InvalidTokenizerError for the beginning of a text, where a binary format is meant."""
    text = data[:_HEAD].decode("utf-8", "ignore")
    if text and all(character.isprintable() or character.isspace() for character in text):
        raise InvalidTokenizerError(
            f"{source} is plain text and not a tokenizer",
            "Give a tokenizer.json, or another file of a tokenizer.",
        )
