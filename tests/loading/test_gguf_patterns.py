"""Patterns that GGUF files name, against the text they split."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers
from tokenizers import normalizers, pre_tokenizers

from tests import gguf_files
from tests.loading.agreement import differences, ids_of
from tests.loading.conftest import small
from tests.samples import sample
from tokstat.loading import load
from tokstat.loading.gguf_patterns import GPT2, PRE_TOKENIZERS
from tokstat.loading.ranks import to_oniguruma

OF_BYTES = {cuts: name for name, cuts in PRE_TOKENIZERS.items() if cuts.alphabet == "bytes"}


@pytest.mark.parametrize("name", OF_BYTES.values())
def test_every_way_of_cutting(name: str, tmp_path: Path) -> None:
    """Against the same steps put together here, without what makes them GGUF's."""
    source = small()
    cuts = PRE_TOKENIZERS[name]
    path = gguf_files.from_tokenizer_json(tmp_path / "m.gguf", source, name)
    splits = [
        pre_tokenizers.Split(tokenizers.Regex(to_oniguruma(pattern)), "isolated")
        for pattern in cuts.patterns
    ]
    by_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    source.pre_tokenizer = pre_tokenizers.Sequence([*splits, by_bytes])
    source.model.ignore_merges = cuts.takes_whole
    if cuts.composes:
        source.normalizer = normalizers.NFC()
    texts = sample(count=20)
    backend = load(path).backend
    assert differences(backend, lambda text: ids_of(source, text), texts) == []
    assert all("".join(pieces_of(backend, text)) == text for text in texts)


def pieces_of(backend: tokenizers.Tokenizer, text: str) -> list[str]:
    """Cut a text as the first step does, and put what was cut back together."""
    return [text[start:end] for _, (start, end) in backend.pre_tokenizer.pre_tokenize_str(text)]


def test_gpt2_is_cut_as_the_library_does_it() -> None:
    theirs = pre_tokenizers.ByteLevel(add_prefix_space=False)
    by_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    split = pre_tokenizers.Split(tokenizers.Regex(GPT2), "isolated")
    ours = pre_tokenizers.Sequence([split, by_bytes])
    for text in sample():
        assert ours.pre_tokenize_str(text) == theirs.pre_tokenize_str(text)


def test_the_names_of_llama_cpp_are_known() -> None:
    """Of its src/llama-vocab.cpp at 00ad355e."""
    names = (
        "afmoe a.x-4.0 bailingmoe bailingmoe2 bloom chameleon chatglm-bpe codeshell cohere2moe"
        " command-r dbrx deepseek-coder deepseek-llm deepseek-r1-qwen deepseek-v3 exaone exaone4"
        " exaone-moe f2llmv2 falcon falcon3 falcon-h1 gemma4 gigachat glm4 gpt-2 gpt3-finnish"
        " gpt-4o granite-docling granite-embed-multi-311m granite-embed-multi-97m grok-2 hunyuan"
        " hunyuan-dense hy_v4 jais jais-2 jina-de jina-es jina-v1-en jina-v2-code jina-v2-de"
        " jina-v2-es jina-v5-nano joyai-llm kanana2 kimi-k2 kormo laguna lfm2 llada-moe llama3"
        " llama4 llama-bpe llama-v3 megrez mellum mellum2 midm-2.0 minerva-7b minicpm5 minimax-m2"
        " modern-bert mpt olmo phi-2 pixtral poro-chat qwen2 qwen35 refact roberta-bpe sarvam-moe"
        " seed-coder smaug-bpe smollm solar-open spark2_5 stablelm2 starcoder superbpe talkie"
        " tekken tiny_aya trillion ufakzeka viking whitespace youtu"
    )
    assert set(names.split()) == set(PRE_TOKENIZERS)


@pytest.mark.parametrize(
    ("name", "text", "pieces"),
    [
        ("afmoe", "1234567", ["1", "234", "567"]),
        ("superbpe", "ab 12345", ["ab ", "12", "345"]),
        ("kimi-k2", "漢字kanji It's", ["漢字", "kanji", " It's"]),
        ("ufakzeka", "Ankara'da", ["Ankara", "'da"]),
        ("qwen2", "it's", ["it", "'s"]),
        ("minicpm5", "a12345", ["a", "123", "45"]),
        ("laguna", "a\n\nb", ["a", "\n\n", "b"]),
        ("seed-coder", "a!!\n", ["a", "!!", "\n"]),
        ("tiny_aya", "1234 ab", ["1", "234", " ab"]),
        ("jais-2", "a" + " " * 7 + "b", ["a", "    ", "  ", " b"]),
    ],
)
def test_texts_are_cut_as_llama_cpp_does_it(
    name: str, text: str, pieces: list[str], tmp_path: Path
) -> None:
    path = gguf_files.from_tokenizer_json(tmp_path / "m.gguf", small(), name)
    tokenizer = load(path)
    assert pieces_of(tokenizer.backend, text) == pieces
    assert PRE_TOKENIZERS[name].is_llama_cpps == any(
        "taken from llama.cpp" in note for note in tokenizer.origin.notes
    )


@pytest.mark.parametrize(
    ("name", "tokens", "text", "expected"),
    [
        ("gemma4", ["<unk>", "a", "▁", "b", "▁b"], "a b", [1, 4]),
        ("whitespace", ["<unk>", "a", "b", "ab", "x"], "ab a\nb", [3, 1, 2]),
    ],
)
def test_patterns_that_are_not_of_bytes(
    name: str, tokens: list[str], text: str, expected: list[int], tmp_path: Path
) -> None:
    merges = ["▁ b"] if name == "gemma4" else ["a b"]
    path = gguf_files.write(
        tmp_path / "m.gguf", "gpt2", tokens, merges=merges, pre=name, token_type=[2, 1, 1, 1, 1]
    )
    assert load(path).encode(text) == expected
