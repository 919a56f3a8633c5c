"""Why words of a text are split: for each the cause, and what would keep it whole.

A cause is found by undoing: the text is replayed with a space before the word, without an added
token, without a part of the normalizer, or with the pieces of the pre-tokenizer joined. The first
obstacle on the word's way to the model is its cause; where others remain when that one is undone,
the remedy names them, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tokstat.errors import EncodingError
from tokstat.splitting import causes
from tokstat.splitting.causes import Cause, CauseKind
from tokstat.splitting.forms import Form, Forms, final_stretches
from tokstat.splitting.merge_paths import merge_path
from tokstat.splitting.replay.bpe import BPEModel, BPETrace
from tokstat.splitting.replay.pieces import Pieces, TextPiece
from tokstat.splitting.replay.unigram import UnigramModel
from tokstat.splitting.replay.wordpiece import WordPieceModel
from tokstat.splitting.steps import Replay, Stretch
from tokstat.text.unicode import script_of
from tokstat.text.wording import counted
from tokstat.tokenizer.encoding import encode_batch
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.scripts import UNSPACED

_WORD = re.compile("cm*|[wm]+(?:'[wm]+)*")
_APOSTROPHES = "'’ʼ"

_SPACES = (" ", "▁", "Ġ")
"""Characters that a word may begin with, for the space before it."""

_CACHED = 4096

_NEAR = 256
"""Characters beside a word that are looked at."""


@dataclass(frozen=True)
class WordCause:
    """Hold why a word is split, or unknown.

    - `start` and `end`: the word's characters in the text.
    - `tokens`: its tokens in readable form.
    - `cause`: one sentence; `cause_kind` names the kind, `whole_as` the token that the word would
      be, in readable form, and `remedy` what to do for it.
    - `causes`: the cause with its details, then whatever else must be undone.
    """

    word: str
    start: int
    end: int
    tokens: tuple[str, ...]
    cause_kind: CauseKind
    cause: str
    whole_as: str
    remedy: str
    causes: tuple[Cause, ...]


def explain_splits(tokenizer: Tokenizer, text: str) -> tuple[WordCause, ...]:
    """Explain each word of a text that becomes several tokens, or the unknown token.

    `words_of` has what a word is.

    Raises:
        EncodingError: the tokenizer fails on the text.
    """
    return tuple(Explainer(tokenizer).explain(text))


def words_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the words of a text: runs of letters and marks, apostrophes inside.

    In scripts that write no spaces each character is taken for a word.
    """
    kinds = "".join(map(_kind, text))
    yield from (match.span() for match in _WORD.finditer(kinds))


@lru_cache(_CACHED)
def _kind(character: str) -> str:
    category = unicodedata.category(character)[0]
    if category == "L":
        return "c" if script_of(character) in UNSPACED else "w"
    if category == "M":
        return "m"
    return "'" if character in _APOSTROPHES else " "


