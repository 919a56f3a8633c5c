"""Trials under the same conditions."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import wrap
from tests.experiments import HashTeacher
from tests.small_tokenizers import SMALL
from tests.wordsim import make_set
from tokstat.distillation.static_models import Distillation
from tokstat.experiments.trials import Trials, environment
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.sets import WORDSIM_SETS

PAIRS = [("the", "people", 1.0), ("people", "tigers", 2.0), ("a", "the", 3.0)]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "byte-level")


def trials(*, exact: bool) -> Trials:
    sets = [make_set(PAIRS, WORDSIM_SETS[0].name)]
    return Trials(HashTeacher(), sets, Distillation(), exact, 7, None)


def test_the_conditions_name_what_is_there_and_what_is_not(tokenizer: Tokenizer) -> None:
    found = trials(exact=True).conditions(tokenizer)
    assert (found.mode, found.seed, found.environment) == ("exact", 7, environment())
    assert (found.tokenizer, found.sha256) == (tokenizer.origin.spec, tokenizer.origin.sha256)
    assert found.sets == (WORDSIM_SETS[0].name,)
    assert found.missing_sets == tuple(each.name for each in WORDSIM_SETS[1:])


@pytest.mark.parametrize("exact", [False, True])
def test_a_model_has_the_words_and_is_the_same_each_time(exact: bool, tokenizer: Tokenizer) -> None:
    tried = trials(exact=exact)
    assert tried.words == ["a", "people", "the", "tigers"]
    one, other = (tried.distill(tokenizer).embed(tried.words) for _ in range(2))
    assert np.array_equal(one, other)
    expected = [len(tokenizer.encode(word)) == 1 for word in tried.words]
    assert tried.single(tokenizer).tolist() == expected
