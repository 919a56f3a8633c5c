"""The judge's ids are those of the tokenizers library, text by text."""

from __future__ import annotations

import pytest
import tokenizers

from tests.corpus.adversarial import TEXTS
from tokstat.corpus.engines import judge
from tokstat.corpus.engines.engine import Utf8Texts
from tokstat.corpus.engines.judge import Judge
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.mark.parametrize("at_a_time", [1, 50, 1 << 21])
def test_its_ids(byte_level: Tokenizer, at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_BYTES_AT_A_TIME", at_a_time)
    found = Judge(byte_level).encode(Utf8Texts.of(TEXTS))
    for number, text in enumerate(TEXTS):
        expected = byte_level.backend.encode(text, add_special_tokens=False).ids
        assert found.of(number).tolist() == expected


def test_no_texts_have_no_ids(byte_level: Tokenizer) -> None:
    found = Judge(byte_level).encode(Utf8Texts.of([]))
    assert (found.ids.tolist(), found.bounds.tolist()) == ([], [0])


def test_its_label(byte_level: Tokenizer) -> None:
    assert Judge(byte_level).label == f"tokenizers {tokenizers.__version__}"
