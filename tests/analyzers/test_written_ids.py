"""Tokens that tokenizer.json writes twice, wherever the ids lie that they lose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import word_level_json
from tokstat import inspect

WORDS = tuple(f"w{number}" for number in range(1, 60))


def written(folder: Path, entries: Sequence[tuple[str, int]]) -> Path:
    """Write a tokenizer whose vocabulary is these entries, repeated keys and all."""
    before, _, after = word_level_json().decode().partition('{"[UNK]":0}')
    assert after
    vocab = ",".join(f'"{token}":{number}' for token, number in entries)
    path = folder / "tokenizer.json"
    path.write_text(f"{before}{{{vocab}}}{after}")
    return path


def entries(replaced: dict[int, str]) -> list[tuple[str, int]]:
    """Return the tokens by id; those of some ids are replaced by others."""
    return [(replaced.get(i, token), i) for i, token in enumerate(("[UNK]", *WORDS))]


@pytest.mark.parametrize(
    ("vocab", "found"),
    [
        (entries({}), None),
        (entries({5: "w6"}), [6]),
        ([*entries({}), ("w6", 60)][::-1], [6]),
        (entries({5: "[UNK]"})[::-1], [0]),
        ([(token, i) for token, i in entries({40: "w41"}) if i != 7], [41]),
        ([(token, i) for token, i in entries({40: "w41"}) if i not in range(2, 30)], [41]),
        ([(token, i) for token, i in entries({}) if i not in range(2, 30)], None),
    ],
    ids=[
        "none",
        "one gap",
        "above the highest",
        "the token is id 0",
        "after another gap",
        "after many gaps",
        "many gaps alone",
    ],
)
def test_a_token_written_twice(
    vocab: list[tuple[str, int]], found: list[int] | None, tmp_path: Path
) -> None:
    report = inspect(written(tmp_path, vocab), analyzers=["written_ids"])
    ids = [list(each.token_ids) for each in report.findings if each.code == "TS613"]
    assert ids == ([] if found is None else [found])


def test_id_0_that_is_lost(tmp_path: Path) -> None:
    """The first missing id is then 0."""
    vocab = [("w1", 0), *entries({0: "w1"})[1:], ("[UNK]", 60)]
    report = inspect(written(tmp_path, vocab), analyzers=["written_ids"])
    assert [list(each.token_ids) for each in report.findings] == [[1]]
