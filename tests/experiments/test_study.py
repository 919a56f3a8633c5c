"""Studies under a teacher that there is not."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.conftest import load_known, wrap
from tests.experiments import HashTeacher
from tests.small_tokenizers import SMALL
from tests.wordsim import make_set, random_pairs, word_level
from tokstat.distillation.static_models import distill, token_texts
from tokstat.editing.interventions import decase
from tokstat.errors import DataError, SourceNotFoundError
from tokstat.experiments.study import Measure, _ReadAhead, keep_study, run_study
from tokstat.experiments.unembedded import ReadTokenizer, StudyTokenizer
from tokstat.io.background import Background
from tokstat.io.downloads import download
from tokstat.tokenizer.single_words import CONVENTIONS, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS, WordSet
from tokstat.wordsim.store import load_set
from tokstat.wordsim.study_results import SCORES, Study

KINDS = ("byte-level", "wordpiece", "metaspace-prefix")


@pytest.fixture
def teacher() -> HashTeacher:
    return HashTeacher()


@pytest.fixture(scope="module")
def small() -> dict[str, Tokenizer]:
    return {kind: wrap(SMALL[kind](), kind) for kind in KINDS}


@pytest.fixture(scope="module")
def sets(english: Lexicon) -> list[WordSet]:
    """Small stand-ins of the names of the seven sets."""
    words = english.word_lists[0].top(300)[60:]
    return [
        make_set(random_pairs(40, words, number), source.name)
        for number, source in enumerate(WORDSIM_SETS)
    ]


class Loader:
    """Loads small tokenizers, and counts how often."""

    def __init__(self, small: dict[str, Tokenizer]) -> None:
        self.small = small
        self.loaded: list[str] = []

    def __call__(self, *kinds: str) -> dict[str, Callable[[], Tokenizer]]:
        return {kind: partial(self._load, kind) for kind in kinds}

    def _load(self, kind: str) -> Tokenizer:
        self.loaded.append(kind)
        return self.small[kind]


@pytest.fixture
def loader(small: dict[str, Tokenizer]) -> Loader:
    return Loader(small)


@pytest.fixture(scope="module")
def study(small: dict[str, Tokenizer], sets: list[WordSet], english: Lexicon) -> Study:
    return run_study(HashTeacher(), Loader(small)(*KINDS), sets, english)


def test_rows(
    study: Study, small: dict[str, Tokenizer], sets: list[WordSet], teacher: HashTeacher
) -> None:
    assert [(row.tokenizer, row.convention) for row in study.rows] == [
        (kind, convention) for kind in KINDS for convention in CONVENTIONS
    ]
    assert (study.teacher, study.teacher_sha256, study.mode, study.seed) == (
        *(teacher.name, teacher.sha256),
        *("fast", 0),
    )
    words = sorted({word for each in sets for word in each.words})
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None
    for row in study.rows:
        tokenizer = small[row.tokenizer]
        (convention,) = (each for each in CONVENTIONS if each == row.convention)
        score = evaluate(distill(teacher, tokenizer).under(convention), sets)
        assert row.wordsim == pytest.approx(score.wordsim)
        assert row.rho == pytest.approx({each.name: each.rho for each in score.sets})
        assert row.interval_low < row.wordsim < row.interval_high
        assert (row.scheme, row.vocab_size) == (tokenizer.scheme.name, len(tokenizer.vocabulary))
        for value, of in (
            (row.wordsim_coverage, words),
            (row.wordsim353_coverage, packaged.words),
        ):
            assert value == single_token_words(tokenizer, of, convention).mean()
        assert all(0 <= getattr(row, name) <= 1 for name in SCORES)


def test_a_blank_changes_what_hangs_on_it(study: Study) -> None:
    for bare, spaced in zip(study.rows[::2], study.rows[1::2], strict=True):
        same = bare.tokenizer != "byte-level"
        assert (bare.wordsim == spaced.wordsim) == same
        assert (bare.coverage == spaced.coverage) == same
        assert (bare.coverage <= spaced.coverage) or same


def test_exact_mode_is_said(
    study: Study, loader: Loader, sets: list[WordSet], english: Lexicon, teacher: HashTeacher
) -> None:
    """And gives the same where the sample is everything."""
    exact = run_study(teacher, loader(KINDS[0]), sets, english, exact=True)
    assert exact.mode == "exact"
    assert exact.rows == study.rows[:2]


def test_an_interrupted_study_goes_on(
    study: Study, loader: Loader, sets: list[WordSet], english: Lexicon
) -> None:
    saved: list[Study] = []

    def stop_after_two(found: Study) -> None:
        saved.append(found)
        if len(saved) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(HashTeacher(), loader(*KINDS), sets, english, on_row=stop_after_two)
    assert [each.rows for each in saved] == [study.rows[:2], study.rows[:4]]
    assert loader.loaded[:2] == [*KINDS[:2]]  # the third may be read in advance
    teacher, rest = HashTeacher(), saved.copy()
    finished = Study.from_json(saved[-1].to_json())
    found = run_study(teacher, loader(*KINDS), sets, english, finished=finished, on_row=rest.append)
    assert found == study == rest[-1]
    assert {*teacher.texts} <= {*token_texts(loader.small[KINDS[2]].vocabulary)}
    assert len(rest) == 3
    idle = HashTeacher()
    assert run_study(idle, loader(*KINDS), sets, english, finished=found) == found
    assert idle.texts == []


def test_an_error_of_the_next_tokenizer_loses_no_row(
    study: Study, loader: Loader, sets: list[WordSet], english: Lexicon
) -> None:
    """It is read while the one before it is measured."""

    saved: list[Study] = []
    specs = {**loader(KINDS[0]), "absent": absent, **loader(KINDS[1])}
    with pytest.raises(SourceNotFoundError):
        run_study(HashTeacher(), specs, sets, english, on_row=saved.append)
    assert [each.rows for each in saved] == [study.rows[:2]]
    assert loader.loaded == [KINDS[0]]


def absent() -> Tokenizer:
    raise SourceNotFoundError("There is no such file", "Check the path.")


def test_workers_give_the_same_study(
    study: Study, sets: list[WordSet], english: Lexicon, small: dict[str, Tokenizer]
) -> None:
    """Also with a tokenizer that cannot be sent to them, and with one that has no such place."""
    specs: dict[str, Callable[[], Tokenizer]] = {
        KINDS[0]: partial(load_known, KINDS[0]),
        KINDS[1]: lambda: small[KINDS[1]],
        KINDS[2]: partial(load_known, KINDS[2]),
    }
    assert run_study(HashTeacher(), specs, sets, english, workers=2) == study
    saved: list[Study] = []
    specs = {KINDS[0]: specs[KINDS[0]], "absent": absent, KINDS[1]: specs[KINDS[1]]}
    with pytest.raises(SourceNotFoundError, match=r"^There is no such file\. Check the path\.$"):
        run_study(HashTeacher(), specs, sets, english, on_row=saved.append, workers=2)
    assert [each.rows for each in saved] == [study.rows[:2]]
    assert multiprocessing.active_children() == []


def test_nothing_is_read_while_the_teacher_embeds() -> None:
    """After that, all that was read before is measured first."""
    begun: list[str] = []

    def begin(wanted: StudyTokenizer) -> Background[ReadTokenizer]:
        begun.append(wanted.name)
        return Background(lambda: ReadTokenizer(wanted.name, frozenset(), None))

    wanted = [StudyTokenizer(name, lambda: wrap(word_level("a"), "")) for name in "abcdef"]
    ahead = _ReadAhead(wanted, begin, 2)
    read = iter(ahead)
    counts = []
    for number in range(6):
        assert next(read).name == "abcdef"[number]
        if number in (1, 2):
            ahead.pause()
        ahead.start()
        counts.append(len(begun))
    assert counts == [3, 3, 3, 6, 6, 6]


def test_an_interrupted_study_stops_what_it_reads(
    loader: Loader, sets: list[WordSet], english: Lexicon
) -> None:
    """So that a download removes its temporary file."""
    cleaned_up = Event()

    def stall() -> Tokenizer:
        try:
            while True:
                time.sleep(0.01)
        finally:
            cleaned_up.set()

    def slow() -> Tokenizer:
        return download(stall)

    def stop(_: Study) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(HashTeacher(), {**loader(KINDS[0]), "slow": slow}, sets, english, on_row=stop)
    assert cleaned_up.is_set()


def test_a_tokenizer_without_words_has_no_scores(
    study: Study, sets: list[WordSet], english: Lexicon
) -> None:
    digits = wrap(word_level("1", "2"), "digits")
    with pytest.raises(DataError, match="digits"):
        run_study(HashTeacher(), {"digits": lambda: digits}, sets, english)


def test_a_tokenizer_that_has_changed_is_measured_again(
    study: Study, small: dict[str, Tokenizer], sets: list[WordSet], english: Lexicon
) -> None:
    """Whatever its name says; rows of the others stay."""
    other = decase().apply(small["byte-level"]).tokenizer
    changed = Loader({**small, "byte-level": other})
    found = run_study(HashTeacher(), changed(*KINDS), sets, english, finished=study)
    rows = {(row.tokenizer, row.convention): row for row in found.rows}
    assert len(rows) == len(found.rows) == len(study.rows)
    for row in study.rows:
        now = rows[row.tokenizer, row.convention]
        assert (now == row) == (row.tokenizer != "byte-level")
    assert rows["byte-level", "bare"].vocab_size == len(other.vocabulary)
    assert rows["byte-level", "bare"].sha256 == other.origin.sha256


@pytest.mark.parametrize(
    ("field", "value"),
    [("teacher_sha256", "other"), ("mode", "exact"), ("seed", 1), ("recipe", "cls")],
)
def test_a_study_of_something_else_is_no_start(
    study: Study,
    loader: Loader,
    sets: list[WordSet],
    english: Lexicon,
    field: str,
    value: str | int,
) -> None:
    other = Study.from_json(json.dumps({**json.loads(study.to_json()), field: value}))
    with pytest.raises(DataError, match=field):
        run_study(HashTeacher(), loader(*KINDS), sets, english, finished=other)
    assert loader.loaded == []


def test_missing_sets_are_named(loader: Loader, sets: list[WordSet], english: Lexicon) -> None:
    with pytest.raises(DataError, match=r"men, card_660\. Run: tokstat data fetch"):
        run_study(
            HashTeacher(),
            loader(*KINDS),
            [each for each in sets if each.source.name not in ("men", "card_660")],
            english,
        )
    assert loader.loaded == []


def test_progress_and_seed(
    study: Study, loader: Loader, sets: list[WordSet], english: Lexicon
) -> None:
    counts: list[tuple[int, int]] = []
    found = run_study(
        HashTeacher(),
        loader("wordpiece"),
        sets,
        english,
        seed=3,
        progress=lambda *both: counts.append(both),
    )
    assert counts
    assert all(done == total for done, total in counts)
    row = next(row for row in study.rows if row.tokenizer == "wordpiece")
    assert found.seed == 3
    assert found.rows[0].wordsim == row.wordsim
    assert found.rows[0].interval_low != row.interval_low


def test_a_study_goes_on_from_its_file(
    study: Study, loader: Loader, sets: list[WordSet], english: Lexicon, tmp_path: Path
) -> None:
    def measuring(*kinds: str) -> Measure:
        return lambda teacher, finished, save: run_study(
            teacher, loader(*kinds), sets, english, finished=finished, on_row=save
        )

    path = tmp_path / "study.json"
    keep_study(path, HashTeacher(), measuring(KINDS[0]))
    assert Study.from_json(path.read_text("utf-8")).rows == study.rows[:2]
    teacher = HashTeacher()
    assert keep_study(path, teacher, measuring(*KINDS[:2])).rows == study.rows[:4]
    assert {*teacher.texts} <= {*token_texts(loader.small[KINDS[1]].vocabulary)}
    assert Study.from_json(path.read_text("utf-8")).rows == study.rows[:4]
