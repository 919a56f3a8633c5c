"""Sets and models made up for tests of word similarity."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tests.conftest import word_level_json
from tokstat.wordsim.sets import SetSource, WordSet, parse_set

Pair = tuple[str, str, float]


def as_file(pairs: Sequence[Pair]) -> bytes:
    """Write pairs as most sets are."""
    return "".join(f"{one}\t{other}\t{rating}\n" for one, other, rating in pairs).encode()


def source_of(content: bytes, name: str = "made-up") -> SetSource:
    """Describe a file, with two words and a rating a line, as one of the sets."""
    digest = hashlib.sha256(content).hexdigest()
    return SetSource(name, name, f"{name}.txt", (0, 1, 2), 0, digest, "none", "nobody")


def make_set(pairs: Sequence[Pair], name: str = "made-up") -> WordSet:
    content = as_file(pairs)
    return parse_set(source_of(content, name), content, name)


def random_pairs(count: int, words: Sequence[str], seed: int = 0) -> list[Pair]:
    """Draw pairs of words with ratings in tenths, so that some are equal."""
    generator = np.random.default_rng(seed)
    drawn = generator.integers(0, len(words), (count, 2))
    ratings = generator.integers(0, 100, count) / 10
    return [
        (words[one], words[other], rating)
        for (one, other), rating in zip(drawn.tolist(), ratings.tolist(), strict=True)
    ]


def word_level(*words: str) -> tokenizers.Tokenizer:
    """Make a tokenizer that knows [UNK], with the id 0, and some words."""
    return tokenizers.Tokenizer.from_buffer(word_level_json(*words))


def save_static_model(
    folder: Path, backend: tokenizers.Tokenizer, vectors: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Save a Model2Vec model, of random vectors if none are given, and return its vectors."""
    if vectors is None:
        size = (backend.get_vocab_size(), 8)
        vectors = np.random.default_rng(0).normal(size=size).astype(np.float32)
    from model2vec import StaticModel

    StaticModel(vectors, backend).save_pretrained(folder)
    return vectors


def set_padding(folder: Path, length: int) -> None:
    """Store in a model's tokenizer.json that texts are padded with the token 1."""
    file = folder / "tokenizer.json"
    stored = json.loads(file.read_text("utf-8"))
    stored["padding"] = {
        "strategy": {"Fixed": length},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 1,
        "pad_type_id": 0,
        "pad_token": "pad",
    }
    file.write_text(json.dumps(stored), "utf-8")
