"""Headers of GGUF files in either byte order, whole and damaged."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest

from tokstat.loading.gguf_header import read_header


@pytest.mark.parametrize("endianess", list(gguf.GGUFEndian))
def test_either_byte_order(endianess: gguf.GGUFEndian, tmp_path: Path) -> None:
    writer = gguf.GGUFWriter(tmp_path / "m.gguf", "llama", endianess=endianess)
    writer.add_array("tokenizer.ggml.tokens", ["ä", "b"])
    writer.add_array("tokenizer.ggml.scores", [0.5, -1.5])
    writer.add_uint32("tokenizer.ggml.bos_token_id", 7)
    writer.add_array("general.nested", ["x", "y"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    assert read_header(tmp_path / "m.gguf", "tokenizer.") == {
        "tokenizer.ggml.tokens": ["ä", "b"],
        "tokenizer.ggml.scores": [0.5, -1.5],
        "tokenizer.ggml.bos_token_id": 7,
    }
