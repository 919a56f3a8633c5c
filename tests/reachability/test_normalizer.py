"""What a normalizer is said never to put out, against every short text."""

from __future__ import annotations

from itertools import product

import pytest

from tests.reachability.conftest import NORMALIZERS, N, Shout, backend_of, forms
from tokstat.tokenizer.pipeline import normalizer_parts

ALPHABET = ("a", "A", "é", "e\u0301", " ", "▁", "①", "汉")


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


def test_a_custom_step_in_a_sequence_proves_nothing() -> None:
    assert forms(N.Normalizer.custom(Shout())).blocking_part("a", inside=False) is None
