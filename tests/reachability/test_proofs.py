"""Obstacles by component: added tokens, normalizers, and models that fail."""

from __future__ import annotations

import pytest
import tokenizers
from tokenizers import AddedToken, models, normalizers, pre_tokenizers

from tests.conftest import wrap
from tests.reachability.conftest import (
    bpe_of,
    cause_of,
    ids_met,
    knowing,
)
from tests.small_tokenizers import SMALL
from tokstat.reachability.search import find_reachability
from tokstat.tokenizer.tokenizer import Tokenizer


def test_runs_of_blanks_are_shadowed_by_added_tokens(modernbert: Tokenizer) -> None:
    found = find_reachability(modernbert)
    vocabulary = modernbert.vocabulary
    for row, obstacle in found.obstacles.items():
        assert "  " in (vocabulary.texts[row] or "")
        assert obstacle.component.startswith("added token ··")


@pytest.mark.parametrize(
    ("normalizer", "word", "blamed"),
    [
        (normalizers.Lowercase(), "Ab", "Lowercase"),
        (normalizers.Lowercase(), "ab", None),
        (normalizers.NFC(), "e\u0301", "NFC"),
        (normalizers.NFKC(), "ﬁ", "NFKC"),
        (normalizers.NFD(), "é", "NFD"),
        (normalizers.Replace("b", "c"), "ab", "Replace"),
        (normalizers.Sequence([normalizers.Lowercase(), normalizers.NFD()]), "Ab", "Lowercase"),
        # What NFKC makes of TELEPHONE SIGN comes behind the lower-casing.
        (normalizers.Sequence([normalizers.Lowercase(), normalizers.NFKC()]), "TEL", None),
        (normalizers.BertNormalizer(), "a的", "BertNormalizer"),
    ],
)
def test_normalizers(normalizer: normalizers.Normalizer, word: str, blamed: str | None) -> None:
    backend = knowing(word)
    backend.normalizer = normalizer
    expected = None if blamed is None else ("normalizer", f"normalizer: {blamed}")
    assert cause_of(backend, word) == expected


@pytest.mark.parametrize("single_word", [True, False])
def test_an_added_token_shadows(single_word: bool) -> None:
    backend = knowing("cab", "a", "c")
    backend.add_tokens([AddedToken("ab", single_word=single_word, normalized=False)])
    found = cause_of(backend, "cab")
    assert (found is None) == single_word
    assert single_word or found == ("shadowed by an added token", "added token ab (id 4)")


def test_a_refused_match_spares_what_it_overlaps() -> None:
    """In `1a.` the added token `1a` is found, as a part of no word refused, and `a` is not seen."""
    backend = tokenizers.Tokenizer(bpe_of("a+.", "1"))
    backend.add_tokens(["a", AddedToken("1a", single_word=True)])
    found = find_reachability(wrap(backend, "made"))
    row = wrap(backend, "made").vocabulary.tokens.index("a.")
    assert row not in found.obstacles
    assert row in ids_met(backend, ["x1a."])


def test_models_that_fail_on_a_text_prove_nothing() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, "b": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    found = find_reachability(wrap(backend, "made"))
    assert len(found.rows("reachable")) == 2


@pytest.mark.parametrize("single_word", [False, True])
def test_a_token_that_an_added_one_shadows(single_word: bool) -> None:
    backend = SMALL["byte-level"]()
    backend.add_tokens([AddedToken("th", single_word=single_word)])
    cause = cause_of(backend, "Ġthe")
    shadowed = ("shadowed by an added token", "added token th (id 452)")
    assert cause == (None if single_word else shadowed)
