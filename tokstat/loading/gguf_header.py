"""Read the key-value header of a GGUF file, and nothing after it.

The file is mapped into memory, because weights of any size may follow. Every size in the header
is checked against the bytes that remain. The gguf package does not check: it builds an array for
each declared element, which takes seconds for a good file and all memory for a bad one.
Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from tokstat.errors import AccessDeniedError, InvalidTokenizerError
from tokstat.io.limits import limits, require_few_tokens

MAGIC = b"GGUF"

_VERSIONS = (2, 3)
_NUMBERS = {0: "u1", 1: "i1", 2: "u2", 3: "i2", 4: "u4", 5: "i4", 6: "f4", 7: "?"} | {
    10: "u8",
    11: "i8",
    12: "f8",
}
"""NumPy's names of the GGUF types with values of a fixed size."""

_STRING, _ARRAY = 8, 9
_DEEPEST = 4
_MOST_KEYS = 1 << 16
_MOST_NUMBERS = 1 << 24

Value = int | float | bool | str | list[str] | list[int] | list[float] | None


def read_header(path: Path, prefix: str) -> dict[str, Value]:
    """Return the values of the keys that begin with `prefix`, with None for nested arrays.

    Raises:
        InvalidTokenizerError: the file is not a GGUF file, or is truncated or damaged.
        LimitError: an array of texts has more items than the limit `tokens`.
        AccessDeniedError: the file cannot be read.
    """
    with _mapped(path) as data:
        try:
            return dict(_Reader(data, str(path)).entries(prefix))
        except (ValueError, struct.error) as error:
            reason = "it is truncated" if isinstance(error, struct.error) else str(error)
            raise InvalidTokenizerError(
                f"{path} is not a GGUF file, or is damaged: {reason}",
                "Download it again; the last download may be incomplete.",
            ) from error


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data
    except OSError as error:
        raise AccessDeniedError(
            f"{path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    except ValueError as error:  # an empty file cannot be mapped
        raise InvalidTokenizerError(f"{path} is empty", "Download it again.") from error


class _Reader:
    """Read a mapped header in order. A header that ends too early raises `struct.error`."""

    def __init__(self, data: mmap.mmap, source: str) -> None:
        self.data = data
        self.source = source
        self.position = 0
        self.order: Literal["<", ">"] = "<"

    def entries(self, prefix: str) -> Iterator[tuple[str, Value]]:
        """Yield the keys that begin with `prefix` and their values, and skip the others."""
        if self.data[:4] != MAGIC:
            raise ValueError(f"it begins with {self.data[:4]!r} instead of {MAGIC!r}")
        self.position = 4
        version = self.number("I")
        if version not in _VERSIONS and version.to_bytes(4, "little")[::-1] in (
            each.to_bytes(4, "little") for each in _VERSIONS
        ):
            self.order = ">"
            version = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in _VERSIONS:
            raise ValueError(f"its version is {version:,}; tokstat reads versions 2 and 3")
        self.number("Q")  # the number of tensors
        keys = self.number("Q")
        if keys > _MOST_KEYS:
            raise ValueError(f"it declares {keys:,} keys, more than {_MOST_KEYS:,}")
        for _ in range(keys):
            key = self.text()
            wanted = key.startswith(prefix)
            value = self.value(self.number("I"), wanted, 0)
            if wanted:
                yield key, value

    def number(self, kind: str) -> int:
        """Read an unsigned number of the type `kind`, in the notation of struct."""
        (value,) = struct.unpack_from(self.order + kind, self.data, self.position)
        self.position += struct.calcsize(kind)
        return int(value)

    def skip(self, size: int) -> int:
        """Skip `size` bytes, and return the position before them."""
        start = self.position
        if size > len(self.data) - start:
            raise ValueError(
                f"it declares {size:,} bytes at byte {start:,}, where only"
                f" {len(self.data) - start:,} remain"
            )
        self.position += size
        return start

    def text(self) -> str:
        """Read a string."""
        size = self.number("Q")
        if size > limits().file_size:
            raise ValueError(f"it declares a text of {size:,} bytes, beyond the limit file-size")
        start = self.skip(size)
        return self.data[start : start + size].decode("utf-8")

    def value(self, kind: int, wanted: bool, depth: int) -> Value:
        """Read a value, or skip it if it is not wanted."""
        if kind == _STRING:
            if wanted:
                return self.text()
            self.skip_texts(1)
            return None
        if kind == _ARRAY:
            return self.array(wanted, depth)
        (item,) = self.numbers(kind, 1)
        return item

    def array(self, wanted: bool, depth: int) -> Value:
        """Read an array of texts or numbers. Return None for an array of arrays."""
        kind, count = self.number("I"), self.number("Q")
        if kind == _ARRAY:
            if depth >= _DEEPEST:
                raise ValueError(f"its arrays are nested more than {_DEEPEST} deep")
            self.require_room(count, 12)
            for _ in range(count):
                self.array(False, depth + 1)
            return None
        if kind == _STRING:
            self.require_room(count, 8)
            if not wanted:
                self.skip_texts(count)
                return None
            require_few_tokens(count, self.source)
            return [self.text() for _ in range(count)]
        if wanted and count > _MOST_NUMBERS:
            raise ValueError(f"it declares an array of {count:,} numbers, beyond {_MOST_NUMBERS:,}")
        return self.numbers(kind, count)

    def numbers(self, kind: int, count: int) -> list[int] | list[float]:
        """Read numbers of one type."""
        if kind not in _NUMBERS:
            raise ValueError(f"a value has the unknown type {kind}")
        import numpy as np  # the names of formats must not import it

        kind_of_number = np.dtype(_NUMBERS[kind]).newbyteorder(self.order)
        start = self.skip(count * kind_of_number.itemsize)
        found: list[int] | list[float] = np.frombuffer(
            self.data[start : self.position], kind_of_number
        ).tolist()
        return found

    def skip_texts(self, count: int) -> None:
        """Skip texts without reading them."""
        for _ in range(count):
            self.skip(self.number("Q"))

    def require_room(self, count: int, least: int) -> None:
        """Raise ValueError if `count` elements of `least` bytes exceed the rest of the file."""
        if count > (len(self.data) - self.position) // least:
            raise ValueError(f"it declares an array of {count:,} elements, but ends before that")


_TYPES: dict[type, str] = {
    bool: "true or false",
    float: "a decimal number",
    int: "a whole number",
    list: "an array",
    str: "a text",
}

Item = TypeVar("Item")


@dataclass(frozen=True)
class Header:
    """Return the values of the header's keys, after a check of their types."""

    values: dict[str, Value]
    source: str

    def get(self, key: str, kind: type[Item], default: Item) -> Item:
        """Return the value of `tokenizer.ggml.KEY`, or the default."""
        value = self.values.get(f"tokenizer.ggml.{key}")
        if value is None:
            return default
        if not isinstance(value, kind):
            raise self.invalid(f"its key {key} must hold {_TYPES[kind]}")
        return value

    def has(self, key: str) -> bool:
        """Whether there is a value for `tokenizer.ggml.KEY`."""
        return self.values.get(f"tokenizer.ggml.{key}") is not None

    def items(self, key: str, kind: type[Item] | tuple[type[Item], ...]) -> list[Item]:
        """Return the array `tokenizer.ggml.KEY`, empty where it is absent."""
        values: list[Item] = self.get(key, list, [])
        if values and not isinstance(values[0], kind):
            first = kind[0] if isinstance(kind, tuple) else kind
            raise self.invalid(f"each item of its array {key} must be {_TYPES[first]}")
        return values

    def column(
        self, key: str, kind: type[Item] | tuple[type[Item], ...], count: int, default: Item
    ) -> list[Item]:
        """Return an array with one item for each of `count` tokens; more are left out."""
        values = (self.items(key, kind) or [default] * count)[:count]
        if len(values) != count:
            raise self.invalid(f"its array {key} has {len(values):,} items for {count:,} tokens")
        return values

    def invalid(self, problem: str) -> InvalidTokenizerError:
        """Return the error for a key that holds something else than it must."""
        return InvalidTokenizerError(
            f"The tokenizer in {self.source} is damaged: {problem}",
            "Download the file again, or convert the model again.",
        )
