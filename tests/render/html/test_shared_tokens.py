"""The shares of tokens that tokenizers have in common, on the page of a comparison."""

from __future__ import annotations

import pytest

from tests.render.html.test_comparison import COUNTS, cells, compared
from tokstat.comparison.comparison import Comparison
from tokstat.render.html.comparison import render_comparison_html


@pytest.fixture(params=COUNTS)
def comparison(request: pytest.FixtureRequest) -> Comparison:
    count: int = request.param
    return compared(count)


def test_the_heat_map_has_the_shares(comparison: Comparison) -> None:
    page = render_comparison_html(comparison)
    titles = {"By text and word boundary": comparison.surfaces, "By text alone": comparison.texts}
    for title, found in titles.items():
        rows = cells(page, title)
        for first, (_, size, exclusive, *shares) in enumerate(rows):
            assert size == f"{found.sizes[first]:,}"
            assert exclusive == f"{found.exclusive[first]:,}"
            for second, cell in enumerate(shares):
                share = found.share(first, second)
                assert cell == ("–" if first == second or share is None else f"{share:.1%}")
    assert "heat-10" in page or len(comparison.labels) < 20
