"""Lengths against positions, and what a model makes of a text that is one token too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.drafts import Draft
from tests.cases.made import findings_of, write_case
from tests.needs import need
from tokstat.analyzers.lengths import positions_of
from tokstat.model.folder import ModelFolder
from tokstat.words.lexicon import Lexicon

USABLE = {
    ("roberta", 514, 1): 512,
    ("xlm-roberta", 8194, 1): 8192,
    ("mpnet", 514, 1): 512,
    ("longformer", 4098, 1): 4096,
    ("roberta", 514, 0): 513,
    ("bert", 512, 0): 512,
}


@pytest.mark.parametrize(("kind", "count", "padding"), USABLE)
def test_usable_positions(tmp_path: Path, kind: str, count: int, padding: int) -> None:
    def edit(draft: Draft) -> None:
        draft.config |= {
            "model_type": kind,
            "max_position_embeddings": count,
            "pad_token_id": padding,
        }

    write_case(tmp_path, "wordpiece", edit)
    found = positions_of(ModelFolder(tmp_path))
    assert found is not None
    assert (found.count, found.usable) == (count, USABLE[kind, count, padding])


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "llama", "max_position_embeddings": 512},
        {"model_type": "bert", "max_position_embeddings": 64, "position_embedding_type": "rotary"},
        {"model_type": "bert", "max_position_embeddings": "512"},
        {"model_type": "bert"},
        {"model_type": ["bert"], "max_position_embeddings": 8},
    ],
    ids=str,
)
def test_positions_that_are_unknown_or_computed(
    tmp_path: Path, english: Lexicon, config: dict[str, object]
) -> None:
    write_case(tmp_path, "wordpiece", lambda draft: draft.config.update(config))
    assert positions_of(ModelFolder(tmp_path)) is None
    assert findings_of(tmp_path, "lengths", english) == []


@pytest.mark.slow
def test_one_token_too_many_is_an_index_error() -> None:
    torch = need("torch")
    from transformers import BertConfig, BertModel, RobertaConfig, RobertaModel

    sizes = {
        "vocab_size": 20,
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "intermediate_size": 8,
    }
    models = (
        (RobertaModel(RobertaConfig(max_position_embeddings=34, pad_token_id=1, **sizes)), 32),
        (BertModel(BertConfig(max_position_embeddings=32, **sizes)), 32),
    )
    for model, fit in models:
        with torch.no_grad():
            model(input_ids=torch.full((1, fit), 5))
            with pytest.raises((IndexError, RuntimeError)):
                model(input_ids=torch.full((1, fit + 1), 5))
