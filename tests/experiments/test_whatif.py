"""What-if ladders under a teacher that there is not."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations, pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import wrap
from tests.experiments import HashTeacher
from tests.small_tokenizers import SMALL
from tests.wordsim import as_file, make_set, random_pairs
from tokstat.distillation import static_models
from tokstat.distillation.static_models import distill
from tokstat.editing.interventions import (
    Intervention,
    add_words,
    apply_all,
    decase,
    drop,
    leading_blank,
)
from tokstat.errors import DataError, EditError, ModelError
from tokstat.experiments.ladder import Ladder, Measurement
from tokstat.experiments.whatif import climb
from tokstat.render.terminal.ladder import render_ladder
from tokstat.tokenizer.single_words import single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import correlate, evaluate
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet
from tokstat.wordsim.store import read_texts

STEPS = ("leading_blank", "decase", "drop_fragment", "add_words")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "byte-level")


@pytest.fixture(scope="module")
def target() -> Tokenizer:
    return wrap(SMALL["wordpiece"](), "wordpiece")


@pytest.fixture(scope="module")
def words(english: Lexicon) -> list[str]:
    some = english.word_lists[0].top(900)[600:]
    return [*some, *(word.capitalize() for word in some[:30])]


@pytest.fixture(scope="module")
def sets(words: list[str]) -> list[WordSet]:
    """Small stand-ins of the names of the seven sets."""
    return [
        make_set(random_pairs(60, words, number), source.name)
        for number, source in enumerate(WORDSIM_SETS)
    ]


@pytest.fixture(scope="module")
def steps(english: Lexicon) -> list[Intervention]:
    return [
        leading_blank(),
        decase(),
        drop("fragment", english),
        add_words([*english.word_lists[0].top(700), "two words"]),
    ]


@pytest.fixture(scope="module")
def ladder(
    tokenizer: Tokenizer, target: Tokenizer, steps: list[Intervention], sets: list[WordSet]
) -> Ladder:
    return climb(HashTeacher(), tokenizer, steps, sets, target=target, every_order=True)


def test_the_rungs_are_what_they_say(
    ladder: Ladder, tokenizer: Tokenizer, steps: list[Intervention], sets: list[WordSet]
) -> None:
    assert tuple(rung.step for rung in ladder.rungs) == STEPS
    assert [rung.title for rung in ladder.rungs] == [step.title for step in steps]
    assert (ladder.start.steps, ladder.start.vocab_size) == ((), len(tokenizer.vocabulary))
    for place, rung in enumerate(ladder.rungs):
        assert rung.alone.steps == (rung.step,)
        assert rung.in_sequence.steps == tuple(each.step for each in ladder.rungs[: place + 1])
    assert ladder.rungs[0].alone == ladder.rungs[0].in_sequence
    assert (ladder.tokenizer, ladder.target_tokenizer) == ("byte-level", "wordpiece")
    assert (ladder.teacher, ladder.mode, ladder.seed) == ("hashes", "fast", 0)
    assert ladder.sets == tuple(each.source.name for each in sets)
    assert ladder.missing_sets == ()


def measured_by_hand(
    tokenizer: Tokenizer, steps: list[Intervention], sets: list[WordSet]
) -> dict[str, Any]:
    edit = apply_all(tokenizer, steps)
    score = evaluate(distill(HashTeacher(), edit.tokenizer), sets)
    words = sorted({word for each in sets for word in each.words})
    assert score.interval is not None
    return {
        "steps": tuple(step.name for step in steps),
        "wordsim": score.wordsim,
        "interval": (score.interval.low, score.interval.high),
        "rho": {each.name: each.rho for each in score.sets},
        "words": len(words),
        "single": int(single_token_words(edit.tokenizer, words, "bare").sum()),
        "vocab_size": len(edit.tokenizer.vocabulary),
        "removed": edit.removed,
        "renamed": len(edit.renamed),
        "added": edit.new,
        "skipped": len(edit.skipped),
        "indispensable": len(edit.indispensable),
        "stranded": edit.stranded,
    }


def test_measurements_by_hand(
    ladder: Ladder,
    tokenizer: Tokenizer,
    target: Tokenizer,
    steps: list[Intervention],
    sets: list[WordSet],
) -> None:
    """The sample of fast mode is everything in so small a vocabulary."""
    for found, of, some in (
        (ladder.start, tokenizer, []),
        (ladder.rungs[1].alone, tokenizer, steps[1:2]),
        (ladder.rungs[3].alone, tokenizer, steps[3:]),
        (ladder.rungs[2].in_sequence, tokenizer, steps[:3]),
        (ladder.rungs[3].in_sequence, tokenizer, steps),
        (ladder.target, target, []),
    ):
        assert found is not None
        expected = Measurement(**measured_by_hand(of, some, sets))
        assert found.wordsim == pytest.approx(expected.wordsim)
        assert replace(found, wordsim=0, interval=(0, 0), rho={}) == replace(
            expected, wordsim=0, interval=(0, 0), rho={}
        )
        assert found.rho == pytest.approx(expected.rho)
        assert found.interval == pytest.approx(expected.interval)
        assert found.coverage == expected.single / expected.words


def test_counts_add_up(ladder: Ladder) -> None:
    for found in (each for rung in ladder.rungs for each in (rung.alone, rung.in_sequence)):
        size = ladder.start.vocab_size - found.removed + found.added
        assert found.vocab_size == size
    assert [rung.alone.removed > 0 for rung in ladder.rungs] == [False, True, True, False]
    assert [rung.alone.skipped > 0 for rung in ladder.rungs] == [False, False, False, True]
    assert ladder.rungs[0].alone.single > ladder.start.single
    assert ladder.rungs[3].in_sequence.coverage > ladder.rungs[2].in_sequence.coverage


def test_changes_add_up(ladder: Ladder) -> None:
    """From rung to rung, and the parts over all orders to the whole."""
    last = ladder.start.wordsim
    for rung in ladder.rungs:
        assert rung.change_in_sequence.value == pytest.approx(rung.in_sequence.wordsim - last)
        assert rung.change_alone.value == rung.alone.wordsim - ladder.start.wordsim
        last = rung.in_sequence.wordsim
    whole = last - ladder.start.wordsim
    assert sum(rung.change_in_sequence.value for rung in ladder.rungs) == pytest.approx(whole)
    assert sum(rung.part.value for rung in ladder.rungs if rung.part) == pytest.approx(whole)


def test_parts_are_means_over_all_orders(
    ladder: Ladder, tokenizer: Tokenizer, steps: list[Intervention], sets: list[WordSet]
) -> None:
    """Shapley's definition, as it stands; a combination's steps are made in the given order."""
    places = range(len(steps))
    worth = {
        chosen: evaluate(
            distill(
                HashTeacher(), apply_all(tokenizer, [steps[place] for place in chosen]).tokenizer
            ),
            sets,
        ).mean
        for size in range(len(steps) + 1)
        for chosen in combinations(places, size)
    }
    orders = [*permutations(places)]
    for place, rung in enumerate(ladder.rungs):
        changes = []
        for order in orders:
            before = order[: order.index(place)]
            changes.append(worth[tuple(sorted((*before, place)))] - worth[tuple(sorted(before))])
        assert rung.part is not None
        assert rung.part.value == pytest.approx(np.mean(changes))
        low, high = rung.part.interval
        assert low < rung.part.value < high


def test_intervals_are_of_paired_differences(tokenizer: Tokenizer, sets: list[WordSet]) -> None:
    """A change that changes nothing is 0 for certain, not 0 give or take the noise of pairs."""
    nothing = add_words(["the"])
    found = climb(HashTeacher(), tokenizer, [nothing], sets)
    low, high = found.start.interval
    assert high - low > 1
    assert found.rungs[0].alone.wordsim == found.start.wordsim
    assert found.rungs[0].change_alone.value == 0
    assert found.rungs[0].change_alone.interval == (0, 0)
    assert found.rungs[0].part is None
    assert (found.target, found.target_tokenizer, found.distance) == (None, None, None)


def test_intervals_of_changes_by_hand(
    ladder: Ladder, tokenizer: Tokenizer, steps: list[Intervention], sets: list[WordSet]
) -> None:
    samples = [
        correlate(distill(HashTeacher(), apply_all(tokenizer, some).tokenizer), sets).samples
        for some in ([], steps[:1])
    ]
    expected = np.percentile(samples[1] - samples[0], [2.5, 97.5])
    assert ladder.rungs[0].change_alone.interval == pytest.approx(tuple(expected))


def test_the_way_to_a_target(ladder: Ladder) -> None:
    assert ladder.target is not None
    assert ladder.distance == ladder.target.wordsim - ladder.start.wordsim
    assert ladder.target.steps == ()


def test_the_same_each_time(
    ladder: Ladder,
    tokenizer: Tokenizer,
    target: Tokenizer,
    steps: list[Intervention],
    sets: list[WordSet],
) -> None:
    again = climb(HashTeacher(), tokenizer, steps, sets, target=target, every_order=True)
    assert again == ladder
    other = climb(HashTeacher(), tokenizer, steps[:1], sets, seed=1)
    assert other.seed == 1
    assert other.start.interval != ladder.start.interval
    assert other.start.wordsim == ladder.start.wordsim
    exact = climb(HashTeacher(), tokenizer, steps[:1], sets, exact=True)
    assert exact.mode == "exact"
    assert exact.start == ladder.start


def test_combinations_are_measured_once(
    tokenizer: Tokenizer, steps: list[Intervention], sets: list[WordSet]
) -> None:
    counts: list[tuple[int, int]] = []
    climb(
        HashTeacher(),
        tokenizer,
        steps[:3],
        sets,
        every_order=True,
        progress=lambda *both: counts.append(both),
    )
    assert len(counts) == 2**3


def test_fast_mode_reads_less(
    tokenizer: Tokenizer, sets: list[WordSet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_models, "SAMPLE", 200)
    fast, exact = HashTeacher(), HashTeacher()
    climb(fast, tokenizer, [], sets)
    climb(exact, tokenizer, [], sets, exact=True)
    assert len(fast.texts) < len(exact.texts) / 2 == len(tokenizer.vocabulary) / 2


def test_no_sets(tokenizer: Tokenizer) -> None:
    with pytest.raises(DataError, match="tokstat data fetch"):
        climb(HashTeacher(), tokenizer, [], [])


def test_ratings_without_spread(tokenizer: Tokenizer, words: list[str]) -> None:
    """Nothing goes with them, and there is no score."""
    flat = make_set([(one, other, 1.0) for one, other in pairwise(words)])
    with pytest.raises(ModelError):
        climb(HashTeacher(), tokenizer, [], [flat])


def test_a_change_that_breaks_the_tokenizer(sets: list[WordSet]) -> None:
    tokenizer = wrap(SMALL["continuation"](), "continuation")
    with pytest.raises(EditError):
        climb(HashTeacher(), tokenizer, [decase()], sets)


# As data and as text.


def test_json(ladder: Ladder) -> None:
    data = json.loads(ladder.to_json(), parse_constant=pytest.fail)
    assert data["schema_version"] == 2
    assert data["rungs"][0]["change_alone"]["value"] == ladder.rungs[0].change_alone.value
    assert data["target"]["wordsim"] == ladder.target.wordsim if ladder.target else None
    assert set(data) == {
        *("schema_version", "tokenizer", "sha256", "teacher", "teacher_sha256", "recipe", "mode"),
        *("seed", "environment", "sets", "missing_sets", "start", "rungs", "target_tokenizer"),
        *("target", "weights", "texts"),
    }


def test_parts_of_wordsim_are_not_called_so(
    tokenizer: Tokenizer, sets: list[WordSet], ladder: Ladder
) -> None:
    few = climb(HashTeacher(), tokenizer, [leading_blank()], sets[:2])
    assert few.sets == tuple(source.name for source in WORDSIM_SETS[:2])
    assert few.missing_sets == tuple(source.name for source in WORDSIM_SETS[2:])
    text = render_ladder(few)
    assert "WordSim" not in text.replace("not WordSim", "")
    assert "not WordSim" in text
    assert "not WordSim" not in render_ladder(ladder)


def test_texts_are_scored_in_place_of_words(tokenizer: Tokenizer, tmp_path: Path) -> None:
    """Each text is encoded as it is, and only the file's own name stands where WordSim would."""
    file = tmp_path / "pairs.tsv"
    file.write_bytes(
        as_file([("the river ran", "a road", 1), ("_", "the sea", 3), ("#1", "a sea", 2)])
    )
    (texts,) = read_texts([file])
    found = climb(HashTeacher(), tokenizer, [leading_blank()], [texts])
    model = distill(HashTeacher(), tokenizer, words=texts.words)
    assert found.texts
    assert found.score == "correlation"
    assert found.sets == ("pairs.tsv",)
    assert found.start.words == 6
    assert found.start.wordsim == evaluate(model, [texts]).mean
    assert Ladder.from_json(found.to_json()) == found
    text = render_ladder(found)
    assert "pairs.tsv" in text
    assert "WordSim" not in text
    assert "as one token" not in text


def test_the_text_has_every_number(ladder: Ladder) -> None:
    text = render_ladder(ladder)
    for rung in ladder.rungs:
        assert f"{rung.alone.wordsim:.1f}" in text
        assert f"{rung.change_in_sequence.value:+.1f}" in text
        assert rung.part is not None
        assert f"{rung.part.value:+.1f}" in text
    assert f"{ladder.distance:+.1f}" in text
