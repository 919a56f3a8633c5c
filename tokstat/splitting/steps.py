"""What each component of a tokenizer does to a text, in the order in which the text meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from tokstat.errors import EncodingError
from tokstat.results.report import SCHEMA_VERSION
from tokstat.splitting.replay.added_tokens import AddedMatch, AddedTokens, find_matches
from tokstat.splitting.replay.models import Model, Trace, read_model
from tokstat.splitting.replay.pieces import Pieces, texts_of
from tokstat.splitting.replay.post_processor import with_special_tokens
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.pipeline import CUSTOM, normalizer_parts, pre_tokenizer_parts
from tokstat.tokenizer.tokenizer import Tokenizer

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
class Steps:
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
        return f"Steps({self.tokenizer!r}, {self.text!r:.40}, {len(self.ids)} ids)"

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}


@dataclass(frozen=True)
class _Stretch:
    """Hold a part of the text: an added token, or what is between two of them."""

    match: AddedMatch | None
    pieces: Pieces | None

    @property
    def texts(self) -> tuple[str, ...]:
        if self.match is not None:
            return (self.match.token.content,)
        return texts_of(self.pieces.now) if self.pieces else ()


class Replay:
    """Replay texts with one tokenizer, whose model is read once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._added = AddedTokens.of(tokenizer.backend)
        self._normalizer = normalizer_parts(tokenizer.backend)
        self._pre_tokenizer = pre_tokenizer_parts(tokenizer.backend)
        self._post_processor = components(tokenizer.backend, "post_processor")
        self._model: Model | None = None

    def steps(self, text: str, *, special: bool = False) -> Steps:
        """Return what each component does; see `Steps`.

        Raises:
            EncodingError: the tokenizer fails on the text.
        """
        ids = encode(self._tokenizer.backend, text, special=special)
        name = self._tokenizer.origin.spec
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

    def _through_components(self, text: str, done: list[Step]) -> list[_Stretch]:
        stretches = list(_stretches(text, find_matches(text, self._added.as_they_are)))
        if self._added.as_they_are:
            done.append(_added_step("as they are", (text,), stretches))
        for part in self._normalizer:
            before = _texts(stretches)
            for stretch in stretches:
                if stretch.pieces:
                    stretch.pieces.normalize(part.step)
            done.append(_step("normalizer", part.type, part.settings, before, stretches))
        if self._added.normalized:
            before = _texts(stretches)
            stretches = [part for each in stretches for part in self._normalized_matches(each)]
            done.append(_added_step("in the normalized text", before, stretches))
        for pre_part in self._pre_tokenizer:
            before = _texts(stretches)
            for stretch in stretches:
                if stretch.pieces:
                    stretch.pieces.pre_tokenize(pre_part.step)
            done.append(_step("pre-tokenizer", pre_part.type, pre_part.settings, before, stretches))
        return stretches

    def _normalized_matches(self, stretch: _Stretch) -> Iterator[_Stretch]:
        if stretch.pieces is None:
            yield stretch
            return
        text = stretch.pieces.text
        matches = find_matches(text, self._added.normalized)
        if not matches:
            yield stretch
            return
        for start, end, match in _cuts(text, matches):
            yield _Stretch(match, None if match else stretch.pieces.between(start, end))

    def _through_model(
        self, stretches: Sequence[_Stretch], done: list[Step]
    ) -> tuple[tuple[Trace, ...], tuple[int, ...]]:
        if self._model is None:
            self._model = read_model(self._tokenizer)
        before = _texts(stretches)
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
                trace = self._model.trace(piece)
                traces.append(trace)
                after += trace.tokens
                ids += trace.ids
        done.append(
            Step("model", self._tokenizer.model_type, "", before, tuple(after), tuple(added))
        )
        return tuple(traces), tuple(ids)

    def _through_post_processor(self, ids: tuple[int, ...], done: list[Step]) -> tuple[int, ...]:
        backend = self._tokenizer.backend
        for part in self._post_processor:
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


def _stretches(text: str, matches: Sequence[AddedMatch]) -> Iterator[_Stretch]:
    for start, end, match in _cuts(text, matches):
        yield _Stretch(match, None if match else Pieces(text, start, end))


def _cuts(text: str, matches: Sequence[AddedMatch]) -> Iterator[tuple[int, int, AddedMatch | None]]:
    """Yield the places of added tokens and of what is between them, in order."""
    last = 0
    for match in matches:
        if last < match.start:
            yield last, match.start, None
        yield match.start, match.end, match
        last = match.end
    if last < len(text):
        yield last, len(text), None


def _texts(stretches: Sequence[_Stretch]) -> tuple[str, ...]:
    return tuple(text for stretch in stretches for text in stretch.texts)


def _places_of_added(stretches: Sequence[_Stretch]) -> tuple[int, ...]:
    places, place = [], 0
    for stretch in stretches:
        if stretch.match is not None:
            places.append(place)
        place += len(stretch.texts)
    return tuple(places)


def _added_step(kind: str, before: tuple[str, ...], stretches: Sequence[_Stretch]) -> Step:
    return Step("added tokens", kind, "", before, _texts(stretches), _places_of_added(stretches))


def _step(
    component: Component,
    kind: str,
    settings: Mapping[str, Any],
    before: tuple[str, ...],
    stretches: Sequence[_Stretch],
) -> Step:
    after = _texts(stretches)
    changes = _changes("".join(before), "".join(after)) if component == "normalizer" else ()
    shown = {name: value for name, value in settings.items() if name != "type"}
    shown.pop("precompiled_charsmap", None)
    written = "" if kind == CUSTOM or not shown else json.dumps(shown, ensure_ascii=False)
    return Step(component, kind, written, before, after, _places_of_added(stretches), changes)


def _changes(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the distinct stretches that differ, in order, as pairs of old and new."""
    if before == after:
        return ()
    if len(before) == len(after):
        pairs = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    else:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        pairs = [
            (before[a:b], after[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
        ]
    return tuple(dict.fromkeys(pairs))
