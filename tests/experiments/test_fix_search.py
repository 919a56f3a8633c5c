"""The fewest words that equal the leading space, under a teacher that there is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.conftest import wrap
from tests.experiments import HashTeacher
from tests.experiments.test_smallest_fix import START
from tests.small_tokenizers import SMALL
from tests.wordsim import make_set, random_pairs
from tokstat.distillation.static_models import distill
from tokstat.editing.interventions import add_words, apply_all, leading_blank
from tokstat.errors import DataError, EditError
from tokstat.experiments import fix_search
from tokstat.experiments.fix_search import CAUSES, _cause_of_pairs, _Search, find_smallest_fix
from tokstat.experiments.smallest_fix import FORMS, FixPoint, SmallestFix
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.contributions import PairScores
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "byte-level")


@pytest.fixture(scope="module")
def words(english: Lexicon) -> list[str]:
    return english.word_lists[0].top(700)


@pytest.fixture(scope="module")
def sets(words: list[str]) -> list[WordSet]:
    return [
        make_set(random_pairs(60, words[300:], number), source.name)
        for number, source in enumerate(WORDSIM_SETS)
    ]


@pytest.fixture(scope="module")
def found(tokenizer: Tokenizer, words: list[str], sets: list[WordSet]) -> SmallestFix:
    return find_smallest_fix(HashTeacher(), tokenizer, words, sets, name="700 words")


def test_points_by_hand(
    found: SmallestFix, tokenizer: Tokenizer, words: list[str], sets: list[WordSet]
) -> None:
    assert [(each.form, each.words) for each in found.points] == [
        (form, size) for size in (500, 700) for form in FORMS
    ]
    steps = {
        "leading space": [leading_blank()],
        "alone": [add_words(words, conventions=["bare"])],
        "in text": [add_words(words, conventions=["spaced"])],
        "both": [add_words(words)],
    }
    for point in (found.space, *found.points[3:]):
        edit = apply_all(tokenizer, steps[point.form])
        model = distill(HashTeacher(), edit.tokenizer)
        assert point.tokens == edit.new
        assert point.wordsim == pytest.approx(evaluate(model, sets).mean)
        assert point.wordsim_in_text == pytest.approx(evaluate(model.under("spaced"), sets).mean)


def test_the_form_in_text_changes_no_word_alone(found: SmallestFix) -> None:
    for point in found.points:
        if point.form == "in text":
            assert point.single == found.start.single
        else:
            assert point.single > found.start.single


def test_points_of_causes_are_the_whole_change(found: SmallestFix) -> None:
    space = [each for each in found.causes if each.fix == "leading space"]
    change = found.space.wordsim - found.start.wordsim
    assert sum(each.points for each in space) == pytest.approx(change)
    assert sum(each.pairs for each in space) == 7 * 60
    assert {each.cause for each in found.causes} <= set(CAUSES)
    assert len(found.pairs) == fix_search.SHOWN
    gains = [abs(each.before - each.rating) - abs(each.after - each.rating) for each in found.pairs]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] > 0


class Linear(_Search):
    """A search in which each word brings a hundredth of a point; it counts the measurements."""

    def __init__(self) -> None:
        self.measured: list[int] = []

    def with_words(self, form: str, size: int) -> FixPoint:
        assert form == "alone"
        self.measured.append(size)
        return replace(START, form=form, words=size, wordsim=size / 100)


@pytest.mark.parametrize(("wanted", "least"), [(0.01, 1), (4.0, 400), (39.12, 3912), (100, 10_000)])
def test_the_fewest_words(wanted: float, least: int) -> None:
    equal = Linear().fewest(wanted, [500, 5_000, 10_000])
    assert equal is not None
    assert equal.wordsim >= wanted
    assert least <= equal.words < least + fix_search.NEAR


def test_no_number_of_words_is_enough() -> None:
    search = Linear()
    assert search.fewest(101, [500, 5_000, 10_000]) is None
    assert search.measured == [500, 5_000, 10_000]


def test_causes_by_hand() -> None:
    first, second = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 2, 3, 3, 4, 2])
    none = np.zeros(6)
    pairs = PairScores(("set",), tuple("abcde"), none.astype(int), first, second, none, none, none)
    before = np.array([True, False, False, False, True])
    after = np.array([True, True, True, False, False])
    causes = [CAUSES[each] for each in _cause_of_pairs(pairs, before, after)]
    assert causes == [CAUSES[place] for place in (1, 1, 4, 2, 5, 0)]
    stays = _cause_of_pairs(pairs, np.ones(5, bool), np.ones(5, bool))
    assert {CAUSES[each] for each in stays} == {CAUSES[3]}


def test_what_has_nothing_to_equal(sets: list[WordSet], words: list[str]) -> None:
    for kind in ("wordpiece", "byte-level-prefix"):
        with pytest.raises(EditError, match="nothing to equal"):
            find_smallest_fix(HashTeacher(), wrap(SMALL[kind](), kind), words, sets)
    for some, few in (([], words), (sets, [])):
        with pytest.raises(DataError):
            find_smallest_fix(HashTeacher(), wrap(SMALL["byte-level"](), "x"), few, some)


def test_the_same_each_time(
    found: SmallestFix, tokenizer: Tokenizer, words: list[str], sets: list[WordSet]
) -> None:
    again = find_smallest_fix(HashTeacher(), tokenizer, words, sets, name="700 words")
    assert again == found
    assert replace(found, words="other") != found
