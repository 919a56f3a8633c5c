"""What each component of a tokenizer does to a text, in the order in which the text meets it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Literal

from tokstat.errors import EncodingError
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.splitting.replay.added_tokens import AddedMatch, AddedTokens
from tokstat.splitting.replay.models import Model, Trace, read_model
from tokstat.splitting.replay.pieces import Pieces, texts_of
from tokstat.splitting.replay.post_processor import with_special_tokens
from tokstat.text.wording import counted, quoted
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.pipeline import normalizer_parts, pre_tokenizer_parts
from tokstat.tokenizer.tokenizer import Tokenizer

_MOST_COMPARED = 1_000_000
"""Pairs of characters that are compared to find what a normalizer changed in a word."""

Component = Literal["added tokens", "normalizer", "pre-tokenizer", "model", "post-processor"]


@dataclass(frozen=True)
class Step:
    """Hold what one part of a component did to the text.

    `before` and `after` are the pieces of the text; added tokens among them stand in `added`, by
    their place in `after`. `settings` are the part's own, as JSON, without its vocabulary.
    `changes` are the characters that a normalizer changed, as pairs of old and new.
    """

    component: Component
    type: str
    settings: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    added: tuple[int, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the part did anything to this text."""
        return self.before != self.after


@dataclass(frozen=True)
class Steps(Written):
    """Hold all steps of one text, the trace of each piece in the model, and the ids.

    `ids` are the encoder's, with special tokens where these were asked for. `not_replayed` names
    the part that gives other ids when it is replayed, or cannot be; then `traces` may be empty.
    """

    tokenizer: str
    text: str
    steps: tuple[Step, ...]
    traces: tuple[Trace, ...]
    ids: tuple[int, ...]
    not_replayed: str | None = None

    def __repr__(self) -> str:
        return (
            f"<Steps of {quoted(self.text)} by {quoted(self.tokenizer)}:"
            f" {counted(len(self.steps), 'step')}, {counted(len(self.ids), 'id')}>"
        )

    def to_table(self) -> Table:
        """Return a row for each step."""
        names = ("component", "type", "settings", "changed")
        return Table.of("steps", "Steps", self.steps, names)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}


@dataclass(frozen=True)
class Stretch:
    """Hold a part of the text: an added token, or what is between two of them.

    `start` and `end` are characters of the given text, set for added tokens alone.
    """

    match: AddedMatch | None
    pieces: Pieces | None
    start: int = 0
    end: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of its pieces as they stand."""
        if self.match is not None:
            return (self.match.token.content,)
        return texts_of(self.pieces.now) if self.pieces else ()


@dataclass(frozen=True)
class Stage:
    """Hold the stretches of a text as one part of a component leaves them."""

    component: Component
    type: str
    settings: Mapping[str, Any]
    stretches: tuple[Stretch, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of all pieces."""
        return tuple(text for stretch in self.stretches for text in stretch.texts)


