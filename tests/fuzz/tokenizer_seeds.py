"""Tokenizers of a few tokens, which together have every model and every kind of component."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tokenizers
from tokenizers import (
    AddedToken,
    Regex,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from tests import gguf_files
from tests.sentencepiece_models import edited, train
from tokstat.loading.pieces import BYTE, CONTROL, NORMAL, UNKNOWN, UNUSED, USER_DEFINED
from tokstat.loading.sentencepiece import _parse

_SPECIAL = ("<unk>", "[CLS]", "[SEP]", "<pad>")
_PIECES = (*_SPECIAL, "▁", "t", "h", "e", "▁t", "▁th", "▁the", "é", "漢", "1", "e\u0301")
_KINDS = [UNKNOWN, CONTROL, CONTROL, UNUSED, *[NORMAL] * 10, USER_DEFINED]
_SCORES = [0.0, 0.0, 0.0, 0.0, *(-float(number) for number in range(11))]
_RULES = "65 301\tE9\nFB01\t66 69\nFF21\t41\n3000\t20\nAD\t\n"
"""Normalization rules as SentencePiece's trainer takes them: code points, and those put there."""


def _written(model: Any, *added: str | AddedToken, **parts: Any) -> bytes:
    backend = tokenizers.Tokenizer(model)
    for name, part in parts.items():
        setattr(backend, name, part)
    backend.add_special_tokens([each for each in added if isinstance(each, str)])
    backend.add_tokens([each for each in added if isinstance(each, AddedToken)])
    return backend.to_str().encode()


def _ids(*tokens: str) -> dict[str, int]:
    return {token: index for index, token in enumerate(tokens)}


def bpe() -> tuple[bytes, ...]:
    """Return byte-level BPE, BPE with marks at the end and inside of words, and with fallback."""
    merges = [("t", "h"), ("th", "e"), ("Ġ", "the")]
    on_bytes = _ids("<|end|>", "Ġ", "t", "h", "e", "th", "the", "Ġthe", "Ã", "©", "1")
    words = Regex(r"'s| ?\p{L}+| ?\p{N}{1,3}|\s+(?!\S)|\s+")
    byte_level = _written(
        models.BPE(on_bytes, merges, ignore_merges=True),
        "<|end|>",
        AddedToken(" the the", normalized=False, lstrip=True, rstrip=True, single_word=True),
        normalizer=normalizers.Sequence([normalizers.NFC(), normalizers.Strip()]),
        pre_tokenizer=pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(words, "isolated"),
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        ),
        post_processor=processors.Sequence(
            [
                processors.ByteLevel(trim_offsets=True),
                processors.TemplateProcessing("<|end|> $A", "$A $B:1", [("<|end|>", 0)]),
            ]
        ),
        decoder=decoders.ByteLevel(),
    )
    ended = _ids("<unk>", "t", "h", "e", "e</w>", "th", "the</w>", "é</w>")
    end_of_word = _written(
        models.BPE(ended, merges[:1], unk_token="<unk>", end_of_word_suffix="</w>", dropout=0.1),
        normalizer=normalizers.Sequence(
            [normalizers.Lowercase(), normalizers.Replace(Regex(r"\s+"), " ")]
        ),
        pre_tokenizer=pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("isolated")]
        ),
        post_processor=processors.RobertaProcessing(("<unk>", 0), ("t", 1)),
        decoder=decoders.BPEDecoder("</w>"),
    )
    inside = _ids("[UNK]", "t", "##h", "##e", "th", "the", "##é")
    continuation = _written(
        models.BPE(
            inside,
            [("t", "##h"), ("th", "##e")],
            unk_token="[UNK]",
            continuing_subword_prefix="##",
        ),
        pre_tokenizer=pre_tokenizers.UnicodeScripts(),
        decoder=decoders.WordPiece(),
    )
    fallback = _ids("<unk>", "<s>", "▁", "t", "h", "e", "th", "the", "▁the", *_bytes("é"))
    metaspace = _written(
        models.BPE(
            fallback,
            [("t", "h"), ("th", "e"), ("▁", "the")],
            unk_token="<unk>",
            fuse_unk=True,
            byte_fallback=True,
        ),
        "<s>",
        AddedToken("▁▁", normalized=True),
        normalizer=normalizers.Sequence(
            [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁"), normalizers.Nmt()]
        ),
        decoder=decoders.Sequence(
            [
                decoders.Replace("▁", " "),
                decoders.ByteFallback(),
                decoders.Fuse(),
                decoders.Strip(" ", 1, 0),
            ]
        ),
    )
    return byte_level, end_of_word, continuation, metaspace


def _bytes(text: str) -> list[str]:
    return [f"<0x{byte:02X}>" for byte in text.encode()]


def wordpiece() -> tuple[bytes, ...]:
    """Return BERT's own make, and one of other components."""
    vocab = _ids("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "##e", "of", "e", "1", "##2", "漢")
    bert = _written(
        models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100),
        *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
        normalizer=normalizers.BertNormalizer(),
        pre_tokenizer=pre_tokenizers.BertPreTokenizer(),
        post_processor=processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2)),
        decoder=decoders.WordPiece(),
    )
    padded = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    padded.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents()])
    padded.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.FixedLength(5)]
    )
    padded.decoder = decoders.CTC("[PAD]", " ", cleanup=True)
    padded.enable_padding(length=8, pad_id=0, pad_token="[PAD]", pad_to_multiple_of=2)
    padded.enable_truncation(6, stride=1)
    return bert, padded.to_str().encode()


