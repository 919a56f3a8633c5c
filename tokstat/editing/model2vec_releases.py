"""The tokenizer that a release of Model2Vec gives to a static model, for byte-level BPE.

Model2Vec changes the teacher's tokenizer, and each line of releases in its own way. What is made
here equals what the releases save, but for what no encoding depends on (post-processor, padding,
truncation); `python -m tests.tools.model2vec_history` distills with each of them, and compares.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np

from tokstat.editing.rebuild import read_again
from tokstat.errors import EditError
from tokstat.model.folder import named_roles
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode_batch
from tokstat.tokenizer.tokenizer import Tokenizer

_SPLITTING = (
    *("WhitespaceSplit", "BertPreTokenizer", "CharDelimiterSplit", "Punctuation", "Split"),
    "UnicodeScripts",
)
"""Pre-tokenizers that 0.6 and 0.7 remove."""

_SPACES = "▁Ġ"
"""Marks of a space that 0.6 and 0.7 count twice in the length of a token."""


def as_release(tokenizer: Tokenizer, release: str) -> Tokenizer:
    """Return the tokenizer that a release of Model2Vec saves for a teacher with this one.

    Raises:
        EditError: the release is not one of `RELEASES`, the tokenizer is not byte-level BPE, or the
            release fails on it.
    """
    if release not in RELEASES:
        raise EditError(
            f"Model2Vec {release} is not reproduced", f"Choose one of: {', '.join(RELEASES)}."
        )
    kinds = {part["type"] for part in components(tokenizer.backend, "pre_tokenizer")}
    if tokenizer.model_type != "BPE" or "ByteLevel" not in kinds:
        raise EditError(
            f"{tokenizer.origin.spec} is not byte-level BPE, and what Model2Vec {release} does to"
            " others is not reproduced",
            f"Install model2vec=={release} in an environment of its own, and distill with that.",
        )
    text = json.dumps(RELEASES[release](tokenizer), ensure_ascii=False)
    origin = replace(tokenizer.origin, sha256=sha256(text.encode()).hexdigest())
    return Tokenizer(read_again(text), origin)


def _unchanged(tokenizer: Tokenizer) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(tokenizer.to_json())
    return data


def _as_unigram(tokenizer: Tokenizer) -> dict[str, Any]:
    """Make a Unigram model that prefers long tokens, with a leading space and no splitting."""
    roles = _roles(tokenizer)
    unknown, padding = roles.get("unk"), roles.get("pad")
    if unknown is not None and padding in (None, unknown):
        raise EditError(
            "Model2Vec 0.6 and 0.7 fail on a tokenizer without a pad token of its own",
            "Choose another release, or give the tokenizer a pad token.",
        )
    data, tokens = _pruned(tokenizer, {unknown, padding})
    names = {unknown: "[UNK]", padding: "[PAD]"}
    tokens = [names.get(token, token) for token in tokens]
    for added in data["added_tokens"]:
        added["content"] = names[added["content"]]
    lengths = np.array([len(each) + sum(map(each.count, _SPACES)) for each in tokens])
    logs = np.log(lengths / lengths.sum()).tolist()
    data["model"] = {
        "type": "Unigram",
        "unk_id": None if unknown is None else tokens.index("[UNK]"),
        "vocab": list(zip(tokens, logs, strict=True)),
        "byte_fallback": False,
    }
    for part in _parts(data):
        if part["type"] == "ByteLevel":
            part.update(add_prefix_space=True, use_regex=False)
    if data["pre_tokenizer"]["type"] == "Sequence":
        kept = [part for part in _parts(data) if part["type"] not in _SPLITTING]
        data["pre_tokenizer"]["pretokenizers"] = kept
    (commas,) = encode_batch(tokenizer.backend, ["a, ,"])
    before = " " if commas.tokens[1:] == [",", ","] else ""
    steps: list[dict[str, Any]] = [data["normalizer"]] if data["normalizer"] else []
    steps += [
        {"type": "Replace", "pattern": {"String": sign}, "content": f"{before}{sign} "}
        for sign in string.punctuation
    ]
    steps.append({"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "})
    steps.append({"type": "Strip", "strip_left": True, "strip_right": True})
    data["normalizer"] = {"type": "Sequence", "normalizers": steps}
    return data


def _with_prefix_space(tokenizer: Tokenizer) -> dict[str, Any]:
    """Set the prefix space of ByteLevel: after a Split it precedes every piece."""
    roles = _roles(tokenizer)
    unknown = roles.get("unk", _unchanged(tokenizer)["model"]["unk_token"])
    data, tokens = _pruned(tokenizer, {unknown, roles.get("pad")})
    data["model"]["vocab"] = {token: place for place, token in enumerate(tokens)}
    data["model"]["unk_token"] = unknown
    first = next(part for part in _parts(data) if part["type"] == "ByteLevel")
    first["add_prefix_space"] = True
    return data


def _roles(tokenizer: Tokenizer) -> Mapping[str, str]:
    """Return the token of each role that the files beside a tokenizer name."""
    return {} if tokenizer.model_folder is None else named_roles(tokenizer.model_folder)


def _pruned(tokenizer: Tokenizer, kept: set[str | None]) -> tuple[dict[str, Any], list[str]]:
    """Return the JSON and the tokens in order, both without added tokens but some."""
    data = _unchanged(tokenizer)
    added = {each["content"]: each["id"] for each in data["added_tokens"]}
    everything = {**data["model"]["vocab"], **added}
    tokens = [
        each
        for each in sorted(everything, key=everything.__getitem__)
        if each in kept or each not in added
    ]
    places = {token: place for place, token in enumerate(tokens)}
    data["added_tokens"] = [
        {**each, "id": places[each["content"]]}
        for each in data["added_tokens"]
        if each["content"] in kept
    ]
    data["post_processor"] = None
    return data, tokens


def _parts(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the pre-tokenizers of a JSON, those of a sequence one by one."""
    found: dict[str, Any] = data["pre_tokenizer"]
    return list(found["pretokenizers"]) if found["type"] == "Sequence" else [found]


RELEASES: Mapping[str, Callable[[Tokenizer], dict[str, Any]]] = {
    **dict.fromkeys(("0.3.8", "0.4.1"), _unchanged),
    **dict.fromkeys(("0.6.0", "0.7.0"), _as_unigram),
    **dict.fromkeys(("0.8.2", "0.10.0"), _with_prefix_space),
}
"""What each release does, of those that are reproduced exactly."""
