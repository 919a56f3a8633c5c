"""Find the kinds of places that a token may span, for a model's tokens and for added tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import tokenizers
from tokenizers import AddedToken, models

from tokstat.corpus.safe_cuts.boundaries import (
    LAST_ASSIGNED,
    Boundaries,
    WhiteBoundary,
    pairs_inside,
)
from tokstat.corpus.safe_cuts.normalizers import Normalizer
from tokstat.corpus.safe_cuts.pre_tokenizers import Split
from tokstat.corpus.safe_cuts.refusal import UnsafeError
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.tokenizer import Tokenizer

_MOST_EXCEPTIONS = 16
"""With more characters than this before a space inside a token, no cut at spaces is allowed."""

_LEAST_RARE = 3
"""Characters of an added token that texts hold by intent alone."""

_MOST_STRINGS = 256
"""The most strings to search every text for."""

_BLOCK = 256
"""Characters that are normalized together."""


def restrict_by_model(tokenizer: Tokenizer, split: Split, space: str) -> Boundaries:
    """Keep the kinds of places that are split before the model, or that none of its tokens span.

    Raises:
        UnsafeError: the model drops merges at random.
    """
    model = tokenizer.backend.model
    if getattr(model, "dropout", None):
        raise UnsafeError("its model has dropout, which skips merges at random")
    left = split.open.white
    if not left or not isinstance(model, models.BPE) or _minds_ends(model):
        return split.split
    parts = components(tokenizer.backend, "pre_tokenizer")
    byte_level = any(part["type"] == "ByteLevel" for part in parts)
    marks = _Marks("Ġ", "Ċ", "ĉč") if byte_level else _Marks(tokenizer.scheme.space, "\n", "\t\r")
    # Added tokens are included, because merges produce some of them.
    vocabulary = frozenset(
        tokenizer.backend.get_vocab(with_added_tokens=True)
        if tokenizer.stored_tokens.shared_ids
        else tokenizer.stored_tokens.tokens
    )
    # An unknown character may be dropped, and its neighbours may then merge.
    if marks.space not in vocabulary or space not in (" ", marks.space):
        return split.split
    safe, before = _unspanned(vocabulary, marks, left)
    if before and not byte_level and len(before) <= _MOST_EXCEPTIONS:
        safe |= {"space"}
    else:
        before = frozenset()
    known = marks.newline in vocabulary or (model.byte_fallback and "<0x0A>" in vocabulary)
    if not known and (model.unk_token is None or model.fuse_unk):
        safe -= {"line", "lines", "last_line"}
    return replace(
        split.split,
        white=split.split.white | (safe & left),
        not_after=split.split.not_after | before,
    )


def _minds_ends(model: models.BPE) -> bool:
    """Whether a model treats the start or the end of its input differently from the rest."""
    return bool(model.end_of_word_suffix or model.continuing_subword_prefix or model.ignore_merges)


@dataclass(frozen=True)
class _Marks:
    """Hold how a vocabulary writes a space, a newline and other white space."""

    space: str
    newline: str
    others: str

    @property
    def white(self) -> str:
        return self.space + self.newline + self.others


def _unspanned(
    vocabulary: frozenset[str], marks: _Marks, kinds: frozenset[WhiteBoundary]
) -> tuple[frozenset[WhiteBoundary], frozenset[str]]:
    """Return the kinds that no token spans, and the characters before a space inside a token."""
    spanned: set[WhiteBoundary] = set()
    before: set[str] = set()
    for token in vocabulary:
        if marks.space not in token[1:] and marks.newline not in token:
            continue
        for kind, character in _spanned_places(token, marks):
            spanned.add(kind)
            if kind == "space":
                before.add(character)
    return kinds - spanned, frozenset(before)


def _spanned_places(text: str, marks: _Marks) -> Iterator[tuple[WhiteBoundary, str]]:
    """Yield the kind of each place at white space in a string, and the character before it."""
    for place in range(1, len(text)):
        before, at, after = text[place - 1], text[place], text[place + 1 : place + 2]
        ends = not after or after not in marks.white
        if at == marks.space and before not in marks.white:
            yield "space", before
        elif at == marks.space and ends:
            yield "last_space", before
        elif at == marks.newline and before in marks.white and ends:
            yield "last_line", before
        if before == marks.newline and at not in marks.white:
            yield "line", before
            yield "lines", before


@dataclass(frozen=True, eq=False)
class WholeText:
    """Define which texts must be encoded whole: those that contain `string`.

    With a `normalizer`, the string is searched in the normalized text. Only texts that contain
    one of `signs` need to be checked.
    """

    string: str
    signs: frozenset[str]
    normalizer: Normalizer | None = field(default=None, repr=False)

    def is_in(self, text: str) -> bool:
        """Whether a text must be encoded whole."""
        return self.string in (self.normalizer(text) if self.normalizer is not None else text)


@dataclass(frozen=True)
class AddedTokenLimits:
    """Hold the boundaries and strings that `derivation.Cut` takes from added tokens."""

    boundaries: Boundaries
    whole_texts: tuple[WholeText, ...]
    whole_strings: tuple[str, ...]


def restrict_by_added_tokens(
    boundaries: Boundaries,
    backend: tokenizers.Tokenizer,
    normalizer: Normalizer,
    changes_start: bool,
) -> AddedTokenLimits:
    """Keep the kinds of places where no added token is divided, or affects the text after a cut.

    Raises:
        UnsafeError: an added token may match spaces that the normalizer adds, or too many added
            tokens change the text after them.
    """
    tokens = list(backend.get_added_tokens_decoder().values())
    sources = _Sources(normalizer)
    whole_texts: list[WholeText] = []
    whole_strings: list[str] = []
    first = frozenset(token.content[0] for token in tokens if token.content)
    boundaries = replace(boundaries, not_before=boundaries.not_before | first)
    for token in tokens:
        is_literal = not token.normalized or not normalizer.changes_letters
        if not is_literal and normalizer.adds_spaces and any(map(str.isspace, token.content)):
            raise UnsafeError(
                f"its added token {token.content!r} may match spaces that its normalizer adds"
            )
        encodes_whole = _is_rare(token) and len(whole_texts) < _MOST_STRINGS
        boundaries = _restrict_white(boundaries, token, normalizer, not encodes_whole)
        spans_word = any(kind == "space" for kind in _inside(token, normalizer))
        # The text after such a token starts anew, or loses its leading space.
        reaches_out = encodes_whole and (token.lstrip or token.single_word)
        if changes_start or token.rstrip or spans_word or reaches_out:
            if len(whole_texts) == _MOST_STRINGS:
                raise UnsafeError(
                    f"more than {_MOST_STRINGS} of its added tokens change the text after them"
                )
            whole_texts.append(_whole_text(token, None if is_literal else sources))
        if not is_literal:
            boundaries = replace(boundaries, white=boundaries.white - {"last_space", "last_line"})
        if token.single_word and not encodes_whole:
            boundaries = replace(boundaries, pairs=frozenset())
        if boundaries.pairs and pairs_inside(token.content) & boundaries.pairs:
            if is_literal:
                whole_strings.append(token.content)
            else:
                boundaries = replace(boundaries, pairs=frozenset())
    if len(whole_strings) > _MOST_STRINGS:
        boundaries, whole_strings = replace(boundaries, pairs=frozenset()), []
    return AddedTokenLimits(boundaries, tuple(whole_texts), tuple(whole_strings))


def _is_rare(token: AddedToken) -> bool:
    """Whether so few texts hold a token, such as `[MASK]`, that these may be encoded whole.

    Then it takes no safe places away from the others, whatever it does to its neighbours.
    """
    marks = [each for each in token.content if not each.isalnum() and not each.isspace()]
    return len(token.content) >= _LEAST_RARE and bool(marks)


def _whole_text(token: AddedToken, sources: _Sources | None) -> WholeText:
    if sources is None:
        return WholeText(token.content, frozenset({token.content}))
    string = sources.normalizer(token.content)
    sign = next((each for each in string if not each.isalnum()), string[:1])
    return WholeText(string, sources.of(sign), sources.normalizer)


class _Sources:
    """Find the characters that a normalizer turns into a given one. Unicode is normalized once."""

    def __init__(self, normalizer: Normalizer) -> None:
        self.normalizer = normalizer
        self._found: dict[str, frozenset[str]] = {}

    @cached_property
    def _blocks(self) -> list[tuple[int, str]]:
        """The first of each block of characters, and the block's normalized text."""
        starts = range(0, LAST_ASSIGNED, _BLOCK)
        return [(start, self.normalizer("0".join(_characters(start)))) for start in starts]

    def of(self, sign: str) -> frozenset[str]:
        """Return `sign` and the characters whose normal form contains it."""
        if sign not in self._found:
            characters = (
                character
                for start, written in self._blocks
                if sign in written
                for character in _characters(start)
                if sign in self.normalizer(character)
            )
            self._found[sign] = frozenset(characters) | {sign}
        return self._found[sign]


def _characters(start: int) -> list[str]:
    """Return the characters of a block."""
    codes = range(start, start + _BLOCK)
    return [chr(code) for code in codes if not 0xD800 <= code < 0xE000]


def _restrict_white(
    boundaries: Boundaries, token: AddedToken, normalizer: Normalizer, strips: bool
) -> Boundaries:
    white = boundaries.white - {kind for kind in _inside(token, normalizer) if kind != "space"}
    if token.lstrip and strips:
        # The token takes all white space before it, so no cut may divide or end that run.
        white &= {"space"} if token.content[:1].isalnum() else {"space", "line"}
    return replace(boundaries, white=white)


def _inside(token: AddedToken, normalizer: Normalizer) -> Sequence[WhiteBoundary]:
    """List the kinds of places at white space inside an added token, raw and normalized."""
    forms = {token.content}
    if token.normalized:
        forms.add(normalizer(token.content).replace(normalizer.space, " "))
    marks = _Marks(" ", "\n", "\t\r")
    return [kind for form in forms for kind, _ in _spanned_places(form, marks)]
