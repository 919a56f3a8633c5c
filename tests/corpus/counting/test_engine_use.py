"""What engines did adds up, and is saved."""

from __future__ import annotations

from typing import Any

import pytest

from tokstat.corpus.counting.engine_use import (
    EngineUse,
    EngineUses,
    merged_uses,
    uses_from_lists,
    uses_to_lists,
)

ONE: tuple[EngineUses, ...] = ({"a 1": EngineUse(10, 1)}, {})
OTHER: tuple[EngineUses, ...] = (
    {"a 1": EngineUse(5, 2), "b 1": EngineUse(1, 0)},
    {"b 1": EngineUse(3, 3)},
)


def test_uses_add_up() -> None:
    both = ({"a 1": EngineUse(15, 3), "b 1": EngineUse(1, 0)}, {"b 1": EngineUse(3, 3)})
    assert merged_uses(ONE, OTHER) == merged_uses(OTHER, ONE) == both
    assert merged_uses((), ONE) == merged_uses(ONE, ()) == ONE


def test_they_are_saved() -> None:
    for uses in ((), ONE, OTHER):
        assert uses_from_lists(uses_to_lists(uses), 2) == uses


@pytest.mark.parametrize("data", [[{}], [{"a 1": [1]}, {}], [{"a 1": [1.5, 0]}, {}]], ids=str)
def test_damaged_ones_are_refused(data: list[Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        uses_from_lists(data, 2)
