"""Broken model folders: vocabularies and weights beside a tokenizer, and clean twins."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from safetensors.numpy import save

from tests.cases.broken import cases
from tests.cases.drafts import Draft
from tests.cases.folders import TWO

# Neighbours.


@cases(("byte-level", "metaspace-prefix"), "TS672")
def vocab_json_of_another_version(draft: Draft) -> None:
    vocabulary_files(draft)
    stated = dict(draft.vocab)
    first, second = list(stated)[500:502]
    stated[first], stated[second] = stated[second], stated[first]
    draft.files["vocab.json"] = json.dumps(stated).encode()


@cases(("byte-level", "metaspace-prefix"), "TS672")
def merges_txt_that_is_cut_off(draft: Draft) -> None:
    vocabulary_files(draft)
    draft.files["merges.txt"] = draft.files["merges.txt"][:2000].rpartition(b"\n")[0]


@cases(("byte-level", "metaspace-prefix"))
def vocabulary_files(draft: Draft) -> None:
    """Write what the slow tokenizers of BPE read."""
    merges = (" ".join(pair) for pair in draft.tokenizer["model"]["merges"])
    draft.files["vocab.json"] = json.dumps(draft.vocab).encode()
    draft.files["merges.txt"] = "\n".join(["#version: 0.2", *merges, ""]).encode()


@cases(("wordpiece",))
def vocab_txt(draft: Draft) -> None:
    lines = sorted(draft.vocab, key=lambda token: draft.vocab[token])
    draft.files["vocab.txt"] = "\n".join([*lines, ""]).encode()


@cases(("wordpiece",), "TS672")
def vocab_txt_with_a_line_less(draft: Draft) -> None:
    vocab_txt(draft)
    draft.files["vocab.txt"] = draft.files["vocab.txt"].partition(b"\n")[2]


@cases(TWO, "TS672")
def added_tokens_json_that_lacks_one(draft: Draft) -> None:
    first, _ = draft.add_special("<one>", "<two>")
    draft.files["added_tokens.json"] = json.dumps({"<one>": first}).encode()


# Rows.


def adapter(draft: Draft, rows: int | None = None, **config: Any) -> None:
    """Make the folder that of an adapter, with a trained embedding of so many rows or without."""
    size = draft.config["vocab_size"]
    tensors = {"base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight": np.zeros((2, 8))}
    if rows is not None:
        tensors["base_model.model.model.embed_tokens.weight"] = np.zeros((size + rows, 8))
    draft.files["adapter_model.safetensors"] = save(
        {name: numbers.astype(np.float32) for name, numbers in tensors.items()}
    )
    written = {"peft_type": "LORA", "base_model_name_or_path": "org/base", **config}
    draft.files["adapter_config.json"] = json.dumps(written).encode()
    draft.add_special("<one>", "<two>")
    draft.embeddings = None
    del draft.config["vocab_size"]


@cases(TWO, "TS673")
def adapter_without_trained_rows(draft: Draft) -> None:
    adapter(draft)


@cases(TWO, "TS673")
def adapter_with_a_row_too_few(draft: Draft) -> None:
    adapter(draft, 1)


@cases(TWO)
def adapter_with_its_embedding(draft: Draft) -> None:
    adapter(draft, 2)


@cases(TWO)
def adapter_that_trains_the_new_rows(draft: Draft) -> None:
    size = draft.config["vocab_size"]
    adapter(draft, trainable_token_indices={"embed_tokens": [size, size + 1]})


@cases(TWO, "TS603")
def adapter_whose_weights_are_cut_off(draft: Draft) -> None:
    adapter(draft, 2)
    draft.files["adapter_model.safetensors"] = draft.files["adapter_model.safetensors"][:100]


@cases(TWO, "TS603")
def adapter_whose_configuration_is_cut_off(draft: Draft) -> None:
    adapter(draft)
    draft.files["adapter_config.json"] = draft.files["adapter_config.json"][:30]


@cases(TWO, "TS673")
def head_with_fewer_rows_than_the_embedding(draft: Draft) -> None:
    draft.add_special("<one>")
    assert draft.embeddings is not None
    draft.matrices["lm_head.weight"] = draft.embeddings[:-1]


@cases(TWO)
def head_with_as_many_rows(draft: Draft) -> None:
    draft.add_special("<one>")
    assert draft.embeddings is not None
    draft.matrices["lm_head.weight"] = draft.embeddings + 1
