"""What a study measures of a tokenizer without its teacher."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from tests.conftest import load_known, wrap
from tests.wordsim import word_level
from tokstat.distillation.static_models import SAMPLE, token_texts
from tokstat.errors import DataError
from tokstat.experiments.unembedded import Reader, StudyTokenizer
from tokstat.tokenizer.single_words import CONVENTIONS, split_words
from tokstat.words.lexicon import Lexicon

WORDS = ["the", "tiger", "zebra"]


@pytest.fixture(params=[False, True], ids=["fast", "exact"])
def reader(request: pytest.FixtureRequest, english: Lexicon) -> Reader:
    return Reader(WORDS, english, request.param, 0)


def test_what_the_teacher_embeds(reader: Reader) -> None:
    tokenizer = load_known("byte-level")
    read = reader(StudyTokenizer("small", partial(load_known, "byte-level"), {"of another file"}))
    assert read.name == "small"
    assert len(read.sketch) == 1024
    found = read.unembedded
    assert found is not None
    vocabulary = tokenizer.vocabulary
    assert len(vocabulary) < SAMPLE  # so the sample is everything
    assert found.tokens.texts == token_texts(vocabulary)
    assert (found.tokens.ids == vocabulary.ids).all()
    assert (found.tokens.sample == found.tokens.rows).all()
    assert (found.tokens.rows == np.arange(len(vocabulary))).all()
    for each in CONVENTIONS:
        splits = dict(zip(WORDS, split_words(tokenizer, WORDS, each), strict=True))
        assert found.splits[each] == splits
        row = found.rows[each](wordsim=50.0, interval_low=40.0, interval_high=60.0, rho={})
        assert (row.tokenizer, row.convention, row.wordsim) == ("small", each, 50.0)
        assert row.wordsim_coverage == np.mean([len(ids) == 1 for ids in splits.values()])


def test_finished_rows_are_not_measured_again(reader: Reader) -> None:
    sha256 = load_known("byte-level").origin.sha256
    read = reader(StudyTokenizer("small", partial(load_known, "byte-level"), {sha256}))
    assert read.unembedded is None
    assert len(read.sketch) == 1024


def test_a_tokenizer_without_words_has_no_scores(reader: Reader) -> None:
    digits = wrap(word_level("1", "2"), "digits")
    with pytest.raises(DataError, match=r"The tokenizer digits has no token in the scripts"):
        reader(StudyTokenizer("digits", lambda: digits))
