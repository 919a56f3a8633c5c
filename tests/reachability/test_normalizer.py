"""What a normalizer is said never to put out, against every short text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product

import pytest
import tokenizers
from tokenizers import NormalizedString, models, normalizers

from tests.conftest import wrap
from tests.sentencepiece_models import train
from tokstat.loading.sentencepiece import _parse
from tokstat.reachability.normalizer import NormalForms
from tokstat.tokenizer.pipeline import charsmap_outputs, normalizer_parts, pre_tokenizer_parts

N = normalizers

ALPHABET = ("a", "A", "é", "e\u0301", " ", "▁", "①", "汉")


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


@pytest.mark.parametrize("name", NORMALIZERS)
def test_what_is_blocked_never_comes_out(name: str) -> None:
    made = NORMALIZERS[name]()
    normal_forms = forms(made)
    texts = ["".join(each) for n in range(1, 4) for each in product(ALPHABET, repeat=n)]
    outputs = set(texts) if made is None else {made.normalize_str(text) for text in texts}
    for text in texts:
        if len(text) > 2:
            continue
        part = normal_forms.blocking_part(text, inside=False)
        form = normal_forms.form(text)
        assert part is None or not [output for output in outputs if form in output]
        if part is not None:
            assert part in {each.type for each in normalizer_parts(backend_of(made))}


def backend_of(normalizer: normalizers.Normalizer | None) -> tokenizers.Tokenizer:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0}))
    if normalizer is not None:
        backend.normalizer = normalizer
    return backend


@pytest.mark.parametrize(
    ("name", "text", "inside", "part"),
    [
        ("none", "A", False, None),
        ("nothing", "A", False, None),
        ("lower", "A", False, "Lowercase"),
        ("lower", "a", False, None),
        ("NFC", "e\u0301", False, "NFC"),
        ("NFD, then no accents", "é", False, "NFD"),
        ("BERT", "汉", True, "BertNormalizer"),
        ("BERT", "汉", False, None),
        ("BERT, cased", "A汉", False, "BertNormalizer"),
        ("a letter for another", "A", False, "Replace"),
        ("NFC, a letter for another", "A", False, "Replace"),
        ("NFC, a letter for another", "e\u0301", False, "NFC"),
        ("NFC, a letter for another", "e\u0301a", False, None),  # the a may have been an A
        ("NFKC and marks", "① a", False, "NFKC"),
        ("two letters", "aa", False, None),
        ("by expression", "A", False, "Replace"),
        ("looks behind", "A", False, None),
        ("SentencePiece's", "①", False, "Precompiled"),
        ("SentencePiece's, lower", "A", False, "Lowercase"),
    ],
)
def test_the_step_that_blocks(name: str, text: str, inside: bool, part: str | None) -> None:
    assert forms(NORMALIZERS[name]()).blocking_part(text, inside=inside) == part


class Shout:
    """A normalizer in Python."""

    def normalize(self, text: NormalizedString) -> None:
        text.map(str.upper)


class Halves:
    """A pre-tokenizer in Python."""

    def pre_tokenize(self, text: tokenizers.PreTokenizedString) -> None:
        text.split(lambda _, each: [each[: len(str(each)) // 2], each[len(str(each)) // 2 :]])


def test_steps_written_in_python_run_and_are_called_custom() -> None:
    backend = backend_of(N.Normalizer.custom(Shout()))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.PreTokenizer.custom(Halves())
    (normalizer,), (pre_tokenizer,) = normalizer_parts(backend), pre_tokenizer_parts(backend)
    assert (normalizer.type, pre_tokenizer.type) == ("custom", "custom")
    assert normalizer("abcd") == "ABCD"
    assert pre_tokenizer.spans("abcd") == [(0, 2), (2, 4)]


def test_a_custom_step_in_a_sequence_proves_nothing() -> None:
    assert forms(N.Normalizer.custom(Shout())).blocking_part("a", inside=False) is None


def test_the_outputs_of_a_charsmap() -> None:
    (part,) = normalizer_parts(backend_of(N.Precompiled(charsmap())))
    outputs = charsmap_outputs(part)
    assert {"1", "é", " "} <= outputs
    assert "①" not in outputs
    assert all(part(each) == each for each in sorted(outputs)[:500] if each.isalnum())


@pytest.mark.parametrize("name", ["BERT", "SentencePiece's", "NFC", "NFD, then no accents"])
@pytest.mark.parametrize("text", ["é", "1", "e", "a1"])
def test_what_can_come_out_has_a_source(name: str, text: str) -> None:
    normal_forms = forms(NORMALIZERS[name]())
    outputs = [normal_forms.of(source) for source in normal_forms.sources(text)]
    assert (text in outputs) == (normal_forms.of(text) == text)


def test_sequences_in_sequences_are_flattened() -> None:
    backend = backend_of(N.Sequence([N.NFC(), N.Sequence([N.Lowercase()])]))
    assert [part.type for part in normalizer_parts(backend)] == ["NFC", "Lowercase"]
