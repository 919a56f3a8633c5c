"""Files and folders of this machine."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import threading
from pathlib import Path

import pytest
import tokenizers

from tests.conftest import word_level_json
from tests.loading.conftest import ids, sha256
from tests.sentencepiece_models import train
from tokstat.errors import InvalidTokenizerError, NoTokenizerError, SourceNotFoundError
from tokstat.loading import load


def test_file_and_folder_are_the_same_tokenizer(bert_json: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(bert_json)
    for spec in (path, str(path), tmp_path, str(tmp_path)):
        loaded = load(spec)
        assert loaded.origin.spec == loaded.origin.source == str(spec)
        assert loaded.origin.loader == "tokenizer.json"
        assert loaded.origin.files == ("tokenizer.json",)
        assert loaded.origin.sha256 == sha256(bert_json)
        assert loaded.origin.revision is None
        assert loaded.origin.notes == ()
        assert ids(loaded.backend) == ids(tokenizers.Tokenizer.from_buffer(bert_json))


def test_any_file_name_will_do(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.write_bytes(word_level_json("one"))
    assert load(path).vocabulary.tokens == ["[UNK]", "one"]


def test_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "tokenizer.json").write_bytes(word_level_json("one"))
    assert len(load("~/tokenizer.json").vocabulary) == 2


def test_sha256_of_two_files_is_that_of_both(
    byte_level_bpe: tokenizers.Tokenizer, tmp_path: Path
) -> None:
    paths = [tmp_path / "vocab.json", tmp_path / "merges.txt"]
    digests = [sha256(path.read_bytes()) for path in paths]
    assert load(tmp_path).origin.sha256 == sha256("".join(digests).encode())


def test_tokenizer_json_is_preferred(byte_level_bpe: tokenizers.Tokenizer, tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("[UNK]\none\n")
    assert load(tmp_path).origin.loader == "vocab.txt"
    (tmp_path / "tokenizer.json").write_bytes(word_level_json("one"))
    assert load(tmp_path).origin.loader == "tokenizer.json"
    assert load(tmp_path / "vocab.txt").origin.loader == "vocab.txt"


def test_stored_padding_and_truncation_do_not_count(bert_json: bytes, tmp_path: Path) -> None:
    stored = tokenizers.Tokenizer.from_buffer(bert_json)
    stored.enable_padding(length=64)
    stored.enable_truncation(max_length=8)
    stored.save(str(tmp_path / "tokenizer.json"))
    content = json.loads((tmp_path / "tokenizer.json").read_bytes())
    assert content["padding"]
    assert content["truncation"]
    loaded = load(tmp_path)
    assert ids(loaded.backend) == ids(tokenizers.Tokenizer.from_buffer(bert_json))


def test_folder_without_a_tokenizer(tmp_path: Path) -> None:
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    with pytest.raises(NoTokenizerError) as caught:
        load(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_path_object_is_never_a_hub_name() -> None:
    with pytest.raises(SourceNotFoundError):
        load(Path("org/name"))


def test_only_files_of_the_usual_name_have_neighbours(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "gpt2.json"):
        (tmp_path / name).write_bytes(word_level_json("one"))
    (tmp_path / "config.json").write_text('{"vocab_size": 1}')
    assert load(tmp_path / "gpt2.json").model_folder is None
    for spec in (tmp_path, tmp_path / "tokenizer.json"):
        folder = load(spec).model_folder
        assert folder is not None
        assert folder.configuration("config.json") == {"vocab_size": 1}
        assert folder.configuration("tokenizer_config.json") == {}
        assert folder.broken == []


def test_a_pipe_is_read_once(bert_json: bytes, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(bert_json,), daemon=True)
    writer.start()
    assert load(pipe).origin.sha256 == sha256(bert_json)
    writer.join()


def test_a_configuration_beside_a_model_file_does_not_change_it(tmp_path: Path) -> None:
    """The folder is a model's, of the class that it names; the file is SentencePiece's."""
    (tmp_path / "tokenizer.model").write_bytes(train(byte_fallback=True))
    assert load(tmp_path).origin.loader == "SentencePiece BPE"
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "LlamaTokenizer"}')
    assert load(tmp_path / "tokenizer.model").origin.loader == "SentencePiece BPE"


def test_several_formats_in_a_folder(tmp_path: Path) -> None:
    """The usual name is taken; without one nothing is guessed."""
    model = train(byte_fallback=True)
    (tmp_path / "a.model").write_bytes(model)
    (tmp_path / "tokenizer.model.v3").write_bytes(model)
    with pytest.raises(NoTokenizerError, match=r"a\.model, tokenizer\.model\.v3"):
        load(tmp_path)
    (tmp_path / "tokenizer.model").write_bytes(model)
    assert load(tmp_path).origin.files == ("tokenizer.model",)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pickle.dumps({"a": 1}), "pickle"),
        (b"PK\x03\x04archive/data.pkl", "ZIP archive"),
        (gzip.compress(b"{}", mtime=0), "gzip"),
        (b"Hello, this is prose.\n", "plain text"),
        (b"%PDF-1.7", "PDF"),
    ],
)
@pytest.mark.parametrize("name", ["x.json", "x.model", "x.gguf", "x.bin"])
def test_what_is_no_tokenizer_is_called_what_it_is(
    content: bytes, kind: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidTokenizerError, match=kind):
        load(path)
