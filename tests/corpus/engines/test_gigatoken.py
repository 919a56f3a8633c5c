"""What gigatoken is known to get wrong is refused, and it gives the judge's ids elsewhere."""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
from tokenizers import AddedToken, Regex, normalizers, pre_tokenizers

from tests.conftest import wrap
from tests.corpus.adversarial import TEXTS
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.api.loading import load
from tokstat.corpus.engines import gigatoken
from tokstat.corpus.engines.engine import EngineError, EngineRefusesError, Utf8Texts
from tokstat.corpus.engines.gigatoken import (
    Gigatoken,
    installed_version,
    why_not,
    written_for,
)
from tokstat.corpus.engines.judge import Judge
from tokstat.corpus.safe_cuts.boundaries import SEPARATOR
from tokstat.io import limits
from tokstat.io.background import Background
from tokstat.tokenizer.tokenizer import Tokenizer


def test_kinds_that_it_gets_wrong_are_refused(byte_level: Tokenizer) -> None:
    assert why_not(byte_level) is None
    for name in ("wordpiece", "unigram"):
        assert why_not(wrap(SMALL[name](), name)) is not None
    backend = SMALL["byte-level"]()
    backend.add_tokens([AddedToken("<odd>", single_word=True)])
    assert why_not(wrap(backend, "odd")) is None  # texts with it are the judge's
    backend.normalizer = normalizers.Lowercase()
    assert why_not(wrap(backend, "odd")) is not None
    backend = SMALL["byte-level"]()
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s+"), "isolated")
    assert why_not(wrap(backend, "split")) is not None


def test_it_is_found_without_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert installed_version() is None
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.9")
    assert installed_version() == "0.9"


def test_a_broken_library_is_an_engines_error(
    byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gigatoken", None)
    with pytest.raises(EngineError, match="cannot be imported"):
        Gigatoken(lambda: written_for(byte_level), "0.10.0").encode(Utf8Texts.of(["x"]))


class _Library:
    """Stand in for gigatoken: a library that fails, or that never ends."""

    def __init__(self, error: BaseException | None) -> None:
        self.Tokenizer = self.backend = self
        self._error = error

    def from_json(self, written: bytes) -> _Library:
        if written == b"refused":
            raise ValueError("no")
        return self

    def encode(self, text: str | bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        if text == SEPARATOR:
            return np.array([9])
        if self._error is not None:
            raise self._error
        time.sleep(10)
        return np.zeros(0, np.int64)


class PanicException(BaseException):
    """A panic."""


@pytest.mark.parametrize(
    "error",
    [
        ValueError("odd"),
        MemoryError(),
        PanicException("odd"),
        pytest.param(None, marks=pytest.mark.slow),
    ],
)
def test_a_failure_is_an_engines_error(
    error: BaseException | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Gigatoken(lambda: b"written", "0.10.0")
    monkeypatch.setitem(sys.modules, "gigatoken", _Library(error))
    monkeypatch.setattr(limits, "_set", [limits.Limits(seconds=1)])
    with pytest.raises(EngineError) as caught:
        engine.encode(Utf8Texts.of(["x"]))
    assert not isinstance(caught.value, EngineRefusesError)
    with pytest.raises(EngineRefusesError):
        Gigatoken(lambda: b"refused", "0.10.0").encode(Utf8Texts.of(["x"]))


@pytest.mark.slow
def test_all_threads_are_told_of_a_library_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One waits for the library, the others for their turn."""
    monkeypatch.setitem(sys.modules, "gigatoken", _Library(None))
    monkeypatch.setattr(limits, "_set", [limits.Limits(seconds=1)])
    engine = Gigatoken(lambda: b"written", "0.10.0")
    start = time.monotonic()
    working = [Background(lambda: engine.encode(Utf8Texts.of(["x"]))) for _ in range(3)]
    for each in working:
        with pytest.raises(EngineError, match="longer than 1 s"):
            each.result()
    assert time.monotonic() - start < 8  # the library takes ten seconds for each


class _Forgetful(_Library):
    """Stand in for gigatoken: one that loses separators."""

    def encode(self, text: str | bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([9] if text == SEPARATOR else [1, 9])


def test_a_lost_separator_is_an_engines_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gigatoken", _Forgetful(None))
    engine = Gigatoken(lambda: b"written", "0.10.0")
    for texts in (["x"], ["x", "y", "z"]):
        with pytest.raises(EngineError, match="separator"):
            engine.encode(Utf8Texts.of(texts))
    assert not len(engine.encode(Utf8Texts.of([])).ids)


def test_the_separator_is_the_last_token(byte_level: Tokenizer) -> None:
    backend = SMALL["byte-level"]()
    backend.add_tokens(['"added_tokens": [', "é"])
    for tokenizer in (byte_level, wrap(backend, "odd")):
        written = tokenizers.Tokenizer.from_buffer(written_for(tokenizer))
        assert written.token_to_id(SEPARATOR) == int(tokenizer.vocabulary.ids.max()) + 1
        known = tokenizer.backend.get_vocab(with_added_tokens=True)
        assert written.get_vocab(with_added_tokens=True).items() > known.items()


def test_the_file_is_taken_if_the_tokenizer_was_read_from_it(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    content: dict[str, Any] = json.loads(SMALL["byte-level"]().to_str())
    nothing: list[Any] = []
    for added in (content["added_tokens"], nothing):
        path.write_text(json.dumps({**content, "added_tokens": added}, indent=3))
        tokenizer = load(str(path))
        assert b'"added_tokens": [\n' in written_for(tokenizer) or not added
        written = json.loads(written_for(tokenizer))
        assert written["added_tokens"][:-1] == added
        assert written["model"] == content["model"]
    path.write_text(json.dumps({**content, "added_tokens": content["added_tokens"]}))
    assert json.loads(written_for(tokenizer))["added_tokens"][:-1] == []  # it was read from another
    del content["added_tokens"]
    path.write_text(json.dumps(content))
    assert len(json.loads(written_for(load(str(path))))["added_tokens"]) == 1


def test_its_ids_are_the_judges(byte_level: Tokenizer) -> None:
    need("gigatoken")
    texts = Utf8Texts.of([*TEXTS, *TEXTS[::-1]])
    some = texts.some(np.arange(len(texts))[::2])
    engine = Gigatoken(lambda: written_for(byte_level), str(installed_version()))
    for given in (texts, some, Utf8Texts.of([]), Utf8Texts.of([""])):
        found, judged = engine.encode(given), Judge(byte_level).encode(given)
        assert np.array_equal(found.ids, judged.ids)
        assert np.array_equal(found.bounds, judged.bounds)


def test_it_is_loaded_anew_after_much_text(
    byte_level: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("gigatoken")
    texts = Utf8Texts.of(TEXTS)
    monkeypatch.setattr(gigatoken, "_LOADED_FOR", 3 * len(texts.joined(SEPARATOR.encode())) // 2)
    engine = Gigatoken(lambda: written_for(byte_level), str(installed_version()))
    judged = Judge(byte_level).encode(texts)
    loaded = []
    for _ in range(4):
        assert np.array_equal(engine.encode(texts).ids, judged.ids)
        loaded.append(engine._loaded)
    assert len(set(map(id, loaded))) == 4
