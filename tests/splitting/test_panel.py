"""Every tokenizer splits the texts of the panel."""

from __future__ import annotations

import pytest

from tests.splitting.test_side_by_side import aligned
from tokstat.splitting.panel import PANEL


@pytest.mark.parametrize("name", list(PANEL))
def test_the_panel_is_split_by_all(name: str) -> None:
    text = aligned(PANEL[name])
    assert all(len(split) for split in text.splits)
    assert text.columns
