"""Find the kinds of places where a pre-tokenizer always splits, or at least joins nothing."""

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
"""The pattern of the pre-tokenizer ByteLevel (Radford et al. 2019)."""

WORDS = r"\w+|[^\w\s]+"
"""The pattern of the pre-tokenizer Whitespace."""

_DROPS_WHITE = ("Whitespace", "WhitespaceSplit", "BertPreTokenizer")

_REWRITTEN_SPACES = "its normalizer rewrites spaces before its pre-tokenizer sees them"

_NUMBERS = frozenset(pair for pair in PAIRS if "number" in pair)
_PUNCTUATION = frozenset(pair for pair in PAIRS if "punctuation" in pair)


@dataclass(frozen=True)
class Split:
    """Hold the places where the steps so far always split, and those where they join nothing.

    Attributes:
        split: places where a piece always ends.
        open: places that are not always split, but where both sides are independent so far.
        prefixes: whether a pre-tokenizer adds a leading space to a text.
        divided: whether a pre-tokenizer may have split the text anywhere.
    """

    split: Boundaries
    open: Boundaries
    prefixes: bool = False
    divided: bool = False


def follow(allowed: Boundaries, parts: Sequence[Mapping[str, Any]], given: Normalizer) -> Split:
    """Follow the allowed places through the pre-tokenizers, in order.

    Raises:
        UnsafeError: a pre-tokenizer is unknown, or no place is safe before it.
    """
    state = Split(replace(allowed, white=frozenset(), pairs=frozenset()), allowed)
    kinds = [part["type"] for part in parts]
    if given.backend.pre_tokenizer is not None and not parts:
        raise UnsafeError("its pre-tokenizer cannot be written to tokenizer.json")
    drops_white = bool(kinds) and kinds[0] in _DROPS_WHITE
    if given.line != "\n" and not (drops_white and given.line.isspace()):
        state = replace(state, open=_without(state.open, {"line", "lines", "last_line"}))
    if given.adds_spaces and not drops_white:
        raise UnsafeError("its normalizer adds spaces that its pre-tokenizer keeps")
    rewritten = False
    for number, part in enumerate(parts):
        if rewritten:
            state = _keep(state, frozenset(), frozenset())
        state = _step(state, part, number == 0, given)
        # Later steps see rewritten characters, so their patterns do not apply to the text.
        rewritten = rewritten or part["type"] in ("ByteLevel", "Metaspace")
    return state


def _without(boundaries: Boundaries, kinds: set[str]) -> Boundaries:
    return replace(boundaries, white=frozenset(boundaries.white - kinds))


def _step(state: Split, part: Mapping[str, Any], is_first: bool, given: Normalizer) -> Split:
    kind = part["type"]
    if given.space != " " and kind not in ("Metaspace", "Split"):
        raise UnsafeError(_REWRITTEN_SPACES)
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
    raise UnsafeError(f"tokstat finds no safe cuts for its pre-tokenizer {kind}")


def _settle(state: Split, white: frozenset[WhiteBoundary], pairs: frozenset[Pair]) -> Split:
    """Record the kinds of places where a step always splits; other places stay as they are."""
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
    """Keep only the given kinds of the places that are not split yet."""
    left = replace(state.open, white=state.open.white & white, pairs=state.open.pairs & pairs)
    return replace(state, open=left)


def _metaspace(state: Split, part: Mapping[str, Any], is_first: bool) -> Split:
    if str(part.get("replacement", "▁")) != "▁":
        raise UnsafeError(
            f"its pre-tokenizer Metaspace writes spaces as {part['replacement']!r}, not as '▁'"
        )
    scheme = part.get("prepend_scheme", "always" if part.get("add_prefix_space") else "never")
    if scheme == "always" and not is_first:
        # Every piece gets a leading space, so only places that are split already stay safe.
        state = _keep(state, frozenset(), frozenset())
    if part.get("split", True):
        state = _settle(state, frozenset({"space", "last_space"}), frozenset())
    prefixes = (is_first and scheme != "never") or scheme == "first"
    return replace(state, prefixes=state.prefixes or prefixes)


def _byte_level(state: Split, part: Mapping[str, Any], is_first: bool) -> Split:
    if part.get("add_prefix_space"):
        if not is_first:
            raise UnsafeError("its pre-tokenizer ByteLevel adds a space before every piece")
        state = replace(state, prefixes=True)
    if not part.get("use_regex", True):
        return state
    return _divide(state, parse_pattern(GPT2), drops_white=False)


def _split_by_pattern(state: Split, part: Mapping[str, Any], given: Normalizer) -> Split:
    written = part["pattern"]
    if written.get("String") == " " and given.space != " ":
        return state  # the normalizer has replaced every space
    source = written.get("Regex") or re.escape(written.get("String", ""))
    behavior, invert = part.get("behavior"), bool(part.get("invert"))
    if given.space != " ":
        raise UnsafeError(_REWRITTEN_SPACES)
    try:
        pattern = parse_pattern(source)
    except UnknownPatternError as error:
        raise UnsafeError(
            f"tokstat finds no safe cuts for the pattern {source} of its pre-tokenizer"
        ) from error
    if behavior not in ("Isolated", "Removed") or (behavior == "Removed" and not invert):
        raise UnsafeError(f"its pre-tokenizer Split has the behavior {behavior}")
    return _divide(state, pattern, drops_white=False)


def _divide(state: Split, pattern: Pattern, drops_white: bool) -> Split:
    """Split into the matches of a pattern and the text between them."""
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
