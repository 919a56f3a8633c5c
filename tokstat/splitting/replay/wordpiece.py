"""WordPiece: the longest token at each place of a word, from left to right.

Greedy longest match first (Devlin et al. 2018, arXiv 1810.04805); a word with a place where no
token fits becomes the unknown token as a whole, and so does one of too many characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tokstat.splitting.replay.word_level import id_of


@dataclass(frozen=True)
class WordPieceTrace:
    """Hold how a word becomes tokens.

    `tried` has for each place the candidates that are no token, longest first, then the one that
    is, if there is any. `is_too_long` where the word has more characters than the model takes.
    """

    piece: str
    tried: tuple[tuple[str, ...], ...]
    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    is_too_long: bool = False


@dataclass(frozen=True, eq=False)
class WordPieceModel:
    """Hold a WordPiece model."""

    vocabulary: Mapping[str, int]
    unknown: str
    continuation: str
    most_characters: int

    def trace(self, piece: str) -> WordPieceTrace:
        """Replay one word."""
        if len(piece) > self.most_characters:
            return self._unknown(piece, (), is_too_long=True)
        start, tried, tokens = 0, [], []
        while start < len(piece):
            candidates = self._candidates(piece, start)
            tried.append(candidates)
            if candidates[-1] not in self.vocabulary:
                return self._unknown(piece, tuple(tried))
            tokens.append(candidates[-1])
            start += len(candidates[-1]) - (len(self.continuation) if start else 0)
        ids = tuple(self.vocabulary[token] for token in tokens)
        return WordPieceTrace(piece, tuple(tried), tuple(tokens), ids)

    def _unknown(
        self, piece: str, tried: tuple[tuple[str, ...], ...], is_too_long: bool = False
    ) -> WordPieceTrace:
        number = id_of(self.unknown, self.vocabulary)
        return WordPieceTrace(piece, tried, (self.unknown,), (number,), is_too_long)

    def _candidates(self, piece: str, start: int) -> tuple[str, ...]:
        found = []
        for end in range(len(piece), start, -1):
            found.append((self.continuation if start else "") + piece[start:end])
            if found[-1] in self.vocabulary:
                break
        return tuple(found)
