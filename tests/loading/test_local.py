"""Files and folders of this machine."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path

import pytest
import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from tests.conftest import word_level_json
from tests.needs import need, need_shared
from tests.sentencepiece_models import train
from tokstat.errors import InvalidTokenizerError, NoTokenizerError, SourceNotFoundError
from tokstat.loading import load

SAMPLE = (
    "Nickel prices rose; the defendants ventured lastly into a café.",
    "don't  stop\n\tNAÏVE ﬁne 漢字 🙂 1234.5 encephal",
    "",
    "zyzzyva" * 20,
)


def ids(backend: tokenizers.Tokenizer, *, special: bool = True) -> list[list[int]]:
    return [
        encoding.ids for encoding in backend.encode_batch(list(SAMPLE), add_special_tokens=special)
    ]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def bert_folder(bert_json: bytes, tmp_path: Path) -> Path:
    """A folder with nothing but BERT's vocab.txt."""
    vocab: dict[str, int] = json.loads(bert_json)["model"]["vocab"]
    tokens = sorted(vocab, key=vocab.__getitem__)
    (tmp_path / "vocab.txt").write_text("\n".join(tokens) + "\n", "utf-8")
    return tmp_path


@pytest.fixture
def byte_level_bpe(tmp_path: Path) -> tokenizers.Tokenizer:
    """A small tokenizer like GPT-2's, whose vocab.json and merges.txt are in the folder."""
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(SAMPLE, trainer)
    backend.model.save(str(tmp_path))
    return backend


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


def test_sha256_of_two_files_is_that_of_both(
    byte_level_bpe: tokenizers.Tokenizer, tmp_path: Path
) -> None:
    paths = [tmp_path / "vocab.json", tmp_path / "merges.txt"]
    digests = [sha256(path.read_bytes()) for path in paths]
    assert load(tmp_path).origin.sha256 == sha256("".join(digests).encode())


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


def test_other_formats_are_converted_and_the_converter_is_named(tmp_path: Path) -> None:
    """A SentencePiece model, against the library that made it."""
    sentencepiece = need("sentencepiece")
    need("google.protobuf")
    with (tmp_path / "tokenizer.model").open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SAMPLE[:2] * 20),
            model_writer=file,
            model_type="bpe",
            vocab_size=340,
            byte_fallback=True,
            hard_vocab_limit=False,
            normalization_rule_name="identity",
            minloglevel=2,
        )
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "LlamaTokenizer"}')
    loaded = load(tmp_path)
    assert loaded.origin.loader.startswith("transformers ")
    assert "LlamaTokenizer" in loaded.origin.loader
    assert "tokenizer.model" in loaded.origin.files
    assert len(loaded.origin.notes) == 1
    processor = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "tokenizer.model"))
    for text in ("Nickel prices rose", "the defendants ventured 🙂"):
        assert loaded.backend.encode(text, add_special_tokens=False).ids == processor.encode(text)


def test_vocabulary_of_another_kind_is_not_read_as_gpt2(tmp_path: Path) -> None:
    """CLIP's files have the same names, and end words with a mark of their own."""
    (tmp_path / "vocab.json").write_text('{"a": 0, "b</w>": 1, "ab</w>": 2}')
    (tmp_path / "merges.txt").write_text("#version: 0.2\na b</w>\n")
    with pytest.raises(InvalidTokenizerError, match="</w>"):
        load(tmp_path)


def test_folder_without_a_tokenizer(tmp_path: Path) -> None:
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    with pytest.raises(NoTokenizerError) as caught:
        load(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_path_object_is_never_a_hub_name() -> None:
    with pytest.raises(SourceNotFoundError):
        load(Path("org/name"))


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
    writer = threading.Thread(target=pipe.write_bytes, args=(bert_json,))
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
