"""Families of tokenizers: those that share most of their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SIZE = 1024

_SHARED = 0.5

Sketch = frozenset[int]
"""The smallest hashes of a set of texts. Those of two sets give their overlap (Broder 1997)."""


def sketch(hashes: NDArray[np.uint64]) -> Sketch:
    """Return the 1,024 smallest hashes of distinct texts."""
    ordered = np.sort(hashes)
    is_first = np.diff(ordered, prepend=~ordered[:1]) != 0
    return frozenset(ordered[is_first][:_SIZE].tolist())


@lru_cache(1 << 14)
def jaccard(one: Sketch, other: Sketch) -> float:
    """Estimate the number of shared texts over the number of all, 1 for two empty sets."""
    together = sorted(one | other)[:_SIZE]
    return len((one & other).intersection(together)) / len(together) if together else 1.0


def families(sketches: Mapping[str, Sketch]) -> dict[str, str]:
    """Return the family of each name: the first one that it shares half of all texts with.

    Families are joined by every such pair, so that no two families have one.
    """
    found: dict[str, str] = {}
    for name, mine in sketches.items():
        near = [found[each] for each in found if jaccard(sketches[each], mine) >= _SHARED]
        first = min(near, key=list(sketches).index, default=name)
        found[name] = first
        found = {each: first if family in near else family for each, family in found.items()}
    return found
