"""Find and read the embedding matrices in a model's safetensors files.

A file is an 8-byte length, a JSON header and raw numbers, and every offset is checked. The
safetensors package cannot return bfloat16 as numpy, nor the header alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import DataError, SourceNotFoundError
from tokstat.io.files import damaged, parse_json_object, read_json_object

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"

MOST_HEADER_BYTES = 16 << 20
"""The format allows 100 MB, but even the header of hundreds of shards has under one MiB."""

_ITEM_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}

INPUT_NAME = re.compile(
    r"(?:^|\.)(?:embed_tokens|word_embeddings?|wte|tok_embeddings|token_embeddings?|embed_in|shared"
    r"|embeddings?)(?:\.weight)?\Z"
)
_OUTPUT = re.compile(r"(?:^|\.)(?:lm_head|embed_out|output|proj_out|decoder)\.weight\Z")
_HEAD = re.compile(r"(?:^|\.)(?:lm_head|embed_out)\.weight\Z")
_OF_OTHER_THINGS = re.compile(r"vision|visual|image|audio|patch|position")


@dataclass(frozen=True)
class Tensor:
    """Locate one tensor: its file, the byte offset of its numbers, their type and their shape."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    path: Path
    offset: int

    def blocks(self, rows: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield each block's first row number and its numbers, shape (at most `rows`, width)."""
        mapped = np.memmap(self.path, _DTYPES[self.dtype], "r", self.offset, self.shape)
        for start in range(0, self.shape[0], rows):
            yield start, self._floats(mapped[start : start + rows])

    def row(self, index: int) -> NDArray[np.float32]:
        """Return one row of the matrix, shape (width,)."""
        mapped = np.memmap(self.path, _DTYPES[self.dtype], "r", self.offset, self.shape)
        return self._floats(mapped[index])

    def _floats(self, stored: NDArray[Any]) -> NDArray[np.float32]:
        if self.dtype == "BF16":  # bfloat16 is the upper half of a float32
            return (stored.astype(np.uint32) << 16).view(np.float32)
        return stored.astype(np.float32)


@dataclass(frozen=True)
class Embeddings:
    """Hold a model's input matrix, and its output matrix if the two differ (are untied).

    `short_output` is an output matrix with fewer rows than the input matrix.
    """

    input: Tensor
    output: Tensor | None = None
    short_output: Tensor | None = None


def find_embeddings(place: Path) -> Embeddings | None:
    """Find the embedding matrices in a folder or in one safetensors file, None without any.

    The names of tensors decide. Of several candidates the one with most rows is taken, because
    multimodal models have more than one.

    Raises:
        DataError: a file is damaged.
        LimitError: a header is nested too deeply.
        SourceNotFoundError: the index names a file that does not exist.
    """
    tensors = [
        tensor for tensor in _tensors(place) if len(tensor.shape) == 2 and min(tensor.shape) > 0
    ]
    inputs = [tensor for tensor in tensors if INPUT_NAME.search(tensor.name)]
    if not inputs:
        return None
    matrix = max(inputs, key=lambda tensor: tensor.shape[0])
    outputs = [
        tensor
        for tensor in tensors
        if tensor not in inputs and tensor.shape == matrix.shape and _OUTPUT.search(tensor.name)
    ]
    untied = [tensor for tensor in outputs if not _same_numbers(tensor, matrix)]
    short = [
        tensor
        for tensor in tensors
        if _HEAD.search(tensor.name)
        and tensor.shape[1] == matrix.shape[1]
        and tensor.shape[0] < matrix.shape[0]
    ]
    return Embeddings(matrix, untied[0] if untied else None, short[0] if short else None)


def _same_numbers(first: Tensor, second: Tensor) -> bool:
    """Whether two matrices have the same first and last rows, so that one is a copy."""
    return all(
        np.array_equal(first.row(row), second.row(row), equal_nan=True)
        for row in (0, first.shape[0] - 1)
    )


def _tensors(place: Path) -> Iterator[Tensor]:
    """Yield the tensors whose names fit; open only the files that contain such tensors."""
    if place.is_file():
        files = [place]
    elif (place / INDEX).is_file():
        files = _shards(place / INDEX)
    else:
        files = [place / SINGLE] if (place / SINGLE).is_file() else []
    for file in files:
        for name, entry, start, size in tensor_headers(file):
            if _is_wanted(name):
                yield from _tensor(file, name, entry, start, size)


def _is_wanted(name: str) -> bool:
    if _OF_OTHER_THINGS.search(name):
        return False
    return bool(INPUT_NAME.search(name) or _OUTPUT.search(name))


def require_safetensors(folder: Path) -> None:
    """Raise DataError unless all weights of a model are in safetensors, so that none is unpickled.

    transformers reads any other file that an index names, and the weights of an adapter, by torch.
    """
    if (folder / "adapter_config.json").exists():
        raise DataError(f"{folder} is an adapter", "Merge it into its model first.")
    if (folder / SINGLE).is_file():
        return
    if not (folder / INDEX).is_file():
        raise DataError(
            f"{folder} has no weights in safetensors",
            "Convert them: pickled weights (.bin, .pt) can run any code, and are never read.",
        )
    for file in _shards(folder / INDEX, all_tensors=True):
        if file.suffix != ".safetensors":
            raise damaged(folder / INDEX, f"it names {file.name!r}, which is not in safetensors")


def _shards(index: Path, *, all_tensors: bool = False) -> list[Path]:
    content = read_json_object(index, MOST_HEADER_BYTES)
    names = content.get("weight_map")
    if not isinstance(names, dict) or not all(isinstance(file, str) for file in names.values()):
        raise damaged(index, "its weight_map does not map tensors to file names")
    files = sorted({file for tensor, file in names.items() if all_tensors or _is_wanted(tensor)})
    for file in files:
        if Path(file).name != file:
            raise damaged(index, f"it names {file!r}, which is not a file in its own folder")
        if not _is_file(index.parent / file):
            raise SourceNotFoundError(
                f"{index} names {file}, but its folder has no such file",
                f"Download {file} into the same folder.",
            )
    return [index.parent / file for file in files]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # the name is too long or invalid
        return False


def tensor_headers(path: Path) -> Iterator[tuple[str, Mapping[str, Any], int, int]]:
    """Yield each tensor's name and entry, with the start and size of the file's data in bytes.

    Raises:
        DataError: the file is damaged.
        LimitError: the header is nested too deeply.
    """
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if total < 8 or length > min(MOST_HEADER_BYTES, total - 8):
                raise damaged(path, f"it has {total:,} bytes, but declares a header of {length:,}")
            header = parse_json_object(path, file.read(length))
    except OSError as error:
        raise damaged(path, f"it cannot be read: {error.strerror or error}") from error
    for name, entry in header.items():
        if name != "__metadata__":
            yield name, entry, 8 + length, total - 8 - length


def _tensor(path: Path, name: str, entry: Any, start: int, size: int) -> Iterator[Tensor]:
    """Yield the tensor of a header's entry, or nothing if its number type is not supported."""
    try:
        dtype, shape = entry["dtype"], tuple(entry["shape"])
        first, last = entry["data_offsets"]
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path, f"the entry {name!r} does not describe a tensor") from error
    numbers = (*shape, first, last)
    if not isinstance(dtype, str) or not all(
        type(number) is int and number >= 0 for number in numbers
    ):
        raise damaged(path, f"the entry {name!r} has no valid number type or no valid shape")
    if dtype not in _ITEM_BYTES:  # quantized numbers are not embeddings without their scales
        return
    if not first <= last <= size or last - first != prod(shape) * _ITEM_BYTES[dtype]:
        raise damaged(path, f"the offsets of {name!r} do not match its shape or the file")
    yield Tensor(name, dtype, shape, path, start + first)
