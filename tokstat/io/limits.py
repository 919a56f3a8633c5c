"""Limits on what is read from foreign files, and on what is shown.

A file of a few bytes can claim any size, and a user can name a huge file by mistake (the weights
beside the tokenizer). The defaults are far above every published tokenizer, and bound memory and
time. Raise them on the command line (`tokstat --limit NAME=VALUE …`), by the variable
TOKSTAT_LIMITS, or by `set_limits`. A settings file cannot raise them: it may come with the very
files that the limits guard against.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from tokstat.errors import (
    AccessDeniedError,
    InvalidTokenizerError,
    LimitError,
    SettingsError,
    did_you_mean,
)
from tokstat.io.foreign_files import require_own_kind
from tokstat.text.wording import counted

VARIABLE = "TOKSTAT_LIMITS"

MOST_IDS = 10_000_000
"""One more than the highest id that a token may have."""

_MOST_PAIRS = 1 << 30
"""Largest sum of squared token lengths, which is the cost of trying every split of each token."""


@dataclass(frozen=True)
class Limits:
    """Hold the limits that can be changed.

    `file_size` in bytes (Mistral's tekken.json, the largest known tokenizer file, has 19 MiB);
    `tokens` of a vocabulary (XLM-V's, the largest published, has 901,629); `depth` of nested JSON;
    `token_length` in characters of one token; `findings` and `rows` of a table that one report
    shows (JSON has all); `seconds` of wall time that one call of a tokenizer may take, or all slow
    calls of it together in one command or function; `download_seconds` of wall time for the files
    of one tokenizer, or one set of words.
    """

    file_size: int = 128 << 20
    tokens: int = 1 << 20
    depth: int = 100
    token_length: int = 1 << 16
    findings: int = 1_000
    rows: int = 1_000
    seconds: int = 60
    download_seconds: int = 120


NAMES = tuple(field.name.replace("_", "-") for field in fields(Limits))

_VALUE = re.compile(r"(\d{1,15})([KMG]i?B)?", re.IGNORECASE)
_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}

_set: list[Limits] = []


def limits() -> Limits:
    """Return the limits of this process.

    Raises:
        SettingsError: the variable TOKSTAT_LIMITS is invalid.
    """
    if not _set:
        set_limits(Limits())
        set_limits(changed_limits(os.environ.get(VARIABLE, "").split()))
    return _set[0]


def set_limits(chosen: Limits) -> None:
    """Set the limits of this process from now on."""
    _set[:] = [chosen]


def changed_limits(changes: Iterable[str]) -> Limits:
    """Return the limits with changes, each `NAME=VALUE` such as `file-size=1GiB`.

    Raises:
        SettingsError: a name is unknown, or a value is not a whole number above zero.
    """
    chosen = limits()
    for change in changes:
        name, _, value = change.partition("=")
        if name not in NAMES:
            raise SettingsError(f"There is no limit {name!r}", did_you_mean(name, NAMES))
        match = _VALUE.fullmatch(value)
        number = int(match[1]) * _UNITS.get((match[2] or "").lower(), 1) if match else 0
        if not number:
            raise SettingsError(
                f"The limit {name} cannot be {value!r}",
                "Give a whole number above zero, or a size such as 1GiB.",
            )
        chosen = replace(chosen, **{name.replace("-", "_"): number})
    return chosen


def beyond(problem: str, name: str) -> LimitError:
    """Return the error for a limit that is exceeded."""
    return LimitError(
        problem, f"Give another file, or raise the limit: `tokstat --limit {name}=VALUE …`."
    )


def read_bounded(path: Path, most: int | None = None) -> bytes:
    """Read a file of at most `most` bytes; of a larger or endless one, no more than that.

    This is the one door to files that are read whole. By default `most` is the limit `file_size`.
    What counts is what is read: a device has no size, and a file may grow.

    Raises:
        OSError: the system refuses.
        LimitError: the file is larger.
    """
    bound = limits().file_size if most is None else most
    with path.open("rb") as file:
        data = file.read(bound + 1)
    if len(data) <= bound:
        return data
    if most is None:
        raise beyond(
            f"{path} has more than {counted(bound, 'byte')}, the limit file-size", "file-size"
        )
    raise LimitError(
        f"{path} has more than {counted(bound, 'byte')}, the most that such a file may have",
        "Give another file.",
    )


def read_beside(path: Path, most: int | None = None) -> bytes:
    """Read a file that nobody named, such as a configuration beside the file that was named.

    It must be a regular file: a pipe may never answer. Raises as `read_bounded`.
    """
    require_regular(path)
    return read_bounded(path, most)


def require_regular(path: Path) -> None:
    """Raise OSError if a path leads to a device, a pipe or a socket, and not to a file."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is a device or a pipe, and not a file", str(path))


def require_plain_folder(folder: Path) -> None:
    """Raise LimitError if a folder has files that another library must not be left to read.

    These are devices and pipes, and configurations above the limit `file_size`. Libraries read
    all that they find, whole.
    """
    for path in (*folder.iterdir(), *folder.glob("*/*.json")):
        if path.is_dir():
            continue
        if not path.is_file():
            raise LimitError(
                f"{path} is a device, a pipe or a broken link, and not a file",
                "Remove it from the folder.",
            )
        size = path.stat().st_size
        if path.suffix in _READ_WHOLE and size > limits().file_size:
            raise beyond(f"{path} has {counted(size, 'byte')}, above the limit", "file-size")


_READ_WHOLE = (".json", ".txt", ".jinja", ".model", ".tiktoken")
"""How the names of files end that libraries read whole; they read weights in parts."""


def gunzip(data: bytes, source: str) -> bytes:
    """Decompress gzip to at most `file_size` bytes.

    Raises:
        OSError, EOFError, zlib.error: the data is damaged.
        LimitError: it unpacks to more, of which no more than that is unpacked.
    """
    import gzip

    most = limits().file_size
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        unpacked = file.read(most + 1)
    if len(unpacked) > most:
        raise beyond(
            f"{source} unpacks to more than {counted(most, 'byte')}, the limit file-size",
            "file-size",
        )
    return unpacked


def read_text(path: Path) -> str:
    """Read UTF-8 text without its byte order mark; raises as `read_bounded`, UnicodeDecodeError.

    `reason_of` has a plain sentence for that error.
    """
    return read_bounded(path).decode("utf-8-sig")


def read_tokenizer_file(path: Path, *, may_be_empty: bool = False) -> bytes:
    """Read a tokenizer file.

    Raises:
        AccessDeniedError: the system refuses.
        LimitError: the file is too large.
        InvalidTokenizerError: the file is empty, or is of another kind.
    """
    try:
        data = read_bounded(path)
    except OSError as error:
        raise AccessDeniedError(
            f"{path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    if not (may_be_empty or data.strip()):
        raise InvalidTokenizerError(f"{path} is empty", "Download or export the tokenizer again.")
    require_own_kind(data, str(path))
    return data


_BLOCK = 1 << 20
"""Bytes of JSON per block; the arrays made from one block fit into the processor's cache."""


_BUT_BRACKETS_AND_QUOTES = bytes(set(range(256)) - set(b'[]{}"'))
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_FEW = 1 << 19
"""Brackets that are counted one by one sooner than numpy is imported."""


def depth_of_json(data: bytes) -> int:
    """Return the depth of nested brackets in a JSON text, ignoring those in strings."""
    # Backslashes escape each other in pairs, and what is escaped is never a bracket of JSON.
    marks = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
    marks = marks.translate(_ONE_KIND, _BUT_BRACKETS_AND_QUOTES).replace(b'""', b"")
    if len(marks) > _FEW:
        return _depth_of_much_json(data)
    outside = b"".join(marks.split(b'"')[::2])
    steps = (1 if mark == 0x5B else -1 for mark in outside)
    return max(0, max(accumulate(steps), default=0))


def _depth_of_much_json(data: bytes) -> int:
    import numpy as np  # slow to import

    depth = deepest = quotes = 0
    rest = b""
    for start in range(0, len(data), _BLOCK):
        block = np.frombuffer(rest + data[start : start + _BLOCK], np.uint8)
        # Setting bit 0x20 makes [ and {, \\ and |, ] and } the same; the three are consecutive.
        places = np.flatnonzero(((block | 0x20) - ord("{") < 3) | (block == ord('"')))
        marks = block[places]
        # Backslashes escape each other in pairs: a quote after an odd number of them is escaped.
        is_slash = marks == ord("\\")
        follows_slash = np.zeros(len(marks), np.bool_)
        follows_slash[1:] = is_slash[:-1] & (places[1:] - places[:-1] == 1)
        order = np.arange(len(marks))
        is_escaped = (order - np.maximum.accumulate(order * ~follows_slash)) & 1 > 0
        is_open = len(marks) and is_slash[-1] and not is_escaped[-1]
        rest = b"\\" if is_open and places[-1] == len(block) - 1 else b""

        is_quote = (marks == ord('"')) & ~is_escaped
        number = quotes + np.cumsum(is_quote)
        outside = marks[number & 1 == 0] | 0x20
        steps = (outside == ord("{")).astype(np.int8) - (outside == ord("}"))
        depths = depth + np.cumsum(steps, dtype=np.int64)
        deepest = max(deepest, int(depths.max(initial=0)))
        quotes += int(is_quote.sum())
        depth += int(steps.sum())
    return deepest


def require_shallow(data: bytes, source: str) -> None:
    """Raise LimitError for JSON that nests deeper than `depth`."""
    most = limits().depth
    if depth_of_json(data) > most:
        raise beyond(
            f"{source} is nested deeper than {counted(most, 'level')}, the limit depth", "depth"
        )


def parse_json(data: bytes | str, source: str) -> Any:
    """Parse foreign JSON. Raises ValueError if it is invalid, LimitError if it nests too deep."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    require_shallow(data, source)
    return json.loads(data)


def require_few_tokens(tokens: Collection[object] | int, source: str) -> None:
    """Raise LimitError for more tokens than `tokens`."""
    count = tokens if isinstance(tokens, int) else len(tokens)
    most = limits().tokens
    if count > most:
        raise beyond(
            f"{source} has {counted(count, 'token')}, and the limit tokens is {most:,}", "tokens"
        )


def require_short_tokens(tokens: Collection[str | bytes], source: str) -> None:
    """Raise LimitError for more tokens than `tokens`, or one longer than `token_length`."""
    require_few_tokens(tokens, source)
    longest, most = max(map(len, tokens), default=0), limits().token_length
    if longest > most:
        raise beyond(
            f"{source} has a token of {counted(longest, 'character')}, and the limit token-length"
            f" is {most:,}",
            "token-length",
        )


def require_mergeable_tokens(tokens: Sequence[str | bytes], source: str) -> None:
    """Raise as `require_short_tokens`, and InvalidTokenizerError where merging takes minutes.

    Splitting every token at every place costs the square of its length.
    """
    require_short_tokens(tokens, source)
    if sum(len(token) ** 2 for token in tokens) > _MOST_PAIRS:
        longest = max(map(len, tokens))
        raise InvalidTokenizerError(
            f"{source} has tokens that are too long to merge: up to "
            f"{counted(longest, 'character')}",
            "Download or export the tokenizer again.",
        )
