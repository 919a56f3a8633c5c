"""A model's folder in the making: clean as it comes, and broken by one edit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from tests.small_tokenizers import SMALL, build, end_of_word_bpe, training_text

WIDTH = 8
MATRIX = "model.embed_tokens.weight"


def with_words_alone() -> list[str]:
    """Return the training text, and each of its words on a line of its own, as it is with code."""
    lines = list(training_text())
    return lines + [word for line in lines for word in line.split()]


def byte_level_without_prefix() -> tokenizers.Tokenizer:
    """As GPT-2's: it puts no blank before a text, and knows frequent words without one."""
    backend = build(
        models.BPE(),
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False),
        decoder=decoders.ByteLevel(),
    )
    trainer = trainers.BpeTrainer(
        vocab_size=6000,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>"],
    )
    backend.train_from_iterator(with_words_alone(), trainer)
    return backend


def metaspace_without_prefix() -> tokenizers.Tokenizer:
    """As Gemma's: blanks are written by the normalizer, and none is put before a text."""
    backend = build(
        models.BPE(unk_token="<unk>", fuse_unk=True),
        normalizer=normalizers.Replace(" ", "▁"),
        pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="never"),
        decoder=decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()]),
    )
    trainer = trainers.BpeTrainer(
        vocab_size=6000, show_progress=False, special_tokens=["<unk>", "<s>"]
    )
    backend.train_from_iterator(with_words_alone(), trainer)
    return backend


def end_of_word_on_bytes() -> tokenizers.Tokenizer:
    """As CLIP's, with a decoder that also takes the mark of a word's end away."""
    backend = end_of_word_bpe(byte_level=True)
    backend.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Replace("</w>", " ")])
    return backend


FAMILIES: Mapping[str, Callable[[], tokenizers.Tokenizer]] = {
    **SMALL,
    "byte-level": byte_level_without_prefix,
    "end-of-word-bytes": end_of_word_on_bytes,
    "metaspace": metaspace_without_prefix,
}
"""Makers of one tokenizer of each family, as it should be."""


@cache
def _written(family: str) -> str:
    backend = FAMILIES[family]()
    special = next(iter(_special_tokens(backend)), None)
    if special is None:
        backend.add_special_tokens(["<unk>"])
    return backend.to_str()


def _special_tokens(backend: tokenizers.Tokenizer) -> list[str]:
    decoder = backend.get_added_tokens_decoder()
    return [decoder[number].content for number in sorted(decoder) if decoder[number].special]


@dataclass
class Draft:
    """Hold what the files of a folder will say; a file that is set to bytes is written as it is.

    `embeddings` is the model's input matrix, a row an id, or None for a folder without weights.
    """

    tokenizer: dict[str, Any]
    tokenizer_config: dict[str, Any]
    special_tokens_map: dict[str, Any]
    config: dict[str, Any]
    generation_config: dict[str, Any]
    embeddings: NDArray[np.float32] | None
    files: dict[str, bytes] = field(default_factory=dict)
    matrices: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    """More tensors of the weights, by their names."""

    @property
    def vocab(self) -> dict[str, int]:
        """The model's own tokens and their ids; Unigram has a list instead."""
        vocab: dict[str, int] = self.tokenizer["model"]["vocab"]
        return vocab

    @property
    def special(self) -> dict[str, Any]:
        """The first added token, which is special."""
        token: dict[str, Any] = self.tokenizer["added_tokens"][0]
        return token

    def add_token(self, content: str, number: int, **flags: bool) -> None:
        """Write an added token, and nothing else."""
        every = ("single_word", "lstrip", "rstrip", "normalized", "special")
        token = {"id": number, "content": content, **dict.fromkeys(every, False), **flags}
        self.tokenizer["added_tokens"].append(token)

    def add_special(self, *contents: str) -> list[int]:
        """Add special tokens after the last id, each with a row; return their ids."""
        first: int = self.config["vocab_size"]
        ids = list(range(first, first + len(contents)))
        for content, number in zip(contents, ids, strict=True):
            self.add_token(content, number, special=True)
        self.config["vocab_size"] += len(contents)
        if self.embeddings is not None:
            rows = np.random.default_rng(1).normal(size=(len(contents), WIDTH))
            self.embeddings = np.concatenate([self.embeddings, rows.astype(np.float32)])
        return ids

    def write(self, folder: Path) -> None:
        """Write every file."""
        names = ("tokenizer", "tokenizer_config", "special_tokens_map", "config")
        for name in (*names, "generation_config"):
            text = json.dumps(getattr(self, name), ensure_ascii=False, indent=2)
            (folder / f"{name}.json").write_text(text, "utf-8")
        if self.embeddings is not None:
            save_file({MATRIX: self.embeddings, **self.matrices}, folder / "model.safetensors")
        for name, content in self.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)


def draft(family: str) -> Draft:
    """Start from a clean folder of one family, all of whose files agree."""
    tokenizer = json.loads(_written(family))
    vocab = tokenizer["model"]["vocab"]
    special = tokenizer["added_tokens"][0]
    roles = {"unk_token": special["content"], "pad_token": special["content"]}
    size = max(len(vocab), special["id"] + 1)
    rows = np.random.default_rng(0).normal(size=(size, WIDTH)).astype(np.float32)
    return Draft(
        tokenizer=tokenizer,
        tokenizer_config={**roles, "model_max_length": 512},
        special_tokens_map=dict(roles),
        config={"model_type": "bert", "vocab_size": size, "pad_token_id": special["id"]},
        generation_config={"pad_token_id": [special["id"]]},
        embeddings=rows,
    )
