"""The composition of a vocabulary: kinds, scripts and lengths of its tokens."""

from __future__ import annotations

from collections import Counter
from itertools import compress

import numpy as np

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.text.utf8 import UTF8_BYTES
from tokstat.text.wording import agreed, counted
from tokstat.tokenizer.vocabulary import KINDS, Vocabulary

CONTENT = MetricType(
    "content_tokens",
    "tokens",
    "tokens of kind text: not special, added, placeholder, byte or partial",
    OWN,
)
ALPHABETIC = MetricType(
    "alphabetic_tokens", "tokens", "content tokens of letters and marks only ([\\p{L}\\p{M}]+)", OWN
)
PARTIAL = MetricType(
    "partial_tokens",
    "tokens",
    "tokens that are not valid UTF-8 alone (kinds byte and partial)",
    "partial UTF-8 sequences of arXiv 2405.05417, with single bytes",
)
NUMERIC = MetricType("numeric_tokens", "tokens", "content tokens of decimal digits only", OWN)
WHITESPACE = MetricType("whitespace_tokens", "tokens", "content tokens of white space only", OWN)
PLACEHOLDERS = MetricType(
    "placeholder_tokens", "tokens", "reserved tokens without a meaning, such as [unused0]", OWN
)
MISSING = MetricType("missing_ids", "ids", "ids below the highest one that have no token", OWN)

MISSING_IDS = Rule(
    "TS101",
    "info",
    "Ids without a token",
    "The embedding row of such an id can never be trained. Code that sizes the matrix by the "
    "number of tokens makes it too small.",
    "Size the embedding matrix by the highest id plus one. Number the tokens without gaps only "
    "before a model is trained with them.",
    OWN,
)
SAME_SURFACE = Rule(
    "TS102",
    "warning",
    "Tokens with the same text",
    "Of content tokens with the same bytes and word boundary, the encoder produces only one. The "
    "embeddings of the others are never trained.",
    "Keep the one that the encoder produces, and remove the others.",
    OWN,
)
NO_FALLBACK = Rule(
    "TS103",
    "info",
    "No byte fallback",
    "Some bytes of UTF-8 have no token. Characters outside the vocabulary become the unknown "
    "token, or vanish where there is none, and their text is lost.",
    "Choose a tokenizer with byte fallback if your text has emoji, rare scripts or noise.",
    OWN,
)
SHARED_IDS = Rule(
    "TS104",
    "error",
    "Ids shared by several tokens",
    "The model cannot tell apart tokens that have the same id. It happens when tokenizer.json "
    "lists an added token that the model's vocabulary lacks: the tokenizers library then ignores "
    "the written id and takes the next free number.",
    "Give each token an id of its own. Put added tokens into the model's vocabulary too.",
    "seen with the tokenizers library 0.23",
)

_EXAMPLES = 8
_LONGEST_LENGTH = 16
_LONGEST_DIGITS = 4


@analyzer(
    "composition",
    title="Composition of the vocabulary",
    metrics=(CONTENT, ALPHABETIC, PARTIAL, NUMERIC, WHITESPACE, PLACEHOLDERS, MISSING),
    rules=(MISSING_IDS, SAME_SURFACE, NO_FALLBACK, SHARED_IDS),
)
def composition(subject: Subject) -> Result:
    """Count the tokens by kind, script and length.

    Every id has one kind. Scripts and lengths cover content tokens. A length is in characters,
    without the word boundary.
    """
    vocabulary = subject.vocabulary
    content = vocabulary.content
    partial = vocabulary.kind("byte") | vocabulary.kind("partial")
    return Result(
        metrics=(
            CONTENT.value(int(content.sum())),
            ALPHABETIC.value(int(vocabulary.alphabetic.sum())),
            PARTIAL.value(int(partial.sum())),
            NUMERIC.value(int((content & vocabulary.properties.numeric).sum())),
            WHITESPACE.value(int((content & vocabulary.properties.blank).sum())),
            PLACEHOLDERS.value(int(vocabulary.kind("placeholder").sum())),
            MISSING.value(len(vocabulary.missing_ids)),
        ),
        tables=(
            _kinds(vocabulary),
            _scripts(vocabulary),
            _lengths(vocabulary),
            _digits(vocabulary),
        ),
        findings=(
            *_shared_ids(vocabulary),
            *_missing_ids(vocabulary),
            *_same_surface(vocabulary),
            *_no_fallback(subject),
        ),
    )


def _kinds(vocabulary: Vocabulary) -> Table:
    counts = np.bincount(vocabulary.kind_codes, minlength=len(KINDS))
    rows = [np.flatnonzero(vocabulary.kind(kind))[:_EXAMPLES] for kind in KINDS]
    return Table(
        "kinds",
        "Tokens by kind",
        {
            "kind": KINDS,
            "tokens": tuple(counts.tolist()),
            "examples": tuple(" ".join(vocabulary.displays(some)) for some in rows),
        },
    )


