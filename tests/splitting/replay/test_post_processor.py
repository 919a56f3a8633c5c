"""Post-processors, replayed against the library."""

from __future__ import annotations

from typing import Any

import pytest
import tokenizers
from tokenizers import models, pre_tokenizers, processors

from tests.conftest import wrap
from tokstat.splitting.replay.post_processor import with_special_tokens
from tokstat.splitting.steps import replay
from tokstat.tokenizer.decoding import components

TEMPLATE = processors.TemplateProcessing(
    single="[A] $A [B] [B]",
    pair="[A] $A [B] $B",
    special_tokens=[{"id": "[A]", "ids": [0, 2], "tokens": ["a", "c"]}, ("[B]", 1)],
)


@pytest.mark.parametrize(
    ("processor", "expected"),
    [
        (None, [3, 3]),
        (processors.ByteLevel(), [3, 3]),
        (processors.BertProcessing(("b", 1), ("a", 0)), [0, 3, 3, 1]),
        (processors.RobertaProcessing(("b", 1), ("a", 0)), [0, 3, 3, 1]),
        (TEMPLATE, [0, 2, 3, 3, 1, 1]),
        (processors.Sequence([processors.ByteLevel(), TEMPLATE]), [0, 2, 3, 3, 1, 1]),
        (
            processors.Sequence([processors.BertProcessing(("b", 1), ("a", 0)), TEMPLATE]),
            [0, 2, 0, 3, 3, 1, 1, 1],
        ),
    ],
)
def test_it_puts_special_tokens_as_the_library(processor: Any, expected: list[int]) -> None:
    vocabulary = {"a": 0, "b": 1, "c": 2, "d": 3}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="a"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    if processor is not None:
        backend.post_processor = processor
    steps = replay(wrap(backend, "processor"), "d d", special=True)
    assert steps.not_replayed is None
    assert list(steps.ids) == expected
    shown = [step.type for step in steps.steps if step.component == "post-processor"]
    assert shown == [part["type"] for part in components(backend, "post_processor")]


def test_an_unknown_part_is_not_replayed() -> None:
    assert with_special_tokens({"type": "Mystery"}, [1]) is None
