"""Pieces of a text on their way to the model, changed by the library's own components.

A pre-tokenizer may ask where in the text a piece stands (`Metaspace` with the scheme `first`), so
every component is given the whole text, of which only one piece is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tokenizers

from tokstat.errors import EncodingError, is_failure


@dataclass(frozen=True)
class TextPiece:
    """Hold a piece as it stands: its text now, and its characters in the text that was given."""

    text: str
    start: int
    end: int


class Pieces:
    """Hold one stretch of a text between added tokens, and run components on it."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._range = (start, end)
        self._steps: list[Any] = []
        self._pieces = tokenizers.PreTokenizedString(text)
        self._keep(start, end)

    def _keep(self, start: int, end: int) -> None:
        self._pieces.split(lambda _number, whole: [whole[start:end]])

    def normalize(self, step: Any) -> None:
        """Run one part of a normalizer."""
        _explained(lambda: self._pieces.normalize(step.normalize), "normalizer")
        self._steps.append(step)

    def between(self, start: int, end: int) -> Pieces:
        """Return a part of this stretch, by characters of its normalized text."""
        part = Pieces(self._text, *self._range)
        for step in self._steps:
            part.normalize(step)
        part._keep(start, end)
        return part

    def pre_tokenize(self, step: Any) -> None:
        """Run one part of a pre-tokenizer."""
        _explained(lambda: step.pre_tokenize(self._pieces), "pre-tokenizer")

    @property
    def now(self) -> tuple[TextPiece, ...]:
        """The pieces as they stand."""
        return tuple(
            TextPiece(text, start, end)
            for text, (start, end), _ in self._pieces.get_splits("original", "char")
        )

    @property
    def text(self) -> str:
        """The text of all pieces, one after the other."""
        return "".join(piece.text for piece in self.now)


def texts_of(pieces: Sequence[TextPiece]) -> tuple[str, ...]:
    """Return the texts of pieces."""
    return tuple(piece.text for piece in pieces)


def _explained(function: Any, component: str) -> None:
    try:
        function()
    except BaseException as error:  # a bare Exception, or a panic of the library
        if not is_failure(error):
            raise
        raise EncodingError(
            f"the {component} fails on the text: {' '.join(str(error).split())}",
            "Correct its regular expression, or give another text.",
        ) from error
