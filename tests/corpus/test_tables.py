"""The tables of a corpus report: groups with what is lost of them, and samples of the largest."""

from __future__ import annotations

import tokstat
from tests.conftest import load_known
from tokstat.corpus.tables import MOST_SAMPLES

TEXTS = {"en": "the people of the world", "zh": "the 虎"}


def test_groups_have_what_is_lost_of_them() -> None:
    names = ("byte-level", "wordpiece")
    report = tokstat.measure_corpus([load_known(name) for name in names], texts=TEXTS)
    groups = report.table("groups").columns
    shares = zip(groups["group"], groups["tokenizer"], groups["unknown_token_ratio"], strict=True)
    assert list(shares) == [
        ("en", "byte-level", 0.0),
        ("en", "wordpiece", 0.0),
        ("zh", "byte-level", 0.0),
        ("zh", "wordpiece", 0.5),
    ]
    assert set(groups["dropped_word_ratio"]) == {0.0}


def test_samples_are_of_the_groups_of_the_most_text() -> None:
    many = {
        f"{number:02}": ["the people of the world" + " of" * number] * 3 for number in range(20)
    }
    tokenizer = load_known("byte-level")
    columns = tokstat.measure_corpus([tokenizer], texts=many).table("samples").columns
    assert list(columns["group"]) == sorted(many)[-MOST_SAMPLES:]
    few = dict(list(many.items())[:2])
    columns = tokstat.measure_corpus([tokenizer], texts=few).table("samples").columns
    assert list(columns["group"]) == ["00"] * 3 + ["01"] * 3
    assert list(columns["sample"]) == [1, 2, 3, 4, 5, 6]
