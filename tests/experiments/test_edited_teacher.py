"""Who distills a teacher: Model2Vec its own tokenizer, tokstat a changed one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tokenizers import Regex, pre_tokenizers

from tests.conftest import wrap
from tests.experiments import WIDTH, HashTeacher
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.distillation import encoders
from tokstat.distillation.static_models import Distillation
from tokstat.distillation.teachers import Recipe
from tokstat.editing.interventions import add_words, decase, leading_blank
from tokstat.editing.model2vec_releases import as_release
from tokstat.errors import EditError
from tokstat.experiments import edited_teacher
from tokstat.experiments.edited_teacher import distill_teacher
from tokstat.tokenizer.tokenizer import Tokenizer

SETTINGS = Distillation(pca=None, sif=None)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return wrap(SMALL["wordpiece"](), "wordpiece")


@pytest.fixture(autouse=True)
def teacher(monkeypatch: pytest.MonkeyPatch, tokenizer: Tokenizer) -> HashTeacher:
    """One without a transformer, whose own tokenizer is the small one."""
    need("model2vec")
    loaded = HashTeacher()
    monkeypatch.setattr(encoders, "load_teacher", lambda spec: loaded)
    monkeypatch.setattr(edited_teacher, "_tokenizer_of", lambda teacher: tokenizer)
    monkeypatch.setattr(encoders, "teacher_folder", Path)
    monkeypatch.setattr(edited_teacher, "distill_plainly", lambda folder, settings: str(folder))
    return loaded


@pytest.mark.parametrize(
    ("settings", "changes", "is_plain"),
    [
        (SETTINGS, {}, True),
        (SETTINGS, {"by_model2vec": False}, False),
        (SETTINGS, {"steps": [decase()]}, False),
        (Distillation(Recipe("token"), None, None), {}, False),
    ],
)
def test_model2vec_distils_what_it_can(
    settings: Distillation, changes: dict[str, Any], is_plain: bool
) -> None:
    assert (distill_teacher("teacher", settings, **changes) == "teacher") == is_plain


def test_another_tokenizer_gets_a_vector_for_each_token(
    teacher: HashTeacher, tokenizer: Tokenizer
) -> None:
    model = distill_teacher("teacher", SETTINGS, tokenizer=tokenizer)
    assert model.embedding.shape == (len(tokenizer.vocabulary), WIDTH)
    assert len(teacher.texts) == len(tokenizer.vocabulary)


def test_words_that_cannot_be_added_are_handed_back(tokenizer: Tokenizer) -> None:
    skipped: list[tuple[str, str]] = []
    words = [add_words(["zebrafish", "two words"])]
    model = distill_teacher(
        "teacher", SETTINGS, tokenizer=tokenizer, steps=words, on_skipped=skipped.extend
    )
    assert [word for word, _ in skipped] == ["two words"]
    assert model.tokenizer.encode("zebrafish", add_special_tokens=False).tokens == ["zebrafish"]


def test_what_other_releases_do_is_told(modernbert: Tokenizer) -> None:
    """As measured with each of them: docs/model2vec_history.json."""
    spaced = leading_blank().apply(modernbert).tokenizer
    note = edited_teacher._what_model2vec_did(modernbert, spaced.backend)
    assert "`tiger` alone is now `Ġtiger`; Model2Vec 0.3.8 and 0.4.1 encode it as `t iger`" in note
    same = edited_teacher._what_model2vec_did(spaced, spaced.backend)
    assert "0.4.1" not in same


def test_a_space_before_every_piece_is_told() -> None:
    """Model2Vec sets the flag of ByteLevel, which has this effect behind a Split."""
    backend = SMALL["byte-level"]()
    split = pre_tokenizers.Split(Regex(r"\s?\w+|\W"), "isolated")
    bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    backend.pre_tokenizer = pre_tokenizers.Sequence([split, bytes_])
    tokenizer = wrap(backend, "split")
    static = as_release(tokenizer, "0.10.0")
    assert "Ġ ," in edited_teacher._what_model2vec_did(tokenizer, static.backend)
    spaced = leading_blank().apply(tokenizer).tokenizer
    assert "Ġ ," not in edited_teacher._what_model2vec_did(tokenizer, spaced.backend)


def test_the_tokenizer_of_a_release(tokenizer: Tokenizer) -> None:
    own = wrap(SMALL["byte-level"](), "byte-level")
    for release, pieces in (("0.3.8", "ab"), ("0.8.2", "Ġab")):
        model = distill_teacher("teacher", SETTINGS, tokenizer=own, as_release=release)
        assert "".join(model.tokenizer.encode("ab", add_special_tokens=False).tokens) == pieces
    with pytest.raises(EditError):  # a teacher's own tokenizer, which is no byte-level BPE
        distill_teacher("teacher", SETTINGS, as_release="0.8.2")