class Replay:
    """Replay texts with one tokenizer, whose model is read once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.added = AddedTokens.of(tokenizer.backend)
        self.normalizer = normalizer_parts(tokenizer.backend)
        self.pre_tokenizer = pre_tokenizer_parts(tokenizer.backend)

    @cached_property
    def model(self) -> Model:
        """The model. Raises EncodingError where it cannot be replayed."""
        return read_model(self.tokenizer)

    def without_added(self, content: str) -> Replay:
        """Return a replay that knows one added token less."""
        changed = copy(self)
        changed.added = self.added.without(content)
        return changed

    def without_normalizer(self, number: int) -> Replay:
        """Return a replay that leaves out one part of the normalizer, by its place."""
        changed = copy(self)
        changed.normalizer = self.normalizer[:number] + self.normalizer[number + 1 :]
        return changed

    def without_pre_tokenizer(self) -> Replay:
        """Return a replay that ends with the normalized text."""
        changed = copy(self)
        changed.pre_tokenizer = ()
        return changed

    def steps(self, text: str, *, special: bool = False) -> Steps:
        """Return what each component does; see `Steps`.

        Raises:
            EncodingError: the tokenizer fails on the text.
        """
        ids = encode(self.tokenizer.backend, text, special=special)
        name = self.tokenizer.origin.spec
        done: list[Step] = []
        traces: tuple[Trace, ...] = ()
        try:
            stretches = self._through_components(text, done)
            traces, replayed = self._through_model(stretches, done)
            if special:
                replayed = self._through_post_processor(replayed, done)
        except EncodingError as error:
            return Steps(name, text, tuple(done), traces, tuple(ids), error.problem)
        differs = None if replayed == tuple(ids) else "the parts together give other ids"
        return Steps(name, text, tuple(done), traces, tuple(ids), differs)

    def stages(self, text: str) -> Iterator[Stage]:
        """Yield the text as each part leaves it, up to the model.

        The pieces are changed in place: look at a stage before asking for the next.

        Raises:
            EncodingError: a part fails on the text.
        """
        matches = self.added.as_they_are.matches(text)
        stretches = tuple(
            Stretch(match, None if match else Pieces(text, start, end), start, end)
            for start, end, match in _spans(text, matches)
        )
        yield Stage("added tokens", "as they are", {}, stretches)
        for part in self.normalizer:
            for stretch in stretches:
                if stretch.pieces:
                    stretch.pieces.normalize(part.step)
            yield Stage("normalizer", part.type, part.settings, stretches)
        if self.added.normalized.tokens:
            stretches = tuple(part for each in stretches for part in self._normalized(each))
            yield Stage("added tokens", "in the normalized text", {}, stretches)
        for pre_part in self.pre_tokenizer:
            for stretch in stretches:
                if stretch.pieces:
                    stretch.pieces.pre_tokenize(pre_part.step)
            yield Stage("pre-tokenizer", pre_part.type, pre_part.settings, stretches)

    def _normalized(self, stretch: Stretch) -> Iterator[Stretch]:
        """Find added tokens in a stretch of normalized text."""
        if stretch.pieces is None:
            yield stretch
            return
        text = stretch.pieces.text
        matches = tuple(self.added.normalized.matches(text))
        if not matches:
            yield stretch
            return
        for start, end, match in _spans(text, matches):
            pieces = stretch.pieces.between(start, end)
            if match is None:
                yield Stretch(None, pieces)
            else:
                places = pieces.now
                ends = (places[0].start, places[-1].end) if places else (0, 0)
                yield Stretch(match, None, *ends)

    def _through_components(self, text: str, done: list[Step]) -> Sequence[Stretch]:
        before: tuple[str, ...] = (text,)
        stretches: Sequence[Stretch] = ()
        for stage in self.stages(text):
            after, stretches = stage.texts, stage.stretches
            if self.added.as_they_are.tokens or stage.type != "as they are":
                done.append(_step(stage, before, after))
            before = after
        return stretches

    def _through_model(
        self, stretches: Sequence[Stretch], done: list[Step]
    ) -> tuple[tuple[Trace, ...], tuple[int, ...]]:
        before = tuple(text for stretch in stretches for text in stretch.texts)
        traces: list[Trace] = []
        ids: list[int] = []
        after: list[str] = []
        added: list[int] = []
        for stretch in stretches:
            if stretch.match is not None:
                added.append(len(after))
                after.append(stretch.match.token.content)
                ids.append(stretch.match.token.id)
                continue
            for piece in stretch.texts:
                trace = self.model.trace(piece)
                traces.append(trace)
                after += trace.tokens
                ids += trace.ids
        done.append(
            Step("model", self.tokenizer.model_type, "", before, tuple(after), tuple(added))
        )
        return tuple(traces), tuple(ids)

    def _through_post_processor(self, ids: tuple[int, ...], done: list[Step]) -> tuple[int, ...]:
        backend = self.tokenizer.backend
        for part in components(backend, "post_processor"):
            found = with_special_tokens(part, ids)
            if found is None:
                raise EncodingError(
                    f"the post-processor {part['type']} cannot be replayed", "Leave out --special."
                )
            before, after = (
                tuple(backend.id_to_token(each) or f"#{each}" for each in some)
                for some in (ids, found)
            )
            done.append(Step("post-processor", part["type"], "", before, after))
            ids = found
        return ids


def replay(tokenizer: Tokenizer, text: str, *, special: bool = False) -> Steps:
    """Replay one text; `special` goes through the post-processor, too. Raises EncodingError."""
    return Replay(tokenizer).steps(text, special=special)


def _spans(
    text: str, matches: Iterable[AddedMatch]
) -> Iterator[tuple[int, int, AddedMatch | None]]:
    """Yield the places of added tokens and of what is between them, in order."""
    last = 0
    for match in matches:
        if last < match.start:
            yield last, match.start, None
        yield match.start, match.end, match
        last = match.end
    if last < len(text):
        yield last, len(text), None


def _step(stage: Stage, before: tuple[str, ...], after: tuple[str, ...]) -> Step:
    is_normalizer = stage.component == "normalizer"
    shown = {name: value for name, value in stage.settings.items() if name != "type"}
    shown.pop("precompiled_charsmap", None)
    return Step(
        stage.component,
        stage.type,
        json.dumps(shown, ensure_ascii=False) if shown else "",
        before,
        after,
        _places_of_added(stage.stretches),
        _changes("".join(before), "".join(after)) if is_normalizer else (),
    )


def _places_of_added(stretches: Sequence[Stretch]) -> tuple[int, ...]:
    places, place = [], 0
    for stretch in stretches:
        if stretch.match is not None:
            places.append(place)
        place += len(stretch.texts)
    return tuple(places)


def _changes(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the distinct stretches that differ, in order, as pairs of old and new."""
    if len(before) == len(after):
        return tuple(
            dict.fromkeys(pair for pair in zip(before, after, strict=True) if pair[0] != pair[1])
        )
    words = before.split(" "), after.split(" ")
    if len(words[0]) != len(words[1]):
        words = [before], [after]
    pairs = dict.fromkeys(zip(*words, strict=True))
    return tuple(dict.fromkeys(change for pair in pairs for change in _differences(*pair)))


def _differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    if len(before) * len(after) > _MOST_COMPARED:
        yield before, after
        return
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield before[a:b], after[c:d]