def unigram() -> tuple[bytes, ...]:
    """Return T5's make with compiled normalization rules, and one that falls back to bytes."""
    vocab = [(token, score) for token, score in zip(_PIECES, _SCORES, strict=True)]
    compiled = _written(
        models.Unigram(vocab, 0, byte_fallback=False),
        "[CLS]",
        normalizer=normalizers.Sequence(
            [normalizers.Precompiled(rules()), normalizers.Replace(Regex(" {2,}"), "▁")]
        ),
        pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="first", split=True),
        post_processor=processors.TemplateProcessing("$A [SEP]", None, [("[SEP]", 2)]),
        decoder=decoders.Metaspace(),
    )
    falling_back = _written(
        models.Unigram([*vocab, *((token, -9.0) for token in _bytes("é"))], 0, byte_fallback=True),
        normalizer=normalizers.NFKC(),
        pre_tokenizer=pre_tokenizers.CharDelimiterSplit(" "),
        decoder=decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()]),
    )
    return compiled, falling_back


def word_level() -> tuple[bytes, ...]:
    """Return a list of words."""
    vocab = _ids("[UNK]", "the", "The", "of", "THE", "1234", "漢字", "é")
    added = AddedToken("new", special=False, single_word=True)
    return (
        _written(
            models.WordLevel(vocab, unk_token="[UNK]"),
            "[UNK]",
            added,
            normalizer=normalizers.ByteLevel(),
            pre_tokenizer=pre_tokenizers.Whitespace(),
        ),
    )


