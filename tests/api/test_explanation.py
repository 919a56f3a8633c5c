"""Explanations of names, in the order asked for."""

from __future__ import annotations

import pytest

import tokstat
from tokstat.errors import UnknownNameError


def test_names_are_explained_once_in_the_order_asked_for() -> None:
    found = tokstat.explain("TS501", "coverage", "TS501")
    assert [(each.name, each.kind) for each in found] == [
        ("TS501", "finding"),
        ("coverage", "analyzer"),
    ]


def test_no_name_means_all() -> None:
    names = [each.name for each in tokstat.explain()]
    assert len(names) == len(set(names)) > 100
    assert {"TS501", "coverage", "leading_space_gap", "corpus"} <= set(names)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="TS501"):
        tokstat.explain("TS5011")
