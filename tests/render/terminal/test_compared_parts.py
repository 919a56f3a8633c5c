"""Parts that differ on a terminal: short, within the width, and every value with its holders."""

from __future__ import annotations

import pytest

import tokstat
from tests.comparison.changed_tokenizers import edited
from tests.conftest import load_known
from tests.small_tokenizers import SMALL
from tokstat.render.terminal.compared_parts import part_lines
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.mark.parametrize("width", [60, 80, 200])
def test_lines_are_few_and_keep_within_the_width(
    bert: Tokenizer, modernbert: Tokenizer, width: int
) -> None:
    lines = list(part_lines(tokstat.compare(bert, modernbert, analyzers=["composition"]), width))
    assert len(lines) <= 35
    commands = [line for line in lines if "tokstat diff" in line]
    assert len(commands) == 1
    assert all(len(line) <= width for line in lines if line not in commands)


def test_many_tokenizers_share_lines() -> None:
    some = [load_known(name) for name in SMALL]
    lines = list(part_lines(tokstat.compare(*some, analyzers=["composition"]), 80))
    assert len(lines) <= 70
    assert max(map(len, lines)) <= 80


def test_one_change_is_one_line() -> None:
    new = edited("bert", "normalizer")
    lines = list(
        part_lines(tokstat.compare(load_known("bert"), new, analyzers=["composition"]), 100)
    )
    assert lines[1].startswith("  normalizer: 1: BertNormalizer (")
    assert lines[1].endswith("; 2: none")
    assert lines[-2] == "  Every change: tokstat diff bert 'bert edited'"


def test_nothing_differs(bert: Tokenizer) -> None:
    lines = list(part_lines(tokstat.compare(bert, bert, analyzers=["composition"]), 80))
    assert "nothing differs" in lines[0]
    assert not any("tokstat diff" in line for line in lines)
