"""Where a command's text goes: stdout or a file for its payload, stderr for what it has to say."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Sequence
from pathlib import Path

from tokstat.errors import OutputError, ReaderGoneError
from tokstat.io.files import replace_file
from tokstat.text.unicode import visible, visible_line

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
"""What stands for our own signs where an encoding lacks them; Windows' cp1252 has no arrow."""

_STAND_IN = "tokstat.stand_in"

_ESCAPES = {
    code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"
}
"""What stands for controls where data (CSV) goes to a terminal, which would obey them."""


def write(text: str, path: Path | None, *, prose: bool = False) -> None:
    """Write a payload to stdout, or to a file by way of a temporary one beside it.

    stdout has the encoding of its terminal, with escapes for what that cannot show; in `prose`,
    which no program reads back, our own signs have stand-ins instead. A file has UTF-8. A link is
    followed; what is no regular file (a pipe, a device) is written to directly.

    Raises:
        OutputError: it cannot be written; nothing is left under the file's name or beside it.
        ReaderGoneError: whoever read stdout has gone.
    """
    try:
        if path is None:
            _write_stdout(text, _STAND_IN if prose else "backslashreplace")
        elif path.exists() and not path.is_file():
            path.write_text(text, "utf-8", "backslashreplace")
        else:
            replace_file(path, text.encode("utf-8", "backslashreplace"))
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        raise OutputError(
            f"{path or 'stdout'} cannot be written: {error.strerror or error}",
            "Give a file in a folder that exists, may be written, and has room.",
        ) from error


def say(message: str) -> None:
    """Write one line to stderr; what a terminal would obey stands there as escapes."""
    print(f"tokstat: {visible_line(message)}", file=sys.stderr)


def show_progress(text: str, *, done: bool) -> None:
    """Write a line of our own to stderr over the one before; `done` ends it."""
    print(f"\r{text}   ", end="\n" if done else "", file=sys.stderr, flush=True)


_SHOWN = 5


def say_skipped(skipped: Sequence[tuple[str, str]]) -> None:
    """Tell on stderr which words were not added, and why; the first few of them."""
    words = "1 word" if len(skipped) == 1 else f"{len(skipped):,} words"
    say(f"{words} skipped, as they cannot be one token")
    for word, reason in skipped[:_SHOWN]:
        say(f"  {visible(word)}: {reason}")


def _write_stdout(text: str, errors: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    if errors != _STAND_IN and sys.stdout.isatty():
        text = text.translate(_ESCAPES)
    sys.stdout.buffer.write(text.encode(encoding, errors))
    sys.stdout.flush()


def _stand_in(error: UnicodeError) -> tuple[str | bytes, int]:
    """Replace one character that an encoding lacks; by escapes, if it is none of ours."""
    if isinstance(error, UnicodeEncodeError):
        sign = _STAND_INS.get(error.object[error.start])
        if sign is not None:
            return sign, error.start + 1
        error.end = error.start + 1
    return codecs.backslashreplace_errors(error)


codecs.register_error(_STAND_IN, _stand_in)
