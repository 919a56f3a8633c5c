"""Word classes against labelled tokens; docs/method.md has the matrix."""

import pytest

from tests.tools.confusion import (
    LABELS,
    METHOD,
    OTHERS,
    agreement,
    confusion,
    page,
    read_tokens,
    settled_labels,
)


@pytest.mark.slow
def test_fragments_are_those_that_readers_call_so() -> None:
    found = confusion("en")
    assert found.total() == 185
    assert found.precision >= 0.85
    assert found.recall >= 0.92
    assert found.to_markdown() in METHOD.read_text("utf-8")


@pytest.mark.exhaustive  # nine large vocabularies are classified
def test_the_page_has_every_language() -> None:
    assert page() == METHOD.read_text("utf-8")


@pytest.mark.parametrize("language", OTHERS)
def test_the_readings_of_other_languages_agree(language: str) -> None:
    agreed, read, kappa = agreement(language)
    assert read >= 150
    assert agreed / read > 0.9
    assert kappa > 0.8


@pytest.mark.parametrize("language", OTHERS)
def test_every_difference_between_the_readings_is_settled(language: str) -> None:
    differ = {
        (row["tokenizer"], row["id"])
        for row in read_tokens(language)
        if row["label"] != row["second"]
    }
    settled = settled_labels(language)
    assert set(settled) == differ
    assert set(settled.values()) <= set(LABELS)


@pytest.mark.slow
def test_a_phrase_of_chinese_is_no_fragment() -> None:
    found = confusion("zh")
    assert found.total("joined_words", "I") >= 0.85 * found.total("joined_words")
    assert found.total("fragment", "I") == 0
