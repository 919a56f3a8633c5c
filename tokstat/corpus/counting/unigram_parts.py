"""Encode the words of a Unigram model part by part, where no token spans two parts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from tokenizers import models

from tokstat.corpus.counting.token_trie import TokenTrie
from tokstat.corpus.safe_cuts.boundaries import Codes, Mask, Places, code_points

_PAIRS = 1 << 20
"""Numbers of pairs of characters. Two pairs may share one, which only costs a place to cut."""

_FACTORS = (0x9E3779B1, 0x85EBCA77)

_LONGEST = 64
"""Characters of a part that is encoded here. Longer ones recur too rarely."""

_TOGETHER = 1 << 14
"""Parts at a time, which bounds the arrays in memory."""

_MARGIN = 1e-10
"""By less than this, times the greatest score, the path before a part might decide between two
paths: rounding changes the score of a word of 200 characters by less."""


class UnigramParts:
    """Divide words into parts, and encode the parts that have one best path wherever they stand."""

    def __init__(self, model: models.Unigram) -> None:
        state = json.loads(model.__getstate__())
        tokens = [token for token, _ in state["vocab"]]
        self._scores = np.fromiter((score for _, score in state["vocab"]), float, len(tokens))
        self._margin = _MARGIN * (10 + float(np.abs(self._scores).max(initial=0)))
        self._trie = TokenTrie(tokens)
        self._is_pair = np.zeros(_PAIRS, np.bool_)
        self.unknown_id: int | None = state.get("unk_id")
        # The library joins unknown tokens that are neighbours.
        unknown = "" if self.unknown_id is None else tokens[self.unknown_id]
        self._is_pair[_pairs(code_points("\n".join([*tokens, unknown * 2])))] = True

    def cuts(self, codes: Codes) -> Mask:
        """Tell where two known characters stand that no token spans: before each, as `codes`."""
        found = np.zeros(len(codes), np.bool_)
        known = self._trie.tokens.take(self._trie.begin(codes)) >= 0
        found[1:] = known[1:] & known[:-1] & ~self._is_pair.take(_pairs(codes))
        return found

    def encode(self, codes: Codes, bounds: Places) -> tuple[NDArray[np.int32], Places]:
        """Return the tokens of each part: all ids in order, and their numbers.

        Part i has the characters from `bounds[i]`. A part has no tokens here if it is long, has an
        unknown character, or has two paths of scores so near that rounding may decide.
        """
        sizes = np.diff(bounds)
        ids = np.full(len(codes), -1, np.int32)
        counts = np.zeros(len(sizes), np.int64)
        order = np.argsort(sizes, kind="stable")
        order = order[(sizes[order] > 0) & (sizes[order] <= _LONGEST)]
        for start in range(0, len(order), _TOGETHER):
            some = order[start : start + _TOGETHER]
            places = bounds[some] + np.arange(sizes[some[-1]])[:, None]
            is_part = places < bounds[some + 1]
            padded = np.where(is_part, codes[places.clip(max=len(codes) - 1)], 0)
            found, is_decided = self._best_paths(padded, sizes[some])
            is_token = (found >= 0) & is_decided
            ids[places[is_token]] = found[is_token]
            counts[some] = is_token.sum(0)
        return ids[ids >= 0], counts

    def _best_paths(self, codes: Codes, sizes: Places) -> tuple[NDArray[np.int32], Mask]:
        """Return the token that begins at each character, or -1, and which parts are decided.

        `codes` has one part a column, with 0 after its end; the tokens have its shape.
        """
        size, parts = codes.shape
        best = np.full((size + 1, parts), -np.inf)
        best[0] = 0
        second = np.full((size + 1, parts), -np.inf)
        last = np.full((size + 1, parts), -1, np.int32)
        begins = np.zeros((size + 1, parts), np.int8)
        is_decided = np.ones(parts, np.bool_)
        for start in range(size):
            known = self._trie.tokens.take(self._trie.begin(codes[start])) >= 0
            is_decided &= known | (start >= sizes)
            for end, rows, ids in self._tokens_from(codes, start):
                score = best[start].take(rows) + self._scores.take(ids)
                former = best[end].take(rows)
                second[end][rows] = np.maximum(second[end].take(rows), np.minimum(former, score))
                best[end][rows] = np.maximum(former, score)
                better = np.flatnonzero(score > former)
                last[end][rows.take(better)] = ids.take(better)
                begins[end][rows.take(better)] = start
        found = np.full((size, parts), -1, np.int32)
        rows = np.flatnonzero(is_decided)
        ends = sizes[rows]
        while len(rows):
            is_decided[rows] &= best[ends, rows] - second[ends, rows] > self._margin
            starts = begins[ends, rows]
            found[starts, rows] = last[ends, rows]
            is_left = starts > 0
            rows, ends = rows[is_left], starts[is_left]
        # The library joins unknown tokens that are neighbours.
        is_decided &= (found == self.unknown_id).sum(0) < 2
        return found, is_decided

    def _tokens_from(
        self, codes: Codes, start: int
    ) -> Iterator[tuple[int, Places, NDArray[np.int32]]]:
        """Yield the end of tokens that begin at `start`, the columns that have one, and its id."""
        nodes, rows = self._trie.begin(codes[start]), np.arange(codes.shape[1])
        for end in range(start + 1, len(codes) + 1):
            ids = self._trie.tokens.take(nodes)
            ending = np.flatnonzero(ids >= 0)
            yield end, rows.take(ending), ids.take(ending)
            left = np.flatnonzero(nodes)
            if end == len(codes) or not len(left):
                return
            rows = rows.take(left)
            nodes = self._trie.follow(nodes.take(left), codes[end].take(rows))


def _pairs(codes: Codes) -> Codes:
    """Return the number of each pair of neighbours, shape (len(codes) - 1,)."""
    first, second = map(np.uint32, _FACTORS)
    mixed: Codes = codes[:-1] * first + codes[1:] * second
    mixed >>= np.uint32(12)
    return mixed
