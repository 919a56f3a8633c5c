"""Characters are written and told apart as the library does it."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import normalizers, pre_tokenizers

from tests.conftest import load_known
from tests.corpus.counting.test_words_alone import rules_of_nmt_nfkc
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting.normal_characters import ALONE, INNER, ODD, WHITE, CharacterTable
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, SEPARATOR, code_points


def test_kinds_of_bert() -> None:
    characters = CharacterTable(load_known("wordpiece").backend, "")
    normal = characters.normalize(code_points(f"A, é\x00{DOCUMENT}汉{SEPARATOR}\u0378"))
    written = normal.codes.tobytes().decode("utf-32-le")
    assert written == f"a, e{DOCUMENT} 汉 {SEPARATOR}\u0378"
    kinds = [INNER, ALONE, WHITE, INNER, WHITE, WHITE, INNER, WHITE, WHITE, ODD]
    assert normal.kinds.tolist() == kinds
    assert normal.sources.tolist() == [0, 1, 2, 3, 5, 6, 6, 6, 7, 8]


@pytest.mark.parametrize(
    ("text", "joined"),
    [("ab, c", [1]), ("a\x00b", [1, 2]), (" \u0378 ", [1, 2]), ("a汉b", []), ("1a", [1])],
)
def test_places_that_cannot_be_cut(text: str, joined: list[int]) -> None:
    """A character of which nothing is left joins its neighbours."""
    characters = CharacterTable(load_known("wordpiece").backend, "")
    codes = code_points(text)
    found = np.flatnonzero(characters.joins(codes[:-1], codes[1:])) + 1
    assert found.tolist() == joined


def test_short_graphemes() -> None:
    """Precompiled writes those together; three bytes after three are too long for that."""
    backend = SMALL["unigram"]()
    backend.normalizer = normalizers.Precompiled(rules_of_nmt_nfkc())
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    characters = CharacterTable(backend, "▁")
    codes = code_points("e\u0301 \u0915\u094d a\u200d ▁\u0600")
    assert characters.normalize(codes).kinds[-2:].tolist() == [WHITE, ODD]
    assert characters.in_short_graphemes(codes).tolist() == [1, 7, 10]
