"""Unigram: the path of the highest score through all ways to split a piece.

Kudo 2018 (arXiv 1804.10959). A character that is no token costs ten more than the rarest token, as
in SentencePiece; neighbouring unknown characters become one unknown token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_UNKNOWN_PENALTY = 10.0


@dataclass(frozen=True)
class Path:
    """Hold one way to split a piece, with the sum of its tokens' log probabilities."""

    score: float
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class UnigramTrace:
    """Hold how a piece becomes tokens: the best path, the runner-up, and each token's score."""

    piece: str
    best: Path
    runner_up: Path | None
    scores: tuple[float, ...]
    tokens: tuple[str, ...]
    ids: tuple[int, ...]


class _Node(NamedTuple):
    score: float
    start: int
    before: int
    """Which of the best paths that end at `start` this one goes on from."""
    is_unknown: bool


@dataclass(frozen=True, eq=False)
class UnigramModel:
    """Hold a Unigram model: its pieces with their scores, in the order of ids."""

    pieces: Sequence[tuple[str, float]]
    unknown_id: int | None
    falls_back_to_bytes: bool = False

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each piece; of one that is listed twice, the later."""
        return {piece: number for number, (piece, _) in enumerate(self.pieces)}

    @cached_property
    def _longest(self) -> dict[str, int]:
        """The length of the longest piece by its first two characters."""
        longest: dict[str, int] = {}
        for piece, _ in self.pieces:
            if len(piece) > longest.get(piece[:2], 0):
                longest[piece[:2]] = len(piece)
        return longest

    @cached_property
    def _unknown_score(self) -> float:
        return min((score for _, score in self.pieces), default=0.0) - _UNKNOWN_PENALTY

    def trace(self, piece: str) -> UnigramTrace:
        """Replay one piece."""
        ends = self._best_paths(piece)
        paths = [self._path(piece, ends, rank) for rank in range(len(ends[-1]))] if piece else []
        best = paths[0] if paths else Path(0.0, ())
        runner_up = next((each for each in paths[1:] if each.tokens != best.tokens), None)
        tokens, ids = self._spelled(best.tokens)
        scores = tuple(self._score(token) for token in best.tokens)
        return UnigramTrace(piece, best, runner_up, scores, tokens, ids)

    def _score(self, token: str) -> float:
        number = self.ids.get(token)
        return self._unknown_score if number is None else self.pieces[number][1]

    def _best_paths(self, piece: str) -> list[list[_Node]]:
        """Return for each place the best two paths that end there, the best first.

        Of equal scores the one found first stays first, as in the library.
        """
        ends: list[list[_Node]] = [[_Node(0.0, 0, 0, False)], *([] for _ in piece)]
        for start in range(len(piece)):
            number = self.ids.get(piece[start])
            is_unknown = number is None
            score = self._unknown_score if number is None else self.pieces[number][1]
            self._extend(ends, start, start + 1, score, is_unknown)
            most = self._longest.get(piece[start : start + 2], 1)
            for end in range(start + 2, min(start + most, len(piece)) + 1):
                number = self.ids.get(piece[start:end])
                if number is not None:
                    self._extend(ends, start, end, self.pieces[number][1], False)
        return ends

    def _extend(
        self, ends: list[list[_Node]], start: int, end: int, score: float, is_unknown: bool
    ) -> None:
        found = ends[end]
        for before, node in enumerate(ends[start]):
            total = score + node.score
            if len(found) == 2 and total <= found[1].score:
                continue
            place = 0 if not found or total > found[0].score else 1
            found.insert(place, _Node(total, start, before, is_unknown))
            del found[2:]

    def _path(self, piece: str, ends: list[list[_Node]], rank: int) -> Path:
        node, end = ends[-1][rank], len(piece)
        score = node.score
        tokens: list[str] = []
        unknown = ""
        while end:
            text = piece[node.start : end]
            if node.is_unknown or self.ids.get(text) == self.unknown_id is not None:
                unknown = text + unknown
            else:
                tokens += [unknown] if unknown else []
                unknown = ""
                tokens.append(text)
            end = node.start
            node = ends[end][node.before]
        tokens += [unknown] if unknown else []
        return Path(score, tuple(reversed(tokens)))

    def _spelled(self, path: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Return tokens and ids of a path; what is no piece is in bytes, or the unknown token."""
        tokens: list[str] = []
        for token in path:
            in_bytes = [f"<0x{byte:02X}>" for byte in token.encode()]
            if token in self.ids:
                tokens.append(token)
            elif self.falls_back_to_bytes and all(each in self.ids for each in in_bytes):
                tokens += in_bytes
            elif self.unknown_id is not None:
                tokens.append(self.pieces[self.unknown_id][0])
        return tuple(tokens), tuple(self.ids[token] for token in tokens)
