"""An engine is chosen where it is installed, tested, right for the tokenizer, and worth it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import wrap
from tests.corpus.engines.others import Other
from tests.small_tokenizers import SMALL
from tokstat.corpus.engines import choice
from tokstat.corpus.engines.choice import (
    LEAST_BYTES,
    LEAST_BYTES_TO_TRY,
    EngineChoice,
    choose,
    choose_for_stream,
    without,
)
from tokstat.corpus.engines.conformance import Conformance, Conformances
from tokstat.corpus.engines.engine import EngineDiffersError, EngineError
from tokstat.corpus.engines.gigatoken import TESTED, written_for
from tokstat.corpus.engines.routing import RoutedEngine
from tokstat.errors import CorpusError
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have a tested version installed, and give each tokenizer the verdict of this list."""
    outcomes: list[Any] = ["alike"]
    monkeypatch.setattr(choice, "installed_version", lambda: TESTED[-1])
    monkeypatch.setattr(
        Conformances,
        "find",
        lambda self, tokenizer, written: Conformance(outcomes[0], outcomes[0], 7),
    )
    return outcomes


def test_it_is_taken_where_it_pays(byte_level: Tokenizer, found: list[str]) -> None:
    sizes = {LEAST_BYTES - 1: False, LEAST_BYTES_TO_TRY - 1: False, LEAST_BYTES_TO_TRY: True}
    for size, is_taken in sizes.items():
        (chosen,) = choose([byte_level], "auto", size)
        assert (chosen.engine is not None, chosen.is_warning) == (is_taken, False)
    (asked,) = choose([byte_level], "gigatoken", 1)
    assert isinstance(asked.engine, RoutedEngine)
    assert choose([byte_level], "tokenizers", None)[0].engine is None


def test_a_kept_verdict_needs_less_text(byte_level: Tokenizer, found: list[str]) -> None:
    Conformances(TESTED[-1]).keep(byte_level, written_for(byte_level), Conformance("alike", "", 7))
    assert choose([byte_level], "auto", LEAST_BYTES)[0].engine is not None


@pytest.mark.parametrize(
    ("outcome", "warns"), [("refused", False), ("differs", True), ("failed", True)]
)
def test_the_judge_takes_over(
    outcome: str, warns: bool, byte_level: Tokenizer, found: list[str]
) -> None:
    found[0] = outcome
    (chosen,) = choose([byte_level])
    assert (chosen.engine, chosen.reason, chosen.is_warning) == (None, outcome, warns)
    assert choose([byte_level], "gigatoken")[0].is_warning


def test_each_tokenizer_has_its_own(byte_level: Tokenizer, found: list[str]) -> None:
    wordpiece = wrap(SMALL["wordpiece"](), "wordpiece")
    engines = [each.engine is not None for each in choose([wordpiece, byte_level])]
    assert engines == [False, True]


@pytest.mark.parametrize("version", [None, "0.9.0", "99.0"])
def test_a_version_that_is_missing_or_was_not_tested(
    version: str | None, byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "installed_version", lambda: version)
    for size, warns in ((LEAST_BYTES - 1, False), (LEAST_BYTES, True), (None, True)):
        (chosen,) = choose([byte_level], "auto", size)
        assert (chosen.engine, chosen.is_warning) == (None, warns)
        assert "pip install" in chosen.reason


def test_text_that_is_read_once_is_the_judges(byte_level: Tokenizer) -> None:
    assert not choose_for_stream([byte_level], "auto")[0].is_warning
    assert choose_for_stream([byte_level], "gigatoken")[0].is_warning


def test_an_unknown_engine_is_an_error(byte_level: Tokenizer) -> None:
    for call in (choose, choose_for_stream):
        with pytest.raises(CorpusError, match="'tiktoken'"):
            call([byte_level], "tiktoken")


def test_an_engine_that_differs_is_not_asked_again(byte_level: Tokenizer, found: list[str]) -> None:
    chosen = choose([byte_level])
    engine = chosen[0].engine
    assert engine is not None
    error = EngineDiffersError("its ids differ for 'x'", engine.label, "byte-level")
    (after,) = without(error, [byte_level], chosen)
    assert (after.engine, after.is_warning, after.reason) == (None, True, error.problem)
    assert choose([byte_level])[0].engine is None


def test_a_failure_leaves_other_engines(byte_level: Tokenizer, found: list[str]) -> None:
    other = EngineChoice(Other(byte_level), "it is right")
    chosen = [*choose([byte_level]), other]
    engine = chosen[0].engine
    assert engine is not None
    after = without(EngineError("it fails", engine.label), [byte_level] * 2, chosen)
    assert [each.engine for each in after] == [None, other.engine]
    assert choose([byte_level])[0].engine is not None
