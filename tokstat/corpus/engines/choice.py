"""Choose the engine for each tokenizer, and state why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tokstat.corpus.engines.conformance import Conformance, Conformances
from tokstat.corpus.engines.engine import Engine
from tokstat.corpus.engines.gigatoken import (
    GIGATOKEN,
    TESTED,
    Gigatoken,
    installed_version,
    why_not,
)
from tokstat.corpus.engines.judge import JUDGE
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
    """Hold the engine of one tokenizer, None for the judge alone, and why.

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
    if name == JUDGE:
        return [EngineChoice(None, "it was not asked for") for _ in tokenizers]
    is_asked = name == GIGATOKEN
    version = installed_version()
    if version is None:
        return [EngineChoice(None, f"{GIGATOKEN} is not installed: {INSTALL}") for _ in tokenizers]
    if version not in TESTED:
        reason = f"version {version} was not tested, but {', '.join(TESTED)}"
        return [EngineChoice(None, reason, is_warning=True) for _ in tokenizers]
    if not is_asked and size is not None and size < LEAST_BYTES:
        reason = f"less than {LEAST_BYTES:,} bytes are counted without it sooner"
        return [EngineChoice(None, reason) for _ in tokenizers]
    can_try = is_asked or size is None or size >= LEAST_BYTES_TO_TRY
    return [_choose(each, version, can_try, is_asked) for each in tokenizers]


def _choose(tokenizer: Tokenizer, version: str, can_try: bool, is_asked: bool) -> EngineChoice:
    reason = why_not(tokenizer)
    if reason is not None:
        return EngineChoice(None, reason, is_warning=is_asked)
    try:
        written = tokenizer.to_json()
    except BaseException as error:  # a component in Python, which has no written form
        if not is_failure(error):
            raise
        return EngineChoice(None, f"the tokenizer cannot be written: {reason_of(error)}", is_asked)
    conformances = Conformances(version)
    found = conformances.known(tokenizer, written)
    if found is None:
        if not can_try:
            reason = (
                "it has not been tried for this tokenizer, which takes longer than to count less"
                f" than {LEAST_BYTES_TO_TRY:,} bytes; --engine {GIGATOKEN} tries it"
            )
            return EngineChoice(None, reason)
        found = conformances.find(tokenizer, written)
    if found.outcome == "alike":
        return EngineChoice(Gigatoken(written, version), f"{found.texts:,} texts gave the same ids")
    return EngineChoice(None, found.reason, is_asked or found.outcome in _FAULTS)


def forget(tokenizer: Tokenizer, reason: str) -> None:
    """Keep in mind that the engine that is installed differs for a tokenizer."""
    version = installed_version()
    if version is not None:
        found = Conformance("differs", reason)
        Conformances(version).keep(tokenizer, tokenizer.to_json(), found)
