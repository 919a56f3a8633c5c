"""What adapters save of the embedding, by the names that PEFT gives its tensors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from tokstat.model.folder import ModelFolder

INNER = "base_model.model.model"


def folder(path: Path, config: Any, **shapes: tuple[int, int]) -> ModelFolder:
    (path / "adapter_config.json").write_text(json.dumps(config), "utf-8")
    tensors = {
        f"{INNER}.{name}": np.zeros(shape, np.float32) for name, shape in shapes.items()
    } or {"x": np.zeros((1, 1), np.float32)}
    save_file(tensors, path / "adapter_model.safetensors")
    return ModelFolder(path)


@pytest.mark.parametrize(
    ("name", "shape", "rows"),
    [
        ("embed_tokens.weight", (40, 8), 40),
        ("embed_tokens.modules_to_save.default.weight", (40, 8), 40),
        ("embed_tokens.lora_embedding_A", (4, 40), 40),
        ("layers.0.self_attn.q_proj.lora_A.weight", (4, 8), None),
    ],
)
def test_rows_of_the_embedding(
    tmp_path: Path, name: str, shape: tuple[int, int], rows: int | None
) -> None:
    found = folder(tmp_path, {"base_model_name_or_path": "org/base"}, **{name: shape}).adapter
    assert found is not None
    assert (found.base, found.rows, found.trained) == ("org/base", rows, frozenset())


@pytest.mark.parametrize("indices", [[3, 4], {"embed_tokens": [3], "lm_head": [4]}])
def test_ids_that_are_trained(tmp_path: Path, indices: Any) -> None:
    found = folder(tmp_path, {"trainable_token_indices": indices}).adapter
    assert found is not None
    assert found.trained == {3, 4}


def test_a_folder_without_an_adapter_or_with_a_damaged_one(tmp_path: Path) -> None:
    assert ModelFolder(tmp_path).adapter is None
    damaged = folder(tmp_path, {"peft_type": "LORA"})
    (tmp_path / "adapter_model.safetensors").write_bytes(b"\xff" * 9)
    assert damaged.adapter is None
    assert len(damaged.broken) == 1
