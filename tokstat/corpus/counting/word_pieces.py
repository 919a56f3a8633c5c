"""Encode the words of a WordPiece model: the longest token first, again and again."""

from __future__ import annotations

import json
import sys

import numpy as np
from numpy.typing import NDArray
from tokenizers import models

from tokstat.corpus.counting.token_trie import Nodes, TokenTrie
from tokstat.corpus.safe_cuts.boundaries import Codes, Places


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
            left = np.flatnonzero((found >= 0) & (ends < bounds.take(rows + 1)))
            rows, places = rows.take(left), ends.take(left)
            nodes = self._trie.follow(np.full(len(rows), self._inside), codes.take(places))
        tokens[np.repeat(is_unknown, sizes)] = -1
        known = np.flatnonzero(tokens >= 0)
        tokens[known] = self._ids.take(tokens.take(known))
        if self._unknown is not None:
            tokens[bounds[:-1].compress(is_unknown)] = self._unknown
        is_token = tokens >= 0
        before = np.concatenate([[0], np.cumsum(is_token)])
        return tokens.compress(is_token), np.diff(before.take(bounds))

    def _longest_tokens(
        self, codes: Codes, stops: Places, places: Places, nodes: Nodes
    ) -> tuple[NDArray[np.int32], Places]:
        """Return the longest token at each place, or -1, and its end."""
        found = np.full(len(places), -1, np.int32)
        ends = places.copy()
        rows, here = np.arange(len(places)), places
        while len(rows):
            tokens = self._trie.tokens.take(nodes)
            here = here + 1
            ending = np.flatnonzero(tokens >= 0)
            found[rows.take(ending)] = tokens.take(ending)
            ends[rows.take(ending)] = here.take(ending)
            left = np.flatnonzero((nodes > 0) & (here < stops.take(rows)))
            rows, here = rows.take(left), here.take(left)
            nodes = self._trie.follow(nodes.take(left), codes.take(here))
        return found, ends
