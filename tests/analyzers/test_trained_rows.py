"""Added tokens without rows, in adapters and output matrices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from tests.cases import files_beside
from tests.cases.drafts import MATRIX, draft
from tokstat import inspect


@pytest.mark.parametrize(
    ("rows", "known_base", "severity", "count"),
    [
        (None, False, "info", 2),
        (None, True, "error", 2),
        (1, False, "error", 1),
        (1, True, "error", 1),
    ],
)
def test_added_tokens_of_an_adapter(
    tmp_path: Path, rows: int | None, known_base: bool, severity: str, count: int
) -> None:
    made = draft("byte-level")
    size = made.config["vocab_size"]
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text(json.dumps({"vocab_size": size}), "utf-8")
    path = str(base) if known_base else "org/base"
    files_beside.adapter(made, rows, base_model_name_or_path=path)
    made.write(tmp_path)
    (found,) = inspect(tmp_path, analyzers=["trained_rows"]).findings
    assert (found.code, found.severity) == ("TS673", severity)
    assert found.token_ids == tuple(range(size + 2 - count, size + 2))


def test_tokens_of_the_base_model_are_trained(tmp_path: Path) -> None:
    """As Llama 3's, whose special tokens are outside of the model's vocabulary."""
    made = draft("byte-level")
    base = tmp_path / "base"
    base.mkdir()
    files_beside.adapter(made, base_model_name_or_path=str(base))
    text = json.dumps({"vocab_size": 1_000_000})
    (base / "config.json").write_text(text, "utf-8")
    made.write(tmp_path)
    assert inspect(tmp_path, analyzers=["trained_rows"]).findings == ()


@pytest.mark.parametrize("base", ["", 3, None, "x" * 5000, "a\0b"])
def test_a_base_that_is_no_folder(tmp_path: Path, base: object) -> None:
    made = draft("byte-level")
    files_beside.adapter(made, base_model_name_or_path=base)
    made.write(tmp_path)
    assert [each.severity for each in inspect(tmp_path, analyzers=["trained_rows"]).findings] == [
        "info"
    ]


def test_a_short_head_has_no_number_for_the_last_token(tmp_path: Path) -> None:
    made = draft("byte-level")
    files_beside.head_with_fewer_rows_than_the_embedding(made)
    made.write(tmp_path)
    (found,) = inspect(tmp_path, analyzers=["trained_rows"]).findings
    tensors = load_file(tmp_path / "model.safetensors")
    scores = tensors["lm_head.weight"] @ tensors[MATRIX][0]
    with pytest.raises(IndexError):
        _ = scores[found.token_ids[0]]
