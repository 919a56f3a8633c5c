"""Forms of a word as they reach the model: with and without a space, and in other cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tokstat.errors import EncodingError
from tokstat.splitting.replay.models import Model
from tokstat.splitting.replay.unigram import UnigramModel
from tokstat.splitting.steps import Replay, Stretch
from tokstat.text.visible import visible
from tokstat.tokenizer.decoding import decode_tokens
from tokstat.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True)
class Form:
    """Hold a form of a word: the stored token, how it is shown, and its id if it is a token."""

    token: str
    display: str
    id: int | None

    @property
    def is_token(self) -> bool:
        """Whether the vocabulary has it."""
        return self.id is not None

    @property
    def quoted(self) -> str:
        """The form in quotes."""
        return f"`{self.display}`"

    def __str__(self) -> str:
        return self.quoted if self.id is None else f"{self.quoted} ({self.id:,})"


class Forms:
    """Find the forms of words that one tokenizer may know."""

    def __init__(self, tokenizer: Tokenizer, replay: Replay) -> None:
        self._tokenizer = tokenizer
        self._replay = replay
        self._end = getattr(tokenizer.backend.model, "end_of_word_suffix", None) or ""

    @property
    def ids(self) -> Mapping[str, int]:
        """The id of each token of the model."""
        return ids_of(self._replay.model)

    def of_piece(self, piece: str) -> Form:
        """Return the form that is one token if the model keeps a piece whole."""
        return self.of_token(piece + self._end)

    def of_token(self, token: str) -> Form:
        """Return a stored token as a form, whether the vocabulary has it or not."""
        number = self.ids.get(token)
        if number is not None:
            (shown,) = self._tokenizer.vocabulary.displays_of_ids([number])
            return Form(token, shown, number)
        surfaces = decode_tokens([token], self._tokenizer.scheme)
        text = surfaces.texts[0]
        space = " " if surfaces.starts_word[0] else ""
        return Form(token, visible(token if text is None else space + text), None)

    def of_text(self, text: str) -> Form | None:
        """Return the form in which a text reaches the model; None if in several pieces."""
        try:
            pieces = final_pieces(self._replay, text)
        except EncodingError:
            return None
        return self.of_piece(pieces[0]) if len(pieces) == 1 else None

    def others(self, word: str, wanted: Form) -> tuple[Form, ...]:
        """Return the other forms of a word that are tokens, nearest first."""
        found = {form.token: form for form in self._candidates(word, wanted) if form.is_token}
        found.pop(wanted.token, None)
        return tuple(found.values())

    def _candidates(self, word: str, wanted: Form) -> Iterator[Form]:
        scheme = self._tokenizer.scheme
        yield from map(self.of_token, self._inside(wanted.token, scheme.continuation, scheme.blank))
        for text in dict.fromkeys((word, word.lower(), word.capitalize(), word.upper())):
            for space in ("", " "):
                if form := self.of_text(space + text):
                    yield form
                    yield from map(
                        self.of_token, self._inside(form.token, scheme.continuation, scheme.blank)
                    )

    def _inside(self, token: str, continuation: str, blank: str) -> Iterator[str]:
        """Yield the same word without the mark of a word's start or end."""
        if continuation:
            yield continuation + token
        if self._end:
            yield token.removesuffix(self._end)
        if blank and token.startswith(blank):
            yield token.removeprefix(blank)

    def unknown_character(self, text: str) -> str:
        """Return the first character of a word that no token stands for, or ""."""
        continuation = self._tokenizer.scheme.continuation
        for character in dict.fromkeys(text):
            form = self.of_text(character)
            if form is None:
                continue
            stored = {form.token, continuation + form.token}
            stored |= set(self._inside(form.token, continuation, self._tokenizer.scheme.blank))
            if not stored & self.ids.keys():
                return character
        return ""


def ids_of(model: Model) -> Mapping[str, int]:
    """Return the id of each token of a model."""
    return model.ids if isinstance(model, UnigramModel) else model.vocabulary


def final_stretches(replay: Replay, text: str) -> tuple[Stretch, ...]:
    """Return the stretches of a text as they reach the model. Raises EncodingError."""
    *_, last = replay.stages(text)
    return last.stretches


def final_pieces(replay: Replay, text: str) -> tuple[str, ...]:
    """Return the pieces of a text as they reach the model, without added tokens."""
    return tuple(
        piece
        for stretch in final_stretches(replay, text)
        if stretch.pieces is not None
        for piece in stretch.texts
    )
