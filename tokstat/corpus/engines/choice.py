"""Choose the engine for each tokenizer, and state why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tokstat.corpus.engines.conformance import Conformance, Conformances
from tokstat.corpus.engines.engine import Engine, EngineDiffersError, EngineError
from tokstat.corpus.engines.gigatoken import (
    GIGATOKEN,
    TESTED,
    Gigatoken,
    installed_version,
    why_not,
    written_for,
)
from tokstat.corpus.engines.judge import JUDGE
from tokstat.corpus.engines.routing import RoutedEngine
from tokstat.errors import CorpusError, is_failure, reason_of
from tokstat.tokenizer.tokenizer import Tokenizer

EngineName = Literal["auto", "tokenizers", "gigatoken"]
ENGINES = ("auto", JUDGE, GIGATOKEN)
"""What can be asked for; `auto` is gigatoken where it is installed, right, and worth its load."""

INSTALL = "pip install 'tokstat-toolkit[fast]'"

LEAST_BYTES = 5_000_000
"""Less text is counted before an engine is loaded."""

LEAST_BYTES_TO_TRY = 50_000_000
"""Less text is counted before an engine has been tried for a new tokenizer."""

_FAULTS = ("differs", "failed")


@dataclass(frozen=True, eq=False)
class EngineChoice:
    """Hold the engine that encodes for one tokenizer, None for the judge alone, and why.

    `is_warning` tells whether the reason is one that the user should hear of at once.
    """

    engine: Engine | None
    reason: str
    is_warning: bool = False


def require_engine(name: str) -> None:
    """Raise CorpusError for the name of no engine."""
    if name not in ENGINES:
        raise CorpusError(f"{name!r} is not an engine", f"Engines are {', '.join(ENGINES)}.")


def choose(
    tokenizers: Sequence[Tokenizer], name: str = "auto", size: int | None = None
) -> list[EngineChoice]:
    """Choose the engine for each tokenizer.

    Args:
        tokenizers: the tokenizers.
        name: one of `ENGINES`.
        size: bytes of text to count; None counts as much.
    """
    require_engine(name)
    if name == JUDGE:
        return [EngineChoice(None, "it was not asked for") for _ in tokenizers]
    is_asked = name == GIGATOKEN
    is_much = is_asked or size is None or size >= LEAST_BYTES
    version = installed_version()
    if version is None:
        reason = f"it is not installed, and would count several times as fast: {INSTALL}"
        return [
            EngineChoice(None, reason, is_asked or (is_much and why_not(each) is None))
            for each in tokenizers
        ]
    if version not in TESTED:
        reason = f"its version {version} was not tested: pip install {GIGATOKEN}=={TESTED[-1]}"
        return [EngineChoice(None, reason, is_warning=is_much) for _ in tokenizers]
    if not is_much:
        reason = f"less than {LEAST_BYTES:,} bytes are counted sooner without it"
        return [EngineChoice(None, reason) for _ in tokenizers]
    can_try = is_asked or size is None or size >= LEAST_BYTES_TO_TRY
    return [_choose(each, version, can_try, is_asked) for each in tokenizers]


def choose_for_stream(tokenizers: Sequence[Tokenizer], name: str) -> list[EngineChoice]:
    """Choose the judge: text that can be read only once could not be counted again."""
    require_engine(name)
    reason = "the text can be read only once, and could not be counted again"
    return [EngineChoice(None, reason, is_warning=name == GIGATOKEN) for _ in tokenizers]


def without(
    error: EngineError, tokenizers: Sequence[Tokenizer], choices: Sequence[EngineChoice]
) -> list[EngineChoice]:
    """Return the choices after an engine has failed: the judge, in place of that engine.

    If it gave other ids, this is kept in mind for later runs.
    """
    found = []
    for tokenizer, choice in zip(tokenizers, choices, strict=True):
        spec = tokenizer.origin.spec
        engine = choice.engine
        is_known = isinstance(error, EngineDiffersError) and error.spec == spec
        if is_known and isinstance(engine, RoutedEngine) and isinstance(engine.engine, Gigatoken):
            verdict = Conformance("differs", error.problem)
            written = written_for(tokenizer)
            Conformances(engine.engine.version).keep(tokenizer, written, verdict)
        is_its = engine is not None and engine.label == error.label
        found.append(EngineChoice(None, error.problem, is_warning=True) if is_its else choice)
    return found


def _choose(tokenizer: Tokenizer, version: str, can_try: bool, is_asked: bool) -> EngineChoice:
    reason = why_not(tokenizer)
    if reason is not None:
        return EngineChoice(None, reason, is_warning=is_asked)
    conformances = Conformances(version)
    try:
        written = written_for(tokenizer)
        found = conformances.known(tokenizer, written)
    except BaseException as error:  # a component in Python, which has no written form
        if not is_failure(error):
            raise
        return EngineChoice(None, f"the tokenizer cannot be written: {reason_of(error)}", is_asked)
    if found is None:
        if not can_try:
            reason = (
                "it has not been tried for this tokenizer, which takes longer than to count less"
                f" than {LEAST_BYTES_TO_TRY:,} bytes; --engine {GIGATOKEN} tries it"
            )
            return EngineChoice(None, reason)
        found = conformances.find(tokenizer, written)
    if found.outcome == "alike":
        engine = Gigatoken(partial(written_for, tokenizer), version, written)
        return EngineChoice(
            RoutedEngine(engine, tokenizer), f"{found.texts:,} texts gave the same ids"
        )
    return EngineChoice(None, found.reason, is_asked or found.outcome in _FAULTS)
