"""What an edit leaves as it is goes into the new folder, and nothing from elsewhere."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tokstat.editing.carried import carry_over, copy_own, require_own
from tokstat.errors import EditError

MODULES = [{"path": ""}, {"path": "1_Pooling"}, {"path": "2_Dense"}]
FILES = {
    "modules.json": json.dumps(MODULES),
    "config_sentence_transformers.json": '{"prompts": {"query": "query: "}}',
    "sentence_bert_config.json": '{"max_seq_length": 128}',
    "1_Pooling/config.json": '{"pooling_mode_cls_token": true}',
    "2_Dense/config.json": "{}",
    "2_Dense/model.safetensors": "weights of a projection",
    "README.md": "# A model",
}
WRITTEN_ANEW = (
    *("config.json", "generation_config.json", "model.safetensors", "pytorch_model.bin"),
    *("model.safetensors.index.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"),
    *("spiece.model", "onnx/model.onnx", "onnx/config.json", "openvino/model.xml"),
    *("other/tokenizer.json", ".git/config", "chat_template.jinja"),
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    for name, content in {**FILES, **dict.fromkeys(WRITTEN_ANEW, "{}")}.items():
        path = tmp_path / "model" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "model"


def test_everything_that_is_not_edited_is_carried_over(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert carry_over(model, out) == tuple(sorted(FILES))
    found = {
        str(path.relative_to(out)): path.read_text() for path in out.rglob("*") if path.is_file()
    }
    assert found == FILES


@pytest.mark.parametrize("name", ["README.md", "1_Pooling/config.json", "modules.json"])
def test_links_that_leave_the_folder_are_refused(name: str, model: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("[]")
    (model / name).unlink()
    (model / name).symlink_to(tmp_path / "secret")
    with pytest.raises(EditError, match="secret"):
        carry_over(model, tmp_path / "out")


def test_linked_folders_and_pipes_are_refused(model: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (model / "3_Normalize").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EditError, match="3_Normalize"):
        carry_over(model, tmp_path / "out")
    os.mkfifo(model / "pipe")
    with pytest.raises(EditError, match="pipe"):
        require_own(model, "pipe")


def test_links_within_a_folder_and_into_the_blobs_of_the_hub_cache(tmp_path: Path) -> None:
    snapshot = tmp_path / "models--org--name" / "snapshots" / "abc"
    blobs = tmp_path / "models--org--name" / "blobs"
    for folder in (snapshot, blobs, tmp_path / "models--org--other" / "blobs"):
        folder.mkdir(parents=True)
    (blobs / "1").write_text("one")
    (snapshot / "a.txt").symlink_to(blobs / "1")
    (snapshot / "b.txt").symlink_to("a.txt")
    for name in ("a.txt", "b.txt"):
        copy_own(snapshot, name, tmp_path / "out")
        assert (tmp_path / "out" / name).read_text() == "one"
        assert not (tmp_path / "out" / name).is_symlink()
    (tmp_path / "models--org--other" / "blobs" / "2").write_text("two")
    (snapshot / "c.txt").symlink_to(tmp_path / "models--org--other" / "blobs" / "2")
    with pytest.raises(EditError, match=r"c\.txt"):
        copy_own(snapshot, "c.txt", tmp_path / "out")
