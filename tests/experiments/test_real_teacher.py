"""Static models of all-MiniLM-L6-v2 and of an untrained ModernBERT, where torch is installed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers.processors import TemplateProcessing

import tokstat
from tests.needs import UnavailableError, need
from tests.small_tokenizers import SMALL
from tokstat.distillation.encoders import load_teacher
from tokstat.distillation.static_models import Distillation, distill
from tokstat.distillation.teachers import Recipe
from tokstat.editing.interventions import leading_blank
from tokstat.experiments.study import run_study
from tokstat.loading.bundled import load_bundled
from tokstat.loading.local import load_path
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet
from tokstat.wordsim.store import load_sets
from tokstat.wordsim.study_results import packaged_study

WORDS = ["zebrafish", "xylem", "crossfades"]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One for all tests here, empty at first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("TOKSTAT_DATA", raising=False)
        yield


@pytest.fixture(scope="module")
def seven_sets(shared: Path) -> list[WordSet]:
    sets, missing = load_sets(WORDSIM_SETS, shared / "wordsim")
    if missing:
        raise UnavailableError(f"{shared} lacks word-similarity sets")
    return sets


def words_file(folder: Path) -> Path:
    file = folder / "words.txt"
    file.write_text("\n".join([*WORDS, "two words"]))
    return file


def row_of(model: Any, token: str) -> NDArray[np.float32]:
    row: NDArray[np.float32] = model.embedding[model.tokenizer.token_to_id(token)]
    return row


# Changes of the tokenizer.


@pytest.mark.parametrize("length", [None, 128])
def test_stored_padding_does_not_touch_added_words(
    minilm: Path, tmp_path: Path, length: int | None
) -> None:
    """With over a hundred pads in the mean, a word's vector would be that of a pad."""
    from model2vec import StaticModel

    backend = SMALL["wordpiece"]()
    if length is not None:
        backend.enable_padding(length=length, pad_id=0, pad_token="[UNK]")
        backend.enable_truncation(length)
    (tmp_path / "small").mkdir()
    backend.save(str(tmp_path / "small" / "tokenizer.json"))
    skipped: list[tuple[str, str]] = []
    tokstat.distill(
        str(minilm),
        tmp_path / "out",
        tokenizer=tmp_path / "small",
        add_words=words_file(tmp_path),
        pca=None,
        sif=None,
        on_skipped=skipped.extend,
    )
    assert [word for word, _ in skipped] == ["two words"]
    model = StaticModel.from_pretrained(tmp_path / "out")
    expected = load_teacher(str(minilm)).embed(WORDS, Recipe())
    for word, vector in zip(WORDS, expected, strict=True):
        np.testing.assert_allclose(row_of(model, word), vector, atol=1e-2)
        assert model.tokenizer.encode(word, add_special_tokens=False).tokens == [word]


def test_changes_are_made_in_order(minilm: Path, tmp_path: Path) -> None:
    """The blank, lower case, what is dropped; words are added in the form that is read then."""
    from model2vec import StaticModel

    backend = SMALL["byte-level"]()
    backend.post_processor = TemplateProcessing(
        single="$A <|endoftext|>", pair=None, special_tokens=[("<|endoftext|>", 0)]
    )
    (tmp_path / "small").mkdir()
    backend.save(str(tmp_path / "small" / "tokenizer.json"))
    score = tokstat.distill(
        str(minilm),
        tmp_path / "out",
        tokenizer=tmp_path / "small",
        prefix_space=True,
        decase=True,
        drop=["fragment"],
        add_words=words_file(tmp_path),
        pca=64,
    )
    model = StaticModel.from_pretrained(tmp_path / "out")
    tokens = [model.tokenizer.encode(word, add_special_tokens=False).tokens for word in WORDS]
    assert tokens == [["Ġ" + word] for word in WORDS]
    assert model.tokenizer.encode("PEOPLE", add_special_tokens=False).tokens == ["Ġpeople"]
    assert model.embedding.shape == (model.tokenizer.get_vocab_size(), 64)
    assert np.isfinite(model.embedding).all()
    assert score.wordsim is None
    assert np.isfinite(score.mean)


# A ModernBERT that nobody trained.


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory, modernbert: Tokenizer) -> Path:
    """Tiny, with ModernBERT's real tokenizer."""
    torch = need("torch")
    transformers = need("transformers")
    torch.manual_seed(0)
    config = transformers.ModernBertConfig(
        hidden_size=64, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2
    )
    folder = tmp_path_factory.mktemp("untrained")
    transformers.ModernBertModel(config).save_pretrained(folder)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=modernbert.backend,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    ).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("prefix_space", [True, None])
@pytest.mark.slow
def test_modernbert_encodes_single_words_as_one_token(
    untrained: Path, tmp_path: Path, prefix_space: bool | None
) -> None:
    """With the blank asked for, and plainly, as Model2Vec puts one itself."""
    from model2vec import StaticModel

    need("skeletoken")
    tokstat.distill(str(untrained), tmp_path / "out", prefix_space=prefix_space, pca=32)
    model = StaticModel.from_pretrained(tmp_path / "out")
    for word in ("tiger", "river", "government"):
        found = model.tokenizer.encode(word, add_special_tokens=False).tokens
        assert found == ["Ġ" + word]
    assert model.encode("tiger").shape == (32,)