def _scripts(vocabulary: Vocabulary) -> Table:
    names = vocabulary.properties.script_names
    counts = np.bincount(
        vocabulary.properties.script_codes[vocabulary.content], minlength=len(names)
    )
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], names[code]))
    return Table(
        "scripts",
        "Content tokens by script",
        {
            "script": tuple(names[code] for code in order),
            "tokens": tuple(int(counts[code]) for code in order),
        },
    )


def _lengths(vocabulary: Vocabulary) -> Table:
    lengths = np.minimum(vocabulary.properties.lengths[vocabulary.content], _LONGEST_LENGTH)
    starts = vocabulary.starts_word[vocabulary.content]
    all_counts = np.bincount(lengths, minlength=_LONGEST_LENGTH + 1)
    start_counts = np.bincount(lengths[starts], minlength=_LONGEST_LENGTH + 1)
    labels = [str(length) for length in range(1, _LONGEST_LENGTH)] + [f"{_LONGEST_LENGTH}+"]
    return Table(
        "lengths",
        "Content tokens by length in characters",
        {
            "characters": tuple(labels),
            "tokens": tuple(all_counts[1:].tolist()),
            "starting_a_word": tuple(start_counts[1:].tolist()),
        },
    )


def _digits(vocabulary: Vocabulary) -> Table:
    numeric = vocabulary.content & vocabulary.properties.numeric
    lengths = np.minimum(vocabulary.properties.lengths[numeric], _LONGEST_DIGITS)
    counts = np.bincount(lengths, minlength=_LONGEST_DIGITS + 1)
    labels = [str(length) for length in range(1, _LONGEST_DIGITS)] + [f"{_LONGEST_DIGITS}+"]
    return Table(
        "digits",
        "Numeric tokens by number of digits",
        {"digits": tuple(labels), "tokens": tuple(counts[1:].tolist())},
    )


def _shared_ids(vocabulary: Vocabulary) -> list[Finding]:
    shared = vocabulary.shared_ids
    if not shared:
        return []
    some = ", ".join(f"{index:,}" for index in shared[:_EXAMPLES])
    have = agreed(len(shared), "has", "have")
    message = f"{counted(len(shared), 'id')} {have} more than one token: {some}."
    return [SHARED_IDS.found(message, shared)]


def _missing_ids(vocabulary: Vocabulary) -> list[Finding]:
    missing = vocabulary.missing_ids
    if not len(missing):
        return []
    have = agreed(len(missing), "has", "have")
    where = f"{missing[0]:,}" + ("" if len(missing) == 1 else f" to {missing[-1]:,}")
    message = (
        f"{counted(len(missing), 'id')} {have} no token: {where} "
        f"({counted(len(vocabulary), 'token')}, highest id {vocabulary.ids[-1]:,})."
    )
    return [MISSING_IDS.found(message, missing.tolist())]


def _same_surface(vocabulary: Vocabulary) -> list[Finding]:
    texts, starts = vocabulary.texts, vocabulary.starts_word
    twice: list[int] = []
    for side in (starts, ~starts):
        some = vocabulary.content & side
        if len(set(compress(texts, some.tolist()))) < int(some.sum()):
            rows = np.flatnonzero(some).tolist()
            counts = Counter(texts[row] for row in rows)
            twice += [row for row in rows if counts[texts[row]] > 1]
    if not twice:
        return []
    message = (
        f"{counted(len(twice), 'content token')} share their text with another, such as "
        f"{vocabulary.display(min(twice))!r}."
    )
    return [SAME_SURFACE.found(message, sorted(vocabulary.ids[twice].tolist()))]


def _no_fallback(subject: Subject) -> list[Finding]:
    """Check that every byte of valid UTF-8 has a token."""
    vocabulary = subject.vocabulary
    if not subject.tokenizer.scheme.byte_level and not vocabulary.kind("byte").any():
        become = "vanish" if subject.tokenizer.unknown_id is None else "become the unknown token"
        message = f"The vocabulary has no byte tokens: characters outside it {become}."
        return [NO_FALLBACK.found(message)]
    is_ascii = (vocabulary.properties.lengths == 1) & (vocabulary.properties.firsts < 0x80)
    one_byte = np.flatnonzero(is_ascii).tolist()
    spelled = [vocabulary.surface(row) for row in (*one_byte, *vocabulary.broken)]
    # Bytes that UTF-8 never uses need no token: GPT-NeoX vocabularies leave them out.
    missing = UTF8_BYTES - {surface[0] for surface in spelled if len(surface) == 1}
    if not missing:
        return []
    some = " ".join(f"{byte:02X}" for byte in sorted(missing)[:_EXAMPLES])
    have = agreed(len(missing), "has", "have")
    become = "vanish" if subject.tokenizer.unknown_id is None else "become the unknown token"
    message = (
        f"{counted(len(missing), 'byte')} of valid UTF-8 {have} no token: {some}. Characters with "
        f"such a byte {become}."
    )
    return [NO_FALLBACK.found(message)]
