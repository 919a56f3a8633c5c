"""GGUF files without weights, written by the gguf package from tokenizers of other formats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gguf
import tokenizers

from tokstat.loading.pieces import CONTROL, NORMAL, UNKNOWN, UNUSED, USER_DEFINED
from tokstat.loading.sentencepiece import _parse


def write(path: Path, model: str, tokens: Sequence[str], **values: Any) -> Path:
    """Write a file with the keys of `tokenizer.ggml`, and one that is none of these before them."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_array("test.before", ["skipped", "too"])
    writer.add_tokenizer_model(model)
    writer.add_token_list(list(tokens))
    for key, value in values.items():
        name = f"tokenizer.ggml.{key}"
        if isinstance(value, bool):
            writer.add_bool(name, value)
        elif isinstance(value, str):
            writer.add_string(name, value)
        elif isinstance(value, int):
            writer.add_uint32(name, value)
        else:
            writer.add_array(name, value)
    writer.add_array("test.after", [1, 2, 3])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return path


def from_tokenizer_json(path: Path, backend: tokenizers.Tokenizer, pre: str) -> Path:
    """Write a byte-level BPE tokenizer as llama.cpp's converter does, padded by three rows."""
    added = backend.get_added_tokens_decoder()
    ids = {index: token for token, index in backend.get_vocab().items()}
    tokens, kinds = [], []
    for index in range(max(ids) + 4):
        tokens.append(ids.get(index, f"[PAD{index}]"))
        if index in added:
            kinds.append(CONTROL if added[index].special else USER_DEFINED)
        else:
            kinds.append(NORMAL if index in ids else UNUSED)
    merges = json.loads(backend.to_str())["model"]["merges"]
    lines = [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]
    return write(path, "gpt2", tokens, token_type=kinds, merges=lines, pre=pre)


def from_wordpiece(path: Path, backend: tokenizers.Tokenizer, *, said: bool) -> Path:
    """Write BERT's tokenizer: the start of a word is marked, and not its continuation."""
    added = set(backend.get_added_tokens_decoder())
    ids = {index: token for token, index in backend.get_vocab().items()}
    tokens, kinds = [], []
    for index in range(max(ids) + 1):
        token = ids[index]
        special = index in added
        kinds.append(CONTROL if special else NORMAL)
        inside = token.startswith("##")
        tokens.append(token if special else token[2:] if inside else f"▁{token}")
    values = {"normalizer.lowercase": True} if said else {}
    unknown = backend.token_to_id("[UNK]")
    return write(path, "bert", tokens, token_type=kinds, unknown_token_id=unknown, **values)


def from_unigram(path: Path, backend: tokenizers.Tokenizer, **values: Any) -> Path:
    """Write the Unigram model of a tokenizer.json."""
    model = json.loads(backend.to_str())["model"]
    added = backend.get_added_tokens_decoder()
    tokens = [token for token, _ in model["vocab"]]
    kinds = [CONTROL if index in added else NORMAL for index in range(len(tokens))]
    scores = [float(score) for _, score in model["vocab"]]
    return write(
        path,
        "t5",
        tokens,
        scores=scores,
        token_type=kinds,
        unknown_token_id=model["unk_id"],
        **values,
    )


def from_sentencepiece(path: Path, model: bytes) -> Path:
    """Write a SentencePiece model, BPE as `llama`, Unigram as `t5`."""
    parsed = _parse(model, "test")
    unknown = [piece.kind for piece in parsed.pieces].index(UNKNOWN)
    values: dict[str, Any] = {
        "add_space_prefix": parsed.add_dummy_prefix,
        "unknown_token_id": unknown,
    }
    if parsed.model_type == 1:
        values["remove_extra_whitespaces"] = parsed.remove_extra_whitespaces
        if parsed.charsmap:
            values["precompiled_charsmap"] = parsed.charsmap
    return write(
        path,
        "t5" if parsed.model_type == 1 else "llama",
        [piece.token for piece in parsed.pieces],
        scores=[piece.score for piece in parsed.pieces],
        token_type=[piece.kind for piece in parsed.pieces],
        **values,
    )
