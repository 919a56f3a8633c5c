"""Derive the safe cut of a tokenizer from its pipeline, or the reason why there is none.

A cut is safe if encoding both sides separately gives the same tokens as encoding the whole text.
For a kind of place, every step of the pipeline must treat both sides independently: normalizer,
added tokens, and each pre-tokenizer up to the first that always splits there. If no pre-tokenizer
splits there, the model must do so too. A place that is not known to be safe counts as unsafe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, AnyStr

import numpy as np
import tokenizers
from tokenizers import AddedToken

from tokstat.corpus.counting.byte_lengths import ByteLengths, byte_lengths
from tokstat.corpus.counting.words_alone import WordsAlone, words_alone
from tokstat.corpus.safe_cuts import normalizers, pre_tokenizers
from tokstat.corpus.safe_cuts.boundaries import (
    PAIRS,
    SEPARATOR,
    WHITE_BOUNDARIES,
    Boundaries,
    Places,
    find_all,
)
from tokstat.corpus.safe_cuts.refusal import UnsafeError
from tokstat.corpus.safe_cuts.tokens_across import (
    WholeText,
    restrict_by_added_tokens,
    restrict_by_model,
)
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True, eq=False)
class Cut:
    """Define how to cut texts for a tokenizer.

    Attributes:
        refused: the reason why every text must be encoded whole, None where cuts are safe.
        boundaries: the safe places.
        whole_texts: which single texts must be encoded whole.
        whole_strings: strings that no cut inside a word may divide.
        changes_start: whether the tokenizer adds a leading space, so that the start of a text
            needs the tokenizer itself.
        inner: a copy that encodes any other part of a text, with `SEPARATOR` as a token.
        byte_lengths: the bytes of its tokens, None unless they spell texts byte by byte.
        words_alone: how to encode by words, None unless it treats each character by itself.
    """

    refused: str | None = None
    boundaries: Boundaries = field(default_factory=Boundaries)
    whole_texts: tuple[WholeText, ...] = ()
    whole_strings: tuple[str, ...] = ()
    changes_start: bool = False
    inner: tokenizers.Tokenizer | None = field(default=None, repr=False)
    byte_lengths: ByteLengths | None = field(default=None, repr=False)
    words_alone: WordsAlone | None = field(default=None, repr=False)

    def joins(self, text: AnyStr, starts: Places) -> Iterator[slice]:
        """Yield the slice of each part of a text that must be encoded whole.

        A part reaches from one of `starts` to the next. For a text given as UTF-8 bytes, starts
        and slices count bytes, otherwise characters.
        """
        for whole in self.whole_texts:
            joined: set[int] = set()
            known: dict[AnyStr, bool] = {}
            for sign in whole.signs:
                for place in find_all(text, sign if isinstance(text, str) else sign.encode()):
                    number = int(np.searchsorted(starts, place, "right"))
                    if number in joined:
                        continue
                    end = int(starts[number]) if number < len(starts) else len(text)
                    start = int(starts[number - 1])
                    is_local = not any(map(str.isspace, whole.string))
                    near = _near(text, place, start, end) if is_local else text[start:end]
                    if near not in known:
                        known[near] = whole.is_in(near if isinstance(near, str) else near.decode())
                    if known[near]:
                        joined.add(number)
                        yield slice(start, end)


_APART = "[!-~] [!-~]"
"""A space between two words, whatever the normalizer."""


def _near(text: AnyStr, place: int, start: int, end: int) -> AnyStr:
    """Return the text around a place up to spaces that no normalizer changes with it."""
    space, apart = (" ", _APART) if isinstance(text, str) else (b" ", _APART.encode())
    pattern = re.compile(apart)
    low = place
    while (low := text.rfind(space, start, low)) > start:
        if pattern.match(text, low - 1, end):
            break
    found = pattern.search(text, place, end)
    return text[max(low, start) : found.end() - 1 if found else end]


class Cuts(Sequence[Cut]):
    """Hold the cuts of tokenizers, each of which is derived when it is first asked for."""

    def __init__(self, tokenizers: Sequence[Tokenizer]) -> None:
        self._tokenizers = tokenizers
        self._found: dict[int, Cut] = {}

    def __len__(self) -> int:
        return len(self._tokenizers)

    def __getitem__(self, number: Any) -> Any:
        if number not in self._found:
            self._found[number] = derive_cut(self._tokenizers[number])
        return self._found[number]


def derive_cut(tokenizer: Tokenizer) -> Cut:
    """Return the finest cut that is known to be safe for a tokenizer."""
    backend = tokenizer.backend
    try:
        normalizer = normalizers.read_normalizer(backend)
        start = Boundaries(frozenset(WHITE_BOUNDARIES), frozenset(PAIRS))
        allowed = normalizers.restrict(start, normalizer)
        split = pre_tokenizers.follow(allowed, components(backend, "pre_tokenizer"), normalizer)
        changes_start = normalizer.prepends or split.prefixes
        found = restrict_by_model(tokenizer, split, normalizer.space)
        limits = restrict_by_added_tokens(found, backend, normalizer, changes_start)
        # Dropping a mark may join the white space before it with the white space after it.
        if normalizer.drops_marks and not limits.boundaries.white >= {"last_space", "lines"}:
            limits = replace(limits, boundaries=replace(limits.boundaries, after_marks=False))
        inner = _inner(tokenizer)
    except UnsafeError as error:
        return Cut(refused=str(error))
    if "space" not in limits.boundaries.white:
        return Cut(refused="its tokens may span the space between two words")
    return Cut(
        boundaries=limits.boundaries,
        whole_texts=limits.whole_texts,
        whole_strings=limits.whole_strings,
        changes_start=changes_start,
        inner=inner,
        byte_lengths=byte_lengths(tokenizer),
        words_alone=words_alone(tokenizer),
    )


def _inner(tokenizer: Tokenizer) -> tokenizers.Tokenizer:
    """Return a copy that adds no leading space, with the separator as its last token."""
    backend = tokenizer.backend
    copy = _sharing_model(backend)
    if copy.get_added_tokens_decoder() != backend.get_added_tokens_decoder():
        # Only added tokens whose ids have gaps come out different. JSON preserves their ids.
        written = json.loads(tokenizer.to_json())
        written["post_processor"] = None
        copy = _with_pipeline(tokenizers.Tokenizer.from_str(json.dumps(written)), backend)
        copy.no_padding()
        copy.no_truncation()
    copy.add_special_tokens([AddedToken(SEPARATOR, normalized=False, special=True)])
    if copy.token_to_id(SEPARATOR) != int(tokenizer.ids.max(initial=-1)) + 1:
        raise UnsafeError("its ids have gaps, so no separator token can be added")
    return copy


def _sharing_model(backend: tokenizers.Tokenizer) -> tokenizers.Tokenizer:
    """Return a tokenizer that shares the model in memory, which may take 100 MB."""
    copy = _with_pipeline(tokenizers.Tokenizer(backend.model), backend)
    copy.encode_special_tokens = backend.encode_special_tokens
    copy.add_tokens([token for _, token in sorted(backend.get_added_tokens_decoder().items())])
    return copy


def _with_pipeline(
    copy: tokenizers.Tokenizer, backend: tokenizers.Tokenizer
) -> tokenizers.Tokenizer:
    """Give a copy the normalizer and pre-tokenizer, without the steps that add a prefix."""
    written: dict[str, Any] = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": _without_prefix(_written(backend.normalizer), "normalizers"),
        "pre_tokenizer": _without_prefix(_written(backend.pre_tokenizer), "pretokenizers"),
        "post_processor": None,
        "decoder": None,
        "model": {"type": "BPE", "vocab": {}, "merges": []},
    }
    donor = tokenizers.Tokenizer.from_str(json.dumps(written))
    for name in ("normalizer", "pre_tokenizer"):
        setattr(copy, name, getattr(donor, name))
    return copy


def _written(component: Any) -> dict[str, Any] | None:
    return None if component is None else json.loads(component.__getstate__())


def _without_prefix(part: dict[str, Any] | None, children: str) -> dict[str, Any] | None:
    """Return a serialized component without what it adds before a text."""
    if part is None or part["type"] == "Prepend":
        return None
    if part["type"] == "Sequence":
        kept = []
        for number, child in enumerate(part[children]):
            is_first = number == 0 or children == "normalizers"
            changed = _without_prefix(child, children) if is_first else child
            # A later step prefixes every piece, unless its scheme is "first".
            if not is_first and child.get("prepend_scheme") == "first":
                changed = {**child, "prepend_scheme": "never", "add_prefix_space": False}
            kept += [changed] if changed is not None else []
        return {**part, children: kept}
    if part["type"] == "Metaspace":
        return {**part, "prepend_scheme": "never", "add_prefix_space": False}
    if part["type"] == "ByteLevel":
        return {**part, "add_prefix_space": False}
    return part


def shared_boundaries(cuts: list[Cut]) -> Boundaries:
    """Return the boundaries at white space that are safe for every tokenizer."""
    common = cuts[0].boundaries
    for cut in cuts[1:]:
        common = common & cut.boundaries
    return replace(common, pairs=frozenset())
