"""What a tokenizer's file stores beside its vocabulary, and does to every text."""

from __future__ import annotations

from tokstat.analyzers.registry import OWN, Result, Rule, analyzer
from tokstat.results import Finding
from tokstat.subject import Subject

STORED_PADDING = Rule(
    "TS601",
    "warning",
    "Padding stored in tokenizer.json",
    "Whoever encodes with the file as it is gets pads. A model that means over them, or embeds "
    "single words, sees mostly pads: Model2Vec 0.10 embeds the words added to a vocabulary with "
    "over a hundred of them if the file pads to 128.",
    "Store the tokenizer without padding (no_padding), and pad where batches are made.",
    "measured with Model2Vec 0.10",
)
STORED_TRUNCATION = Rule(
    "TS602",
    "info",
    "Truncation stored in tokenizer.json",
    "Longer texts are cut without a word, wherever the file is used as it is.",
    "Store the tokenizer without truncation (no_truncation), and cut where the model needs it.",
    OWN,
)


@analyzer("pipeline", title="Pipeline", rules=(STORED_PADDING, STORED_TRUNCATION))
def pipeline(subject: Subject) -> Result:
    """Look at what is stored beside the vocabulary: padding and truncation.

    Neither has a part in any other number: tokstat encodes without both.
    """
    return Result(findings=(*_padding(subject), *_truncation(subject)))


def _padding(subject: Subject) -> list[Finding]:
    stored = subject.tokenizer.stored_padding
    if stored is None or stored["length"] == 0:  # padding to no length pads nothing
        return []
    to = "the longest of a batch" if stored["length"] is None else f"{stored['length']:,} tokens"
    return [STORED_PADDING.found(f"Texts are padded to {to} with {stored['pad_token']!r}.")]


def _truncation(subject: Subject) -> list[Finding]:
    stored = subject.tokenizer.stored_truncation
    if stored is None:
        return []
    return [STORED_TRUNCATION.found(f"Texts are cut to {stored['max_length']:,} tokens.")]
