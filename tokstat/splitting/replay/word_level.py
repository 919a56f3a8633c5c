"""WordLevel: a piece is one token, or the unknown token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tokstat.errors import EncodingError


@dataclass(frozen=True)
class WordLevelTrace:
    """Hold the token that a piece becomes."""

    piece: str
    tokens: tuple[str, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class WordLevelModel:
    """Hold a WordLevel model."""

    vocabulary: Mapping[str, int]
    unknown: str

    def trace(self, piece: str) -> WordLevelTrace:
        """Replay one piece."""
        token = piece if piece in self.vocabulary else self.unknown
        return WordLevelTrace(piece, (token,), (id_of(token, self.vocabulary),))


def id_of(token: str, vocabulary: Mapping[str, int]) -> int:
    """Return the id of a token. Raises EncodingError for an unknown token without one."""
    if token not in vocabulary:
        raise EncodingError(
            f"the unknown token {token!r} is not in the vocabulary", "Put it into the vocabulary."
        )
    return vocabulary[token]
