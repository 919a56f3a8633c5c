"""The heat map's cells are the shares of the comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from tokstat import plots
from tokstat.comparison.comparison import Comparison
from tokstat.comparison.overlap import Overlap


@pytest.mark.parametrize("by", ["surfaces", "texts"])
def test_cells_are_shares(
    by: Literal["surfaces", "texts"], comparison: Comparison, axes: Axes
) -> None:
    assert plots.overlap(comparison, axes, by) is axes
    found: Overlap = getattr(comparison, by)
    shared, sizes = np.array(found.shared), np.array(found.sizes)
    values = np.asarray(axes.images[0].get_array())
    assert values == pytest.approx(shared / sizes[:, None])
    assert np.diag(values) == pytest.approx(1)
    assert axes.images[0].get_clim() == (0, 1)
    cells = {text.get_position(): text.get_text() for text in axes.texts}
    assert cells == {
        (column, row): f"{values[row, column]:.0%}" for row in range(3) for column in range(3)
    }


def test_a_row_is_whose_tokens_they_are(comparison: Comparison, axes: Axes) -> None:
    """Of BERT's tokens ModernBERT has 17,182 of 29,523, which are fewer of ModernBERT's own."""
    plots.overlap(comparison, axes)
    values = np.asarray(axes.images[0].get_array())
    assert values[1, 0] == pytest.approx(17_182 / 29_523)
    assert values[0, 1] == pytest.approx(17_182 / 49_768)
    for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
        assert [label.get_text() for label in labels] == list(comparison.labels)
    assert axes.get_ylim() == (2.5, -0.5), "the first one is on top"


def test_numbers_stand_out_from_their_cells(comparison: Comparison, axes: Axes) -> None:
    """WCAG's contrast of at least 4.5, computed here by its formula."""

    def luminance(color: object) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in to_rgb(color)  # type: ignore[arg-type]
        ]
        return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))

    levels = tuple(range(0, 101, 5))
    rows, size = tuple((level,) * len(levels) for level in levels), len(levels)
    one = Overlap((100,) * size, rows, (0,) * size, 0)
    many = replace(comparison, surfaces=one, labels=tuple(map(str, levels)))
    plots.overlap(many, axes)
    image = axes.images[0]
    for text in axes.texts[::size]:
        column, row = map(int, text.get_position())
        cell = luminance(image.cmap(image.norm(np.asarray(image.get_array())[row, column])))
        ink = luminance(text.get_color())
        contrast = (max(cell, ink) + 0.05) / (min(cell, ink) + 0.05)
        assert contrast >= 4.5, (text.get_text(), contrast)


def test_an_empty_vocabulary_is_left_open(comparison: Comparison, axes: Axes) -> None:
    empty = Overlap((0, 2, 2), ((0, 0, 0), (0, 2, 1), (0, 1, 2)), (0, 1, 1), 0)
    plots.overlap(replace(comparison, surfaces=empty), axes)
    array: Any = axes.images[0].get_array()
    assert np.ma.getmaskarray(array).tolist() == [[True] * 3, [False] * 3, [False] * 3]
    assert len(axes.texts) == 6


def test_its_figure_grows_with_the_tokenizers(comparison: Comparison) -> None:
    widths = []
    for size in (3, 12):
        full = Overlap((1,) * size, ((1,) * size,) * size, (0,) * size, 1)
        labels = tuple(f"tokenizer {place}" for place in range(size))
        figure = plots.overlap(replace(comparison, surfaces=full, labels=labels)).figure
        assert isinstance(figure, Figure)
        widths.append(figure.get_figwidth())
    assert widths[1] > 2 * widths[0]
