"""The samples of a corpus report are split as `encode` splits them."""

from __future__ import annotations

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.errors import LimitError
from tokstat.render.panel import samples_of
from tokstat.splitting import samples
from tokstat.splitting.split import split_text

TEXTS = {"en": "the people of the world", "zh": "the people of 虎虎虎虎虎虎虎"}
NAMES = ("byte-level", "wordpiece")


def test_samples_have_the_tokens_of_encode() -> None:
    tokenizers = [load_known(name) for name in NAMES]
    splits = samples_of(tokstat.measure_corpus(tokenizers, texts=TEXTS))
    assert splits is not None
    assert [(text.name, text.text) for text in splits.texts] == list(TEXTS.items())
    for text in splits.texts:
        for tokenizer, split in zip(tokenizers, text.splits, strict=True):
            expected = split_text(tokenizer, text.text)
            assert split.tokenizer == tokenizer.origin.spec
            shown = [(token.id, token.text, token.start, token.end) for token in split]
            assert shown == [(t.id, t.text, t.start, t.end) for t in expected]


def test_without_samples_or_where_a_tokenizer_fails_the_report_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = tokstat.measure_corpus([load_known("byte-level")], texts=["the"])
    assert {table.name for table in short.tables}.isdisjoint(("samples", "sample_tokens"))
    assert samples_of(short) is None

    def fail(*_: object) -> None:
        raise LimitError("It takes too long", "Give less.")

    monkeypatch.setattr(samples, "split_texts", fail)
    failed = tokstat.measure_corpus([load_known("byte-level")], texts=TEXTS)
    assert "sample_tokens" not in {table.name for table in failed.tables}
    assert samples_of(failed) is None
