"""Indicators equal those of numpy's own decomposition, and tell planted rows apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from tokstat.model import untrained_rows
from tokstat.model.embedding_matrices import SINGLE, Tensor, find_embeddings
from tokstat.model.untrained_rows import Rows, distances_to


def stored(folder: Path, matrix: NDArray[np.float32]) -> Tensor:
    save_file({"wte.weight": matrix}, folder / SINGLE)
    found = find_embeddings(folder)
    assert found is not None
    return found.input


def exact_distances(matrix: NDArray[np.float64], reference: list[int]) -> NDArray[np.float64]:
    """Follow the paper, with the whole matrix in memory."""
    component = np.linalg.svd(matrix - matrix.mean(axis=0), full_matrices=False)[2][0]
    reduced = matrix - np.outer(matrix @ component, component)
    target = reduced[reference].mean(axis=0)
    cosines = reduced @ target / np.linalg.norm(reduced, axis=1) / np.linalg.norm(target)
    distances: NDArray[np.float64] = 1 - cosines
    return distances


@pytest.fixture(params=[1 << 22, 100], ids=["one block", "blocks of few rows"])
def _block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrained_rows, "_BLOCK_NUMBERS", request.param)


@pytest.mark.usefixtures("_block")
@pytest.mark.parametrize("width", [3, 20])
def test_distances(tmp_path: Path, width: int) -> None:
    generator = np.random.default_rng(width)
    scaled = generator.normal(size=(300, width)) * np.linspace(3, 1, width) + 0.5
    matrix = scaled.astype(np.float32)
    reference = [3, 50, 51, 299]
    tensor = stored(tmp_path, matrix)
    exact = exact_distances(matrix.astype(np.float64), reference)
    np.testing.assert_allclose(distances_to(tensor, np.array(reference)), exact, atol=1e-4)
    np.testing.assert_allclose(Rows(tensor).norms(), np.linalg.norm(matrix, axis=1), rtol=1e-6)
    np.testing.assert_allclose(Rows(tensor).mean(), matrix.mean(axis=0), atol=1e-6)


def test_by_hand(tmp_path: Path) -> None:
    """The first component is the first axis; what is left are the second and third numbers."""
    matrix = np.array(
        [[9, 1, 0], [-9, 1, 0], [9, 0, 1], [-9, 0, 1], [9, -1, 0], [-9, -1, 0], [0, 0, -2]],
        np.float32,
    )
    found = distances_to(stored(tmp_path, matrix), np.array([0, 1]))
    np.testing.assert_allclose(found, [0, 0, 1, 1, 2, 2, 1], atol=1e-5)


def test_rows_of_zeros_and_of_nothing_finite(tmp_path: Path) -> None:
    matrix = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    matrix[7], matrix[8, 2], matrix[9, 1] = 0, np.nan, np.inf
    tensor = stored(tmp_path, matrix)
    norms = Rows(tensor).norms()
    assert np.flatnonzero(np.isnan(norms)).tolist() == [8, 9]
    assert norms[7] == 0
    distances = distances_to(tensor, np.array([0, 1, 2]))
    assert np.isfinite(distances).all()
    assert distances[7] == 0


def test_rows_that_are_all_one(tmp_path: Path) -> None:
    found = distances_to(stored(tmp_path, np.ones((20, 4), np.float32)), np.array([0]))
    assert np.isfinite(found).all()


@pytest.mark.usefixtures("_block")
def test_means_and_norms_by_hand(tmp_path: Path) -> None:
    matrix = np.array([[3, 4], [np.nan, 1], [0, 0], [6, 8], [-np.inf, np.inf]], np.float32)
    rows = Rows(stored(tmp_path, matrix))
    np.testing.assert_array_equal(rows.norms(), [5, np.nan, 0, 10, np.nan])
    assert rows.norms().dtype == np.float64
    np.testing.assert_allclose(rows.mean(), [9 / 5, 12 / 5])
    np.testing.assert_allclose(rows.mean(np.array([0, 3])), [4.5, 6])
    np.testing.assert_allclose(rows.mean(np.array([1, 3])), [3, 4])
    np.testing.assert_array_equal(
        np.concatenate([block for _, block in rows]), [[3, 4], [0, 0], [0, 0], [6, 8], [0, 0]]
    )


def test_blocks_hold_so_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as fit, and one where not even one does."""
    rows = Rows(stored(tmp_path, np.ones((5, 4), np.float32)))
    for numbers, starts in ((1, [0, 1, 2, 3, 4]), (8, [0, 2, 4]), (11, [0, 2, 4]), (12, [0, 3])):
        monkeypatch.setattr(untrained_rows, "_BLOCK_NUMBERS", numbers)
        places = [where for where, _ in rows]
        assert [where.start for where in places] == starts
        assert [where.stop for where in places] == [*starts[1:], 5]


def test_norms_read_no_more_rows_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    blocks = Tensor.blocks

    def noted(self: Tensor, size: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        sizes.append(size)
        return blocks(self, size)

    rows = Rows(stored(tmp_path, np.ones((5, 4), np.float32)))
    monkeypatch.setattr(Tensor, "blocks", noted)
    for numbers in (1, 8, 11):
        monkeypatch.setattr(untrained_rows, "_BLOCK_NUMBERS", numbers)
        assert rows.norms().tolist() == [2] * 5
    assert sizes == [1, 2, 2]


def test_a_mean_of_many_rows_is_summed_in_double(tmp_path: Path) -> None:
    matrix = np.full((200_000, 2), 0.1, np.float32)
    matrix[0] = 1e6
    exact = matrix.astype(np.float64).mean(axis=0)
    np.testing.assert_allclose(Rows(stored(tmp_path, matrix)).mean(), exact, rtol=1e-9)


def test_the_first_component_is_the_same_each_time(tmp_path: Path) -> None:
    matrix = np.random.default_rng(5).normal(size=(200, 12)).astype(np.float32)
    rows = Rows(stored(tmp_path, matrix))
    first, second = rows.first_component(), rows.first_component()
    assert first.tobytes() == second.tobytes()
    assert np.linalg.norm(first) == pytest.approx(1)


def test_the_first_component_stops_where_the_direction_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One axis has all the spread, so the second pass finds what the first one did."""
    matrix = np.zeros((40, 10), np.float32)
    matrix[:, 4] = np.linspace(-1, 1, 40)
    passes = 0
    blocks = Tensor.blocks

    def counted(self: Tensor, size: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        nonlocal passes
        passes += 1
        return blocks(self, size)

    rows = Rows(stored(tmp_path, matrix))
    monkeypatch.setattr(Tensor, "blocks", counted)
    assert abs(rows.first_component()[4]) == pytest.approx(1)
    assert passes == 3  # the mean, and two


@pytest.mark.parametrize(("length", "distance"), [(1e-3, 1.0), (1e-9, 0.0)])
def test_a_row_is_zero_by_the_median_of_all(tmp_path: Path, length: float, distance: float) -> None:
    """Of rows a thousand long, one of 1e-3 is a millionth of the median and no more: zero."""
    matrix = np.zeros((9, 3), np.float32)
    matrix[:, 0] = [1e6, -1e6] * 4 + [0]
    matrix[:4, 1] = matrix[4:8, 1] = 1000
    matrix[8, 2] = 1000 * length
    found = distances_to(stored(tmp_path, matrix), np.array([0, 1]))
    np.testing.assert_allclose(found, [0] * 8 + [distance], atol=1e-3)
