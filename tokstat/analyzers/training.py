"""Defects of a vocabulary that come from how it was trained or converted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress
from typing import Any

import numpy as np

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.errors import EncodingError
from tokstat.text.utf8 import UTF8_BYTES
from tokstat.text.wording import agreed, counted
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Tokenizer

SEVERAL_WORDS = Rule(
    "TS631",
    "warning",
    "Tokens over several words",
    "No pre-tokenizer split the words in training, so the vocabulary spends tokens on phrases of "
    "its training text. How a word is split then depends on the words beside it. Vocabularies "
    "made for it (SuperBPE, arXiv 2503.13423) have such tokens on purpose.",
    "Train the vocabulary again with a pre-tokenizer: ByteLevel, Metaspace or Whitespace.",
    source=OWN,
)
NO_BYTES = Rule(
    "TS632",
    "warning",
    "Byte fallback without byte tokens",
    "byte_fallback writes a character without a token as its bytes, if all of them have a token. "
    "Otherwise the character is lost, as if there were no fallback.",
    "Add the tokens <0x00> to <0xFF> to the vocabulary and train their rows, or set byte_fallback "
    "to false.",
    source=OWN,
)
UNUSED_MARK = Rule(
    "TS633",
    "error",
    "A declared prefix or suffix that no token has",
    "The model writes the mark on every piece inside a word, or at its end, and looks for that in "
    "the vocabulary. No token has the mark, so nothing is found: words become the unknown token, "
    "vanish, or run together.",
    "Set continuing_subword_prefix and end_of_word_suffix of the model to the marks that the "
    "vocabulary was trained with, or to null.",
    source=OWN,
)

_LEAST = 10
_LEAST_SHARE = 0.005
_SPACE_AND_LETTER = re.compile(r" [^\W\d_]")
_LETTERS_APART = re.compile(r"[^\W\d_] +[^\W\d_]")
_BYTE_FALLBACK = re.compile(rb'"byte_fallback"\s*:\s*true')
_NAMED = "<0x{:02X}>"
_EXAMPLES = 6


@analyzer(
    "training",
    title="Training of the vocabulary",
    needs=("content tokens",),
    rules=(SEVERAL_WORDS, NO_BYTES, UNUSED_MARK),
)
def training(subject: Subject) -> Result:
    """Look for phrases among the tokens, bytes that fallback needs, and marks that no token has.

    A token spans several words if it has a letter, spaces and a letter. Ten or more such tokens are
    a finding if they are 0.5% of the content tokens. Byte fallback needs a token for each byte of
    valid UTF-8; one for the ASCII character itself will do.
    """
    return Result(
        findings=(*_several_words(subject), *_no_bytes(subject.tokenizer), *_unused_marks(subject))
    )


def _several_words(subject: Subject) -> Iterator[Finding]:
    vocabulary = subject.vocabulary
    # One search over all texts takes a tenth of one in each of them, and mostly finds nothing.
    if not _SPACE_AND_LETTER.search("\n".join(filter(None, vocabulary.texts))):
        return
    joined = "\n".join([text or "" for text in vocabulary.texts])
    places = [match.start() for match in _SPACE_AND_LETTER.finditer(joined)]
    ends = np.cumsum(vocabulary.properties.lengths + 1)
    with_space = sorted(set(np.searchsorted(ends, places, side="right").tolist()))
    rows = [
        row
        for row in with_space
        if vocabulary.content[row] and _LETTERS_APART.search(vocabulary.texts[row] or "")
    ]
    total = int(vocabulary.content.sum())
    if len(rows) < max(_LEAST, _LEAST_SHARE * total):
        return
    shortest = min(rows, key=lambda row: len(vocabulary.texts[row] or ""))
    message = (
        f"{len(rows):,} of {counted(total, 'content token')} ({len(rows) / total:.1%}) "
        f"{agreed(len(rows), 'spans', 'span')} several words, such as "
        f"{vocabulary.display(shortest)!r}."
    )
    yield SEVERAL_WORDS.found(message, vocabulary.ids[rows].tolist())


def _no_bytes(tokenizer: Tokenizer) -> Iterator[Finding]:
    if not _falls_back(tokenizer):
        return
    token_to_id = tokenizer.backend.model.token_to_id
    lacking = [
        byte
        for byte in sorted(UTF8_BYTES)
        if token_to_id(_NAMED.format(byte)) is None
        and (byte >= 0x80 or token_to_id(chr(byte)) is None)
    ]
    # A control character that nothing falls back to is no loss that anybody would see.
    seen = [byte for byte in lacking if byte >= 0x80 or chr(byte).isprintable()]
    if not seen:
        return
    some = " ".join(_NAMED.format(byte) for byte in lacking[:_EXAMPLES])
    shown = _lost_character(tokenizer, set(lacking))
    message = (
        f"byte_fallback is set, and {counted(len(lacking), 'byte')} "
        f"{agreed(len(lacking), 'has', 'have')} no token: {some}{shown}."
    )
    yield NO_BYTES.found(message)


def _falls_back(tokenizer: Tokenizer) -> bool:
    if tokenizer.model_type == "Unigram":  # the library does not return this setting
        return _BYTE_FALLBACK.search(tokenizer.source_text().data) is not None
    return bool(getattr(tokenizer.backend.model, "byte_fallback", False))


def _lost_character(tokenizer: Tokenizer, lacking: set[int]) -> str:
    """Show the first character that falls back to a byte without a token, "" without one."""
    for code in (*range(0x20, 0x800), *range(0x2500, 0x2600), *range(0x10300, 0x10400)):
        if lacking.isdisjoint(chr(code).encode()):
            continue
        try:
            ids = encode(tokenizer.backend, chr(code))
        except EncodingError:
            return ""
        if tokenizer.unknown_id in ids or not ids:
            return f"; {chr(code)!r} gets the ids {ids}"
    return ""


def unused_marks(subject: Subject) -> dict[str, str]:
    """Return the marks that the model looks for and no token has, by the names of its settings."""
    model: Any = subject.tokenizer.backend.model
    vocabulary = subject.vocabulary
    found = {}
    for name, has in (
        ("continuing_subword_prefix", str.startswith),
        ("end_of_word_suffix", str.endswith),
    ):
        mark = getattr(model, name, None)
        own = compress(vocabulary.tokens, (vocabulary.ranks >= 0).tolist())
        # A token that is nothing but the mark does not continue or end a word.
        if mark and not any(has(token, mark) and token != mark for token in own):
            found[name] = mark
    return found


def _unused_marks(subject: Subject) -> Iterator[Finding]:
    total = counted(int((subject.vocabulary.ranks >= 0).sum()), "token")
    for name, mark in unused_marks(subject).items():
        message = f"{name} is {mark!r}, and none of {total} has it{_lost_word(subject)}."
        yield UNUSED_MARK.found(message)


def _lost_word(subject: Subject) -> str:
    """Show what becomes of a word of two tokens, "" where there is none."""
    vocabulary = subject.vocabulary
    rows = vocabulary.alphabetic_rows[vocabulary.properties.lengths[vocabulary.alphabetic] > 1]
    if not len(rows):
        return ""
    word = 2 * (vocabulary.texts[rows[0]] or "")
    try:
        ids = encode(subject.tokenizer.backend, word)
    except EncodingError:
        return f"; the model fails on {word!r}"
    return f"; {word!r} gets the ids {ids}"
