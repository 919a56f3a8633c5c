"""The bad input of `inspect`, given to every other command, and what only these can get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_bad_input import CASES, GOOD, Case, below, write
from tests.conftest import Run

TOKENIZERS = {name: case for name, case in CASES.items() if not case.options}
"""Those whose specs are bad, not their options."""

COMMANDS: dict[str, tuple[str, ...]] = {
    "tokens": ("tokens", "SPEC", "--csv", "-o", "out.csv"),
    "compare": ("compare", "good/tokenizer.json", "SPEC", "--json", "-o", "out.json"),
    "whatif": ("whatif", "SPEC", "-o", "out.json"),
    "repair": ("repair", "SPEC", "--decase", "-o", "out"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", TOKENIZERS.values(), ids=TOKENIZERS)
def test_bad_tokenizer(
    case: Case, command: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write({**case.files, "good/tokenizer.json": GOOD})
    before = below(tmp_path)
    arguments = [case.spec if each == "SPEC" else each for each in COMMANDS[command]]
    assert case.names in run(*arguments).refusal
    assert below(tmp_path) == before


BAD_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "explain: unknown code": ("explain", "TS000"),
    "explain: unknown name": ("explain", "astrology"),
    "render: no file": ("render", "absent.json", "-o", "out.html"),
    "render: a folder": ("render", "good", "-o", "out.html"),
    "render: a tokenizer": ("render", "good/tokenizer.json", "-o", "out.html"),
    "render: truncated": ("render", "half.json", "-o", "out.html"),
    "render: unknown format": ("render", "half.json", "--format", "docx"),
    "gate: unknown metric": ("inspect", "good/tokenizer.json", "--min", "beauty=1"),
    "gate: no number": ("inspect", "good/tokenizer.json", "--max", "whole_word_ratio=big"),
    "gate: unknown level": ("inspect", "good/tokenizer.json", "--fail-on", "rain"),
    "gate: unknown code": ("inspect", "good/tokenizer.json", "--ignore", "TS000"),
    "gate: no baseline": ("inspect", "good/tokenizer.json", "--baseline", "absent.json"),
    "gate: bad baseline": ("inspect", "good/tokenizer.json", "--baseline", "half.json"),
    "settings: no file": ("inspect", "good/tokenizer.json", "--config", "absent.toml"),
    "settings: no TOML": ("inspect", "good/tokenizer.json", "--config", "half.json"),
    "compare: one": ("compare", "good/tokenizer.json", "-o", "out.json"),
    "tokens: unknown class": ("tokens", "good/tokenizer.json", "--class", "poem"),
    "repair: nothing to do": ("repair", "good/tokenizer.json", "-o", "out"),
    "repair: unknown class": ("repair", "good/tokenizer.json", "--drop", "poem", "-o", "out"),
    "repair: no words": ("repair", "good/tokenizer.json", "--add-words", "no.txt", "-o", "out"),
    "repair: folder exists": ("repair", "good/tokenizer.json", "--decase", "-o", "good"),
    "repair: folder in a file": ("repair", "good/tokenizer.json", "--decase", "-o", "half.json/x"),
    "whatif: no target": ("whatif", "good/tokenizer.json", "--target", "absent.json"),
    "whatif: no words": ("whatif", "good/tokenizer.json", "--add-words", "no.txt"),
    "limit: unknown": ("--limit", "speed=1", "explain", "TS101"),
    "no such command": ("divine", "good/tokenizer.json"),
    "no such option": ("inspect", "good/tokenizer.json", "--magic"),
}


@pytest.mark.parametrize("arguments", BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
def test_bad_arguments(
    arguments: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write({"good/tokenizer.json": GOOD, "half.json": b'{"schema_version": 1, "sections": ['})
    before = below(tmp_path)
    assert run(*arguments).refusal
    assert below(tmp_path) == before
