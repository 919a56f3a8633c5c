"""Parity of aligned languages by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import wrap
from tests.corpus.engines.others import Failing, Other
from tests.small_tokenizers import SMALL
from tokstat.corpus.engines.engine import TokenIds, Utf8Texts
from tokstat.corpus.metrics import gini
from tokstat.corpus.parity import Language, measure_parity
from tokstat.errors import CorpusError
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def byte_level() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "byte-level")


def test_parity(byte_level: Tokenizer) -> None:
    languages = [
        Language("en", ["the people", "", "of the world"]),
        Language("de", ["die Leute", "und", "der Welt"]),
        Language("ru", ["люди", "и", "мира"]),
    ]
    lengths = [
        [len(byte_level.backend.encode(line, add_special_tokens=False)) for line in each.lines]
        for each in languages
    ]
    found = measure_parity(byte_level, languages)
    assert found.tokens == tuple(map(sum, lengths))
    assert found.parity[0] == 1
    for number in (1, 2):
        ratios = [lengths[number][row] / lengths[0][row] for row in (0, 2)]
        assert found.parity[number] == pytest.approx(sum(ratios) / 2)
        assert found.total[number] == sum(lengths[number]) / sum(lengths[0])
    assert found.gini == gini(found.tokens)


class Short(Other):
    """Leave out the last token of every text."""

    def encode(self, texts: Utf8Texts) -> TokenIds:
        found = super().encode(texts)
        ids = np.delete(found.ids, found.bounds[1:] - 1)
        return TokenIds(ids, found.bounds - np.arange(len(found.bounds)))


@pytest.mark.parametrize("kind", [Other, Short, Failing])
def test_an_engine_changes_nothing(byte_level: Tokenizer, kind: type[Other]) -> None:
    lines = [f"the people of {number}" for number in range(500)]
    languages = [Language("en", lines), Language("de", lines[::-1])]
    engine = kind(byte_level)
    assert measure_parity(byte_level, languages, engine) == measure_parity(byte_level, languages)


def test_lines_that_do_not_match(byte_level: Tokenizer) -> None:
    with pytest.raises(CorpusError, match=r"en .*\b1 .*de .*\b2\b"):
        measure_parity(byte_level, [Language("en", ["a"]), Language("de", ["a", "b"])])
