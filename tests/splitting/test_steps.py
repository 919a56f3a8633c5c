"""Steps of a text, against the encoder."""

from __future__ import annotations

import random
from functools import cache
from itertools import islice, pairwise

import pytest
import tokenizers
from hypothesis import given, settings
from tokenizers import models, normalizers, pre_tokenizers

from tests.conftest import BUNDLED, load_known, wrap
from tests.corpus import adversarial
from tests.samples import sample
from tests.small_tokenizers import SMALL, superword_bpe
from tests.tools.replay_proof import random_texts
from tokstat.splitting.replay.bpe import BPETrace
from tokstat.splitting.steps import Replay, replay
from tokstat.tokenizer.tokenizer import Tokenizer

KINDS = (*SMALL, *BUNDLED, "superword")


@cache
def replay_of(kind: str) -> Replay:
    if kind == "superword":
        return Replay(wrap(superword_bpe(), kind))
    return Replay(load_known(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_replayed_steps_come_to_the_ids_of_the_encoder(kind: str) -> None:
    known = replay_of(kind)
    for text in (*adversarial.TEXTS, *sample()):
        for special in (False, True):
            assert known.steps(text, special=special).not_replayed is None, text


@pytest.mark.parametrize("kind", KINDS)
@given(text=adversarial.texts)
@settings(max_examples=40)
def test_drawn_texts_are_replayed(kind: str, text: str) -> None:
    assert replay_of(kind).steps(text).not_replayed is None


def test_texts_of_real_tokenizers_are_replayed(real_tokenizer: Tokenizer) -> None:
    known = Replay(real_tokenizer)
    seed = random.Random(real_tokenizer.origin.spec).randrange(1000)
    for number, text in enumerate(islice(random_texts(real_tokenizer, seed), 1500)):
        assert known.steps(text, special=number % 2 == 1).not_replayed is None, text


def test_steps_name_each_part_in_order() -> None:
    steps = replay_of("modernbert").steps("A tiger[MASK]  x", special=True)
    assert [(step.component, step.type) for step in steps.steps] == [
        ("added tokens", "as they are"),
        ("normalizer", "NFC"),
        ("added tokens", "in the normalized text"),
        ("pre-tokenizer", "ByteLevel"),
        ("model", "BPE"),
        ("post-processor", "TemplateProcessing"),
    ]
    model = steps.steps[4]
    assert model.before == ("A", "Ġtiger", "[MASK]", "  ", "x")
    assert model.after == ("A", "Ġtiger", "[MASK]", "  ", "x")
    assert model.added == (2, 3)
    assert [step.changed for step in steps.steps] == [True, False, True, True, False, True]


def test_a_step_after_another_begins_where_that_ended() -> None:
    for kind in KINDS:
        steps = replay_of(kind).steps("Don't cafe\u0301 [MASK] 汉字  x").steps
        for earlier, later in pairwise(steps):
            assert earlier.after == later.before


def test_changed_characters_are_named_in_order() -> None:
    backend = SMALL["wordpiece"]()
    backend.normalizer = normalizers.Sequence(
        [normalizers.Lowercase(), normalizers.NFD(), normalizers.StripAccents()]
    )
    lower, decomposed, stripped = (
        step
        for step in replay(wrap(backend, "changes"), "ÄB ä").steps
        if step.component == "normalizer"
    )
    assert lower.changes == (("Ä", "ä"), ("B", "b"))
    assert decomposed.changes == (("ä", "a\u0308"),)
    assert stripped.changes == (("\u0308", ""),)
    assert stripped.after == ("ab a",)


def test_a_long_text_is_replayed_in_little_time() -> None:
    steps = replay_of("metaspace-prefix").steps("Die Straße ist naïve. " * 2000)
    assert steps.not_replayed is None


def test_a_model_that_cannot_be_replayed_is_named() -> None:
    backend = tokenizers.Tokenizer(models.BPE({"a": 0}, [], dropout=0.5))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    steps = replay(wrap(backend, "dropout"), "a a")
    assert steps.not_replayed is not None
    assert "dropout" in steps.not_replayed
    assert [step.component for step in steps.steps] == ["pre-tokenizer"]


def test_merges_are_traced_by_rank() -> None:
    (trace,) = replay_of("modernbert").steps("tiger").traces
    assert isinstance(trace, BPETrace)
    assert trace.first == ("t", "i", "g", "e", "r")
    assert trace.tokens == ("t", "iger")
    ranks = [merge.rank for merge in trace.merges]
    assert len(ranks) == 3
    assert trace.merges[-1].joined == "iger"


def test_steps_are_plain_data() -> None:
    data = replay_of("unigram").steps("tiger").to_dict()
    assert data["ids"]
    assert data["steps"][-1]["component"] == "model"
    assert data["traces"][0]["best"]["score"] < 0
