"""Where pre-tokenizers act on both sides of a cut apart, and where one always splits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tokstat.corpus.safe_cuts.boundaries import PAIRS, Boundaries, Pair, WhiteBoundary
from tokstat.corpus.safe_cuts.normalizers import Normalizer
from tokstat.corpus.safe_cuts.refusal import UnsafeError
from tokstat.tokenizer.split_patterns import (
    Pattern,
    UnknownPatternError,
    parse_pattern,
    spans_white,
)

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""The pattern of ByteLevel (Radford et al. 2019)."""

WORDS = r"\w+|[^\w\s]+"
"""The pattern of Whitespace."""

_DROPS_WHITE = ("Whitespace", "WhitespaceSplit", "BertPreTokenizer")

_NUMBERS = frozenset(pair for pair in PAIRS if "number" in pair)
_PUNCTUATION = frozenset(pair for pair in PAIRS if "punctuation" in pair)


@dataclass(frozen=True)
class Split:
    """Hold where pieces always end (`split`), where at least nothing spans (`open`).

    `prefixes` tells that a pre-tokenizer puts a blank before a text, `divided` that one may have
    split the text anywhere.
    """

    split: Boundaries
    open: Boundaries
    prefixes: bool = False
    divided: bool = False


def follow(allowed: Boundaries, parts: Sequence[Mapping[str, Any]], given: Normalizer) -> Split:
    """Follow places through the pre-tokenizers; raise UnsafeError for one that is unknown."""
    state = Split(replace(allowed, white=frozenset(), pairs=frozenset()), allowed)
    kinds = [part["type"] for part in parts]
    if given.backend.pre_tokenizer is not None and not parts:
        raise UnsafeError("its pre-tokenizer is not written in tokenizer.json")
    drops_white = bool(kinds) and kinds[0] in _DROPS_WHITE
    if given.line != "\n" and not (drops_white and given.line.isspace()):
        state = replace(state, open=_without(state.open, {"line", "lines", "last_line"}))
    if given.adds_blanks and not drops_white:
        raise UnsafeError("its normalizer puts blanks around characters, which stay")
    rewritten = False
    for number, part in enumerate(parts):
        if rewritten:
            state = _keep(state, frozenset(), frozenset())
        state = _step(state, part, number == 0, given)
        # What comes behind sees other characters than the text has.
        rewritten = rewritten or part["type"] in ("ByteLevel", "Metaspace")
    return state


def _without(boundaries: Boundaries, kinds: set[str]) -> Boundaries:
    return replace(boundaries, white=frozenset(boundaries.white - kinds))


def _step(state: Split, part: Mapping[str, Any], is_first: bool, given: Normalizer) -> Split:
    kind = part["type"]
    if given.blank != " " and kind not in ("Metaspace", "Split"):
        raise UnsafeError("its normalizer rewrites blanks before its pre-tokenizer")
    if kind == "Metaspace":
        return _metaspace(state, part, is_first)
    if kind == "ByteLevel":
        return _byte_level(state, part, is_first)
    if kind == "Split":
        return _split_by_pattern(state, part, given)
    if kind == "Whitespace":
        return _divide(state, parse_pattern(WORDS), drops_white=True)
    if kind == "WhitespaceSplit":
        return _settle(state, state.open.white, frozenset())
    if kind == "BertPreTokenizer":
        return _settle(state, state.open.white, _PUNCTUATION)
    if kind == "Punctuation" and part.get("behavior", "Isolated") in ("Isolated", "Removed"):
        return _settle(state, frozenset(), _PUNCTUATION)
    if kind == "Digits":
        return _settle(state, frozenset(), _NUMBERS)
    raise UnsafeError(f"its pre-tokenizer {kind} is unknown here")


def _settle(state: Split, white: frozenset[WhiteBoundary], pairs: frozenset[Pair]) -> Split:
    """Note kinds of places where a step always splits, and keeps all other places as they are."""
    split = replace(
        state.split,
        white=state.split.white | (state.open.white & white),
        pairs=state.split.pairs | (state.open.pairs & pairs),
    )
    left = replace(
        state.open, white=state.open.white - split.white, pairs=state.open.pairs - split.pairs
    )
    return replace(state, split=split, open=left, divided=True)


def _keep(state: Split, white: frozenset[WhiteBoundary], pairs: frozenset[Pair]) -> Split:
    """Forget the places that are not split yet, but for some."""
    left = replace(state.open, white=state.open.white & white, pairs=state.open.pairs & pairs)
    return replace(state, open=left)


def _metaspace(state: Split, part: Mapping[str, Any], is_first: bool) -> Split:
    if str(part.get("replacement", "▁")) != "▁":
        raise UnsafeError("its pre-tokenizer writes blanks in a way unknown here")
    scheme = part.get("prepend_scheme", "always" if part.get("add_prefix_space") else "never")
    if scheme == "always" and not is_first:
        # What starts a piece gets a blank, so there must be a piece already.
        state = _keep(state, frozenset(), frozenset())
    if part.get("split", True):
        state = _settle(state, frozenset({"blank", "last_blank"}), frozenset())
    prefixes = (is_first and scheme != "never") or scheme == "first"
    return replace(state, prefixes=state.prefixes or prefixes)


def _byte_level(state: Split, part: Mapping[str, Any], is_first: bool) -> Split:
    if part.get("add_prefix_space"):
        if not is_first:
            raise UnsafeError("its pre-tokenizer puts a blank before every piece")
        state = replace(state, prefixes=True)
    if not part.get("use_regex", True):
        return state
    return _divide(state, parse_pattern(GPT2), drops_white=False)


def _split_by_pattern(state: Split, part: Mapping[str, Any], given: Normalizer) -> Split:
    written = part["pattern"]
    if written.get("String") == " " and given.blank != " ":
        return state  # there is no blank left to split at
    source = written.get("Regex") or re.escape(written.get("String", ""))
    behavior, invert = part.get("behavior"), bool(part.get("invert"))
    if given.blank != " ":
        raise UnsafeError("its normalizer rewrites blanks before its pre-tokenizer")
    try:
        pattern = parse_pattern(source)
    except UnknownPatternError as error:
        raise UnsafeError(f"its pre-tokenizer splits by {source}") from error
    if behavior not in ("Isolated", "Removed") or (behavior == "Removed" and not invert):
        raise UnsafeError(f"its pre-tokenizer splits by a pattern and is {behavior}")
    return _divide(state, pattern, drops_white=False)


def _divide(state: Split, pattern: Pattern, drops_white: bool) -> Split:
    """Split into the matches of a pattern, and what is between them."""
    white = frozenset(
        kind for kind in state.open.white if not spans_white(pattern, kind, not state.divided)
    )
    if pattern.looks_ahead and not pattern.runs_of_lines_come_first():
        white -= {"lines"}
    pairs = frozenset(pair for pair in state.open.pairs if not pattern.spans([pair[0]], pair[1]))
    state = _keep(state, white, pairs)
    if not (drops_white or pattern.takes_all_white):
        white = frozenset()
    covered = frozenset(pair for pair in pairs if pattern.takes_all(*pair))
    return _settle(state, white, covered)
