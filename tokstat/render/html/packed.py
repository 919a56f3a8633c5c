"""A tokenizer packed for a page: all that encoding takes, compressed, as ASCII."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tokstat.loading.charsmap import Charsmap
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.written_json import Merge, split_merge

_GPT2_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""How ByteLevel splits a text (Radford et al. 2019, GPT-2)."""

_LONGEST_RULE = 5
"""Bytes of the longest text that the tokenizers library looks up in a map of characters."""


def packed(tokenizer: Tokenizer) -> str:
    """Return a tokenizer as Base64 of compressed JSON, which `playground_worker.js` unpacks.

    The tokens are listed in the order of their ids. A merge is the id of the token that it makes
    (as the difference from the previous one, which is nearly always 1) and the length of its left
    part, which takes a tenth of the two parts. Decoder, padding and truncation are left out.

    Raises:
        InvalidTokenizerError: ids are far apart.
    """
    written = json.loads(tokenizer.to_json())
    model = {"type": tokenizer.model_type, **written["model"]}
    columns = _packed_model(model)
    contents = {
        "tokenizer": {
            "normalizer": _with_rules(written["normalizer"]),
            "pre_tokenizer": _portable(written["pre_tokenizer"]),
            "post_processor": written["post_processor"],
            "decoder": None,
            "added_tokens": written["added_tokens"],
            "model": model,
        },
        **columns,
    }
    text = json.dumps(contents, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode())).decode()


def _packed_model(model: dict[str, Any]) -> dict[str, Any]:
    """Take the vocabulary and the merges from a model, and return them packed where they can be."""
    columns: dict[str, Any] = {}
    vocabulary = model["vocab"]
    if isinstance(vocabulary, list):
        scores = np.array([score for _, score in vocabulary], np.float64)
        short = scores.astype(np.float32)
        # Scores are numbers of 32 bits that some files write with the last digit rounded.
        if np.allclose(short, scores, rtol=1e-14, atol=0):
            columns = {
                "pieces": [token for token, _ in vocabulary],
                # The shortest decimals that are read back as the same 32 bits.
                "scores": [float(str(score)) for score in short],
            }
            model["vocab"] = []
        return columns
    if "merges" in model:
        merges = [split_merge(merge) for merge in model["merges"]]
        if (packed_merges := _packed_merges(merges, vocabulary)) is not None:
            columns |= packed_merges
            model["merges"] = []
    size = max(vocabulary.values(), default=-1) + 1
    tokens: list[str | None] = [None] * size
    for token, index in vocabulary.items():
        tokens[index] = token
    model["vocab"] = {}
    return {"tokens": tokens, **columns}


def _packed_merges(
    merges: Sequence[Merge], vocabulary: Mapping[str, int]
) -> dict[str, list[int]] | None:
    """Return merges as two columns, or None if one of them makes a token that is not there."""
    made, lengths, last = [], [], 0
    for left, right in merges:
        index = vocabulary.get(left + right)
        if index is None:
            return None
        made.append(index - last)
        lengths.append(len(left.encode("utf-16-le")) // 2)  # as JavaScript counts
        last = index
    return {"made": made, "lengths": lengths}


def _with_rules(part: dict[str, Any] | None) -> dict[str, Any] | None:
    """Write SentencePiece's map of characters as the rules that the library applies of it.

    It looks up clusters of characters of less than 6 bytes, and single characters. Without the
    rules, of which a file may have too many, the page uses the port's own, which are near NFKC.
    """
    if part is None:
        return None
    if part["type"] == "Sequence":
        return {**part, "normalizers": [_with_rules(each) for each in part["normalizers"]]}
    if part["type"] != "Precompiled":
        return part
    charsmap = Charsmap.parse(base64.b64decode(part["precompiled_charsmap"]))
    rules = charsmap.rules_within(_LONGEST_RULE)
    return {**part, "precompiled_charsmap": None, "rules": rules}


def _portable(part: dict[str, Any] | None) -> dict[str, Any] | None:
    r"""Write a pre-tokenizer with the parts that the JavaScript port runs as the library does.

    The port's own `\s` takes in U+FEFF and leaves out U+0085, except in the patterns that it
    rewrites, and its Metaspace does not split.
    """
    if part is None:
        return None
    if part["type"] == "Sequence":
        return {**part, "pretokenizers": [_portable(each) for each in part["pretokenizers"]]}
    if part["type"] == "WhitespaceSplit":
        return _split(r"\s+", "Removed")
    if part["type"] == "ByteLevel" and part["use_regex"] and not part["add_prefix_space"]:
        bytes_alone = {**part, "use_regex": False}
        return {
            "type": "Sequence",
            "pretokenizers": [_split(_GPT2_PATTERN, "Isolated"), bytes_alone],
        }
    if part["type"] == "Metaspace" and part.get("split", True):
        mark = "".join(f"\\u{{{ord(character):X}}}" for character in part["replacement"])
        pieces = _split(f"{mark}[^{mark}]*", "Isolated")
        return {"type": "Sequence", "pretokenizers": [part, pieces]}
    return part


def _split(pattern: str, behavior: str) -> dict[str, Any]:
    return {
        "type": "Split",
        "pattern": {"Regex": pattern},
        "behavior": behavior,
        "invert": False,
    }
