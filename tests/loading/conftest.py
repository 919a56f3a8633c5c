"""What several formats of tokenizer files share."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from tests.sentencepiece_models import processor, train
from tests.small_tokenizers import SMALL
from tokstat.loading.charsmap import Charsmap
from tokstat.loading.sentencepiece import _parse
from tokstat.tokenizer.decoding import byte_alphabet


def small(*, prefix: bool = False) -> tokenizers.Tokenizer:
    """A small tokenizer like GPT-2's."""
    return SMALL["byte-level-prefix" if prefix else "byte-level"]()


@pytest.fixture(scope="module")
def ranks() -> dict[bytes, int]:
    """Ranks of a small trained vocabulary, as tiktoken would store them."""
    alphabet = byte_alphabet()
    vocab = small().get_vocab(with_added_tokens=False)
    tokens = sorted(vocab, key=vocab.__getitem__)
    tokens.remove("<|endoftext|>")
    as_bytes = [bytes(map(alphabet.__getitem__, token)) for token in tokens]
    return {token: rank for rank, token in enumerate(as_bytes)}


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


NMT = {"normalization_rule_name": "nmt_nfkc", "remove_extra_whitespaces": True}


LIKE_LLAMA = {"byte_fallback": True, "split_digits": True, "allow_whitespace_only_pieces": True}


LIKE_GEMMA = {
    **LIKE_LLAMA,
    "add_dummy_prefix": False,
    "user_defined_symbols": ["▁▁", "▁▁▁", "▁▁▁▁", "\n\n", "\n\n\n", "<start_of_turn>", "<unused0>"],
}


OPTIONS: dict[str, dict[str, Any]] = {
    "bpe": {},
    "bpe like Llama's": LIKE_LLAMA,
    "bpe like Gemma's": LIKE_GEMMA,
    "bpe, rewritten": NMT,
    "bpe, no prefix": {"add_dummy_prefix": False},
    "bpe, control pieces": {"control_symbols": ["<mask>", "[INST]"], **LIKE_LLAMA},
    "unigram": {"model_type": "unigram", **NMT},
    "unigram, case folded": {
        "model_type": "unigram",
        **NMT,
        "normalization_rule_name": "nmt_nfkc_cf",
    },
    "unigram, bytes": {"model_type": "unigram", "byte_fallback": True},
    "unigram, over words": {"model_type": "unigram", "split_by_whitespace": False},
    "unigram like XLNet's": {
        "model_type": "unigram",
        **NMT,
        "user_defined_symbols": ["(", ")", '"', "-", ".", "–", "£", "€", "<eop>"],
        "control_symbols": ["<cls>", "<sep>"],
    },
    "unigram, one prefix": {"model_type": "unigram", "remove_extra_whitespaces": True},
}


CONTROL_NAMES = ("<0x41>", "<unk>", "<s>", "</s>", "<mask>", "[INST]", "<cls>", "<sep>", "\ufdd0")
"""What tokstat takes for a token in a text, and SentencePiece, by design, does not."""


@cache
def model_of(name: str) -> bytes:
    return train(**OPTIONS[name])


@cache
def processor_of(name: str) -> Any:
    return processor(model_of(name))


@cache
def rules() -> Charsmap:
    """The rules nmt_nfkc, which T5 and XLM-R have."""
    return Charsmap.parse(_parse(model_of("unigram"), "").charsmap)
