"""Conditions come first in every result that has them."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tokstat.experiments.conditions import Conditions
from tokstat.experiments.ladder import Ladder
from tokstat.experiments.smallest_fix import SmallestFix


@pytest.mark.parametrize("result", [Ladder, SmallestFix])
def test_they_come_first_in_a_saved_result(result: type[Ladder] | type[SmallestFix]) -> None:
    names = [each.name for each in fields(Conditions)]
    assert [each.name for each in fields(result)][: len(names)] == names
