"""Find the places where every path through a Unigram model has a boundary between two tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from tokenizers import models

from tokstat.corpus.safe_cuts.boundaries import Codes, Mask, code_points

_PAIRS = 1 << 20
"""Numbers of pairs of characters. Two pairs may share one, which only costs a place to cut."""

_FACTORS = (0x9E3779B1, 0x85EBCA77)

_LONGEST = 24
"""Characters of a part that is looked at. Longer ones recur too rarely."""

_NO_SCORE = -1e300

_MARGIN = 1e-10
"""By less than this, times the greatest score, the path before a part might decide between two
paths: rounding changes the score of a word of 200 characters by less."""


class UnigramParts:
    """Divide the words of a Unigram model into parts, and know the parts that any prefix leaves."""

    def __init__(self, model: models.Unigram) -> None:
        self._model = model

    @cached_property
    def _vocabulary(self) -> tuple[dict[str, float], int | None, str]:
        """The score of each token, and the unknown token's id and text.

        Of a token that is listed twice, the last counts.
        """
        state = json.loads(self._model.__getstate__())
        number = state.get("unk_id")
        unknown = "" if number is None else state["vocab"][number][0]
        return dict(state["vocab"]), number, unknown

    @property
    def unknown_id(self) -> int | None:
        """The id of the unknown token."""
        return self._vocabulary[1]

    @cached_property
    def _limits(self) -> tuple[int, float]:
        """The characters of the longest token, and the margin that rounding cannot undo."""
        scores, _, _ = self._vocabulary
        greatest = max(map(abs, scores.values()), default=0.0)
        return max(map(len, scores), default=0), _MARGIN * (10 + greatest)

    @cached_property
    def _tables(self) -> tuple[Mask, Mask]:
        """The characters that are tokens, and the pairs of characters inside any token."""
        scores, _, unknown = self._vocabulary
        is_token = np.zeros(0x110000, np.bool_)
        is_token[[ord(token) for token in scores if len(token) == 1]] = True
        is_pair = np.zeros(_PAIRS, np.bool_)
        # The library joins unknown tokens that are neighbours.
        codes = code_points("\n".join([*scores, unknown * 2]))
        is_pair[_pairs(codes)] = True
        return is_token, is_pair

    def cuts(self, codes: Codes) -> Mask:
        """Tell where two known characters stand that no token spans: before each, as `codes`."""
        is_token, is_pair = self._tables
        found = np.zeros(len(codes), np.bool_)
        known = is_token[codes]
        found[1:] = known[1:] & known[:-1] & ~is_pair[_pairs(codes)]
        return found

    def are_decided(self, parts: Sequence[str]) -> Mask:
        """Tell which parts have the same best path whatever the score of the path before them.

        The best path to each place must be better than all others by more than rounding changes.
        """
        found = np.zeros(len(parts), np.bool_)
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        for size in np.unique(sizes[sizes <= _LONGEST]).tolist():
            numbers = np.flatnonzero(sizes == size)
            found[numbers] = self._have_margins([parts[n] for n in numbers.tolist()], size)
        return found

    def _have_margins(self, parts: Sequence[str], size: int) -> Mask:
        score_of, (longest, margin) = self._vocabulary[0].get, self._limits
        decided = np.ones(len(parts), np.bool_)
        best = [np.zeros(len(parts))]
        for end in range(1, size + 1):
            first = np.full(len(parts), _NO_SCORE)
            second = first
            for start in range(max(0, end - longest), end):
                scores = [score_of(part[start:end], _NO_SCORE) for part in parts]
                total = best[start] + np.array(scores)
                second = np.maximum(second, np.minimum(first, total))
                first = np.maximum(first, total)
            decided &= first - second > margin
            if not decided.any():
                break
            best.append(first)
        return decided


def _pairs(codes: Codes) -> Codes:
    """Return the number of each pair of neighbours, shape (len(codes) - 1,)."""
    first, second = map(np.uint32, _FACTORS)
    mixed: Codes = codes[:-1] * first + codes[1:] * second
    mixed >>= np.uint32(12)
    return mixed
