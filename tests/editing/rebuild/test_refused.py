"""Tokens that a tokenizer cannot do without, and tokenizers that cannot be built anew."""

from __future__ import annotations

import numpy as np
import pytest
import tokenizers
from tokenizers import models, pre_tokenizers

from tests.conftest import wrap
from tests.editing.test_rebuild import PROCESSORS, everything, make, words
from tests.small_tokenizers import SMALL
from tokstat.editing.rebuild import rebuild
from tokstat.errors import EditError


@pytest.mark.parametrize("kind", [kind for kind in SMALL if kind != "continuation"])
def test_nothing_left(kind: str) -> None:
    tokenizer = make(kind)
    for keep in (~everything(tokenizer), ~tokenizer.vocabulary.content):
        with pytest.raises(EditError, match="no content token"):
            rebuild(tokenizer, keep)


@pytest.mark.parametrize("kind", [kind for kind in SMALL if kind != "continuation"])
def test_added_tokens_stay(kind: str) -> None:
    tokenizer = make(kind)
    added = np.flatnonzero(tokenizer.vocabulary.ranks < 0)
    assert len(added)
    for row in added.tolist():
        keep = everything(tokenizer)
        keep[row] = False
        with pytest.raises(EditError, match="special"):
            rebuild(tokenizer, keep)


@pytest.mark.parametrize("token", ["[UNK]", "[CLS]", "[SEP]"])
def test_tokens_that_the_file_names_elsewhere_stay(token: str) -> None:
    """The unknown token, and what the post-processor adds, added tokens or not."""
    backend = tokenizers.Tokenizer(models.WordLevel(words(one=3, two=4), unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = PROCESSORS["bert"](1, 2)
    tokenizer = wrap(backend, "names")
    keep = np.array([name != token for name in tokenizer.vocabulary.tokens])
    with pytest.raises(EditError, match="special"):
        rebuild(tokenizer, keep)


def test_the_unknown_piece_stays() -> None:
    model = models.Unigram([("<unk>", 0.0), ("▁a", -1.0), ("b", -2.0)], 0, False)
    tokenizer = wrap(tokenizers.Tokenizer(model), "unigram")
    with pytest.raises(EditError, match="special"):
        rebuild(tokenizer, np.array([False, True, True]))


def test_bpe_with_a_continuing_prefix() -> None:
    tokenizer = make("continuation")
    with pytest.raises(EditError, match="continuing-subword prefix"):
        rebuild(tokenizer, everything(tokenizer))
