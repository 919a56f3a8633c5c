"""WordLevel, replayed."""

from __future__ import annotations

import pytest

from tokstat.errors import EncodingError
from tokstat.splitting.replay.word_level import WordLevelModel, WordLevelTrace


def test_a_piece_is_one_token_or_the_unknown_one() -> None:
    model = WordLevelModel({"[UNK]": 0, "tiger": 1}, "[UNK]")
    assert model.trace("tiger") == WordLevelTrace("tiger", ("tiger",), (1,))
    assert model.trace("tigers") == WordLevelTrace("tigers", ("[UNK]",), (0,))


def test_an_unknown_token_that_the_vocabulary_lacks_is_refused() -> None:
    with pytest.raises(EncodingError):
        WordLevelModel({"tiger": 0}, "[UNK]").trace("tigers")
