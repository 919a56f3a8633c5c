"""Encode the words of a WordPiece model: the longest token first, again and again."""

from __future__ import annotations

import json
import sys

import numpy as np
from numpy.typing import NDArray
from tokenizers import models

from tokstat.corpus.counting.token_trie import Nodes, TokenTrie
from tokstat.corpus.safe_cuts.boundaries import Codes, Mask, Places


class WordPieces:
    """Encode words as a WordPiece model does, or a WordLevel model, which has whole words alone."""

    def __init__(self, model: models.WordPiece | models.WordLevel) -> None:
        vocabulary: dict[str, int] = json.loads(model.__getstate__())["vocab"]
        self._ids = np.fromiter(vocabulary.values(), np.int32, len(vocabulary))
        self._unknown = vocabulary.get(model.unk_token)
        self._trie = TokenTrie(list(vocabulary))
        self._longest, self._inside = sys.maxsize, 0
        if isinstance(model, models.WordPiece):
            self._longest = model.max_input_chars_per_word
            self._inside = self._trie.node_of(model.continuing_subword_prefix)

    def encode(self, codes: Codes, bounds: Places) -> tuple[NDArray[np.int32], Places]:
        """Return the tokens of each word: all ids in order, and their numbers.

        Word i has the characters from `bounds[i]`. A model without an unknown token has none for
        words that lack one.
        """
        sizes = np.diff(bounds)
        tokens = np.full(len(codes), -1, np.int32)
        is_unknown = sizes > self._longest
        rows = np.flatnonzero(~is_unknown & (sizes > 0))
        places = bounds[rows]
        nodes = self._trie.begin(codes[places])
        while len(rows):
            found, ends = self._longest_tokens(codes, bounds[rows + 1], places, nodes)
            tokens[places] = found
            is_unknown[rows[found < 0]] = True
            is_left = (found >= 0) & (ends < bounds[rows + 1])
            rows, places = rows[is_left], ends[is_left]
            nodes = self._trie.follow(np.full(len(rows), self._inside), codes[places])
        tokens[np.repeat(is_unknown, sizes)] = -1
        is_token = tokens >= 0
        tokens[is_token] = self._ids[tokens[is_token]]
        if self._unknown is not None:
            tokens[bounds[:-1][is_unknown]] = self._unknown
        before = np.concatenate([[0], np.cumsum(tokens >= 0)])
        return tokens[tokens >= 0], np.diff(before[bounds])

    def _longest_tokens(
        self, codes: Codes, stops: Places, places: Places, nodes: Nodes
    ) -> tuple[NDArray[np.int32], Places]:
        """Return the longest token at each place, or -1, and its end."""
        found = np.full(len(places), -1, np.int32)
        ends = places.copy()
        rows, here = np.arange(len(places)), places
        while len(rows):
            tokens = self._trie.tokens[nodes]
            here = here + 1
            is_token = tokens >= 0
            found[rows[is_token]] = tokens[is_token]
            ends[rows[is_token]] = here[is_token]
            is_left: Mask = (nodes > 0) & (here < stops[rows])
            rows, here = rows[is_left], here[is_left]
            nodes = self._trie.follow(nodes[is_left], codes[here])
        return found, ends
