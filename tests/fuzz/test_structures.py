"""Structures of every kind that a format allows, sound or not, are read or refused in order."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.fuzz import packing
from tests.fuzz.parsers import PARSERS, attempt
from tokstat.errors import TokstatError
from tokstat.loading.gguf_header import read_header
from tokstat.loading.protobuf import fields

TEXTS = some.text("abé漢▁Ġ \0", max_size=4)
TOKENS = some.sampled_from(["<unk>", "a", "b", "ab", "##b", "b</w>", "▁a", "é", "<0x61>", "aé"])
INTEGERS = some.integers(-2, 9) | some.sampled_from([2**31, 2**32, 2**63, 2**64 - 1, 10**30])
NUMBERS = INTEGERS | some.floats(width=32)
ANYTHING = some.recursive(
    some.none() | some.booleans() | NUMBERS | TEXTS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def outcome(name: str, data: bytes) -> TokstatError | None:
    """Have a parser read data in a folder of its own."""
    parser = PARSERS[name]
    with TemporaryDirectory() as folder:
        return attempt(parser, Path(folder) / parser.file, data)


def component(kinds: dict[str, dict[str, Any]]) -> some.SearchStrategy[Any]:
    """Draw no component, or one of some kinds, with its fields."""
    found: some.SearchStrategy[Any] = some.none()
    for kind, of_kind in kinds.items():
        found |= some.fixed_dictionaries({"type": some.just(kind), **of_kind})
    return found


PATTERNS = some.one_of(
    some.fixed_dictionaries({"String": TEXTS}),
    some.fixed_dictionaries({"Regex": some.sampled_from([r"\s+", "(a|aa)+$", "(?!x)", "[", ""])}),
)
BEHAVIOURS = some.sampled_from(["Removed", "Isolated", "MergedWithNext", "Contiguous", "Other"])
NORMALIZERS = component(
    {
        "NFC": {},
        "Lowercase": {},
        "StripAccents": {},
        "Prepend": {"prepend": TEXTS},
        "Strip": {"strip_left": some.booleans(), "strip_right": some.booleans()},
        "Replace": {"pattern": PATTERNS, "content": TEXTS},
        "Precompiled": {"precompiled_charsmap": some.none() | some.text("AQg/=", max_size=24)},
        "ByteLevel": {},
    }
)
PRE_TOKENIZERS = component(
    {
        "ByteLevel": dict.fromkeys(
            ("add_prefix_space", "trim_offsets", "use_regex"), some.booleans()
        ),
        "Whitespace": {},
        "Split": {"pattern": PATTERNS, "behavior": BEHAVIOURS, "invert": some.booleans()},
        "Metaspace": {
            "replacement": TEXTS,
            "prepend_scheme": some.sampled_from(["always", "first", "never", "other"]),
            "split": some.booleans(),
        },
        "FixedLength": {"length": INTEGERS},
    }
)
DECODERS = component(
    {
        "ByteFallback": {},
        "Fuse": {},
        "Strip": {"content": TEXTS, "start": INTEGERS, "stop": INTEGERS},
        "WordPiece": {"prefix": TEXTS, "cleanup": some.booleans()},
        "BPEDecoder": {"suffix": TEXTS},
        "Replace": {"pattern": PATTERNS, "content": TEXTS},
    }
)
VOCABULARIES = some.lists(TOKENS, unique=True).map(
    lambda tokens: {token: index for index, token in enumerate(tokens)}
) | some.dictionaries(TOKENS, INTEGERS)
MERGES = some.lists(some.tuples(TOKENS, TOKENS) | TEXTS, max_size=4)
MODELS = some.one_of(
    some.fixed_dictionaries(
        {"type": some.just("BPE"), "vocab": VOCABULARIES, "merges": MERGES},
        optional={
            "unk_token": TOKENS,
            "continuing_subword_prefix": TEXTS,
            "end_of_word_suffix": TEXTS,
            "dropout": NUMBERS,
            "byte_fallback": some.booleans(),
            "ignore_merges": some.booleans(),
        },
    ),
    some.fixed_dictionaries(
        {
            "type": some.just("WordPiece"),
            "vocab": VOCABULARIES,
            "unk_token": TOKENS,
            "continuing_subword_prefix": TEXTS,
            "max_input_chars_per_word": INTEGERS,
        }
    ),
    some.fixed_dictionaries(
        {
            "type": some.just("Unigram"),
            "vocab": some.lists(some.tuples(TOKENS, some.floats(-9, 0)), max_size=6),
            "unk_id": some.none() | INTEGERS,
        }
    ),
    some.fixed_dictionaries(
        {"type": some.just("WordLevel"), "vocab": VOCABULARIES, "unk_token": TOKENS}
    ),
)
ADDED = some.fixed_dictionaries(
    {
        "id": some.integers(0, 12) | INTEGERS,
        "content": TOKENS | TEXTS,
        **dict.fromkeys(
            ("single_word", "lstrip", "rstrip", "normalized", "special"), some.booleans()
        ),
    }
)
TOKENIZERS = some.fixed_dictionaries(
    {
        "version": some.just("1.0"),
        "truncation": some.none(),
        "padding": some.none(),
        "added_tokens": some.lists(ADDED, max_size=3),
        "normalizer": NORMALIZERS,
        "pre_tokenizer": PRE_TOKENIZERS,
        "post_processor": some.none(),
        "decoder": DECODERS,
        "model": MODELS,
    }
)


@settings(max_examples=100, deadline=None)
@given(TOKENIZERS)
def test_any_tokenizer_is_read_or_refused(content: dict[str, Any]) -> None:
    error = outcome("tokenizer.json, BPE", json.dumps(content).encode())
    assert error is None or error.hint


KEYS = some.sampled_from(
    [
        *("model", "tokens", "scores", "token_type", "merges", "pre", "unknown_token_id"),
        *("add_space_prefix", "remove_extra_whitespaces", "precompiled_charsmap"),
    ]
).map("tokenizer.ggml.{}".format)
KINDS = some.sampled_from(["gpt2", "llama", "bert", "t5", "gemma4", "none"])
ARRAYS = some.one_of(
    some.tuples(some.just(8), some.lists(TOKENS, max_size=5)),
    some.tuples(some.just(6), some.lists(some.floats(-9, 9, width=32), max_size=5)),
    some.tuples(some.just(5), some.lists(some.integers(0, 7), max_size=5)),
)
ENTRIES = some.lists(
    some.one_of(
        some.tuples(KEYS, some.just(9), ARRAYS),
        some.tuples(KEYS, some.just(4), some.integers(0, 2**32 - 1)),
        some.tuples(KEYS, some.just(8), TEXTS | some.sampled_from(["gpt-2", "llama-bpe"])),
        some.tuples(KEYS, some.just(7), some.booleans()),
    ),
    unique_by=lambda entry: entry[0],
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(KINDS, ENTRIES)
def test_any_gguf_is_read_or_refused(kind: str, entries: list[Any]) -> None:
    named = [entry for entry in entries if entry[0] != "tokenizer.ggml.model"]
    data = packing.gguf(json.dumps([("tokenizer.ggml.model", 8, kind), *named]).encode())
    assert data.startswith(b"GGUF")
    error = outcome("GGUF", data)
    assert error is None or error.hint


@settings(max_examples=100, deadline=None)
@given(ENTRIES)
def test_a_gguf_header_gives_back_what_it_holds(entries: list[Any]) -> None:
    data = packing.gguf(json.dumps(entries).encode())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.gguf"
        path.write_bytes(data)
        found = read_header(path, "tokenizer.")
    assert found == {key: value[1] if kind == 9 else value for key, kind, value in entries}


PIECES = some.lists(
    some.tuples(TOKENS | TEXTS, some.floats(width=32), some.integers(0, 7)), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(PIECES, some.integers(0, 5), some.lists(some.booleans(), min_size=3, max_size=3))
def test_any_sentencepiece_model_is_read_or_refused(
    pieces: list[tuple[str, float, int]], kind: int, flags: list[bool]
) -> None:
    listed = [[1, [[1, token], [2, score], [3, of]]] for token, score, of in pieces]
    normalizer = [3, [[number, int(flag)] for number, flag in enumerate(flags, 3)]]
    message = packing.protobuf(json.dumps([*listed, [2, [[3, kind]]], normalizer]).encode())
    assert len(list(fields(memoryview(message)))) == len(pieces) + 2
    error = outcome("SentencePiece", message)
    assert error is None or error.hint


@settings(max_examples=60, deadline=None)
@given(
    some.dictionaries(
        some.sampled_from(["embeddings", "lm_head.weight", "x", "__metadata__"]),
        some.fixed_dictionaries(
            {
                "dtype": some.sampled_from(["F32", "F16", "BF16", "I8", 7]),
                "shape": some.lists(INTEGERS, max_size=3),
                "data_offsets": some.lists(INTEGERS, max_size=3),
            }
        )
        | ANYTHING,
    ),
    some.binary(max_size=40),
)
def test_any_safetensors_header_is_read_or_refused(header: dict[str, Any], rest: bytes) -> None:
    text = json.dumps(header).encode()
    error = outcome("safetensors", len(text).to_bytes(8, "little") + text + rest)
    assert error is None or error.hint


@settings(max_examples=60, deadline=None)
@given(some.lists(some.integers(0, 2**32 - 1), max_size=600), some.binary(max_size=12))
def test_any_normalization_rules_are_read_or_refused(units: list[int], rest: bytes) -> None:
    data = np.array([4 * len(units), *units], "<u4").tobytes() + rest
    error = outcome("charsmap", data)
    assert error is None or error.hint


@pytest.mark.parametrize(
    "name",
    ["report", "comparison", "corpus report", "ladder", "study", "tekken", "tokenizer.json, BPE"],
)
@settings(max_examples=20, deadline=None)
@given(content=ANYTHING)
def test_any_json_is_refused(name: str, content: object) -> None:
    error = outcome(name, json.dumps(content).encode())
    assert error is not None
    assert error.hint
