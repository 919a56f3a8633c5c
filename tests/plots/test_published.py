"""Plots draw what they are given into the axes that they are given, and change nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from tokstat import plots
from tokstat.errors import OutputError
from tokstat.experiments.published_link import SCORES, PublishedLink, link_published

SCORE = "coverage_bare"


@pytest.fixture(scope="module")
def found() -> PublishedLink:
    return link_published()


@pytest.fixture
def axes() -> Axes:
    return Figure().subplots()


def drawn(axes: Axes) -> dict[str, PathCollection]:
    """Return the points of each family by its label."""
    return {str(each.get_label()): cast("PathCollection", each) for each in axes.collections}


def points(artist: PathCollection) -> list[tuple[float, float]]:
    return sorted((float(x), float(y)) for x, y in np.asarray(artist.get_offsets()))


@pytest.mark.parametrize("group", ["static", "distils"])
@pytest.mark.parametrize("score", SCORES)
def test_a_point_for_each_model_with_scores(
    score: str, group: str, found: PublishedLink, axes: Axes
) -> None:
    assert plots.link(found, score, axes, group) is axes
    rows = found.points(score, group)
    artists = drawn(axes)
    assert sum(len(points(artist)) for artist in artists.values()) == len(rows)
    for family, artist in artists.items():
        expected = [(x, row.wordsim) for row, x in rows if row.family == family]
        assert points(artist) == sorted(expected)
    assert set(artists) == {row.family for row, _ in rows} == {"BPE", "WordPiece"}


def test_marker_and_colour_say_the_family(found: PublishedLink, axes: Axes) -> None:
    artists = drawn(plots.link(found, SCORE, axes))
    shapes = {len(np.asarray(artist.get_paths()[0].vertices)) for artist in artists.values()}
    colors = {tuple(np.asarray(artist.get_facecolor())[0]) for artist in artists.values()}
    assert len(shapes) == len(colors) == len(artists) == 2


@pytest.mark.parametrize("group", ["static", "distils"])
def test_the_title_has_n_and_the_verdict(group: str, found: PublishedLink, axes: Axes) -> None:
    title = plots.link(found, SCORE, axes, group).get_title()
    correlation = found.correlation(group, SCORE)
    assert f"{correlation.tokenizers} tokenizers" in title
    assert correlation.verdict in title
    if correlation.pearson is not None and correlation.interval is not None:
        for number in (correlation.pearson, correlation.interval.low, correlation.interval.high):
            assert f"{number:.2f}" in title
    assert (axes.get_xlabel(), axes.get_ylabel()) == (SCORE, "WordSim")


def test_points_are_labelled_and_no_two_labels_at_one_place(
    found: PublishedLink, axes: Axes
) -> None:
    plots.link(found, SCORE, axes)
    models = {row.model: (x, row.wordsim) for row, x in found.points(SCORE)}
    labels = {text.get_text(): cast("Any", text).xy for text in axes.texts}
    assert {each.row.tokenizer for each in found.case} < {
        row.tokenizer for row, _ in found.points(SCORE) if row.model in labels
    }
    assert all(models[label] == place for label, place in labels.items())
    assert len(set(labels.values())) == len(labels)


def test_without_axes_it_makes_its_own(found: PublishedLink) -> None:
    assert plots.link(found, SCORE).figure is not plots.link(found, SCORE).figure


def test_unknown_scores_and_groups(found: PublishedLink, axes: Axes) -> None:
    for score, group in (("beauty", "static"), (SCORE, "dynamic")):
        with pytest.raises(KeyError):
            plots.link(found, score, axes, group)


def test_the_figure_has_a_panel_for_each_score(found: PublishedLink) -> None:
    figure = plots.link_figure(found)
    assert [axes.get_xlabel() for axes in figure.axes if axes.axison] == list(SCORES)


def test_settings_stay_as_they_are(found: PublishedLink, tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    plots.save(plots.link_figure(found), tmp_path / "link.png")
    assert dict(mpl.rcParams) == before


def test_pyplot_is_not_imported(tmp_path: Path) -> None:
    """It would hold every figure that is made, and choose a window system."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "import tokstat\n"
        "from tokstat.api.wordsim import plot_link\n"
        "assert 'matplotlib' not in sys.modules\n"
        f"plot_link(tokstat.link_published(), Path({str(tmp_path / 'link.svg')!r}))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.PDF", b"%PDF")]
)
def test_the_suffix_says_the_format(
    name: str, start: bytes, axes: Axes, found: PublishedLink, tmp_path: Path
) -> None:
    figure = plots.link(found, SCORE, axes).figure
    assert isinstance(figure, Figure)
    plots.save(figure, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["a.docx", "a", "absent/a.png", ".", "taken.txt"])
def test_what_cannot_be_written_leaves_all_as_it_was(name: str, tmp_path: Path) -> None:
    (tmp_path / "taken.txt").write_text("mine")
    with pytest.raises(OutputError, match=tmp_path.name):
        plots.save(Figure(), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["taken.txt"]
    assert (tmp_path / "taken.txt").read_text() == "mine"
