"""Tokens alone are counted as with words, by group and by file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import wrap
from tests.corpus.conftest import DOCUMENTS
from tests.corpus.counting.test_chunks_by_engine import without_engines
from tests.corpus.engines.others import Other, Wrong
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting import tally
from tokstat.corpus.counting.window import Document
from tokstat.corpus.engines.engine import EngineDiffersError
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.mark.parametrize("room", [0, 4, 1_000_000])
def test_counts_are_the_judges(
    room: int, superword: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "_ROOM", room)
    made = [wrap(SMALL[name](), name) for name in ("byte-level", "wordpiece", "unigram")]
    tokenizers = [made[0], superword, *made[1:]]
    plan = Plan.of(tokenizers, "none", Reading())
    judged = plan.count(iter(DOCUMENTS))
    for chosen in ((0,), (1, 2), (0, 1, 2, 3)):
        engines = [
            Other(each) if number in chosen else None for number, each in enumerate(tokenizers)
        ]
        found = replace(plan, engines=engines).count(iter(DOCUMENTS))
        assert without_engines(found) == judged.to_dict()
        used = [number for number, uses in enumerate(found.engines) if uses]
        assert tuple(used) == chosen
    words = Plan.of(tokenizers, "unicode", Reading()).count(iter(DOCUMENTS))
    for one, other in zip(words.total.tokenizers, judged.total.tokenizers, strict=True):
        assert one.to_dict()["ids"] == other.to_dict()["ids"]
        assert one.to_dict()["counts"] == other.to_dict()["counts"]
    assert judged.total.text.words == 0


def test_no_documents() -> None:
    tokenizer = wrap(SMALL["byte-level"](), "byte-level")
    plan = replace(Plan.of([tokenizer], "none", Reading()), engines=[Other(tokenizer)])
    assert plan.count([]).total.text.documents == 0
    empty = plan.count([Document("")]).total
    assert (empty.text.documents, empty.tokenizers[0].tokens.total) == (1, 0)


def test_an_engine_that_is_often_wrong_is_caught() -> None:
    tokenizer = wrap(SMALL["byte-level"](), "byte-level")
    plan = Plan.of([tokenizer], "none", Reading())
    documents = [Document(f"the number {number} of many") for number in range(3_000)]
    with pytest.raises(EngineDiffersError):
        replace(plan, engines=[Wrong(tokenizer, 20)]).count(documents)
