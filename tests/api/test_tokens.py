"""Tokens by reachability, by finding, and by every other filter."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.cases import folders
from tests.cases.drafts import draft
from tokstat.api.tokens import select_tokens
from tokstat.errors import ReportError
from tokstat.tokenizer.tokenizer import Tokenizer


def test_tokens_by_reachability(bert: Tokenizer) -> None:
    table = select_tokens(bert, reachability="unreachable")
    assert len(table) == 337
    assert set(table.columns["cause"]) == {"normalizer", "pre-tokenizer"}
    assert set(table.columns["witness"]) == {None}
    by_finding = select_tokens(bert, finding="TS701")
    assert by_finding.columns == table.columns
    icles = select_tokens(bert, reachability="reachable", contains="icles")
    tokens = dict(zip(icles.columns["token"], icles.columns["witness"], strict=True))
    assert tokens["##icles"] == "cuticles"
    assert "witness" not in select_tokens(bert, contains="icles").columns


def test_added_tokens_have_roles_and_flags(tmp_path: Path) -> None:
    made = draft("byte-level")
    folders.pad_token_that_is_eos(made)
    made.write(tmp_path)
    table = select_tokens(str(tmp_path), kind="special")
    rows = zip(*(table.columns[name] for name in ("token", "roles", "flags")), strict=True)
    assert {token: (roles, flags) for token, roles, flags in rows} == {
        "<|endoftext|>": ("unk", "special"),
        "<eos>": ("pad, eos", "special"),
    }


def test_an_unknown_state(bert: Tokenizer) -> None:
    with pytest.raises(ReportError):
        select_tokens(bert, reachability="lost")


def test_a_finding_that_is_not_there(modernbert: Tokenizer) -> None:
    with pytest.raises(ReportError):
        select_tokens(modernbert, finding="TS702")


def test_a_sample_is_the_same_for_the_same_seed(modernbert: Tokenizer) -> None:
    def sample(seed: int) -> tuple[int, ...]:
        ids = tokstat.select_tokens(modernbert, sample=20, seed=seed).columns["id"]
        assert list(ids) == sorted(ids)
        return ids

    assert sample(1) == sample(1) != sample(2)


@pytest.mark.parametrize(
    "filters",
    [{"kind": "odd"}, {"word_class": "odd"}, {"script": "Odd"}, {"finding": "TS999"}],
)
def test_a_filter_that_names_nothing_is_refused(bert: Tokenizer, filters: dict[str, str]) -> None:
    with pytest.raises(ReportError, match=next(iter(filters.values()))):
        tokstat.select_tokens(bert, **filters)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"word_class": "whole_word"}, 22_662),
        ({"kind": "placeholder"}, 83),
        ({"finding": "TS301"}, 9_436),
        ({"kind": "text", "contains": "ENCEPHAL"}, 2),
        ({"word_class": "fragment", "sample": 7}, 7),
    ],
)
def test_tokens_are_selected(modernbert: Tokenizer, filters: dict[str, object], count: int) -> None:
    assert len(tokstat.select_tokens(modernbert, **filters)) == count  # type: ignore[arg-type]


def test_a_finding_that_the_tokenizer_lacks_is_refused(bert: Tokenizer) -> None:
    with pytest.raises(ReportError, match="TS301"):
        tokstat.select_tokens(bert, finding="TS301")
