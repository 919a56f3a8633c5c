"""Compute token offsets from token lengths, for tokenizers whose tokens spell the text.

The lengths of all earlier tokens add up to the offset of the next one. This saves asking the
tokenizers library for offsets, which takes a quarter longer and returns Python tuples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import models

from tokstat.corpus.safe_cuts.boundaries import SEPARATOR, code_points, utf8_lengths
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.tokenizer import Tokenizer

Numbers = NDArray[np.int64]

_SPACE = "▁"

_NO_LENGTH = 1 << 40
"""The length of the unknown token, an empty one and unused ids. No text is that long."""


@dataclass(frozen=True, eq=False)
class ByteLengths:
    """Hold the length in bytes of each id, shape (ids + 1,).

    The last entry belongs to the separator, whose id follows the vocabulary. Where the tokenizer
    `composes` texts (NFC), the lengths hold only for texts that are composed already. Where it
    `prepends` a space, those of each text add up to one more byte.
    """

    of_id: Numbers
    composes: bool
    prepends: bool


def byte_lengths(tokenizer: Tokenizer) -> ByteLengths | None:
    """Return how many bytes of text each token stands for, None where that is not known.

    A byte-level token has one character for each byte; the only supported normalizer is NFC.
    Otherwise a token is its text, if the normalizer only writes spaces as `▁`, apart from one that
    it adds before a text. A text that contains `▁` itself is then longer than its tokens, and
    lengths that do not add up are not used.
    """
    backend, scheme = tokenizer.backend, tokenizer.scheme
    model = backend.model
    if not isinstance(model, models.BPE) or scheme.end or scheme.continuation:
        return None
    parts = components(backend, "normalizer")
    kinds = {part["type"] for part in parts}
    if backend.normalizer is not None and not parts:
        return None
    spells_bytes = scheme.byte_level and kinds <= {"NFC"}
    if not (spells_bytes or _spells_text(tokenizer, parts)):
        return None
    stored = tokenizer.stored_tokens
    written = stored.tokens
    sizes = np.fromiter(map(len, written), np.int64, len(written))
    if not spells_bytes:
        sizes = _surface_sizes(written, sizes)
    added = backend.get_added_tokens_decoder()
    lengths = np.full(int(stored.ids.max(initial=-1)) + 2, _NO_LENGTH, np.int64)
    lengths[stored.ids] = sizes
    if spells_bytes:
        lengths[list(added)] = [len(token.content.encode()) for token in added.values()]
    prepended = [part.get("prepend") for part in parts if part["type"] == "Prepend"]
    if prepended:  # the text after an added token gets a space as well
        lengths[list(added)] = _NO_LENGTH
    lengths[list(stored.shared_ids)] = lengths[lengths == 0] = _NO_LENGTH
    unknown = None if model.unk_token is None else model.token_to_id(model.unk_token)
    if unknown is not None:
        lengths[unknown] = _NO_LENGTH
    lengths[-1] = len(SEPARATOR.encode())
    return ByteLengths(lengths, kinds == {"NFC"}, prepended == [_SPACE])


def _spells_text(tokenizer: Tokenizer, parts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether tokens are the text itself, apart from `▁` for spaces and `<0x0A>` for bytes."""
    backend = tokenizer.backend
    steps = components(backend, "pre_tokenizer")
    kept = all(step["type"] == "Split" and step["behavior"] != "Removed" for step in steps)
    return (
        not tokenizer.scheme.byte_level
        and bool(backend.model.byte_fallback)
        and [
            (part.get("pattern"), part.get("content"))
            for part in parts
            if part["type"] != "Prepend"
        ]
        == [({"String": " "}, _SPACE)]
        and kept
        and (bool(steps) or backend.pre_tokenizer is None)
    )


def _surface_sizes(tokens: Sequence[str], characters: Numbers) -> Numbers:
    """Return the bytes of the text of each token, which is one byte for `<0x0A>`.

    `characters` has the length of each token.
    """
    codes = code_points("".join(tokens))
    sizes = utf8_lengths(codes)
    sizes[codes == ord(_SPACE)] = 1
    before = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    found: Numbers = np.diff(before[np.concatenate([[0], np.cumsum(characters)])])
    for row in np.flatnonzero(characters == len("<0x00>")).tolist():
        if tokens[row].startswith("<0x"):
            found[row] = 1
    return found


def character_offsets(
    texts: list[str], tokens: Numbers, ids: NDArray[np.int32], known: ByteLengths
) -> tuple[Numbers, Numbers] | None:
    """Return the start and end of each token in characters of its text.

    `tokens` has the number of tokens of each text, shape (texts,); `ids` has all their ids, shape
    (tokens,), as have both results. A token that is part of a character spans the whole character,
    as in the tokenizers library. Return None where lengths and texts do not add up.
    """
    joined = "".join(texts)
    lengths = known.of_id[ids]
    data = np.frombuffer(joined.encode(), np.uint8)
    ends = np.cumsum(lengths)
    sizes = np.cumsum([len(text.encode()) for text in texts])
    last = np.cumsum(tokens)
    fits = bool((tokens > 0).all()) and bool((ends[last - 1] == sizes).all())
    if not fits:
        return None
    before = np.cumsum([0, *map(len, texts[:-1])])
    shift = np.repeat(before, tokens)
    if len(data) == len(joined):
        return ends - lengths - shift, ends - shift
    characters = np.cumsum(data & 0xC0 != 0x80)
    return characters[ends - lengths] - 1 - shift, characters[ends - 1] - shift
