"""Tokens that no piece of text becomes in the model."""

from __future__ import annotations

import json
from functools import lru_cache
from time import process_time
from typing import Any

import pytest
import tokenizers
from tokenizers import Regex, models, pre_tokenizers

from tests.conftest import wrap
from tests.reachability.conftest import (
    bpe_of,
    cause_of,
)
from tests.small_tokenizers import SMALL
from tokstat.reachability.search import find_reachability


@pytest.mark.parametrize(
    ("merges", "more", "token", "cause"),
    [
        ("a+b ab+c", "", "abc", None),
        ("a+b ab+c", "bca", "bca", "no merge path"),
        ("a+b b+c ab+c a+bc", "", "abc", None),
        ("b+c a+b ab+c", "", "abc", "better segmentation"),
        ("b+c a+b ab+c abc+d", "", "abcd", "better segmentation"),
        ("a+b xy+c", "xy", "xyc", "no merge path"),
    ],
)
def test_merge_paths(merges: str, more: str, token: str, cause: str | None) -> None:
    found = cause_of(tokenizers.Tokenizer(bpe_of(merges, *more.split())), token)
    assert found == (None if cause is None else (cause, "model: BPE"))


def test_ignored_merges_need_a_piece_of_their_own() -> None:
    model = bpe_of("a+b", "bca")
    model.ignore_merges = True
    backend = tokenizers.Tokenizer(model)
    assert cause_of(backend, "bca") is None
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("[ab]|c+"), "isolated")
    assert cause_of(backend, "bca") == ("pre-tokenizer", "pre-tokenizer: Split")


def test_what_stands_apart_is_merged_where_characters_are_dropped() -> None:
    """Without an unknown token BPE passes over what it cannot spell."""
    backend = tokenizers.Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")]))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("a(?=b)"), "isolated")
    found = find_reachability(wrap(backend, "made"))
    witness = found.witness(2)
    assert witness is not None
    assert "ab" not in witness


def test_merges_in_every_way_are_followed_in_little_time() -> None:
    """Runs of a letter that merge in every way, but never from a single one: 13 KB."""
    merges = [("a" * at, "a" * (size - at)) for size in range(4, 31) for at in range(2, size - 1)]
    vocab = {"a" * size: size for size in range(1, 31)}
    backend = tokenizers.Tokenizer(models.BPE(vocab, merges))
    assert len(backend.to_str()) < 14_000
    start = process_time()
    assert cause_of(backend, "a" * 30) == ("no merge path", "model: BPE")
    assert process_time() - start < 1


def test_a_piece_listed_twice() -> None:
    pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -1.0), ("ab", -1.5), ("ab", -1.5)]
    tokenizer = wrap(tokenizers.Tokenizer(models.Unigram(pieces, 0, False)), "made")
    found = find_reachability(tokenizer)
    causes = {obstacle.cause for obstacle in found.obstacles.values()}
    assert causes == {"duplicate bytes"}
    assert len(found.obstacles) == 1


@pytest.mark.parametrize(
    ("score", "cause"), [(-1.9, None), (-2.0, None), (-2.1, "better segmentation")]
)
def test_a_better_path(score: float, cause: str | None) -> None:
    pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -1.0), ("ab", score)]
    found = cause_of(tokenizers.Tokenizer(models.Unigram(pieces, 0, False)), "ab")
    assert (found and found[0]) == cause


def test_words_longer_than_wordpiece_reads() -> None:
    vocab = {token: index for index, token in enumerate(["[UNK]", "a", "##b", "abc", "##bc"])}
    model = models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=2)
    assert cause_of(tokenizers.Tokenizer(model), "abc") == ("too long", "model: WordPiece")
    assert cause_of(tokenizers.Tokenizer(model), "##bc") == ("too long", "model: WordPiece")
    assert cause_of(tokenizers.Tokenizer(model), "##b") is None


def without_path(content: dict[str, Any]) -> set[int]:
    """Take every token of a BPE model apart by its merges, until only characters are left."""
    model = content["model"]
    prefix = model["continuing_subword_prefix"] or ""
    suffix = model["end_of_word_suffix"] or ""
    parts: dict[str, list[tuple[str, str]]] = {}
    for left, right in map(tuple, model["merges"]):
        parts.setdefault(left + right[len(prefix) :], []).append((left, right))

    @lru_cache(None)
    def is_built(token: str) -> bool:
        core = token.removeprefix(prefix).removesuffix(suffix)
        if len(core or token) == 1:
            return True
        return any(is_built(left) and is_built(right) for left, right in parts.get(token, ()))

    exempt = {token["content"] for token in content["added_tokens"]} | {model["unk_token"]}
    exempt |= {f"<0x{byte:02X}>" for byte in range(256)}
    return {
        number
        for token, number in model["vocab"].items()
        if token not in exempt and not is_built(token)
    }


@pytest.mark.parametrize(
    "name", [name for name in SMALL if name not in ("wordpiece", "unigram", "word-level")]
)
@pytest.mark.parametrize("drop", [1, 40, 700])
def test_merges_that_are_dropped(name: str, drop: int) -> None:
    """All tokens that no merges build, and no others, have no merge path; so have parts."""
    content = json.loads(SMALL[name]().to_str())
    kept = content["model"]["merges"]
    content["model"]["merges"] = kept[: len(kept) // 2 - drop] + kept[len(kept) // 2 :]
    tokenizer = wrap(tokenizers.Tokenizer.from_str(json.dumps(content)), name)
    ids = tokenizer.vocabulary.ids
    found = find_reachability(tokenizer).obstacles.items()
    unmerged = {int(ids[row]) for row, each in found if each.cause == "no merge path"}
    assert unmerged == without_path(content)
