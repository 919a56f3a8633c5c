"""Chunks are divided into pieces that together are the chunk."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import load_known
from tokstat.corpus.counting.chunk_blocks import Utf8Chunks, find_words, pieces_at_words
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.word_definitions import words_named
from tokstat.corpus.counting.words_alone import words_alone
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, SEPARATOR


def test_characters_and_their_places() -> None:
    chunks = Utf8Chunks(*Names(["aé", "", "b"]).utf8())
    codes, starts = chunks.separated()
    text = codes.tobytes().decode("utf-32-le")
    assert text == f"aé{SEPARATOR}{SEPARATOR}b{SEPARATOR}"
    assert starts.tolist() == [0, 3, 4]
    assert chunks.characters_before.tolist() == [0, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("chunk", "pieces"),
    [
        (f"{DOCUMENT}Tigers,", [DOCUMENT, "Tigers", ","]),
        (" [CLS]", None),  # an added token
        (" a\u0378", None),  # nobody knows what the pipeline makes of it
        ("é b", ["é", " ", "b"]),
    ],
)
def test_chunks_are_cut_at_words_where_it_is_safe(chunk: str, pieces: list[str] | None) -> None:
    words = words_alone(load_known("wordpiece"))
    assert words is not None
    chunks = ["x,", chunk, " y"]
    block, names = find_words(words_named("unicode"), 5, Utf8Chunks(*Names(chunks).utf8()))
    found, whole = pieces_at_words(words, block)
    mine = slice(*found.bounds[1:3].tolist())
    numbers = found.numbers[mine].tolist()
    assert [names[number] for number in numbers if number >= 0] == (pieces or [])
    assert (whole.tolist(), -1 in numbers) == (([6], True) if pieces is None else ([], False))
    lengths = np.cumsum([len("x,"), *map(len, pieces or [chunk])])
    assert found.places[mine].tolist() == lengths[:-1].tolist()
