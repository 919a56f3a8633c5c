"""Normalizers of every kind, and the charsmap of a SentencePiece model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import tokenizers
from hypothesis import strategies as st
from tokenizers import NormalizedString, models, normalizers

from tests.conftest import wrap
from tests.sentencepiece_models import train
from tokstat.loading.sentencepiece import _parse
from tokstat.reachability.normalizer import NormalForms
from tokstat.reachability.search import find_reachability

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


GPT_4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}]*[\p{Ll}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}]+|\p{N}|[^\s\p{L}\p{N}]+|\s+"
)


def ids_met(backend: tokenizers.Tokenizer, texts: Sequence[str]) -> set[int]:
    encodings = backend.encode_batch_fast(list(texts), add_special_tokens=False)
    return {token for encoding in encodings for token in encoding.ids}


WORDS = st.text("abB1.", min_size=1, max_size=3)


@st.composite
def wordpiece(draw: st.DrawFn) -> models.WordPiece:
    tokens = draw(st.sets(st.builds(str.__add__, st.sampled_from(["", "##"]), WORDS), max_size=12))
    vocab = {token: index for index, token in enumerate(["[UNK]", *sorted(tokens)])}
    longest = draw(st.sampled_from([2, 100]))
    return models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=longest)


@st.composite
def unigram(draw: st.DrawFn) -> models.Unigram:
    pieces = draw(st.lists(st.text("abB1.▁", min_size=1, max_size=3), max_size=12, unique=True))
    scores = st.integers(-9, -1).map(float)
    return models.Unigram([("<unk>", 0.0), *((piece, draw(scores)) for piece in pieces)], 0, False)


def cause_of(backend: tokenizers.Tokenizer, token: str) -> tuple[str, str] | None:
    tokenizer = wrap(backend, "made")
    obstacle = find_reachability(tokenizer).obstacles.get(tokenizer.vocabulary.tokens.index(token))
    return None if obstacle is None else (obstacle.cause, obstacle.component)


def bpe_of(merges: str, *more: str) -> models.BPE:
    """Make a model of merges written as `a+b ab+c`, and more tokens without one."""
    pairs = [(left, right) for left, _, right in (each.partition("+") for each in merges.split())]
    joined = [left + right for left, right in pairs]
    letters = {letter for token in (*joined, *more) for letter in token}
    tokens = dict.fromkeys(("<unk>", *sorted(letters), *joined, *more))
    vocab = {token: index for index, token in enumerate(tokens)}
    return models.BPE(vocab, pairs, unk_token="<unk>")


def knowing(*words: str) -> tokenizers.Tokenizer:
    vocab = {word: index for index, word in enumerate(["[UNK]", *words])}
    return tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
