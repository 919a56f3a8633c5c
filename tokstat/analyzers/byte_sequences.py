"""The bytes that tokens hold, the characters they spell, and text lost in a round trip."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

import numpy as np

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.reachability.round_trip import TEXTS, Loss, RoundTrip
from tokstat.reachability.unicode_blocks import PER_BLOCK, Block
from tokstat.text.utf8 import Form, form_of
from tokstat.text.visible import visible
from tokstat.text.wording import agreed, counted
from tokstat.tokenizer.vocabulary import Vocabulary

ILL_FORMED = MetricType(
    "ill_formed_tokens",
    "tokens",
    "tokens of several bytes that no valid UTF-8 text contains",
    "RFC 3629",
)
BYTE_TOKENS = MetricType(
    "bytes_with_token",
    "bytes",
    "bytes, out of 256, that have a token of their own",
    source=OWN,
)
BLOCKS = MetricType(
    "blocks_spelled",
    "ratio",
    "Unicode blocks whose tested characters are all encoded without the unknown token",
    source=OWN,
)
RETURNED = MetricType(
    "round_trip_ratio",
    "ratio",
    "generated texts that encoding and decoding return unchanged",
    source=OWN,
)

NO_TEXT = Rule(
    "TS711",
    "warning",
    "Tokens with invalid UTF-8",
    "No valid UTF-8 text contains such a token. A model that generates it writes broken text, "
    "which most software replaces or refuses.",
    "Remove the tokens. Before you train a vocabulary, check that its text is valid UTF-8.",
    source=OWN,
)
LOSS = Rule(
    "TS712",
    "info",
    "Text lost in a round trip",
    "Encoding and decoding changes some texts: case, accents, spaces, or characters without a "
    "token. A model with this tokenizer can neither read nor write what is lost.",
    "Read the shortest examples in the table round_trip_losses. If your task needs what is lost, "
    "choose another tokenizer: for code, a byte-level one without a normalizer.",
    source=OWN,
)

_FORMS: tuple[Form, ...] = ("well-formed", "partial", "ill-formed")
_EXAMPLES = 6

_RANGES = (
    ("ASCII", range(0x80)),
    ("continuation", range(0x80, 0xC0)),
    ("lead of two", range(0xC2, 0xE0)),
    ("lead of three", range(0xE0, 0xF0)),
    ("lead of four", range(0xF0, 0xF5)),
    ("never in UTF-8", (0xC0, 0xC1, *range(0xF5, 0x100))),
)


@analyzer(
    "byte_sequences",
    title="Bytes, characters and round trip",
    metrics=(ILL_FORMED, BYTE_TOKENS, BLOCKS, RETURNED),
    rules=(NO_TEXT, LOSS),
)
def byte_sequences(subject: Subject) -> Result:
    """Check the bytes of each token, characters of every Unicode block, and texts in a round trip.

    A token's bytes are well-formed if they are text alone, partial if some text contains them, and
    ill-formed if no valid UTF-8 does. Single bytes that UTF-8 never uses are counted separately: a
    byte alphabet has them by design.

    At most 8 characters of each block are encoded, each alone. Each is spelled in tokens of text,
    spelled with tokens that are bytes or parts of characters, or lost.

    128 generated texts are encoded and decoded. A fixed seed draws them from words in many scripts,
    numbers, punctuation, spaces and odd characters. Each text that changes is shortened to the
    shortest one that still changes, and the first component that loses something is named. A text
    that returns in an equivalent form of Unicode (NFC) counts as changed, but is no finding.
    """
    vocabulary, searches = subject.vocabulary, subject.searches
    blocks, trip = searches.blocks, searches.round_trip
    forms = _forms(vocabulary)
    single = _single_bytes(vocabulary)
    spelled = sum(not block.lost for block in blocks)
    scope = f"at most {PER_BLOCK} characters per block"
    return Result(
        metrics=(
            ILL_FORMED.value(len(forms["ill-formed"])),
            BYTE_TOKENS.value(len(single)),
            BLOCKS.ratio(spelled, len(blocks), scope),
            RETURNED.ratio(trip.returned, trip.texts, f"{TEXTS} texts, seed 0"),
        ),
        tables=(
            _forms_table(vocabulary, forms),
            _bytes_table(single),
            _blocks_table(blocks),
            _losses_table(trip),
        ),
        findings=(*_no_text(vocabulary, forms["ill-formed"]), *_loss(trip)),
    )


def _forms(vocabulary: Vocabulary) -> dict[Form, list[int]]:
    """Sort the rows without a text by the form of their bytes; all others are well-formed."""
    forms: dict[Form, list[int]] = {form: [] for form in _FORMS}
    for row, surface in sorted(vocabulary.broken.items()):
        form = form_of(surface)
        if form != "ill-formed" or len(surface) > 1:
            forms[form].append(row)
    return forms


def _single_bytes(vocabulary: Vocabulary) -> set[int]:
    """Return the bytes that have a token of their own."""
    short = np.flatnonzero(vocabulary.properties.firsts < 0x80)
    short = short[(vocabulary.properties.lengths[short] == 1) & (vocabulary.ranks[short] >= 0)]
    texts = [vocabulary.texts[row] or "" for row in short.tolist()]
    broken = {surface[0] for surface in vocabulary.broken.values() if len(surface) == 1}
    return broken | set(map(ord, filter(None, texts)))


def _forms_table(vocabulary: Vocabulary, forms: dict[Form, list[int]]) -> Table:
    unused = sum(len(surface) == 1 for surface in vocabulary.broken.values()) - sum(
        len(vocabulary.broken[row]) == 1 for row in forms["partial"]
    )
    whole = len(vocabulary) - len(vocabulary.broken)
    return Table(
        "forms",
        "Tokens by the form of their bytes",
        {
            "form": (*_FORMS, "byte that UTF-8 never uses"),
            "tokens": (whole, len(forms["partial"]), len(forms["ill-formed"]), unused),
            "examples": (
                "",
                *(" ".join(vocabulary.displays(forms[form][:_EXAMPLES])) for form in _FORMS[1:]),
                "",
            ),
        },
    )


def _bytes_table(single: set[int]) -> Table:
    absent = [[byte for byte in some if byte not in single] for _, some in _RANGES]
    return Table(
        "bytes",
        "Bytes with a token of their own",
        {
            "range": tuple(name for name, _ in _RANGES),
            "bytes": tuple(len(some) for _, some in _RANGES),
            "with_token": tuple(
                len(some) - len(without) for (_, some), without in zip(_RANGES, absent, strict=True)
            ),
            "without": tuple(bytes(some[:_EXAMPLES]).hex(" ").upper() for some in absent),
        },
    )


def _blocks_table(blocks: tuple[Block, ...]) -> Table:
    return Table(
        "blocks",
        f"Unicode blocks by how their characters are spelled (at most {PER_BLOCK} tested)",
        {
            "block": tuple(block.name for block in blocks),
            "tried": tuple(block.tried for block in blocks),
            "in_tokens_of_text": tuple(block.whole for block in blocks),
            "in_bytes": tuple(block.in_bytes for block in blocks),
            "lost": tuple(block.lost for block in blocks),
        },
    )


def _losses_table(trip: RoundTrip) -> Table:
    return Table(
        "round_trip_losses",
        "Shortest texts lost in a round trip",
        {
            "text": tuple(_told_apart(loss)[0] for loss in trip.losses),
            "becomes": tuple(_told_apart(loss)[1] for loss in trip.losses),
            "cause": tuple(loss.cause for loss in trip.losses),
            "component": tuple(loss.component for loss in trip.losses),
        },
    )


def _look_alike(loss: Loss) -> bool:
    """Return whether both texts are canonically equivalent in Unicode."""
    return normalize("NFC", loss.text) == normalize("NFC", loss.decoded)


def _told_apart(loss: Loss) -> tuple[str, str]:
    """Show the text before and after the round trip; as escapes where both look the same."""
    if _look_alike(loss):
        return ascii(loss.text)[1:-1], ascii(loss.decoded)[1:-1]
    return visible(loss.text), visible(loss.decoded)


def _no_text(vocabulary: Vocabulary, rows: list[int]) -> Iterable[Finding]:
    if rows:
        message = (
            f"{counted(len(rows), 'token')} {agreed(len(rows), 'holds', 'hold')} bytes that no "
            f"valid UTF-8 text contains, such as {vocabulary.display(rows[0])!r}."
        )
        yield NO_TEXT.found(message, vocabulary.ids[rows].tolist())


def _loss(trip: RoundTrip) -> Iterable[Finding]:
    if not all(map(_look_alike, trip.losses)):
        losses = "; ".join(
            f"'{before}' becomes '{after}' ({loss.component})"
            for loss in trip.losses
            if not _look_alike(loss)
            for before, after in [_told_apart(loss)]
        )
        changed = trip.texts - trip.returned
        yield LOSS.found(
            f"{changed:,} of {counted(trip.texts, 'generated text')} "
            f"({changed / trip.texts:.1%}) {agreed(changed, 'changes', 'change')} in a round trip: "
            f"{losses}."
        )
