"""The shortest text that two tokenizers encode, or decode, in different ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Literal

from tokstat.comparison.stress_texts import STRESS_TEXTS
from tokstat.errors import EncodingError
from tokstat.text.delta_debugging import shortest
from tokstat.tokenizer.encoding import decode, encode_batch, encode_batch_fast
from tokstat.tokenizer.tokenizer import Tokenizer

How = Literal["encoded", "encoded with special tokens", "decoded"]

Names = Mapping[str, Sequence[str]]

_MOST_NAMES = 2000
"""Changed tokens, merges and scores whose texts are tried."""

_MOST_TRIES = 2000

_MOST_TEXTS = 10_000
"""Texts of tokens that are tried where nothing nearer shows a change."""

_SPLITTING = frozenset({"scores", "model", "normalizer", "pre-tokenizer"})
"""Parts that decide how a text is split, so that any token's text may show a change of theirs."""

_Result = tuple[int, ...] | None


@dataclass(frozen=True)
class ChangedText:
    """Hold a text and what two tokenizers make of it: ids and tokens, or decoded texts.

    `old` and `new` are tokens in readable form, or one decoded text each. The ids are None for a
    tokenizer that fails on the text.
    """

    text: str
    how: How
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_ids: tuple[int, ...] | None
    new_ids: tuple[int, ...] | None


def changed_text(
    old: Tokenizer, new: Tokenizer, changed: Names, contested: Sequence[tuple[str, ...]] = ()
) -> ChangedText | None:
    """Search for the shortest text that shows a change; `changed` has its names by part.

    `contested` are tokens that stand together where the order of two merges decides.

    Tried are the texts of changed tokens and of what changed merges make, the stress texts, and
    where splits may have changed the texts of all tokens. The shortest that shows it is made
    shorter by delta debugging.

    Raises:
        LimitError: a tokenizer takes too long to encode.
    """
    texts = [*_texts_of_changes(old, new, changed), *_joined(old, contested), *STRESS_TEXTS]
    near = list(dict.fromkeys(texts))
    found = _first(old, new, near, special=False)
    if found is None and not _SPLITTING.isdisjoint(changed):
        found = _first(old, new, _texts_of_all(old), special=False)
    if found is not None:
        return _described(old, new, found, special=False)
    found = _first(old, new, near, special=True)
    if found is not None:
        return _described(old, new, found, special=True)
    return _decoded(old, new, near)


def encodings(tokenizer: Tokenizer, texts: Sequence[str], special: bool) -> list[_Result]:
    """Return the ids of each text, None where the tokenizer fails on it. Raises LimitError."""
    encode = partial(encode_batch, special=True) if special else encode_batch_fast
    try:
        return [tuple(each.ids) for each in encode(tokenizer.backend, texts)]
    except EncodingError:
        if len(texts) == 1:
            return [None]
    middle = len(texts) // 2
    return [
        *encodings(tokenizer, texts[:middle], special),
        *encodings(tokenizer, texts[middle:], special),
    ]


def _first(old: Tokenizer, new: Tokenizer, texts: Sequence[str], special: bool) -> str | None:
    """Return the shortest text with other ids, made shorter."""
    pairs = zip(texts, encodings(old, texts, special), encodings(new, texts, special), strict=True)
    differing = [text for text, before, after in pairs if before != after]
    if not differing:
        return None

    def differs(text: str) -> bool:
        return encodings(old, [text], special) != encodings(new, [text], special)

    return shortest(min(differing, key=_plainness), _within(_MOST_TRIES, differs))


def _plainness(text: str) -> tuple[int, bool]:
    return len(text), not text.isascii()


def _within(budget: int, holds: Callable[[str], bool]) -> Callable[[str], bool]:
    """Let nothing hold once the budget of tries is spent."""
    left = iter(range(budget))
    return lambda text: next(left, None) is not None and holds(text)


def _texts_of_changes(old: Tokenizer, new: Tokenizer, changed: Names) -> Iterator[str]:
    for token in islice(changed.get("added tokens", ()), _MOST_NAMES):
        content = token.rpartition(" ")[0] or token  # a flag's name follows the token
        for text in (token, content):
            yield from (text, f"a{text}b", f"a {text} b", f" {text} ", text.lower(), text.upper())
    names = {
        *islice(changed.get("tokens", ()), _MOST_NAMES),
        *islice(changed.get("ids", ()), _MOST_NAMES),
        *islice(changed.get("scores", ()), _MOST_NAMES),
    }
    merged = [name.split(" ") for name in islice(changed.get("merges", ()), _MOST_NAMES)]
    results = {"".join(pair) for pair in merged if len(pair) == 2}
    few = tuple(sorted(results, key=len)[-8:])
    for tokenizer in (old, new):
        rows = tokenizer.vocabulary
        for row, token in enumerate(rows.tokens):
            is_near = token in names or token in results or any(each in token for each in few)
            if is_near and (found := rows.texts[row]):
                yield from (found, f" {found}", f"a {found}", found + found)


def _joined(tokenizer: Tokenizer, contested: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not contested:
        return
    rows = tokenizer.vocabulary
    shown = {token: row for row, token in enumerate(rows.tokens)}
    for tokens in contested:
        places = [shown[token] for token in tokens if token in shown]
        texts = [rows.texts[place] for place in places]
        if len(places) == len(tokens) and all(texts):
            joined = "".join(map(str, texts))
            yield from (joined, f" {joined}")


def _texts_of_all(tokenizer: Tokenizer) -> list[str]:
    rows = tokenizer.vocabulary
    starts = rows.starts_word.tolist()
    pairs = zip(rows.texts, starts, strict=True)
    texts = [f" {text}" if starts_word else text for text, starts_word in pairs if text]
    return texts[:: 1 + len(texts) // _MOST_TEXTS]


def _described(old: Tokenizer, new: Tokenizer, text: str, special: bool) -> ChangedText:
    (before,), (after,) = (encodings(each, [text], special) for each in (old, new))
    return ChangedText(
        text=text,
        how="encoded with special tokens" if special else "encoded",
        old=tuple(old.token_texts[each].in_text for each in before or ()),
        new=tuple(new.token_texts[each].in_text for each in after or ()),
        old_ids=before,
        new_ids=after,
    )


def _decoded(old: Tokenizer, new: Tokenizer, texts: Sequence[str]) -> ChangedText | None:
    """Return the first of the shortest texts whose ids are decoded in different ways."""
    ordered = sorted(texts, key=_plainness)
    for text, ids in zip(ordered, encodings(old, ordered, special=False), strict=True):
        if not ids:
            continue
        before, after = (decode(each.backend, ids) for each in (old, new))
        if before != after:
            return ChangedText(text, "decoded", (before,), (after,), ids, ids)
    return None
