"""Tokenizers of well-known models: no warning that their makers would not want to know."""

from __future__ import annotations

import pytest

import tokstat
from tests.tools.build_healthy import ARGUED, PACKAGES, SHARED, TARGET, argued, folders

FEW = {*SHARED.values(), "GPT-2", "all-MiniLM-L6-v2", "Mistral 7B", "Llama 3", "Yi", "InternLM 2"}
"""Those that the slow suite inspects; the exhaustive one has the others."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name in FEW else pytest.mark.exhaustive)
        for name in (*SHARED.values(), *PACKAGES.values())
    ],
)
def test_every_warning_is_argued(name: str) -> None:
    folder = next(each for found, each in folders() if found == name)
    assert argued(name, tokstat.inspect(folder)) == {
        code: why for (found, code), why in ARGUED.items() if found == name
    }


def test_the_page_has_every_tokenizer_and_every_argument() -> None:
    page = TARGET.read_text("utf-8")
    for name in (*SHARED.values(), *PACKAGES.values()):
        assert f"| {name} | " in page
    for why in ARGUED.values():
        assert why in page
