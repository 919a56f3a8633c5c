"""Changes of a tokenizer that a comparison and a lock must find, each by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import tokenizers

from tests.conftest import load_known, wrap
from tokstat.comparison.difference import Difference, difference
from tokstat.loading import load
from tokstat.tokenizer.tokenizer import Tokenizer

Edit = Callable[[dict[str, Any]], None]

PADDING = {
    "strategy": "BatchLongest",
    "direction": "Right",
    "pad_to_multiple_of": None,
    "pad_id": 0,
    "pad_type_id": 0,
    "pad_token": "[PAD]",
}


def _swap(one: str, other: str) -> Edit:
    def edit(written: dict[str, Any]) -> None:
        vocab = written["model"]["vocab"]
        vocab[one], vocab[other] = vocab[other], vocab[one]

    return edit


def _without(component: str) -> Edit:
    return lambda written: written.update({component: None})


def _move_merge(written: dict[str, Any]) -> None:
    merges = written["model"]["merges"]
    merges.insert(10, merges.pop(5000))


def _drop_merge(written: dict[str, Any]) -> None:
    del written["model"]["merges"][5000]


def _flip_flag(written: dict[str, Any]) -> None:
    written["added_tokens"][-1]["lstrip"] ^= True


def _change_template(written: dict[str, Any]) -> None:
    written["post_processor"]["single"][0]["SpecialToken"]["id"] = "[SEP]"


def _swap_rows(written: dict[str, Any]) -> None:
    vocab = written["model"]["vocab"]
    vocab[2], vocab[3] = vocab[3], vocab[2]


def _lower_score(written: dict[str, Any]) -> None:
    written["model"]["vocab"][2][1] -= 9


def _prepend_never(written: dict[str, Any]) -> None:
    written["pre_tokenizer"]["prepend_scheme"] = "never"


def _end_with_unknown(written: dict[str, Any]) -> None:
    token = {"id": "<unk>", "ids": [1], "tokens": ["<unk>"]}
    end = {"SpecialToken": {"id": "<unk>", "type_id": 0}}
    written["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 0}}, end],
        "pair": [
            {"Sequence": {"id": "A", "type_id": 0}},
            {"Sequence": {"id": "B", "type_id": 0}},
            end,
        ],
        "special_tokens": {"<unk>": token},
    }


def _pad(written: dict[str, Any]) -> None:
    written["padding"] = PADDING


MODERNBERT: Mapping[str, Edit] = {
    "ids": _swap("Ġthe", "Ġand"),
    "merges": _move_merge,
    "merges dropped": _drop_merge,
    "normalizer": _without("normalizer"),
    "post-processor": _change_template,
    "post-processor gone": _without("post_processor"),
    "decoder": _without("decoder"),
    "added tokens": _flip_flag,
    "padding": _pad,
}
"""Edits of a byte-level BPE by the part that they change, and a word where a part has several."""

BERT: Mapping[str, Edit] = {
    "ids": _swap("the", "and"),
    "normalizer": _without("normalizer"),
    "post-processor": _change_template,
    "post-processor gone": _without("post_processor"),
    "decoder": _without("decoder"),
    "added tokens": _flip_flag,
    "padding": _pad,
}

UNIGRAM: Mapping[str, Edit] = {
    "ids": _swap_rows,
    "scores": _lower_score,
    "normalizer": _without("normalizer"),
    "pre-tokenizer": _prepend_never,
    "post-processor": _end_with_unknown,
    "decoder": _without("decoder"),
    "added tokens": _flip_flag,
    "padding": _pad,
}

EDITS: Mapping[str, Mapping[str, Edit]] = {
    "modernbert": MODERNBERT,
    "bert": BERT,
    "unigram": UNIGRAM,
}

CASES = [(known, name) for known, edits in EDITS.items() for name in edits]


def part_of(name: str) -> str:
    """Return the part that an edit changes."""
    return name.removesuffix(" dropped").removesuffix(" gone").partition(":")[0]


def edited(known: str, name: str) -> Tokenizer:
    """Return a packaged tokenizer with one edit."""
    written = json.loads(load_known(known).to_json())
    EDITS[known][name](written)
    return wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), f"{known} edited")


@cache
def found_in(known: str, name: str) -> tuple[Tokenizer, Difference]:
    """Return an edited tokenizer, and its difference from the original."""
    new = edited(known, name)
    return new, difference(load_known(known), new)


TEMPLATE = "{% for m in messages %}<|{{ m.role }}|> Hello {{ m.content }}{% endfor %}"

FOLDER: Mapping[str, Any] = {
    "tokenizer_config.json": {
        "bos_token": "[CLS]",
        "eos_token": {"__type": "AddedToken", "content": "[SEP]", "lstrip": False},
        "additional_special_tokens": ["[UNK]", "[MASK]"],
        "padding_side": "right",
        "chat_template": TEMPLATE,
    },
    "config.json": {"eos_token_id": [102, 103], "text_config": {"pad_token_id": 0}},
    "generation_config.json": {"eos_token_id": 102},
}
"""Files beside a tokenizer."""


def write_folder(folder: Path, tokenizer: bytes, **changes: Any) -> Tokenizer:
    """Write a model's folder and load it; a change replaces a file, None leaves it out."""
    folder.mkdir()
    (folder / "tokenizer.json").write_bytes(tokenizer)
    for name, content in FOLDER.items():
        content = changes.get(name.removesuffix(".json"), content)
        if content is not None:
            (folder / name).write_text(json.dumps(content), "utf-8")
    return load(str(folder))


CONFIGURATION = FOLDER["tokenizer_config.json"]

BESIDE: Mapping[str, Mapping[str, Any]] = {
    "roles": {"tokenizer_config": {**CONFIGURATION, "eos_token": "[PAD]"}},
    "roles: other special tokens": {
        "tokenizer_config": {**CONFIGURATION, "additional_special_tokens": ["[MASK]"]}
    },
    "tokenizer_config.json": {"tokenizer_config": {**CONFIGURATION, "padding_side": "left"}},
    "chat template": {
        "tokenizer_config": {**CONFIGURATION, "chat_template": TEMPLATE.replace("Hello", "Hi")}
    },
    "roles in config.json": {"config": {**FOLDER["config.json"], "eos_token_id": 102}},
    "roles in generation_config.json": {"generation_config": {"eos_token_id": 103}},
}
"""Changes of the files beside a tokenizer, by the part that they change."""
