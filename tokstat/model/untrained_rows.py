"""Indicators of embedding rows that were never trained.

They follow Land and Bartolo, "Fishing for Magikarp", arXiv 2405.05417. The matrix is read in
blocks, so that one of any size fits into memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokstat.model.embedding_matrices import Tensor

_BLOCK_NUMBERS = 1 << 22
"""Numbers per block: 16 MiB as float32."""

_BASIS = 8
_MOST_PASSES = 30
_CONVERGED = 1e-9

_ZERO = 1e-6
"""Share of the median length below which a row counts as zeros, because of rounding."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Yield a matrix block by block; rows with NaN or infinity become zeros."""

    matrix: Tensor

    def __iter__(self) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        size = max(1, _BLOCK_NUMBERS // self.matrix.shape[1])
        for start, block in self.matrix.blocks(size):
            whole = np.isfinite(block).all(axis=1, keepdims=True)
            yield slice(start, start + len(block)), np.where(whole, block, np.float32(0))

    def norms(self) -> Vector:
        """Return the L2 norm of each row, shape (rows,); NaN for rows with NaN or infinity."""
        size = max(1, _BLOCK_NUMBERS // self.matrix.shape[1])
        parts = [np.linalg.norm(block, axis=1) for _, block in self.matrix.blocks(size)]
        norms: Vector = np.concatenate(parts).astype(np.float64)
        norms[~np.isfinite(norms)] = np.nan
        return norms

    def mean(self, rows: NDArray[np.int64] | None = None) -> Vector:
        """Return the mean of all rows, or of some, shape (width,)."""
        total = np.zeros(self.matrix.shape[1])
        for where, block in self:
            if rows is not None:
                block = block[rows[(rows >= where.start) & (rows < where.stop)] - where.start]
            total += block.sum(axis=0, dtype=np.float64)
        return total / (self.matrix.shape[0] if rows is None else len(rows))

    def first_component(self) -> Vector:
        """Return the first principal component, a unit vector of shape (width,).

        It is computed by subspace iteration from a fixed start, until the direction is stable.
        """
        mean = self.mean().astype(np.float32)
        width = self.matrix.shape[1]
        start = np.random.default_rng(0).normal(size=(width, min(_BASIS, width)))
        basis = np.linalg.qr(start)[0]
        leading = basis[:, 0]
        for _ in range(_MOST_PASSES):
            image = np.zeros_like(basis)
            for _, block in self:
                centred = block - mean
                image += centred.T @ (centred @ basis.astype(np.float32))
            rotation = np.linalg.eigh(basis.T @ image)[1]
            found = image @ rotation[:, -1]
            length = np.linalg.norm(found)
            if not length:  # all rows are equal
                break
            before, leading = leading, found / length
            basis = np.linalg.qr(image)[0]
            if 1 - abs(before @ leading) < _CONVERGED:
                break
        return leading


def distances_to(matrix: Tensor, reference: NDArray[np.int64]) -> Vector:
    """Return each row's cosine distance to the mean of the reference rows, shape (rows,), 0 to 2.

    First the first principal component is removed from every row, as in the paper, because all
    rows share it. A row of zeros has no direction; its distance is 0.
    """
    rows = Rows(matrix)
    component = rows.first_component()

    def without(block: NDArray[Any]) -> Vector:
        reduced: Vector = block - np.outer(block @ component, component)
        return reduced

    target = without(rows.mean(reference)[None])[0]
    lengths = np.zeros(matrix.shape[0])
    products = np.zeros(matrix.shape[0])
    for where, block in rows:
        reduced = without(block)
        lengths[where] = np.linalg.norm(reduced, axis=1)
        products[where] = reduced @ target
    is_zero = lengths <= _ZERO * np.median(lengths)
    lengths[is_zero] = 1
    distances = 1 - products / (lengths * max(float(np.linalg.norm(target)), _ZERO))
    distances[is_zero] = 0
    return distances
