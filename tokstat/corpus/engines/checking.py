"""Go on checking an engine while it counts: some documents are encoded by the judge as well."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from tokstat.corpus.engines.conformance import first_difference, shown
from tokstat.corpus.engines.engine import Engine, EngineDiffersError, TokenIds, Utf8Texts
from tokstat.corpus.engines.judge import Judge
from tokstat.tokenizer.tokenizer import Tokenizer

SHARE = 100
"""One document in so many is checked."""

_SEED = 20_260_101


def chosen(documents: Utf8Texts) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the numbers of the documents to check: those whose text has a certain checksum.

    Whoever counts a document, and in whatever order, chooses the same ones.
    """
    data = memoryview(documents.data)  # type: ignore[arg-type]
    spans = zip(documents.starts.tolist(), documents.stops.tolist(), strict=True)
    sums = [crc32(data[start:stop], _SEED) for start, stop in spans]
    return np.flatnonzero(np.array(sums, np.uint64) % SHARE == 0)


def check(tokenizer: Tokenizer, engine: Engine, documents: Utf8Texts, found: TokenIds) -> None:
    """Hold the ids that an engine gives for some documents against the judge's.

    Raises:
        EngineDiffersError: they are others.
    """
    number = first_difference(documents, found, Judge(tokenizer).encode(documents))
    if number is not None:
        reason = f"its ids differ for {shown(documents[number])}"
        raise EngineDiffersError(reason, engine.label, tokenizer.origin.spec)


def check_some(tokenizer: Tokenizer, engine: Engine, documents: Utf8Texts, found: TokenIds) -> int:
    """Hold the ids of the chosen ones of all documents against the judge's; return their number.

    Raises:
        EngineDiffersError: they are others.
    """
    numbers = chosen(documents)
    if len(numbers):
        check(tokenizer, engine, documents.some(numbers), found.some(numbers))
    return len(numbers)


def most_wrong(checked: int) -> float | None:
    """Return a bound on the share of documents that differ, after so many without a difference.

    With a probability of 95 % the share is below it: the rule of three (Hanley and Lippman-Hand
    1983, doi 10.1001/jama.1983.03330370053031). None where nothing was checked.
    """
    return min(1.0, 3 / checked) if checked else None
