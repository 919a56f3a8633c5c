"""The output of commands: the result on stdout or in a file, messages on stderr."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tokstat.errors import OutputError, ReaderGoneError
from tokstat.io.files import replace_file
from tokstat.text.visible import visible, visible_line
from tokstat.text.wording import counted

_STAND_INS = {
    "→": ">",
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "·": "_",
    "◌": "o",
    "≥": ">=",
    "≤": "<=",
    "×": "x",
    "’": "'",
    "“": '"',
    "”": '"',
}
"""Replacements of tokstat's own signs for encodings that lack them, such as cp1252."""

_STAND_IN = "tokstat.stand_in"

_ESCAPES = {
    code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"
}
"""Replacements of control characters in data (CSV) for a terminal, which would obey them."""


def write(text: str, path: Path | None, *, prose: bool = False) -> None:
    """Write a payload to stdout, or to a file by way of a temporary one beside it.

    stdout gets the encoding of its terminal, with escapes for what that cannot show. In `prose`,
    which no program reads back, tokstat's own signs get replacements instead. A file gets UTF-8.
    A link is followed. A pipe or a device is written to directly.

    Raises:
        OutputError: it cannot be written; no partial file is left.
        ReaderGoneError: the reader of stdout has closed it.
    """
    try:
        if path is None:
            _write_stdout(text, _STAND_IN if prose else "backslashreplace")
        elif path.exists() and not path.is_file():
            path.write_text(text, "utf-8", "backslashreplace")
        else:
            data = text.encode("utf-8", "backslashreplace")
            replace_file(path, data)
            say(f"wrote {path}: {counted(len(data), 'byte')}")
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        raise OutputError(
            f"{path or 'stdout'} cannot be written: {error.strerror or error}",
            "Choose a file in an existing, writable folder with free space.",
        ) from error


def say(message: str) -> None:
    """Write one line to stderr, with control characters as escapes."""
    print(f"tokstat: {visible_line(message)}", file=sys.stderr)


def show_progress(text: str, *, done: bool) -> None:
    """Write a progress line to stderr over the one before; `done` ends it."""
    print(f"\r{text}   ", end="\n" if done else "", file=sys.stderr, flush=True)


def show_step(text: str) -> None:
    """Write a line to stderr over the one before, with control characters as escapes."""
    print(f"\r{visible_line(text)}", end="", file=sys.stderr, flush=True)


def erase_step(length: int) -> None:
    """Erase a line on stderr of so many characters."""
    print(f"\r{' ' * length}\r", end="", file=sys.stderr, flush=True)


def has_color(path: Path | None) -> bool:
    """Tell whether a text that `write` gets may have colours: on a terminal, unless NO_COLOR."""
    is_shown = path is None and sys.stdout is not None and sys.stdout.isatty()
    return is_shown and "NO_COLOR" not in os.environ


_SHOWN = 5


def say_skipped(skipped: Sequence[tuple[str, str]]) -> None:
    """Name on stderr the first few words that were not added, each with the reason."""
    say(f"{counted(len(skipped), 'word')} skipped: not possible as one token")
    for word, reason in skipped[:_SHOWN]:
        say(f"  {visible(word)}: {reason}")


def _write_stdout(text: str, errors: str) -> None:
    if sys.stdout is None:
        raise OutputError("stdout is closed", "Leave it open, or write to a file with -o.")
    encoding = sys.stdout.encoding or "utf-8"
    if errors != _STAND_IN and sys.stdout.isatty():
        text = text.translate(_ESCAPES)
    sys.stdout.buffer.write(text.encode(encoding, errors))
    sys.stdout.flush()


def _stand_in(error: UnicodeError) -> tuple[str | bytes, int]:
    """Replace one character that an encoding lacks: by our replacement, else by an escape."""
    if isinstance(error, UnicodeEncodeError):
        sign = _STAND_INS.get(error.object[error.start])
        if sign is not None:
            return sign, error.start + 1
        error.end = error.start + 1
    return codecs.backslashreplace_errors(error)


codecs.register_error(_STAND_IN, _stand_in)
