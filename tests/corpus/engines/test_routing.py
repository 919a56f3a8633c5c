"""Texts on which engines are known to differ are the judge's, and ids come back in order."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import AddedToken, normalizers

from tests.conftest import wrap
from tests.corpus.adversarial import TEXTS
from tests.corpus.engines.others import Failing, Other, Wrong
from tests.small_tokenizers import SMALL
from tokstat.corpus.engines.engine import Utf8Texts
from tokstat.corpus.engines.gigatoken import why_not
from tokstat.corpus.engines.judge import Judge
from tokstat.corpus.engines.routing import MOST_STRINGS, OddTexts, RoutedEngine
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture
def odd() -> Tokenizer:
    backend = SMALL["byte-level"]()
    backend.normalizer = normalizers.NFC()
    backend.add_tokens([AddedToken("[MASK]", lstrip=True), AddedToken("<plain>")])
    return wrap(backend, "odd")


def test_texts_with_odd_tokens_or_marks(odd: Tokenizer) -> None:
    texts = {
        "": False,
        "the people": False,
        "x [MASK]": True,
        "[MAS": False,
        "<plain>": False,
        "e\u0301": False,  # as old as Unicode 3.2
        "é 汉 я": False,
        "\u1100\u1161": False,
        "e\u0358": True,  # of Unicode 4.1
        "x \U00011133": True,
        "\u0378": True,  # not assigned
        "K]": False,
    }
    found = OddTexts.of(odd).find(Utf8Texts.of(list(texts)))
    assert dict(zip(texts, found.tolist(), strict=True)) == texts


@pytest.mark.parametrize(
    "between", ["\u0378", "[MASK]", DOCUMENT], ids=["unassigned", "added", "mark"]
)
def test_what_lies_between_texts_is_in_none(odd: Tokenizer, between: str) -> None:
    data = np.frombuffer(f"{between}one{between}two{between}".encode(), np.uint8)
    size = len(between.encode())
    starts = np.array([size, 2 * size + 3])
    definition = OddTexts.of(odd)
    assert definition.find(Utf8Texts(data, starts, starts + 3)).tolist() == [False, False]
    assert not len(definition.find(Utf8Texts(data, starts[:0], starts[:0])))
    whole = Utf8Texts(data, starts, np.array([starts[1], len(data)]))
    assert definition.find(whole).tolist() == [True, True]


def test_a_tokenizer_that_composes_nothing_has_no_odd_marks(byte_level: Tokenizer) -> None:
    odd = OddTexts.of(byte_level)
    assert not odd.find(Utf8Texts.of([*TEXTS, "e\u0358"])).any()
    # Letters of Unicode 17, which the judge does not know yet, and what is not assigned.
    assert odd.find(Utf8Texts.of(["\U00011dc3\n \n", "a\u0c5c", "\u0378"])).all()


def test_the_engine_has_the_rest(odd: Tokenizer) -> None:
    texts = Utf8Texts.of([*TEXTS, *TEXTS[::-1]])
    judged = Judge(odd).encode(texts)
    is_judges = OddTexts.of(odd).find(texts)
    assert 0 < is_judges.sum() < len(texts)
    right = RoutedEngine(Other(odd), odd).encode(texts)
    assert np.array_equal(right.ids, judged.ids)
    assert np.array_equal(right.bounds, judged.bounds)
    wrong = RoutedEngine(Wrong(odd, 1), odd).encode(texts)
    for number in range(len(texts)):
        is_right = np.array_equal(wrong.of(number), judged.of(number))
        assert is_right == (bool(is_judges[number]) or not len(judged.of(number)))


def test_parts_of_a_longer_array(odd: Tokenizer) -> None:
    texts = Utf8Texts.of(["a", "[MASK]", "b", "c [MASK] d"])
    some = texts.some(np.array([0, 2, 3]))
    found = OddTexts.of(odd).find(some)
    assert found[2]
    ids = RoutedEngine(Other(odd), odd).encode(some)
    assert [ids.of(number).tolist() for number in range(3)] == [
        odd.backend.encode(text, add_special_tokens=False).ids for text in ("a", "b", "c [MASK] d")
    ]


def test_what_fails_is_the_engine(odd: Tokenizer) -> None:
    engine = RoutedEngine(Failing(odd), odd)
    assert engine.label == "other 1"
    with pytest.raises(Exception, match="it fails"):
        engine.encode(Utf8Texts.of(["a", "e\u0358"]))


def test_too_many_odd_tokens_are_refused() -> None:
    backend = SMALL["byte-level"]()
    backend.add_tokens([AddedToken(f"<{n}>", rstrip=True) for n in range(MOST_STRINGS + 1)])
    assert why_not(wrap(backend, "many")) is not None
