"""How the tokenizer splits a fixed panel of texts."""

from __future__ import annotations

import numpy as np

from tokstat.analyzers import Result, Subject, Table, analyzer
from tokstat.splitting.panel import PANEL
from tokstat.splitting.split import split_texts
from tokstat.words.word_classes import WORD_CLASSES

BAR = "|"
"""Stands between two tokens in the table of texts."""

_COLUMNS = (("id", "id"), ("token", "text"), ("start", "start"), ("end", "end"))
"""Columns of the table of tokens, and the attributes of a token that they hold."""


@analyzer("splits", title="Splits of fixed texts")
def splits(subject: Subject) -> Result:
    """Split a fixed panel of texts: prose in six languages, words, code, numbers and emoji.

    The table `splits` has a row for each text, with a bar between tokens. The table `split_tokens`
    has a row for each token: its text, id, readable form, place in characters, and word class, or
    its kind where it is not of letters alone. The special tokens are left out. `tokstat encode`
    splits any text.
    """
    found = split_texts(subject.tokenizer, list(PANEL.values()))
    tokens = [(name, token) for name, each in zip(PANEL, found, strict=True) for token in each]
    rows = np.searchsorted(subject.vocabulary.ids, [token.id for _, token in tokens])
    classes = [WORD_CLASSES[code] for code in subject.word_classes[rows].tolist()]
    texts = {
        "text": tuple(PANEL),
        "content": tuple(PANEL.values()),
        "tokens": tuple(map(len, found)),
        "split": tuple(BAR.join(token.text for token in each) for each in found),
    }
    columns = {
        "text": tuple(name for name, _ in tokens),
        **{
            column: tuple(getattr(token, attribute) for _, token in tokens)
            for column, attribute in _COLUMNS
        },
        "kind": tuple(
            token.kind if word_class == "not_alphabetic" else word_class
            for (_, token), word_class in zip(tokens, classes, strict=True)
        ),
    }
    return Result(
        tables=(
            Table("splits", "Fixed texts, with a bar between tokens", texts),
            Table("split_tokens", "Tokens of the fixed texts", columns),
        )
    )
