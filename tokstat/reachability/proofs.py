"""Prove that no text can produce a token, and name the component at fault.

A text meets the added tokens that match it as written, the normalizer, the added tokens that match
normalized text, the pre-tokenizer, and the model. Every obstacle found here is proven for all
texts; `tokstat.reachability.search` has the arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tokstat.reachability.model import ModelPaths
from tokstat.reachability.normalizer import NormalForms
from tokstat.reachability.pre_tokenizer import Need, PieceBorders
from tokstat.reachability.witnesses import text_of
from tokstat.text.visible import visible
from tokstat.tokenizer.tokenizer import Tokenizer

_GAPS = ("ⴰ", " ", "\U0010ffff")


@dataclass(frozen=True)
class Obstacle:
    """Hold why no text can produce a token, and the component at fault."""

    cause: str
    component: str


class Obstacles:
    """Find the obstacles of one tokenizer's tokens."""

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
        # With a normalizer, texts other than the token's own may become the token.
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
        """Return other texts that may become those of some tokens.

        The normalizer may map them to the tokens' texts, or the model may drop characters inside
        them.
        """
        texts = [text_of(self._rows, row) for row in rows]
        if self._paths.drops_characters:
            return [gap.join(text) for text in texts for gap in _GAPS]
        return [source for text in texts for source in self._normal_forms.sources(text)]

    @property
    def _knows_marks(self) -> bool:
        """Whether the vocabulary's scheme knows every mark that the model puts on tokens."""
        model, scheme = self._tokenizer.backend.model, self._rows.scheme
        prefix = getattr(model, "continuing_subword_prefix", None) or ""
        suffix = getattr(model, "end_of_word_suffix", None) or ""
        return (prefix, suffix) == (scheme.continuation, scheme.end)

    def find(self, row: int) -> Obstacle | None:
        """Return the proven obstacle of the content token in one row, or None."""
        rows, text = self._rows, text_of(self._rows, row)
        if not text or not self._knows_marks:
            return None
        failure = self._paths.failure(row)
        if self._paths.drops_characters:
            # A text may have dropped characters between those of the token.
            return Obstacle(failure, self._model) if failure else None
        if obstacle := self._shadow(text):
            return obstacle
        inside = bool(rows.scheme.continuation) and not rows.starts_word[row]
        if name := self._normal_forms.blocking_part(text, inside=inside):
            return Obstacle("normalizer", f"normalizer: {name}")
        whole = failure is None and self._paths.only_as_whole_piece(row)
        unfinished = bool(rows.scheme.end) and not rows.starts_word[row]
        need = Need(inside=inside, unfinished=unfinished, whole=whole)
        # Where the tokenizer adds a leading space, the text need not have one.
        form = rows.texts[row] or "" if self._tokenizer.adds_leading_space else text
        if name := self.borders.splitting_part(self._normal_forms.form(form), need):
            return Obstacle("pre-tokenizer", f"pre-tokenizer: {name}")
        if failure:
            return Obstacle(failure, self._model)
        return None

    def find_unmerged(self, row: int) -> Obstacle | None:
        """Return what keeps every text from a part of a character: that no merges build it."""
        is_part = self._rows.kind("partial")[row] and self._knows_marks
        if is_part and self._paths.failure(row) == "no merge path":
            return Obstacle("no merge path", self._model)
        return None

    def _shadow(self, text: str) -> Obstacle | None:
        """Return the longest added token in a token's text, at which every text is split first."""
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
    """Return the added tokens that match wherever they occur, with their ids, longest first.

    Left out are those that match only as whole words (`single_word`), and those that may overlap
    one of these. Where a match is refused because it is not a whole word, the search continues
    after it and misses what overlaps it.
    """
    refusable = {letter for content, single in added.values() if single for letter in content}
    sure = [
        (content, index)
        for index, (content, single) in added.items()
        if content and not single and refusable.isdisjoint(content)
    ]
    return sorted(sure, key=lambda each: -len(each[0]))
