"""vocab.txt, and vocab.json with merges.txt, as upstream's tokenizer.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tokenizers

from tests.loading.conftest import SAMPLE, ids, sha256
from tests.needs import need_shared
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load


@pytest.fixture
def bert_folder(bert_json: bytes, tmp_path: Path) -> Path:
    """A folder with nothing but BERT's vocab.txt."""
    vocab: dict[str, int] = json.loads(bert_json)["model"]["vocab"]
    tokens = sorted(vocab, key=vocab.__getitem__)
    (tmp_path / "vocab.txt").write_text("\n".join(tokens) + "\n", "utf-8")
    return tmp_path


def test_vocab_txt_is_the_tokenizer_of_bert(bert_json: bytes, bert_folder: Path) -> None:
    expected = tokenizers.Tokenizer.from_buffer(bert_json)
    for spec in (bert_folder, bert_folder / "vocab.txt"):
        loaded = load(spec)
        assert loaded.origin.loader == "vocab.txt"
        assert loaded.origin.sha256 == sha256((bert_folder / "vocab.txt").read_bytes())
        assert loaded.backend.get_vocab() == expected.get_vocab()
        assert ids(loaded.backend) == ids(expected)
        assert ids(loaded.backend, special=False) == ids(expected, special=False)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_vocab_txt_with_either_line_ending(ending: str, tmp_path: Path) -> None:
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "one", "##s"]
    (tmp_path / "vocab.txt").write_bytes(ending.join(tokens).encode())
    backend = load(tmp_path).backend
    assert backend.get_vocab() == {token: index for index, token in enumerate(tokens)}
    assert backend.encode("ones").tokens == ["[CLS]", "one", "##s", "[SEP]"]


@pytest.mark.parametrize("lowercase", [True, False])
def test_do_lower_case_is_honoured(lowercase: bool, bert_folder: Path) -> None:
    config = {"do_lower_case": lowercase}
    (bert_folder / "tokenizer_config.json").write_text(json.dumps(config))
    loaded = load(bert_folder)
    assert loaded.lowercases is lowercase
    tokens = loaded.backend.encode("Nickel", add_special_tokens=False).tokens
    assert tokens == (["nickel"] if lowercase else ["[UNK]"])


@pytest.mark.parametrize("token", ["<unk>", {"__type": "AddedToken", "content": "<unk>"}])
def test_unknown_token_of_the_configuration(token: object, tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("<unk>\none\n")
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"unk_token": token}))
    assert load(tmp_path).backend.encode("one two").tokens == ["one", "<unk>"]


def test_vocab_json_and_merges_are_the_tokenizer_of_gpt2(
    byte_level_bpe: tokenizers.Tokenizer, tmp_path: Path
) -> None:
    loaded = load(tmp_path)
    assert loaded.origin.loader == "vocab.json + merges.txt"
    assert loaded.origin.files == ("vocab.json", "merges.txt")
    assert loaded.backend.get_vocab() == byte_level_bpe.get_vocab()
    assert ids(loaded.backend) == ids(byte_level_bpe)
    assert loaded.backend.decode_batch(ids(loaded.backend)) == list(SAMPLE)
    assert loaded.backend.encode("a<|endoftext|>", add_special_tokens=False).ids[-1] == 0


@pytest.mark.parametrize("prefix", [True, False])
def test_add_prefix_space_is_honoured(
    prefix: bool, byte_level_bpe: tokenizers.Tokenizer, tmp_path: Path
) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"add_prefix_space": prefix}))
    loaded = load(tmp_path)
    assert loaded.adds_leading_space is prefix
    assert loaded.backend.encode("the").tokens[0].startswith("Ġ") is prefix


@pytest.mark.parametrize(
    ("repository", "names"),
    [
        ("openai-community--gpt2", ("vocab.json", "merges.txt")),
        ("google-bert--bert-base-uncased", ("vocab.txt",)),
    ],
)
def test_older_files_of_upstream_are_its_tokenizer_json(
    repository: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    snapshots = need_shared("hf", "hub", f"models--{repository}", "snapshots")
    (upstream,) = snapshots.iterdir()
    for name in (*names, "tokenizer_config.json"):
        (tmp_path / name).write_bytes((upstream / name).read_bytes())
    loaded, expected = load(tmp_path), load(upstream)
    assert loaded.origin.loader == " + ".join(names)
    assert expected.origin.loader == "tokenizer.json"
    assert loaded.backend.get_vocab() == expected.backend.get_vocab()
    assert ids(loaded.backend) == ids(expected.backend)
    assert ids(loaded.backend, special=False) == ids(expected.backend, special=False)


def test_vocabulary_of_another_kind_is_not_read_as_gpt2(tmp_path: Path) -> None:
    """CLIP's files have the same names, and end words with a mark of their own."""
    (tmp_path / "vocab.json").write_text('{"a": 0, "b</w>": 1, "ab</w>": 2}')
    (tmp_path / "merges.txt").write_text("#version: 0.2\na b</w>\n")
    with pytest.raises(InvalidTokenizerError, match="</w>"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("merge", "lacking"), [(["zzz", "the"], "zzz"), (["the", "of"], "theof")], ids=str
)
def test_merges_of_missing_tokens_are_named(
    merge: list[str], lacking: str, tmp_path: Path, byte_level_bpe: tokenizers.Tokenizer
) -> None:
    content = json.loads(byte_level_bpe.to_str())
    content["model"]["vocab"] |= {"the": 900, "of": 901}
    content["model"]["merges"].insert(4, merge)
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InvalidTokenizerError) as caught:
        load(path)
    for part in ("1 merge,", "number 5", repr(merge[0]), repr(merge[1]), repr(lacking)):
        assert part in str(caught.value)
