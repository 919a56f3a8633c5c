"""What an adapter (PEFT) beside a tokenizer holds of the embedding matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokstat.model.embedding_matrices import INPUT_NAME, tensor_headers
from tokstat.model.folder import ModelFolder

CONFIGURATION = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"

_WRAPPED = re.compile(r"\.modules_to_save(?:\.default)?|\.original_module|\.base_layer")
_LORA = re.compile(r"\.lora_embedding_A(?:\.default)?(?:\.weight)?\Z")


@dataclass(frozen=True)
class Adapter:
    """Hold an adapter: its base model, the rows that it has, and the ids that it trains.

    `rows` is the number of rows of its input matrix, None where it leaves the base model's as it
    is.
    """

    base: str
    rows: int | None
    trained: frozenset[int]


def read_adapter(folder: ModelFolder) -> Adapter | None:
    """Return the adapter in a folder, None without one.

    Raises:
        DataError: the weights are damaged.
    """
    config = folder.configuration(CONFIGURATION)
    if not config:
        return None
    weights = folder.path / WEIGHTS
    rows = max(_rows(weights), default=None) if weights.is_file() else None
    base = config.get("base_model_name_or_path")
    trained = frozenset(_ids(config.get("trainable_token_indices")))
    return Adapter(base if isinstance(base, str) else "", rows, trained)


def _rows(weights: Path) -> Iterator[int]:
    for name, entry, _, _ in tensor_headers(weights):
        shape = entry.get("shape") if isinstance(entry, dict) else None
        if not isinstance(shape, list) or len(shape) != 2:
            continue
        lora = _LORA.search(name)
        inner = name[: lora.start()] if lora else _WRAPPED.sub("", name)
        size = shape[1] if lora else shape[0]
        if INPUT_NAME.search(inner) and type(size) is int:
            yield size


def _ids(indices: Any) -> Iterator[int]:
    """Yield the ids of a list, or of an object of lists by the names of matrices."""
    lists = indices.values() if isinstance(indices, dict) else [indices]
    for each in lists:
        if isinstance(each, list):
            yield from (number for number in each if type(number) is int)