@pytest.mark.slow
def test_modernbert_without_the_blank(untrained: Path, tmp_path: Path) -> None:
    from model2vec import StaticModel

    tokstat.distill(str(untrained), tmp_path / "out", prefix_space=False, pca=32)
    model = StaticModel.from_pretrained(tmp_path / "out")
    assert model.tokenizer.encode("tiger", add_special_tokens=False).tokens == ["t", "iger"]


@pytest.mark.slow
def test_the_repaired_tokenizer_fits_the_repaired_model(untrained: Path, tmp_path: Path) -> None:
    """What was lower-cased reads texts as before, but for the case."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    report = tokstat.repair(str(untrained), tmp_path / "out", decase=True, model=untrained)
    assert (report.removed, report.tokens_after) == (9_436, 40_932)
    text = "the tiger crossed the river [SEP] at dawn"
    states = []
    for folder in (untrained, tmp_path / "out"):
        read = AutoTokenizer.from_pretrained(folder)
        model = AutoModel.from_pretrained(folder).eval()
        with torch.inference_mode():
            states.append(model(**read(text, return_tensors="pt")).last_hidden_state)
    torch.testing.assert_close(states[0], states[1])


# What was measured with the real one.


@pytest.mark.slow
def test_rows_of_the_packaged_study(
    minilm: Path, seven_sets: list[WordSet], english: Lexicon
) -> None:
    """ModernBERT's, bare and spaced, as they are packaged."""
    name = "answerdotai/ModernBERT-base"
    packaged = packaged_study()
    rows = [row for row in packaged.rows if row.tokenizer == name]
    teacher = load_teacher(str(minilm))
    found = run_study(
        replace(teacher, name=packaged.teacher),
        {name: lambda: load_bundled(name, name, "")},
        seven_sets,
        english,
    )
    assert found.teacher_sha256 == packaged.teacher_sha256
    assert (found.recipe, found.mode, found.seed) == (
        *(packaged.recipe, packaged.mode),
        packaged.seed,
    )
    assert len(found.rows) == len(rows) == 2
    for row, expected in zip(found.rows, rows, strict=True):
        assert (row.sha256, row.convention) == (expected.sha256, expected.convention)
        assert row.wordsim == pytest.approx(expected.wordsim, abs=0.1)
        assert row.rho == pytest.approx(expected.rho, abs=0.3)
        for score in ("coverage", "wordsim_coverage", "whole_word_ratio", "fragment_ratio"):
            assert getattr(row, score) == getattr(expected, score)


@pytest.mark.parametrize(("name", "bare", "spaced"), [("bert", 43.3, 43.3), ("gpt2", 12.2, 42.8)])
@pytest.mark.slow
def test_fast_mode_is_close_to_exact(
    name: str, bare: float, spaced: float, minilm: Path, seven_sets: list[WordSet], shared: Path
) -> None:
    """And the exact figures are those of the case."""
    if name == "bert":
        tokenizer = load_bundled(name, "google-bert/bert-base-uncased", "")
    else:
        found = sorted((shared / "hf").rglob("models--openai-community--gpt2/*/*/tokenizer.json"))
        if not found:
            raise UnavailableError(f"{shared} lacks the tokenizer of GPT-2")
        tokenizer = load_path(name, found[0])
    words = sorted({word for each in seven_sets for word in each.words})
    teacher = load_teacher(str(minilm))
    exact = distill(teacher, tokenizer)
    fast = distill(teacher, tokenizer, words=words)
    for convention, expected in (("bare", bare), ("spaced", spaced)):
        scores = [
            evaluate(model.under(convention), seven_sets).wordsim  # type: ignore[arg-type]
            for model in (exact, fast)
        ]
        assert scores[0] == pytest.approx(expected, abs=1.0)
        assert scores[1] == pytest.approx(scores[0], abs=0.2)


@pytest.mark.slow
def test_wordsim_s_own_words_are_an_upper_bound(
    minilm: Path, seven_sets: list[WordSet], shared: Path, tmp_path: Path
) -> None:
    """Added to BERT's, each has a vector of its own: 50.6; the plain distillation has 45.4."""
    data = shared / "wordsim"
    plain = tokstat.distill(str(minilm), tmp_path / "plain", data=data)
    assert plain.wordsim == pytest.approx(45.41, abs=0.2)
    added = tokstat.distill(str(minilm), tmp_path / "added", add_words="wordsim", data=data)
    assert added.wordsim == pytest.approx(50.6, abs=1.0)


@pytest.mark.slow
def test_a_recipe_by_hand(minilm: Path, modernbert: Tokenizer) -> None:
    """A token's vector hangs on its text alone, not on the tokenizer that has it."""
    teacher = load_teacher(str(minilm))
    edited = leading_blank().apply(modernbert).tokenizer
    settings = Distillation(Recipe("cls"), pca=None, sif=None)
    model = distill(teacher, edited, settings, words=["tiger"])
    (token,) = edited.backend.encode("tiger", add_special_tokens=False).ids
    np.testing.assert_array_equal(
        model.matrix[token], teacher.embed(["tiger"], settings.recipe)[0].astype(np.float32)
    )
