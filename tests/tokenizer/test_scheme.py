"""Schemes follow the model and the pipeline of a tokenizer."""

from __future__ import annotations

import pytest
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers

from tokstat.tokenizer.scheme import Scheme, byte_alphabet, detect_scheme


@pytest.mark.parametrize(
    ("normalizer", "space"),
    [
        (normalizers.Replace("\u00a0", " "), ""),
        (normalizers.Replace("\n", " "), ""),
        (normalizers.Replace(" ", "▁"), "▁"),
    ],
)
def test_only_what_stores_blanks_is_a_space_marker(
    normalizer: normalizers.Normalizer, space: str
) -> None:
    backend = tokenizers.Tokenizer(models.BPE({"a": 0}, []))
    backend.normalizer = normalizer
    assert detect_scheme(backend).space == space
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    assert detect_scheme(backend).space == "▁"


def test_byte_alphabet_is_the_librarys() -> None:
    alphabet = byte_alphabet()
    assert set(alphabet) == set(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(alphabet.values()) == list(range(256))
    decode = decoders.ByteLevel().decode
    assert all(
        decode([character]) == chr(byte) for character, byte in alphabet.items() if byte < 128
    )


def test_schemes_follow_the_pipeline() -> None:
    bpe = tokenizers.Tokenizer(models.BPE())
    assert detect_scheme(bpe) == Scheme("unmarked")
    bpe.normalizer = normalizers.Replace(" ", "▁")
    assert detect_scheme(bpe) == Scheme("metaspace", space="▁")
    bpe.normalizer = None
    bpe.pre_tokenizer = pre_tokenizers.Metaspace(replacement="_")
    assert detect_scheme(bpe) == Scheme("metaspace", space="_")
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(), pre_tokenizers.ByteLevel()]
    )
    assert detect_scheme(bpe) == Scheme("byte-level", byte_level=True)
    words = tokenizers.Tokenizer(models.WordLevel({"▁a": 0, "b": 1}, "b"))
    assert detect_scheme(words) == Scheme("word-level")
    words.pre_tokenizer = pre_tokenizers.Metaspace()
    assert detect_scheme(words).space == "▁"
    pieces = tokenizers.Tokenizer(models.WordPiece({"a": 0}, continuing_subword_prefix="@"))
    assert detect_scheme(pieces) == Scheme("WordPiece", continuation="@")
    clip = tokenizers.Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    assert detect_scheme(clip) == Scheme("end-of-word", end="</w>")
