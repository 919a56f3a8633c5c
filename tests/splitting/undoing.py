"""Undo the causes that keep words from being one token, in the tokenizer's own file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tokenizers

from tokstat.splitting.causes import Cause
from tokstat.splitting.why import WordCause

_HIGH = 100.0
"""A score above that of any path."""

_MODEL = {"not_in_vocabulary", "unknown_characters", "no_merges", "better_path", "merge_order"}
"""Causes that are undone in the model, after those on the way to it."""


@dataclass(frozen=True)
class Case:
    """Hold a word that was explained, in its text."""

    text: str
    found: WordCause
    gets_space: bool
    """Whether the tokenizer puts a space before a text."""

    @property
    def kinds(self) -> set[str]:
        return {each.kind for each in self.found.causes}

    @property
    def in_place(self) -> str:
        """The word alone, with the space before it that it has, or gets from what undoes it."""
        spaced = self.text[: self.found.start].endswith(" ") or "neighbour" in self.kinds
        return " " * (spaced and not self.gets_space) + self.found.word

    @property
    def changed_text(self) -> tuple[str, int]:
        """The text with the spaces that the causes ask for, and where the word begins in it.

        Where the pre-tokenizer is replaced, the word stands alone, as other words are split
        otherwise, too.
        """
        text, start, end = self.text, self.found.start, self.found.end
        if "pre_tokenizer" in self.kinds:
            return self.in_place, len(self.in_place) - len(self.found.word)
        if "leading_space" in self.kinds:
            return f"{text[:start]} {text[start:]}", start + 1
        if "neighbour" in self.kinds:
            return f"{text[:start]} {text[start:end]} {text[end:]}", start + 1
        return text, start


def is_whole(backend: tokenizers.Tokenizer, text: str, start: int, length: int) -> bool:
    """Return whether the word at a place of a text is one token, and not the unknown one."""
    encoding = backend.encode(text, add_special_tokens=False)
    tokens = [
        number
        for number, (first, last) in zip(encoding.ids, encoding.offsets, strict=True)
        if first < start + length and last > start
    ]
    return len(tokens) == 1 and tokens[0] != _unknown(backend)


def _unknown(backend: tokenizers.Tokenizer) -> int | None:
    try:
        pieces = backend.model.tokenize("\U0010ffff")
    except Exception:  # no unknown token
        return None
    return pieces[0].id if len(pieces) == 1 else None


def undone(
    backend: tokenizers.Tokenizer, cases: Sequence[Case], skipped: int = -1
) -> tokenizers.Tokenizer:
    """Return a tokenizer in which the causes of some words are undone.

    All of them must have the same causes. `skipped` is the number of a cause that
    is left as it is.
    """
    state = json.loads(backend.to_str())
    causes = cases[0].found.causes
    for number, cause in enumerate(causes):
        if number != skipped:
            _change_pipeline(state, cause)
    changed = _rebuilt(state)
    if 0 <= skipped < len(causes) and causes[skipped].kind not in _MODEL:
        model = json.loads(undone(backend, cases).to_str())["model"]
        if causes[skipped].kind == "too_long":
            model["max_input_chars_per_word"] = state["model"]["max_input_chars_per_word"]
        return _rebuilt({**state, "model": model})
    for case in cases:
        for number, cause in enumerate(case.found.causes):
            if number != skipped and cause.kind in _MODEL:
                _change_model(state, cause, case, changed)
    return _rebuilt(state)


def _rebuilt(state: dict[str, Any]) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_str(json.dumps(state))


def _change_pipeline(state: dict[str, Any], cause: Cause) -> None:
    if cause.kind == "added_token":
        tokens = state["added_tokens"]
        state["added_tokens"] = [each for each in tokens if each["content"] != cause.part]
    elif cause.kind == "normalizer":
        parts = [*_flat(state["normalizer"])]
        assert parts[cause.number]["type"] == cause.part
        del parts[cause.number]
        state["normalizer"] = {"type": "Sequence", "normalizers": parts}
    elif cause.kind == "pre_tokenizer":
        parts = [*_flat(state["pre_tokenizer"])]
        assert parts[cause.number]["type"] == cause.part
        parts[cause.number] = _without_split(parts[cause.number])
        state["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": parts}
    elif cause.kind == "too_long":
        state["model"]["max_input_chars_per_word"] = 10_000


def _flat(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["type"] != "Sequence":
        yield node
        return
    for child in node.get("normalizers") or node.get("pretokenizers") or ():
        yield from _flat(child)


def _without_split(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of a pre-tokenizer that splits no word, and does all else alike."""
    if part["type"] == "ByteLevel":
        return {**part, "use_regex": False}
    if part["type"] == "Metaspace":
        return {**part, "split": False}
    removes_spaces = part["type"] in ("BertPreTokenizer", "Whitespace") or (
        part["type"] == "Split" and part["behavior"] == "Removed"
    )
    if removes_spaces:
        return {"type": "WhitespaceSplit"}
    # This one splits at a character that no text has.
    return {"type": "CharDelimiterSplit", "delimiter": "\U000f8000"}


