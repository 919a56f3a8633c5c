"""x"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import tokenizers
from tokenizers import NormalizedString, models, normalizers

from tests.conftest import wrap
from tests.sentencepiece_models import train
from tokstat.loading.sentencepiece import _parse
from tokstat.reachability.normalizer import NormalForms

N = normalizers


@cache
def charsmap() -> bytes:
    """Return SentencePiece's own map of NFKC."""
    return bytes(_parse(train(normalization_rule_name="nmt_nfkc"), "").charsmap)


def forms(normalizer: normalizers.Normalizer | None, space: str = "▁") -> NormalForms:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, f"{space}a": 1, f"{space}b": 2}))
    if normalizer is not None:
        backend.normalizer = normalizer
    return NormalForms(wrap(backend, "one"))


NORMALIZERS: dict[str, Callable[[], normalizers.Normalizer | None]] = {
    "none": lambda: None,
    "nothing": lambda: N.Sequence([]),
    "lower": lambda: N.Lowercase(),
    "NFC": lambda: N.NFC(),
    "NFD, then no accents": lambda: N.Sequence([N.NFD(), N.StripAccents()]),
    "BERT": lambda: N.BertNormalizer(lowercase=True),
    "BERT, cased": lambda: N.BertNormalizer(lowercase=False),
    "marks": lambda: N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")]),
    "NFKC and marks": lambda: N.Sequence([N.NFKC(), N.Replace(" ", "▁")]),
    "marks before NFKC": lambda: N.Sequence([N.Replace(" ", "▁"), N.NFKC()]),
    "a letter for another": lambda: N.Replace("A", "a"),
    "NFC, a letter for another": lambda: N.Sequence([N.NFC(), N.Replace("A", "a")]),
    "a letter for a mark": lambda: N.Sequence([N.NFC(), N.Replace("a", "▁")]),
    "two letters": lambda: N.Sequence([N.NFC(), N.Replace("aa", "b")]),
    "by expression": lambda: N.Sequence([N.NFC(), N.Replace(tokenizers.Regex("A"), "b")]),
    "looks behind": lambda: N.Sequence([N.Replace(tokenizers.Regex("(?<=a)A"), "b"), N.NFC()]),
    "stripped": lambda: N.Sequence([N.Lowercase(), N.Strip(), N.Prepend("▁")]),
    "SentencePiece's": lambda: N.Precompiled(charsmap()),
    "SentencePiece's, lower": lambda: N.Sequence([N.Precompiled(charsmap()), N.Lowercase()]),
}


def backend_of(normalizer: normalizers.Normalizer | None) -> tokenizers.Tokenizer:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0}))
    if normalizer is not None:
        backend.normalizer = normalizer
    return backend


class Shout:
    """A normalizer in Python."""

    def normalize(self, text: NormalizedString) -> None:
        text.map(str.upper)
