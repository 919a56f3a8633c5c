"""The model of a tokenizer, read so that it can be replayed."""

from __future__ import annotations

import pytest
import tokenizers
from tokenizers import models

from tests.conftest import load_known, wrap
from tokstat.errors import EncodingError
from tokstat.splitting.replay.bpe import BPEModel
from tokstat.splitting.replay.models import read_model
from tokstat.splitting.replay.unigram import UnigramModel
from tokstat.splitting.replay.word_level import WordLevelModel
from tokstat.splitting.replay.wordpiece import WordPieceModel


def test_each_family_is_read_with_its_settings() -> None:
    metaspace = read_model(load_known("metaspace"))
    assert isinstance(metaspace, BPEModel)
    assert metaspace.falls_back_to_bytes
    assert metaspace.fuses_unknown
    assert metaspace.unknown == "<unk>"
    continuation = read_model(load_known("continuation"))
    assert isinstance(continuation, BPEModel)
    assert continuation.continuation == "##"
    end = read_model(load_known("end-of-word"))
    assert isinstance(end, BPEModel)
    assert end.end == "</w>"
    wordpiece = read_model(load_known("wordpiece"))
    assert isinstance(wordpiece, WordPieceModel)
    assert wordpiece.most_characters == 100
    unigram = read_model(load_known("unigram"))
    assert isinstance(unigram, UnigramModel)
    assert unigram.unknown_id == 1
    assert isinstance(read_model(load_known("word-level")), WordLevelModel)


def test_a_model_that_draws_at_random_is_refused() -> None:
    backend = tokenizers.Tokenizer(models.BPE({"a": 0}, [], dropout=0.5))
    with pytest.raises(EncodingError, match="dropout"):
        read_model(wrap(backend, "dropout"))
