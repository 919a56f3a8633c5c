"""Count the words of a text, with and without a space before them: all that trainers see of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tokstat.corpus.reading.documents import Problems, Reading, read_documents
from tokstat.corpus.reading.finding import find_files
from tokstat.corpus.reading.sources import FilePart

_WORD = re.compile(r" ?[^\W\d_]+")
"""A run of letters, with the space before it; numbers and punctuation are not counted."""


def count_words(inputs: Sequence[str]) -> Counter[str]:
    """Return how often each word is in files, folders, patterns or URLs.

    A word that follows a space begins with it, so that ` tiger` and `tiger` are two.

    Raises:
        CorpusError: an input names no text file, or a file is not UTF-8.
        MissingExtraError: for a format whose package is missing.
    """
    parts = [FilePart(path) for path in find_files(inputs).files]
    counts: Counter[str] = Counter()
    for document in read_documents(parts, Reading(), Problems(strict=True)):
        counts.update(_WORD.findall(document.text))
    return counts
