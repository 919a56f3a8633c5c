"""Labels that are text, axes of one's own, and files that are the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from tokstat.errors import OutputError
from tokstat.plots.style import COLUMN, axes_or_new, frame, label, save


@pytest.mark.parametrize(
    ("text", "safe"), [("a$b$", r"a\$b\$"), ("_a", " _a"), ("a_b", "a_b"), ("a\nb", r"a\nb")]
)
def test_a_label_is_text(text: str, safe: str) -> None:
    assert label(text) == safe


def test_axes_are_those_given_or_new() -> None:
    axes = axes_or_new(None)
    assert isinstance(axes.figure, Figure)
    assert tuple(axes.figure.get_size_inches()) == COLUMN
    assert axes_or_new(axes) is axes
    frame(axes)
    assert not axes.spines["top"].get_visible()
    assert axes.spines["left"].get_visible()


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_the_same_figure_has_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        figure = Figure(figsize=(1, 1))
        figure.subplots().plot([1, 2])
        save(figure, tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_an_unknown_suffix_changes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "figure.doc"
    path.write_text("before")
    with pytest.raises(OutputError, match=r"figure\.doc"):
        save(Figure(), path)
    assert path.read_text() == "before"
