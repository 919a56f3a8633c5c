"""A window counts what is in it by file and group, however it came in."""

from __future__ import annotations

import numpy as np
import pytest

from tokstat.corpus.counting import window as module
from tokstat.corpus.counting.chunks import Chunks
from tokstat.corpus.counting.window import CutTexts, Document, Window
from tokstat.corpus.counting.word_definitions import words_named
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, Boundaries

ONE = [Document("a b", "f", "x"), Document("b", "g", "x")]
TWO = [Document("a b", "f", "y"), Document("é", "f", "x")]


def cut(documents: list[Document]) -> CutTexts:
    """Cut documents before each of them."""
    texts = [(DOCUMENT + each.text).encode() for each in documents]
    starts = np.cumsum([0, *map(len, texts[:-1])])
    return CutTexts.of(np.frombuffer(b"".join(texts), np.uint8), starts, starts, documents)


def test_sizes_leave_out_the_marks() -> None:
    sizes = cut(ONE).sizes
    assert [(size.documents, size.bytes, size.characters) for size in sizes.values()] == [
        *((1, 3, 3), (1, 1, 1))
    ]
    assert list(sizes) == [("f", "x"), ("g", "x")]
    (size,) = cut([TWO[1]]).sizes.values()
    assert (size.bytes, size.characters) == (2, 1)


def test_blocks_are_summed_by_group_and_file() -> None:
    window = Window()
    assert not window.has_texts
    for block in (ONE, TWO):
        window.add(cut(block))
    window.compact()
    assert window.has_texts
    assert window.names.texts() == [DOCUMENT + text for text in ("a b", "b", "é")]
    chunks = Chunks(window.names, words_named("letters"), Boundaries())
    sizes, occurrences = window.groups(chunks.words_per_chunk)
    assert {name: (each.documents, each.words) for name, each in sizes.items()} == {
        "x": (3, 4),
        "y": (1, 2),
    }
    assert (occurrences.chunks.tolist(), occurrences.times.tolist()) == ([0, 0, 1, 2], [1, 1, 1, 1])
    cells = window.per_cell(np.array([10, 1, 0]))
    assert cells == [10, 1, 10]
    files = window.files(cells, [], [])
    assert {name: file.text.words for name, file in files.items()} == {"f": 20, "g": 1}


def test_it_is_full_by_the_distinct_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NEW_BYTES", 1)
    window = Window()
    window.add(cut(ONE))
    assert not window.is_full
    monkeypatch.setattr(module, "_DISTINCT_BYTES", 1)
    assert window.is_full
    window.clear()
    assert not window.has_texts
