"""A tokenizer is loaded and inspected, with the analyzers and words asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tokstat
from tokstat.errors import AnalyzerError
from tokstat.tokenizer.tokenizer import Tokenizer


def test_a_loaded_tokenizer_is_taken_as_it_is(bert: Tokenizer) -> None:
    assert tokstat.load(bert) is bert


def test_inspect_runs_the_analyzers_asked_for(bert: Tokenizer) -> None:
    report = tokstat.inspect(bert, analyzers=["casing", "composition"])
    assert [section.analyzer for section in report.sections] == ["casing", "composition"]
    with pytest.raises(AnalyzerError, match="casings"):
        tokstat.inspect(bert, analyzers=["casings"])


IMPORTED = """
import sys
from tokstat.api import loading
loading.load = lambda spec: sys.exit("numpy" in sys.modules)
import tokstat
tokstat.inspect("x")
"""


def test_loading_begins_before_the_imports_that_take_as_long() -> None:
    assert subprocess.run([sys.executable, "-c", IMPORTED], check=False).returncode == 0
