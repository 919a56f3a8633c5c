"""Embedding matrices are found by name, read exactly, and damaged files are refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import save_file

from tokstat.distillation.static_models import Distillation, distill_plainly
from tokstat.errors import DataError, SourceNotFoundError, TeacherError
from tokstat.model.embedding_matrices import (
    INDEX,
    SINGLE,
    Tensor,
    find_embeddings,
    require_safetensors,
)

MATRIX = np.random.default_rng(1).normal(size=(40, 6)).astype(np.float32)


def read(tensor: Tensor, rows: int = 7) -> NDArray[np.float32]:
    return np.concatenate([block for _, block in tensor.blocks(rows)])


def write_raw(path: Path, header: dict[str, Any], data: bytes) -> None:
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def entry(dtype: str, shape: list[int], size: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [0, size]}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_reads_what_the_safetensors_package_wrote(tmp_path: Path, dtype: type) -> None:
    stored: NDArray[Any] = MATRIX.astype(dtype)
    others = {"wpe.weight": stored[:9], "h.0.attn.bias": stored[0]}
    save_file({"wte.weight": stored, **others}, tmp_path / SINGLE)
    found = find_embeddings(tmp_path)
    assert found is not None
    assert found.output is None
    assert found.input.shape == (40, 6)
    np.testing.assert_array_equal(read(found.input), stored.astype(np.float32))
    np.testing.assert_array_equal(found.input.row(39), stored[39].astype(np.float32))


def test_bfloat16_is_the_upper_half_of_a_float(tmp_path: Path) -> None:
    halves = (MATRIX.view(np.uint32) >> 16).astype("<u2")
    header = {"model.embed_tokens.weight": entry("BF16", [40, 6], halves.nbytes)}
    write_raw(tmp_path / SINGLE, header, halves.tobytes())
    found = find_embeddings(tmp_path)
    assert found is not None
    np.testing.assert_allclose(read(found.input), MATRIX, rtol=2**-7)
    np.testing.assert_array_equal(read(found.input).view(np.uint32) & 0xFFFF, 0)


@pytest.mark.parametrize(
    ("names", "chosen", "output"),
    [
        (["embeddings.word_embeddings.weight"], 0, None),
        (["embeddings"], 0, None),
        (["shared.weight", "encoder.block.0.layer.0.weight"], 0, None),
        (["model.embed_tokens.weight", "lm_head.weight"], 0, 1),
        (["gpt_neox.embed_in.weight", "embed_out.weight"], 0, 1),
        (["tok_embeddings.weight", "output.weight"], 0, 1),
        (["vision_tower.embeddings.weight", "language_model.model.embed_tokens.weight"], 1, None),
        (["embeddings.position_embeddings.weight"], None, None),
        (["embeddings.token_type_embeddings.weight"], None, None),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_names(names: list[str], chosen: int | None, output: int | None, tmp_path: Path) -> None:
    save_file({name: MATRIX + place for place, name in enumerate(names)}, tmp_path / SINGLE)
    found = find_embeddings(tmp_path)
    assert (found.input.name if found else None) == (None if chosen is None else names[chosen])
    apart = found.output.name if found and found.output else None
    assert apart == (None if output is None else names[output])


def test_a_matrix_that_is_stored_twice_is_tied(tmp_path: Path) -> None:
    both = {"model.embed_tokens.weight": MATRIX, "lm_head.weight": MATRIX.copy()}
    save_file(both, tmp_path / SINGLE)
    found = find_embeddings(tmp_path)
    assert found is not None
    assert found.output is None


def test_shards(tmp_path: Path) -> None:
    """Only the files with telling names are opened: the second one is not there."""
    save_file({"model.embed_tokens.weight": MATRIX}, tmp_path / "1.safetensors")
    save_file({"lm_head.weight": MATRIX + 1}, tmp_path / "3.safetensors")
    weight_map = {
        "model.embed_tokens.weight": "1.safetensors",
        "model.layers.0.mlp.weight": "2.safetensors",
        "lm_head.weight": "3.safetensors",
    }
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": weight_map}))
    found = find_embeddings(tmp_path)
    assert found is not None
    assert found.output is not None
    np.testing.assert_array_equal(read(found.output), MATRIX + 1)
    (tmp_path / "3.safetensors").unlink()
    with pytest.raises(SourceNotFoundError, match=r"3\.safetensors"):
        find_embeddings(tmp_path)


@pytest.mark.parametrize(
    "weight_map", [None, [], {"wte.weight": 5}, {"wte.weight": "../1.safetensors"}], ids=str
)
def test_damaged_index(weight_map: object, tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": weight_map}))
    with pytest.raises(DataError, match="index"):
        find_embeddings(tmp_path)


@pytest.mark.parametrize(
    "found",
    [
        5,
        {},
        {"dtype": "F32", "shape": [40, 6]},
        entry("F32", [40, -6], 960),
        entry("F32", [40, 7], 960),
        entry("F32", [1 << 60, 1 << 60], 960),
        {**entry("F32", [40, 6], 0), "data_offsets": [4, 964]},
        {**entry("F32", [40, 6], 0), "data_offsets": [960, 0]},
        {**entry("F32", [40, 6], 0), "data_offsets": [0.0, 960.0]},
        {**entry("F32", [40, 6], 960), "dtype": ["F32"]},
    ],
    ids=str,
)
def test_damaged_entry(found: object, tmp_path: Path) -> None:
    write_raw(tmp_path / SINGLE, {"wte.weight": found}, MATRIX.tobytes())
    with pytest.raises(DataError, match=r"wte\.weight"):
        find_embeddings(tmp_path)


def test_quantized_and_empty_matrices_are_none(tmp_path: Path) -> None:
    header = {"wte.weight": entry("I8", [40, 6], 240), "shared.weight": entry("F32", [0, 6], 0)}
    write_raw(tmp_path / SINGLE, header, bytes(240))
    assert find_embeddings(tmp_path) is None
    assert find_embeddings(tmp_path / "absent") is None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / SINGLE
    save_file({"wte.weight": MATRIX, "lm_head.weight": MATRIX + 1}, path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, 200))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        found = find_embeddings(path)
    except DataError:
        return
    if found is not None:
        assert read(found.input).shape == found.input.shape


def _indexed(*shards: str) -> bytes:
    return json.dumps({"weight_map": {f"w{n}": name for n, name in enumerate(shards)}}).encode()


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"pytorch_model.bin": b"x"}, "no weights in safetensors"),
        ({"other.safetensors": b"x", "pytorch_model.bin": b"x"}, "no weights in safetensors"),
        ({INDEX: _indexed("a.safetensors", "b.bin"), "a.safetensors": b"", "b.bin": b"x"}, "b.bin"),
        ({INDEX: _indexed("../b.safetensors")}, "../b"),
        ({SINGLE: b"x", "adapter_config.json": b"{}", "adapter_model.bin": b"x"}, "adapter"),
    ],
)
def test_weights_that_would_be_unpickled(
    files: dict[str, bytes], named: str, tmp_path: Path
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=re.escape(named)):
        require_safetensors(tmp_path)
    with pytest.raises(TeacherError, match=re.escape(named)):
        distill_plainly(tmp_path, Distillation())


def test_weights_in_safetensors(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"x")
    (tmp_path / INDEX).write_bytes(_indexed("a.safetensors"))
    require_safetensors(tmp_path)
    (tmp_path / SINGLE).write_bytes(b"x")
    (tmp_path / INDEX).unlink()
    require_safetensors(tmp_path)