def rules() -> bytes:
    """Return five normalization rules, compiled by SentencePiece."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules.tsv"
        path.write_text(_RULES, "utf-8")
        options = {"normalization_rule_name": "user_defined", "normalization_rule_tsv": str(path)}
        return _parse(train(vocab_size=300, **options), "seed").charsmap


def sentencepiece() -> tuple[bytes, ...]:
    """Return BPE and Unigram models of a few pieces, the latter with normalization rules."""
    import importlib

    schema: Any = importlib.import_module("sentencepiece.sentencepiece_model_pb2")
    found = []
    for kind in (1, 2):
        model = schema.ModelProto()
        for piece, score, of in zip(_PIECES, _SCORES, _KINDS, strict=True):
            model.pieces.add(piece=piece, score=score, type=of)
        model.trainer_spec.model_type = kind
        found.append(edited(model.SerializeToString(), add_dummy_prefix=kind == 1))
    compiled = schema.ModelProto.FromString(found[0])
    compiled.normalizer_spec.precompiled_charsmap = rules()
    return (*found, compiled.SerializeToString())


def sentencepiece_with_bytes() -> bytes:
    """Return a model that falls back to bytes, for which it needs all 256."""
    import importlib

    schema: Any = importlib.import_module("sentencepiece.sentencepiece_model_pb2")
    model = schema.ModelProto.FromString(sentencepiece()[1])
    for byte in range(256):
        model.pieces.add(piece=f"<0x{byte:02X}>", score=0.0, type=BYTE)
    model.trainer_spec.byte_fallback = True
    data: bytes = model.SerializeToString()
    return data


def sentencepiece_contents() -> tuple[bytes, ...]:
    """Return what `packing.protobuf` makes models of."""
    pieces = [
        [1, [[1, piece], [2, score], [3, kind]]]
        for piece, score, kind in zip(_PIECES, _SCORES, _KINDS, strict=True)
    ]
    normalizer = [3, [[3, 1], [4, 1], [5, 1]]]
    return tuple(
        json.dumps([*pieces, [2, [[3, kind], [24, 0], [35, 0]]], normalizer]).encode()
        for kind in (1, 2)
    )


def gguf_contents() -> tuple[bytes, ...]:
    """Return what `packing.gguf` makes headers of."""
    of = "tokenizer.ggml."
    columns = [
        [f"{of}tokens", 9, [8, _PIECES]],
        [f"{of}scores", 9, [6, _SCORES]],
        [f"{of}token_type", 9, [5, _KINDS]],
    ]
    on_bytes = ["<|end|>", "Ġ", "t", "h", "e", "th", "the", "Ġthe"]
    byte_level = [
        ["general.name", 8, "x"],
        [f"{of}model", 8, "gpt2"],
        [f"{of}pre", 8, "llama-bpe"],
        [f"{of}tokens", 9, [8, on_bytes]],
        [f"{of}merges", 9, [8, ["t h", "th e", "Ġ the"]]],
        [f"{of}token_type", 9, [5, [3, *[1] * 7]]],
        [f"{of}add_space_prefix", 7, False],
        ["nested", 9, [9, [[4, [1, 2]], [8, ["x"]]]]],
    ]
    metaspace = [[f"{of}unknown_token_id", 4, 0], [f"{of}remove_extra_whitespaces", 7, True]]
    kinds = [[[f"{of}model", 8, kind], *columns, *metaspace] for kind in ("llama", "t5", "bert")]
    return tuple(json.dumps(entries).encode() for entries in (byte_level, *kinds))


def gguf() -> tuple[bytes, ...]:
    """Return a header of each kind of tokenizer that is read, and one with a tokenizer.json."""
    columns: dict[str, Any] = {"scores": _SCORES, "token_type": _KINDS}
    merges = ["t h", "th e", "▁ the"]
    pieces = (*_PIECES, "th", "the")
    more = {"scores": [*_SCORES, -11.0, -12.0], "token_type": [*_KINDS, NORMAL, NORMAL]}
    on_bytes = ("<|end|>", "Ġ", "t", "h", "e", "th", "the", "Ġthe", "[PAD8]")
    bert = ("[UNK]", "[CLS]", "[SEP]", "▁the", "e", "▁of", "▁1")
    calls: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
        (
            "gpt2",
            on_bytes,
            {"token_type": [3, *[1] * 7, 5], "merges": ["t h", "th e", "Ġ the"], "pre": "gpt-2"},
        ),
        ("gpt2", on_bytes, {"merges": ["t h"], "pre": "llama-bpe", "add_space_prefix": True}),
        ("llama", _PIECES, {**columns, "add_space_prefix": True}),
        ("bert", bert, {"token_type": [3] * 3 + [1] * 4, "unknown_token_id": 0}),
        ("t5", _PIECES, {**columns, "precompiled_charsmap": list(rules())}),
        ("gemma4", pieces, {**more, "merges": merges}),
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.gguf"
        found = [gguf_files.write(path, *call[:2], **call[2]).read_bytes() for call in calls]
        written = gguf_files.write(path, "none", ["x"], huggingface="X" * len(bpe()[0]))
        data = written.read_bytes().replace(
            b"tokenizer.ggml.huggingface", b"tokenizer.huggingface.json"
        )
    return (*found, data.replace(b"X" * len(bpe()[0]), bpe()[0]))


def vocab_json() -> tuple[bytes, ...]:
    """Return GPT-2's two files and a configuration, as one."""
    vocab = json.dumps({"a": 0, "b": 1, "ab": 2, "c": 3, "Ġ": 4, "<|endoftext|>": 5})
    config = '{"add_prefix_space": true}'
    return (f"{vocab}\n---\n#version: 0.2\na b\n\n---\n{config}".encode(),)


def vocab_txt() -> tuple[bytes, ...]:
    """Return BERT's file and a configuration, as one."""
    config = json.dumps(
        {
            "do_lower_case": True,
            "strip_accents": None,
            "tokenize_chinese_chars": True,
            "unk_token": {"content": "[UNK]"},
        }
    )
    return (f"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\none\n##s\né\n---\n{config}".encode(),)
