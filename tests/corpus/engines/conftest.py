"""Small tokenizers, and a cache of verdicts that nothing else sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture
def byte_level() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "byte-level")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