def _change_model(
    state: dict[str, Any], cause: Cause, case: Case, changed: tokenizers.Tokenizer
) -> None:
    model = state["model"]
    if cause.kind == "merge_order":
        moved = [list(pair) for pair in cause.merges]
        pairs = [each.split(" ") if isinstance(each, str) else each for each in model["merges"]]
        model["merges"] = [*moved, *(pair for pair in pairs if pair not in moved)]
        return
    piece = _only_piece(changed, case.in_place)
    if model["type"] == "Unigram":
        model["vocab"] = [each for each in model["vocab"] if each[0] != piece]
        model["vocab"].append([piece, _HIGH])
    elif model["type"] == "BPE":
        _add_to_bpe(state, piece, changed)
    else:
        if piece not in model["vocab"]:
            model["vocab"][piece] = _free_id(state)


def _only_piece(backend: tokenizers.Tokenizer, text: str) -> str:
    """Return the one piece that a text is on its way to the model."""
    if backend.normalizer is not None:
        text = backend.normalizer.normalize_str(text)
    if backend.pre_tokenizer is None:
        return text
    ((piece, _),) = backend.pre_tokenizer.pre_tokenize_str(text)
    return str(piece)


def _free_id(state: dict[str, Any]) -> int:
    added = (each["id"] for each in state["added_tokens"])
    return max((*state["model"]["vocab"].values(), *added), default=-1) + 1


def _add_to_bpe(state: dict[str, Any], piece: str, changed: tokenizers.Tokenizer) -> None:
    """Add a token, its characters, and merges that come after all others."""
    model = state["model"]
    vocab, end = model["vocab"], model["end_of_word_suffix"] or ""
    prefix = model["continuing_subword_prefix"] or ""
    last, size = len(piece) - 1, len(vocab)
    for place, character in enumerate(piece):
        letter = (prefix if place else "") + character + (end if place == last else "")
        if letter not in vocab:
            vocab[letter] = _free_id(state)
    splits = changed if len(vocab) == size else _rebuilt({**state, "added_tokens": []})
    parts = [each.value for each in splits.model.tokenize(piece)]
    while len(parts) > 1:
        left, right = parts[:2]
        joined = left + right[len(prefix) :]
        model["merges"].append([left, right])
        if joined not in vocab:
            vocab[joined] = _free_id(state)
        parts = _with_merge(parts, left, right, joined)


def _with_merge(parts: Sequence[str], left: str, right: str, joined: str) -> list[str]:
    """Make one merge wherever it fits, from left to right."""
    done: list[str] = []
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        if part == left and waiting and waiting[-1] == right:
            waiting.pop()
            part = joined
        done.append(part)
    return done
