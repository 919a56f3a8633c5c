"""Why no text can give a token: the first component that none gets through.

A text meets the added tokens that are matched as written, the normalizer, the added tokens that are
matched in normalized text, the pre-tokenizer, and the model. Every obstacle named here rests on an
argument over all texts; `tokstat.reachability.search` gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tokstat.reachability.model import ModelPaths
from tokstat.reachability.normalizer import NormalForms
from tokstat.reachability.pre_tokenizer import Need, PieceBorders
from tokstat.reachability.witnesses import text_of
from tokstat.text.unicode import visible
from tokstat.tokenizer.tokenizer import Tokenizer

Cause = Literal[
    "shadowed by an added token",
    "normalizer",
    "pre-tokenizer",
    "no merge path",
    "better segmentation",
    "duplicate bytes",
    "too long",
]


_GAPS = ("ⴰ", " ", "\U0010ffff")


@dataclass(frozen=True)
class Obstacle:
    """Say what keeps every text from a token, and which component does it."""

    cause: str
    component: str


class Obstacles:
    """Find what keeps texts from tokens, for one tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._rows = tokenizer.vocabulary
        self._normal_forms = NormalForms(tokenizer)
        self.borders = PieceBorders(tokenizer)
        self._paths = ModelPaths(tokenizer)
        added = tokenizer.backend.get_added_tokens_decoder()
        normalize = self._normal_forms.of
        self._in_normalized = _sure_to_match(
            {
                index: (normalize(token.content), token.single_word)
                for index, token in added.items()
                if token.normalized
            }
        )
        # With a normalizer, other texts than the token's own may lead to it.
        self._as_written = _sure_to_match(
            {
                index: (token.content, token.single_word)
                for index, token in added.items()
                if not token.normalized and self._normal_forms.is_trivial
            }
        )

    @property
    def _model(self) -> str:
        return f"model: {self._tokenizer.model_type}"

    def other_sources(self, rows: Iterable[int]) -> list[str]:
        """Return other texts that may come to those of some tokens.

        The normalizer may turn them into these, and the model pass over what stands between.
        """
        texts = [text_of(self._rows, row) for row in rows]
        if self._paths.drops_characters:
            return [gap.join(text) for text in texts for gap in _GAPS]
        return [source for text in texts for source in self._normal_forms.sources(text)]

    @property
    def _knows_marks(self) -> bool:
        """Whether tokens' texts are without all marks that the model puts on them."""
        model, scheme = self._tokenizer.backend.model, self._rows.scheme
        prefix = getattr(model, "continuing_subword_prefix", None) or ""
        suffix = getattr(model, "end_of_word_suffix", None) or ""
        return (prefix, suffix) == (scheme.continuation, scheme.end)

    def find(self, row: int) -> Obstacle | None:
        """Return what is proven to keep every text from a content token, or None."""
        rows, text = self._rows, text_of(self._rows, row)
        if not text or not self._knows_marks:
            return None
        failure = self._paths.failure(row)
        if self._paths.drops_characters:
            # Any text may hold the token's characters with others between them.
            return Obstacle(failure, self._model) if failure else None
        if obstacle := self._shadow(text):
            return obstacle
        inside = bool(rows.scheme.continuation) and not rows.starts_word[row]
        if name := self._normal_forms.blocking_part(text, inside=inside):
            return Obstacle("normalizer", f"normalizer: {name}")
        whole = failure is None and self._paths.only_as_whole_piece(row)
        unfinished = bool(rows.scheme.end) and not rows.starts_word[row]
        need = Need(inside=inside, unfinished=unfinished, whole=whole)
        # Where a blank is put before texts, or pieces, it need not be in the text.
        form = rows.texts[row] or "" if self._tokenizer.adds_leading_space else text
        if name := self.borders.cutting_part(self._normal_forms.form(form), need):
            return Obstacle("pre-tokenizer", f"pre-tokenizer: {name}")
        if failure:
            return Obstacle(failure, self._model)
        return None

    def _shadow(self, text: str) -> Obstacle | None:
        """Find an added token that every text of a token contains: it is cut out before all else.

        Of several the longest is named.
        """
        form = self._normal_forms.form(text)
        for place, tokens in ((text, self._as_written), (form, self._in_normalized)):
            for content, index in tokens:
                if content in place:
                    return Obstacle(
                        "shadowed by an added token",
                        f"added token {visible(content)} (id {index:,})",
                    )
        return None


def _sure_to_match(added: Mapping[int, tuple[str, bool]]) -> list[tuple[str, int]]:
    """Return the added tokens, with their ids, that are cut out wherever they stand; longest first.

    Not so those that are matched only as words of their own (`single_word`), nor what may overlap
    one: where that is found and then refused, the search goes on behind it.
    """
    refusable = {letter for content, single in added.values() if single for letter in content}
    sure = [
        (content, index)
        for index, (content, single) in added.items()
        if content and not single and refusable.isdisjoint(content)
    ]
    return sorted(sure, key=lambda each: -len(each[0]))
