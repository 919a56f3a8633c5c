"""Greedy longest match over the tokens of a vocabulary, in place of its own way to split words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tokstat.editing.edit import Edit
from tokstat.editing.interventions import Intervention
from tokstat.editing.rebuild import read_again
from tokstat.tokenizer.scheme import byte_alphabet
from tokstat.tokenizer.tokenizer import Tokenizer

GREEDY = "greedy"
"""The name of this change."""

_LONGEST = 1_000
"""Characters of the longest piece that is split; a longer one is the unknown token."""

_NO_TOKEN = ""
"""Stands for the unknown token of a model without one, which never needs it."""


_NEVER_IN_TEXT = (0xC0, 0xC1, *range(0xF5, 0x100))
"""Bytes that no text has in UTF-8; vocabularies leave them out."""


def greedy() -> Intervention:
    """Split words into the longest tokens from the left, with the same tokens.

    This is how WordPiece splits. BPE and Unigram models are replaced by a WordPiece model of their
    vocabulary; their pre-tokenizer stays.
    """
    return Intervention(GREEDY, "greedy longest match", _split_greedily)


def can_be_greedy(tokenizer: Tokenizer) -> bool:
    """Whether the vocabulary can be searched for the longest match.

    It cannot where the last piece of a word has a mark (`</w>`), nor where a character may be in no
    token and there is no unknown token.
    """
    if tokenizer.model_type in ("WordPiece", "WordLevel"):
        return True
    if tokenizer.scheme.end:
        return False
    model = json.loads(tokenizer.to_json())["model"]
    vocabulary = _ids_by_token(model)
    if tokenizer.scheme.byte_level:
        return all(
            character in vocabulary
            for character, byte in byte_alphabet().items()
            if byte not in _NEVER_IN_TEXT
        )
    return _unknown_token(model) in vocabulary


def _split_greedily(tokenizer: Tokenizer) -> Edit:
    if tokenizer.model_type in ("WordPiece", "WordLevel"):
        return Edit.nothing(tokenizer)
    data = json.loads(tokenizer.to_json())
    model = data["model"]
    data["model"] = {
        "type": "WordPiece",
        "unk_token": _unknown_token(model),
        "continuing_subword_prefix": model.get("continuing_subword_prefix") or "",
        "max_input_chars_per_word": _LONGEST,
        "vocab": _ids_by_token(model),
    }
    text = json.dumps(data, ensure_ascii=False)
    origin = replace(tokenizer.origin, sha256=hashlib.sha256(text.encode()).hexdigest())
    return Edit.nothing(Tokenizer(read_again(text), origin))


def _ids_by_token(model: Mapping[str, Any]) -> dict[str, int]:
    if model["type"] == "Unigram":
        return {token: number for number, (token, _) in enumerate(model["vocab"])}
    return dict(model["vocab"])


def _unknown_token(model: Mapping[str, Any]) -> str:
    if model["type"] == "Unigram" and model["unk_id"] is not None:
        return str(model["vocab"][model["unk_id"]][0])
    return model.get("unk_token") or _NO_TOKEN
