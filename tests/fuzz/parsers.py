"""Every parser of foreign files, with sound inputs to begin from."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import tokstat
from tests import gguf_files
from tests.sentencepiece_models import train
from tests.small_tokenizers import SMALL
from tokstat import api, loading
from tokstat.comparison import Comparison
from tokstat.encoding import encode
from tokstat.experiments.ladder import read_ladder
from tokstat.experiments.results import read_study
from tokstat.lexicon import _read_counts
from tokstat.settings import read_settings
from tokstat.weights import find_embeddings
from tokstat.wordsim.vectors import read_vectors

TEXT = "the e\u0301 of 漢字 \U0001f600 1234"


@dataclass(frozen=True)
class Parser:
    """Name a file, give sound contents of it, and say what reads it."""

    file: str
    seeds: tuple[bytes, ...]
    read: Callable[[Path], object]


def _tokenizer(path: Path) -> None:
    tokenizer = loading.load(path)
    assert len(tokenizer.vocabulary) > 0
    encode(tokenizer.backend, TEXT)
    _ = tokenizer.lowercases, tokenizer.unknown_id, tokenizer.scheme


def _vocabulary_json(path: Path) -> None:
    """Read one file as the vocabulary and, behind a line of dashes, the merges."""
    vocab, _, merges = path.read_bytes().partition(b"\n---\n")
    (path.parent / "vocab.json").write_bytes(vocab)
    (path.parent / "merges.txt").write_bytes(merges)
    _tokenizer(path.parent / "vocab.json")


def _report(path: Path) -> None:
    report = api.load_report(path)
    api.render_report(report, "terminal", width=80)
    api.render_report(report, "json")


def _embeddings(path: Path) -> None:
    found = find_embeddings(path)
    if found is not None and found.input.shape[0] < 10_000:
        for _ in found.input.blocks(64):
            pass


def _safetensors() -> bytes:
    values = np.arange(24, dtype="<f4").tobytes()
    header = {
        "__metadata__": {"format": "pt"},
        "embeddings.weight": {"dtype": "F32", "shape": [6, 4], "data_offsets": [0, 96]},
    }
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + values


def _gguf(name: str, pre: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = gguf_files.from_tokenizer_json(Path(folder) / "m.gguf", SMALL[name](), pre)
        return path.read_bytes()


def parsers() -> dict[str, Parser]:
    """Return the parsers by name."""
    jsons = tuple(build().to_str().encode() for build in SMALL.values())
    data = files("tokstat") / "data"
    ranks = [bytes([byte]) for byte in range(256)] + [b"th", b"the", "é".encode()]
    tekken = {
        "config": {"pattern": r"\S+|\s+", "default_vocab_size": 279, "version": "v3"},
        "vocab": [
            {"rank": rank, "token_bytes": base64.b64encode(token).decode()}
            for rank, token in enumerate(ranks)
        ],
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.json"
        path.write_bytes(jsons[0])
        other = Path(folder) / "other.json"
        other.write_bytes(jsons[1])
        report = tokstat.inspect(path, analyzers=["composition", "whole_words"])
        compared = api.compare(path, other)
    gpt2 = b'{"a": 0, "b": 1, "ab": 2, "c": 3}\n---\n#version: 0.2\na b\n'
    return {
        "tokenizer.json": Parser("tokenizer.json", jsons, _tokenizer),
        "vocab.txt": Parser(
            "vocab.txt", (b"[UNK]\n[CLS]\n[SEP]\none\n##s\n\xc3\xa9\n",), _tokenizer
        ),
        "vocab.json": Parser("joined", (gpt2,), _vocabulary_json),
        "tiktoken": Parser(
            "m.tiktoken",
            (b"".join(base64.b64encode(t) + b" %d\n" % i for i, t in enumerate(ranks)),),
            _tokenizer,
        ),
        "sentencepiece": Parser(
            "m.model", (train(), train(model_type="bpe"), train(byte_fallback=True)), _tokenizer
        ),
        "tekken": Parser("tekken.json", (json.dumps(tekken).encode(),), _tokenizer),
        "gguf": Parser("m.gguf", (_gguf("byte-level", "gpt-2"),), _tokenizer),
        "safetensors": Parser("model.safetensors", (_safetensors(),), _embeddings),
        "report": Parser("report.json", (report.to_json().encode(),), _report),
        "comparison": Parser(
            "comparison.json",
            (compared.to_json().encode(),),
            lambda path: Comparison.from_json(path.read_text("utf-8", "replace")),
        ),
        "settings": Parser(
            "tokstat.toml",
            (b'lang = "en"\nselect = ["TS1"]\nmin = { whole_word_ratio = 0.5 }\n',),
            read_settings,
        ),
        "word list": Parser("words.tsv", ("the\t100\nof\t50\nnaïve\t7\n".encode(),), _read_counts),
        "vectors, text": Parser(
            "v.txt", (b"2 3\nthe 1 2 3\nof 0.5 1e3 -1\n",), lambda p: read_vectors(p, {"the", "of"})
        ),
        "vectors, binary": Parser(
            "v.bin",
            (b"2 3\nthe " + bytes(12) + b"\nof " + bytes(12),),
            lambda p: read_vectors(p, {"the", "of"}),
        ),
        "ladder": Parser("ladder.json", ((data / "ladder.json").read_bytes(),), read_ladder),
        "study": Parser("study.json", ((data / "study.json").read_bytes(),), read_study),
    }
