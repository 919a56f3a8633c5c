"""A verdict needs the judge's ids on every text, and is kept by the tokenizer and the version."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import wrap
from tests.corpus.adversarial import TEXTS
from tests.corpus.engines.others import Other, Wrong
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.corpus.engines import conformance
from tokstat.corpus.engines.conformance import Conformances, first_difference, shown
from tokstat.corpus.engines.engine import (
    EngineError,
    EngineRefusesError,
    TokenIds,
    Utf8Texts,
)
from tokstat.corpus.engines.gigatoken import installed_version, written_for
from tokstat.io.files import cache_folder
from tokstat.tokenizer.tokenizer import Tokenizer


def test_the_first_difference() -> None:
    texts = Utf8Texts.of(["a", "b", "c"])
    judged = TokenIds(np.array([1, 2, 3], np.uint32), np.array([0, 1, 2, 3]))
    assert first_difference(texts, judged, judged) is None
    other = TokenIds(np.array([1, 9, 3], np.uint32), judged.bounds)
    assert first_difference(texts, other, judged) == 1
    longer = TokenIds(np.array([1, 2, 3, 3], np.uint32), np.array([0, 1, 2, 4]))
    assert first_difference(texts, longer, judged) == 2
    moved = TokenIds(judged.ids, np.array([0, 2, 2, 3]))
    assert first_difference(texts, moved, judged) == 0
    fewer = TokenIds(judged.ids, np.array([0, 3]))
    assert first_difference(texts, fewer, judged) == 0


def test_a_long_text_is_shown_in_part() -> None:
    assert shown("é\n") == r"'\xe9\n'"
    assert len(shown("x" * 1_000)) < 100


SUITE = [*TEXTS, *(f"text {number}" for number in range(1_000))]
"""Fewer texts than a real suite has."""


def trying(engine: Other, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let an engine stand in for gigatoken in trials; return the sizes of all suites."""
    tried: list[int] = []

    def try_out(written: bytes, version: str, texts: Utf8Texts) -> TokenIds:
        tried.append(len(texts))
        return engine.encode(texts)

    monkeypatch.setattr(conformance, "try_out", try_out)
    monkeypatch.setattr(conformance, "conformance_texts", lambda tokenizer: SUITE)
    return tried


def test_verdicts_are_kept_by_tokenizer_and_version(
    byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = trying(Other(byte_level), monkeypatch)
    conformances, written = Conformances("1"), written_for(byte_level)
    assert conformances.known(byte_level, written) is None
    found = conformances.find(byte_level, written)
    assert (found.outcome, found.texts) == ("alike", len(SUITE))
    assert tried == [found.texts]
    assert conformances.known(byte_level, written) == found
    assert Conformances("2").known(byte_level, written) is None
    other = wrap(SMALL["byte-level-prefix"](), "other")
    assert conformances.known(other, written_for(other)) is None
    byte_level.backend.add_tokens(["changed in memory"])
    changed = wrap(byte_level.backend, "changed")
    assert conformances.known(changed, written) is None


def test_one_wrong_id_is_found(byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    trying(Wrong(byte_level, 500), monkeypatch)
    found = Conformances("1").find(byte_level, written_for(byte_level))
    assert found.outcome == "differs"
    assert found.reason


@pytest.mark.parametrize(
    ("error", "outcome", "kept"),
    [(EngineRefusesError, "refused", True), (EngineError, "failed", False)],
)
def test_a_failure_is_tried_again_and_a_refusal_is_not(
    error: type[EngineError],
    outcome: str,
    kept: bool,
    byte_level: Tokenizer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Failing(Other):
        def encode(self, texts: Utf8Texts) -> TokenIds:
            raise error("no", self.label)

    trying(Failing(byte_level), monkeypatch)
    conformances, written = Conformances("1"), written_for(byte_level)
    assert conformances.find(byte_level, written).outcome == outcome
    assert (conformances.known(byte_level, written) is not None) == kept


@pytest.mark.parametrize("content", ["", "{", "[]", '{"outcome": "alike", "more": 1}'])
def test_a_damaged_verdict_is_none(
    content: str, byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying(Other(byte_level), monkeypatch)
    conformances, written = Conformances("1"), written_for(byte_level)
    conformances.find(byte_level, written)
    (path,) = (cache_folder() / "engines").iterdir()
    path.write_text(content)
    assert conformances.known(byte_level, written) is None


def test_a_cache_that_cannot_be_written_stops_nothing(
    byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying(Other(byte_level), monkeypatch)
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("a file")
    assert Conformances("1").find(byte_level, written_for(byte_level)).outcome == "alike"


SMALL_BPE = ("byte-level", "byte-level-prefix", "metaspace", "metaspace-prefix")


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL_BPE)
def test_the_real_one(name: str) -> None:
    need("gigatoken")
    tokenizer = wrap(SMALL[name](), name)
    conformances = Conformances(str(installed_version()))
    assert conformances.find(tokenizer, written_for(tokenizer)).outcome in ("alike", "refused")
