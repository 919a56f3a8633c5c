"""GGUF files, held to the tokenizers that they are written from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from time import process_time
from typing import Any

import gguf
import pytest
import tokenizers
from tokenizers import AddedToken, models

from tests import gguf_files
from tests.loading.agreement import differences, ids_of, without
from tests.loading.conftest import CONTROL_NAMES, model_of, processor_of, small
from tests.samples import sample
from tokstat.errors import InvalidTokenizerError, NoTokenizerError, SourceNotFoundError
from tokstat.loading import load
from tokstat.loading.gguf_header import read_header
from tokstat.tokenizer.tokenizer import Tokenizer


def assert_same(path: Path, source: tokenizers.Tokenizer, names: tuple[str, ...] = ()) -> Tokenizer:
    loaded = load(path)
    texts = without(sample(), names)
    assert differences(loaded.backend, lambda text: ids_of(source, text), texts) == []
    assert loaded.backend.get_vocab() == source.get_vocab()
    return loaded


@pytest.mark.parametrize("spec", ["{}", "gguf:{}"])
def test_origin(spec: str, tmp_path: Path) -> None:
    path = gguf_files.from_tokenizer_json(tmp_path / "m.gguf", small(), "gpt-2")
    path.write_bytes(path.read_bytes() + b"weights" * 300_000)
    origin = load(spec.format(path)).origin
    assert origin.loader == "GGUF gpt2, pre-tokenizer gpt-2"
    assert origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert origin.files == ("m.gguf",)
    assert origin.notes == ()
    assert load(tmp_path).origin.source == str(tmp_path)


def test_byte_level(tmp_path: Path) -> None:
    source = small()
    source.add_tokens([AddedToken("<tool>", normalized=False)])
    path = gguf_files.from_tokenizer_json(tmp_path / "m.gguf", source, "gpt-2")
    loaded = assert_same(path, source)
    assert ids_of(loaded.backend, "a<tool>b") == ids_of(source, "a<tool>b")
    assert loaded.vocabulary[source.get_vocab()["<|endoftext|>"]].kind == "special"
    assert loaded.vocabulary[source.get_vocab()["<tool>"]].kind == "added"
    assert len(loaded.vocabulary) == source.get_vocab_size()


def test_byte_level_of_a_real_vocabulary(modernbert: Tokenizer, tmp_path: Path) -> None:
    path = gguf_files.from_tokenizer_json(tmp_path / "m.gguf", modernbert.backend, "modern-bert")
    assert_same(path, modernbert.backend, ("[MASK]",))


def test_a_blank_before_the_text(tmp_path: Path) -> None:
    source = small(prefix=True)
    path = gguf_files.from_tokenizer_json(tmp_path / "m.gguf", source, "gpt-2")
    header: dict[str, Any] = dict(read_header(path, "tokenizer.ggml."))
    tokens, merges = (header[f"tokenizer.ggml.{key}"] for key in ("tokens", "merges"))
    gguf_files.write(path, "gpt2", tokens, merges=merges, pre="gpt-2", add_space_prefix=True)
    loaded = load(path)
    assert loaded.adds_leading_space
    words = ["the", " the", "of the"]
    assert differences(loaded.backend, lambda text: ids_of(source, text), words) == []


@pytest.mark.parametrize("pre", [None, "default"])
def test_what_the_file_leaves_open_is_noted(pre: str | None, tmp_path: Path) -> None:
    values = {} if pre is None else {"pre": pre}
    path = gguf_files.write(tmp_path / "m.gguf", "gpt2", ["a", "b", "ab"], merges=["a b"], **values)
    loaded = load(path)
    assert len(loaded.origin.notes) == 1
    assert ids_of(loaded.backend, "abab") == [2, 2]


@pytest.mark.parametrize("said", [True, False])
def test_wordpiece(said: bool, bert: Tokenizer, tmp_path: Path) -> None:
    path = gguf_files.from_wordpiece(tmp_path / "m.gguf", bert.backend, said=said)
    loaded = assert_same(path, bert.backend)
    assert loaded.origin.loader == "GGUF bert"
    assert loaded.lowercases
    assert loaded.vocabulary.tokens == bert.vocabulary.tokens
    assert loaded.vocabulary.kind_codes.tolist() == bert.vocabulary.kind_codes.tolist()


def test_cased_wordpiece(tmp_path: Path) -> None:
    vocab = {token: index for index, token in enumerate(["[UNK]", "Word", "##s", "word", "É"])}
    source = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    source.add_special_tokens(["[UNK]"])
    path = gguf_files.from_wordpiece(tmp_path / "m.gguf", source, said=False)
    loaded = load(path)
    assert not loaded.lowercases
    assert loaded.backend.encode("Words É").tokens == ["Word", "##s", "É"]


@pytest.mark.parametrize(
    "name", ["bpe like Llama's", "bpe like Gemma's", "unigram", "unigram like XLNet's"]
)
def test_sentencepiece(name: str, tmp_path: Path) -> None:
    path = gguf_files.from_sentencepiece(tmp_path / "m.gguf", model_of(name))
    loaded = load(path)
    assert loaded.origin.loader == ("GGUF t5" if "unigram" in name else "GGUF llama")
    texts = without(sample(), CONTROL_NAMES)
    assert differences(loaded.backend, processor_of(name).encode, texts) == []


def test_sentencepiece_with_merges(tmp_path: Path) -> None:
    """As Gemma 4 is written: pieces, and merges beside them."""
    byte_pieces = [f"<0x{byte:02X}>" for byte in range(256)]
    tokens = ["<pad>", "<unk>", *byte_pieces, "▁", "t", "h", "e", "th", "the", "▁the"]
    path = gguf_files.write(
        tmp_path / "m.gguf",
        "gemma4",
        tokens,
        merges=["t h", "th e", "▁ the"],
        unknown_token_id=1,
    )
    loaded = load(path)
    assert loaded.scheme.name == "metaspace"
    assert loaded.backend.encode("the the é").tokens == [
        *("the", "▁the", "▁", "<0xC3>", "<0xA9>"),
    ]


def test_embedded_tokenizer_json(tmp_path: Path) -> None:
    source = small(prefix=True)
    writer = gguf.GGUFWriter(tmp_path / "m.gguf", "llama")
    writer.add_string("tokenizer.huggingface.json", source.to_str())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    loaded = assert_same(tmp_path / "m.gguf", source)
    assert loaded.origin.loader == "GGUF tokenizer.huggingface.json"


@pytest.mark.parametrize(
    ("model", "values", "problem"),
    [
        ("rwkv", {}, "rwkv"),
        ("gpt2", {"merges": ["a b"], "pre": "gpt-77"}, "gpt-77"),
        ("gpt2", {"merges": ["a z"], "pre": "gpt-2"}, "merge 0"),
        ("gpt2", {"merges": ["ab"], "pre": "gpt-2"}, "merge 0"),
        ("gpt2", {"merges": ["a b"], "pre": 7}, r"\bpre\b"),
        ("gpt2", {"merges": [1, 2], "pre": "gpt-2"}, r"\bmerges\b"),
        ("llama", {"token_type": [1, 1]}, r"\btoken_type\b.*\b2\b.*\b3\b"),
        ("llama", {"token_type": [1, 1, 9], "unknown_token_id": 0}, r"\b9\b"),
        ("bert", {"unknown_token_id": 30}, "30"),
        ("t5", {"unknown_token_id": 0, "precompiled_charsmap": [1, 2]}, r"\b2\b.*\b4\b"),
    ],
)
def test_what_is_unsound_is_said(
    model: str, values: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    path = gguf_files.write(tmp_path / "m.gguf", model, ["a", "b", "ab"], **values)
    with pytest.raises(InvalidTokenizerError, match=problem):
        load(path)


@pytest.mark.parametrize(
    ("model", "values", "notes"),
    [
        ("gpt2", {"pre": "gpt-2"}, 1),
        ("gpt2", {"pre": "gpt-2", "merges": ["a b"]}, 0),
        ("llama", {}, 2),
        ("llama", {"scores": [0.0, -1.0, -2.0]}, 1),
        ("t5", {"unknown_token_id": 0}, 2),
    ],
)
def test_what_is_missing_is_noted(
    model: str, values: dict[str, Any], notes: int, tmp_path: Path
) -> None:
    path = gguf_files.write(tmp_path / "m.gguf", model, ["a", "b", "ab"], **values)
    assert len(load(path).origin.notes) == notes


@pytest.mark.parametrize(
    "values",
    [
        {"scores": [0, -1, -2, -3], "token_type": [2, 1, 1, 1]},
        {"scores": [0.0, -1.0, -2.0, -3.0, -4.0], "token_type": [2, 1, 1, 1, 1, 1]},
        {"scores": [0.0, -1.0, -2.0, -3.0]},
    ],
    ids=["whole numbers", "longer", "no types"],
)
def test_what_llama_cpp_loads_is_loaded(values: dict[str, Any], tmp_path: Path) -> None:
    tokens = ["<unk>", "ab", "a", "b"]
    path = gguf_files.write(tmp_path / "m.gguf", "llama", tokens, add_space_prefix=False, **values)
    tokenizer = load(path)
    assert tokenizer.encode("abc") == [1, 0]
    (note,) = tokenizer.origin.notes
    assert "no byte tokens" in note


def test_a_number_in_brackets_inside_and_at_the_start_of_a_word(tmp_path: Path) -> None:
    tokens = ["[UNK]", "▁[1]", "[1]", "▁a", "[unused0]"]
    path = gguf_files.write(tmp_path / "m.gguf", "bert", tokens, token_type=[3, 1, 1, 1, 1])
    vocabulary = load(path).backend.get_vocab()
    assert vocabulary == {"[UNK]": 0, "[1]": 1, "##[1]": 2, "a": 3, "[unused0]": 4}


def test_a_token_twice_is_found_in_little_time(tmp_path: Path) -> None:
    tokens = [f"t{number}" for number in range(80_000)]
    path = gguf_files.write(tmp_path / "m.gguf", "gpt2", [*tokens, tokens[-1]])
    start = process_time()
    with pytest.raises(InvalidTokenizerError, match="'t79999' twice"):
        load(path)
    assert process_time() - start < 3


def test_a_file_without_a_tokenizer(tmp_path: Path) -> None:
    path = gguf_files.write(tmp_path / "m.gguf", "none", ["a"])
    with pytest.raises(NoTokenizerError, match=r"m\.gguf.*'none'"):
        load(path)
    with pytest.raises(SourceNotFoundError, match=r"absent\.gguf"):
        load("gguf:absent.gguf")
    with pytest.raises(SourceNotFoundError):
        load("gguf:")


def test_several_files_in_a_folder(tmp_path: Path) -> None:
    """The parts of one model are one; several models are not."""
    for part in (1, 2, 3):
        name = f"m-0000{part}-of-00003.gguf"
        gguf_files.write(tmp_path / name, "gpt2", ["a", "b", "ab"], merges=["a b"], pre="gpt-2")
    assert load(tmp_path).origin.files == ("m-00001-of-00003.gguf",)
    gguf_files.write(tmp_path / "other.gguf", "gpt2", ["a"], merges=["a b"], pre="gpt-2")
    with pytest.raises(NoTokenizerError, match=r"m-00001-of-00003\.gguf, other\.gguf"):
        load(tmp_path)
