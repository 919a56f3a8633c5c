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


@pytest.mark.parametrize("name", {cuts: name for name, cuts in PRE_TOKENIZERS.items()}.values())
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
