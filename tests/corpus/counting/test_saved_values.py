"""Values of saved counts are whole numbers in range, and texts."""

from __future__ import annotations

from typing import Any

import pytest

from tokstat.corpus.counting.saved_values import as_numbers, as_text


@pytest.mark.parametrize(
    ("values", "length"),
    [([1.0], None), ([True], None), (["1"], None), ([-1], None), ([1 << 53], None), ([1], 2)],
)
def test_anything_else_is_refused(values: list[Any], length: int | None) -> None:
    with pytest.raises((TypeError, ValueError)):
        as_numbers(values, length)


def test_numbers_and_texts() -> None:
    assert as_numbers([0, (1 << 53) - 1], 2) == (0, (1 << 53) - 1)
    assert as_text("x") == "x"
    with pytest.raises(TypeError):
        as_text(1)