class Explainer:
    """Explain the words of texts with one tokenizer, whose model is read once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._replay = Replay(tokenizer)
        self._forms = Forms(tokenizer, self._replay)
        self._explained: dict[str, tuple[Form | None, tuple[Cause, ...]]] = {}

    def explain(self, text: str) -> Iterator[WordCause]:
        """Yield a cause for each word that is not one token; raises as `explain_splits`."""
        (encoding,) = encode_batch(self._tokenizer.backend, [text])
        spans = encoding.offsets
        first = 0
        for start, end in words_of(text):
            while first < len(spans) and spans[first][1] <= start:
                first += 1
            last = first
            while last < len(spans) and spans[last][0] < end:
                last += 1
            ids = encoding.ids[first:last]
            if not self._is_whole(ids):
                yield self._word_cause(text, start, end, ids)

    def _is_whole(self, ids: Sequence[int]) -> bool:
        return len(ids) == 1 and ids[0] != self._tokenizer.unknown_id

    def _word_cause(self, text: str, start: int, end: int, ids: Sequence[int]) -> WordCause:
        word = text[start:end]
        try:
            whole, found = self._causes(text, start, end, ids)
        except EncodingError as error:
            whole, found = None, (causes.not_replayed(error.problem),)
        shown = self._tokenizer.vocabulary.displays_of_ids(ids)
        return WordCause(
            word=word,
            start=start,
            end=end,
            tokens=tuple(shown),
            cause_kind=found[0].kind,
            cause=found[0].sentence,
            whole_as=whole.display if whole else "",
            remedy=" ".join(each.remedy for each in found),
            causes=found,
        )

    def _causes(
        self, text: str, start: int, end: int, ids: Sequence[int]
    ) -> tuple[Form | None, tuple[Cause, ...]]:
        word, before = text[start:end], text[max(start - 1, 0) : start]
        left, right = _beside(text, start, end)
        if before != " " and self._is_whole(self._ids_within(left + " ", word, right)):
            alone, whole = self._forms.of_text(word), self._forms.of_text(" " + word)
            if whole is not None and whole.is_token:
                return whole, (causes.leading_space(whole, alone, before),)
        space = "" if self._tokenizer.adds_leading_space else " "
        apart = self._stands_apart(text, start, end, ids, space)
        space = space if before == " " or not apart else ""
        if self._is_whole(self._ids_within(space, word, "")):
            return self._forms.of_text(space + word), (
                causes.neighbour(word, left[-1:] + right[:1]),
            )
        whole, found = self._of_window(space + word, word)
        if not apart:
            found = (*found, causes.neighbour(word, left[-1:] + right[:1]))
        return whole, found

    def _stands_apart(
        self, text: str, start: int, end: int, ids: Sequence[int], space: str
    ) -> bool:
        """Return whether a word is split as if it were the text, with the space before it.

        It is where its pieces are the same. Some tokenizers have pieces longer than words, and
        still split a word alike.
        """
        left, right = _beside(text, start, end)
        word = text[start:end]
        before = space if text[max(start - 1, 0) : start] == " " else ""
        if not left and not right:
            return True
        here, alone = (
            [
                piece.text
                for piece in _overlapping(
                    final_stretches(self._replay, near), len(before + first), len(near) - len(last)
                )
            ]
            for near, first, last in (
                (before + left + word + right, left, right),
                (before + word, "", ""),
            )
        )
        if here == alone:
            return True
        is_known = self._tokenizer.unknown_id not in ids
        return is_known and list(ids) == self._ids_within(before, word, "")

    def _ids_within(self, left: str, word: str, right: str) -> list[int]:
        """Return the ids of a word between other texts."""
        (encoding,) = encode_batch(self._tokenizer.backend, [left + word + right])
        first, last = len(left), len(left) + len(word)
        pairs = zip(encoding.ids, encoding.offsets, strict=True)
        return [number for number, (start, end) in pairs if start < last and end > first]

    def _of_window(self, window: str, word: str) -> tuple[Form | None, tuple[Cause, ...]]:
        """Explain a word that is a text, with the space before it if there is one."""
        if window not in self._explained:
            self._explained[window] = self._explained_window(window, word)
        return self._explained[window]

    def _explained_window(self, window: str, word: str) -> tuple[Form | None, tuple[Cause, ...]]:
        start = len(window) - len(word)
        replay, found = self._without_added(self._replay, window, start)
        if changed := self._changed_whole(replay, window, word):
            whole, cause = changed
            return whole, (*found, cause)
        replay, split = self._without_split_by_normalizer(replay, window, word)
        found += split
        piece, split = self._joined(replay, window, start)
        found += split
        found += self._in_model(replay, piece, word)
        if not found:
            raise EncodingError("the word is whole when its parts are replayed", "")
        return self._forms.of_piece(piece), tuple(found)

    def _without_added(self, replay: Replay, text: str, start: int) -> tuple[Replay, list[Cause]]:
        """Take away the added tokens inside a word, one after the other."""
        found: list[Cause] = []
        while match := _added_inside(final_stretches(replay, text), start, len(text)):
            token = match.match.token if match.match else None
            if token is None:
                break
            found.append(causes.added_token(token.content, token.id))
            replay = replay.without_added(token.content)
        return replay, found

    def _changed_whole(
        self, replay: Replay, window: str, word: str
    ) -> tuple[Form | None, Cause] | None:
        """Find a part of the normalizer without which the word is whole."""
        for number, old, new in _changes(replay, window):
            if _bare(old) == _bare(new):
                continue
            less = replay.without_normalizer(number)
            stretches = final_stretches(less, window)
            pieces = _overlapping(stretches, len(window) - len(word), len(window))
            if len(pieces) == 1 and self._is_whole(less.model.trace(pieces[0].text).ids):
                part = replay.normalizer[number]
                whole = self._forms.of_piece(pieces[0].text)
                return whole, causes.normalizer(part.type, number, old.strip(), new.strip(), whole)
        return None

    def _without_split_by_normalizer(
        self, replay: Replay, window: str, word: str
    ) -> tuple[Replay, list[Cause]]:
        """Take away the parts of the normalizer that put spaces into a word."""
        found: list[Cause] = []
        while True:
            spacing = (
                number
                for number, old, new in _changes(replay, window)
                if len(new.split()) > len(old.split())
            )
            number = next(spacing, None)
            if number is None:
                return replay, found
            # The number counts the parts that are left; the cause names the tokenizer's own.
            part = replay.normalizer[number]
            place = self._replay.normalizer.index(part)
            found.append(causes.spacing(part.type, place, word))
            replay = replay.without_normalizer(number)

    def _joined(self, replay: Replay, text: str, start: int) -> tuple[str, list[Cause]]:
        """Return the word as one piece, and the parts of the pre-tokenizer that split it.

        Each part is given the word whole: what another part has split already it might, too.
        """
        pieces = _overlapping(final_stretches(replay, text), start, len(text))
        if len(pieces) == 1:
            return pieces[0].text, []
        unsplit = final_stretches(replay.without_pre_tokenizer(), text)
        pieces = _overlapping(unsplit, start, len(text))
        piece = "".join(each.text for each in pieces)
        start = start if piece.startswith(_SPACES) else 0
        found: list[Cause] = []
        for number, part in enumerate(replay.pre_tokenizer):
            given = Pieces(piece, 0, len(piece))
            given.pre_tokenize(part.step)
            pieces = [each for each in given.now if each.end > start]
            if len(pieces) > 1:
                at = pieces[0].end
                between = piece[at - 1 : at], piece[at : at + 1]
                found.append(causes.pre_tokenizer(part.type, number, *between))
            piece = "".join(each.text for each in pieces)
            start = start if piece.startswith(_SPACES) else 0
        return piece, found

    def _in_model(self, replay: Replay, piece: str, word: str) -> Sequence[Cause]:
        model = replay.model
        trace = model.trace(piece)
        if self._is_whole(trace.ids):
            return ()
        found: list[Cause] = []
        if isinstance(model, WordPieceModel) and len(piece) > model.most_characters:
            found.append(causes.too_long(len(piece), model.most_characters))
        whole = self._forms.of_piece(piece)
        if not whole.is_token:
            changed = word if _bare(whole.display) != _bare(word) else ""
            unknown = self._forms.unknown_character(word)
            if unknown:
                becomes = self._written_as(unknown)
                return [*found, causes.unknown_characters(whole, unknown, becomes, changed)]
            others = self._forms.others(word, whole)
            return [*found, causes.not_in_vocabulary(whole, others, changed)]
        if isinstance(model, BPEModel) and isinstance(trace, BPETrace):
            return [self._merged_otherwise(model, trace, whole)]
        if isinstance(model, UnigramModel):
            best = model.trace(piece).best
            score = model.pieces[model.ids[whole.token]][1]
            shown = tuple(self._forms.of_token(token).display for token in best.tokens)
            return [causes.better_path(whole, score, shown, best.score)]
        return found

    def _written_as(self, character: str) -> str:
        """Return what becomes of a character without a token."""
        ids = self._ids_within("", character, "")
        if self._tokenizer.unknown_id in ids:
            return "the unknown token"
        return counted(len(character.encode()), "byte") if ids else "nothing"

    def _merged_otherwise(self, model: BPEModel, trace: BPETrace, whole: Form) -> Cause:
        path = merge_path(model, trace.first)
        shown = [self._forms.of_token(token).display for token in trace.tokens]
        if path is None:
            return causes.no_merges(whole, tuple(shown))
        first = path.first_other(trace)
        needed = path.first_not_made(trace)
        return causes.merge_order(
            whole, self._merge(first, model), self._merge(needed, model), path.merges
        )

    def _merge(self, pair: tuple[str, str], model: BPEModel) -> causes.Merge:
        left, right = (self._forms.of_token(token).display for token in pair)
        return causes.Merge(model.ranks[pair], left, right)


def _added_inside(stretches: Sequence[Stretch], start: int, end: int) -> Stretch | None:
    """Return the first added token that covers a part of a word and not all of it."""
    for each in stretches:
        if each.match is None or each.end <= start or each.start >= end:
            continue
        if each.start > start or each.end < end:
            return each
    return None


def _overlapping(stretches: Sequence[Stretch], start: int, end: int) -> list[TextPiece]:
    return [
        piece
        for stretch in stretches
        if stretch.pieces is not None
        for piece in stretch.pieces.now
        if piece.start < end and piece.end > start
    ]


def _changes(replay: Replay, text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each part of the normalizer that changes a text, with the text before and after."""
    number, before = -1, text
    for stage in replay.stages(text):
        after = "".join(stage.texts)
        if stage.component == "normalizer":
            number += 1
            if after != before:
                yield number, before, after
        elif stage.component == "pre-tokenizer":
            return
        before = after


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands beside a word up to the next white space, if that is near."""
    left, right = text[max(start - _NEAR, 0) : start], text[end : end + _NEAR]
    before = "" if left[-1:].isspace() else left.split()[-1:]
    after = "" if right[:1].isspace() else right.split()[:1]
    return "".join(before), "".join(after)


def _bare(text: str) -> str:
    """Return a text without spaces and the marks that stand for them."""
    return re.sub(r"[\s▁·]", "", text)
