"""Indicators equal those of numpy's own decomposition, and tell planted rows apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from tokstat import indicators
from tokstat.indicators import Rows, distances_to
from tokstat.weights import SINGLE, Tensor, find_embeddings


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
    monkeypatch.setattr(indicators, "_BLOCK_NUMBERS", request.param)


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
