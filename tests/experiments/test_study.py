"""Studies and static models under a teacher that there is not."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tests.conftest import wrap
from tests.experiments import WIDTH, HashTeacher
from tests.needs import need
from tests.small_tokenizers import SMALL
from tests.wordsim import make_set, random_pairs
from tokstat.distillation import static_models
from tokstat.distillation.static_models import Distillation, distill, token_texts, zipf_weights
from tokstat.distillation.teachers import Recipe
from tokstat.editing.interventions import decase
from tokstat.errors import DataError
from tokstat.experiments.study import run_study
from tokstat.tokenizer.single_words import CARRIER, CONVENTIONS, single_token_words, split_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS, WordSet
from tokstat.wordsim.store import load_set
from tokstat.wordsim.study_results import SCORES, Study

KINDS = ("byte-level", "wordpiece", "metaspace-prefix")

WORDS = ["people", "time", "because", "government", "tiger", "music", "car", "train", "water"]


@pytest.fixture
def teacher() -> HashTeacher:
    return HashTeacher()


@pytest.fixture(scope="module")
def small() -> dict[str, Tokenizer]:
    return {kind: wrap(SMALL[kind](), kind) for kind in KINDS}


# Static models.


@pytest.mark.parametrize("kind", [*SMALL])
def test_texts_are_the_tokens_or_what_they_stand_for(kind: str) -> None:
    vocabulary = wrap(SMALL[kind](), kind).vocabulary
    found = token_texts(vocabulary)
    assert len(found) == len(vocabulary)
    for text, known, token in zip(found, vocabulary.texts, vocabulary.tokens, strict=True):
        assert text.strip()
        assert text == (known if known is not None and known.strip() else token)


def test_texts_of_the_packaged_pair(bert: Tokenizer, modernbert: Tokenizer) -> None:
    for tokenizer, token, text in (
        (bert, "[CLS]", "[CLS]"),
        (bert, "tiger", "tiger"),
        (bert, "##ing", "ing"),
        (modernbert, "Ġtiger", "tiger"),
        (modernbert, "ing", "ing"),
        (modernbert, "Ġ", "Ġ"),
        (modernbert, "[MASK]", "[MASK]"),
    ):
        row = list(tokenizer.vocabulary.tokens).index(token)
        assert token_texts(tokenizer.vocabulary)[row] == text


@pytest.mark.parametrize("kind", [*SMALL])
def test_a_sample_of_everything_is_exact(teacher: HashTeacher, kind: str) -> None:
    tokenizer = wrap(SMALL[kind](), kind)
    assert len(tokenizer.vocabulary) <= static_models.SAMPLE
    exact, fast = (
        distill(teacher, tokenizer, Distillation(pca=8), words=words) for words in (None, WORDS)
    )
    np.testing.assert_array_equal(exact.vectors, fast.vectors)
    assert np.isfinite(exact.vectors[tokenizer.vocabulary.ids]).all()


def test_fast_mode_reads_what_words_reach_and_a_sample(
    teacher: HashTeacher, small: dict[str, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_models, "SAMPLE", 100)
    tokenizer = small["byte-level"]
    model = distill(teacher, tokenizer, Distillation(pca=8), words=WORDS)
    reached = {
        token
        for convention in CONVENTIONS
        for tokens in split_words(tokenizer, WORDS, convention)
        for token in tokens
    }
    there = set(np.flatnonzero(np.isfinite(model.vectors).all(axis=1)).tolist())
    assert reached <= there
    assert 100 <= len(there) == len(teacher.texts) <= 100 + len(reached)
    absent = np.setdiff1d(np.arange(len(model.vectors)), sorted(there))
    assert np.isnan(model.vectors[absent]).all()
    assert np.isfinite(model.embed(WORDS)).all()
    assert np.isnan(model.embed(["zebra crossing keepers"])).any()


def test_samples_hang_on_the_seed_and_on_texts_alone(
    teacher: HashTeacher, small: dict[str, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_models, "SAMPLE", 200)

    def sample(kind: str, seed: int) -> set[str]:
        teacher.texts.clear()
        distill(teacher, small[kind], words=[], seed=seed)
        return set(teacher.texts)

    first = sample("byte-level", 0)
    assert sample("byte-level", 0) == first
    assert len(first & sample("byte-level", 1)) < 60
    # Of what two vocabularies share, one sample has all that the other has.
    texts = {kind: set(token_texts(small[kind].vocabulary)) for kind in KINDS}
    shared = texts["byte-level"] & texts["metaspace-prefix"]
    one, other = first & shared, sample("metaspace-prefix", 0) & shared
    assert one
    assert one <= other or other <= one


@pytest.mark.parametrize("sif", [1e-4, 1e-3, None])
@pytest.mark.parametrize("tokens", [1, 7, 50_368])
def test_weights_are_model2vec_s(tokens: int, sif: float | None) -> None:
    found = zipf_weights(tokens, sif)
    if sif is None:
        expected = np.ones(tokens)
    else:
        frequency = 1 / np.arange(2, tokens + 2)
        expected = sif / (sif + frequency / frequency.sum())
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("sif", [1e-4, None])
@pytest.mark.parametrize("pca", [8, None])
def test_all_is_as_model2vec_does_it(
    teacher: HashTeacher, small: dict[str, Tokenizer], pca: int | None, sif: float | None
) -> None:
    need("torch")
    inference = need("model2vec.distill.inference")
    tokenizer = small["wordpiece"]
    found = distill(teacher, tokenizer, Distillation(pca=pca, sif=sif)).vectors
    texts = token_texts(tokenizer.vocabulary)
    raw = teacher.embed(texts, Recipe()).astype(np.float32)
    weights = inference.compute_weights(len(texts), sif)
    expected = inference.apply_pca(raw, pca) * weights[:, None]
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-3, atol=1e-3)


def test_axes_are_those_of_the_singular_values(
    teacher: HashTeacher, small: dict[str, Tokenizer]
) -> None:
    tokenizer = small["byte-level"]
    raw = teacher.embed(token_texts(tokenizer.vocabulary), Recipe()).astype(np.float64)
    centred = raw - raw.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:8]
    model = distill(teacher, tokenizer, Distillation(pca=8, sif=None))
    found = model.vectors[tokenizer.vocabulary.ids]
    np.testing.assert_allclose(np.abs(found), np.abs(centred @ axes.T), atol=1e-2)


@pytest.mark.parametrize("pca", [None, WIDTH + 1, 256])
def test_axes_that_there_are_not(
    teacher: HashTeacher, small: dict[str, Tokenizer], pca: int | None
) -> None:
    tokenizer = small["byte-level"]
    raw = teacher.embed(token_texts(tokenizer.vocabulary), Recipe("cls"))
    model = distill(teacher, tokenizer, Distillation(Recipe("cls"), pca=pca, sif=None))
    np.testing.assert_array_equal(model.vectors[tokenizer.vocabulary.ids], raw)


@pytest.mark.parametrize("kind", ["byte-level", "wordpiece", "metaspace-prefix", "end-of-word"])
def test_words_are_the_means_of_their_tokens(teacher: HashTeacher, kind: str) -> None:
    """After another word, they are what is behind its tokens."""
    tokenizer = wrap(SMALL[kind](), kind)
    model = distill(teacher, tokenizer, Distillation(pca=8))

    def ids(text: str) -> list[int]:
        found: list[int] = tokenizer.backend.encode(text, add_special_tokens=False).ids
        return found

    carrier = ids(CARRIER)
    bare, spaced = [], []
    for word in WORDS:
        both = ids(f"{CARRIER} {word}")
        assert both[: len(carrier)] == carrier
        bare.append(model.vectors[ids(word)].mean(axis=0))
        spaced.append(model.vectors[both[len(carrier) :]].mean(axis=0))
    np.testing.assert_allclose(model.embed(WORDS), bare, rtol=1e-5)
    np.testing.assert_allclose(model.under("spaced").embed(WORDS), spaced, rtol=1e-5)
    assert np.allclose(bare, spaced) == (kind != "byte-level")
    assert model.under("spaced").under("bare").convention == model.convention == "bare"


# Studies.


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
    assert loader.loaded == [*KINDS[:2]]
    teacher, rest = HashTeacher(), saved.copy()
    finished = Study.from_json(saved[-1].to_json())
    found = run_study(teacher, loader(*KINDS), sets, english, finished=finished, on_row=rest.append)
    assert found == study == rest[-1]
    assert {*teacher.texts} <= {*token_texts(loader.small[KINDS[2]].vocabulary)}
    assert len(rest) == 3
    idle = HashTeacher()
    assert run_study(idle, loader(*KINDS), sets, english, finished=found) == found
    assert idle.texts == []


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


# As data.


def test_json_gives_the_study_back(study: Study) -> None:
    assert Study.from_json(study.to_json()) == study
    json.loads(study.to_json(), parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "1", "null", "{}", '{"rows": 1}', '{"rows": [1]}', '{"rows": []}'],
)
def test_json_of_something_else(text: str) -> None:
    with pytest.raises(DataError, match="not a saved study"):
        Study.from_json(text)


def test_json_with_too_much_or_too_little(study: Study) -> None:
    data = json.loads(study.to_json())
    row = data["rows"][0]
    for changed in (
        {**data, "more": 1},
        {name: value for name, value in data.items() if name != "seed"},
        {**data, "rows": [{**row, "more": 1}]},
        {**data, "rows": [{name: value for name, value in row.items() if name != "wordsim"}]},
    ):
        with pytest.raises(DataError, match="not a saved study"):
            Study.from_json(json.dumps(changed))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("teacher", 1),
        ("seed", "0"),
        ("seed", True),
        ("seed", 0.5),
        ("environment", None),
        ("rows.wordsim", "12.9"),
        ("rows.wordsim", None),
        ("rows.vocab_size", 1.5),
        ("rows.convention", ["bare"]),
        ("rows.rho", [1.0]),
        ("rows.rho", {"rw": "1"}),
        ("rows.rho", {"rw": None}),
    ],
)
def test_json_with_values_of_other_types(study: Study, name: str, value: object) -> None:
    data = json.loads(study.to_json())
    record = data["rows"][1] if name.startswith("rows.") else data
    record[name.removeprefix("rows.")] = value
    with pytest.raises(DataError, match="not a saved study"):
        Study.from_json(json.dumps(data))


def test_csv_has_a_column_a_set(study: Study) -> None:
    strange = replace(study.rows[0], tokenizer='a, "b"\nc 名')
    study = replace(study, rows=(strange, *study.rows[1:]))
    found = [*csv.DictReader(io.StringIO(study.to_csv(), newline=""))]
    assert [row["tokenizer"] for row in found] == [row.tokenizer for row in study.rows]
    for row, read in zip(study.rows, found, strict=True):
        assert "rho" not in read
        assert {name: float(read[name]) for name in row.rho} == row.rho
        assert {name: float(read[name]) for name in SCORES} == {
            name: getattr(row, name) for name in SCORES
        }
