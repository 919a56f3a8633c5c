"""The one door to the tokenizers library: within the time limit, and with its panics as errors.

The regular expressions of a tokenizer are foreign programs, which run only inside the tokenizers
library. Its engine (Oniguruma) gives up a match after ten million steps back,
which the library turns into a panic. A pattern can stay just below that at every place of a text,
and no signal stops the library. So a call runs in a thread of its own, and is left behind when its
time is over: the error reaches the user in order, and the thread dies with the process.

A thread costs more than a short text does, and a short text cannot take long. So short texts are
encoded in the thread that asks, and their time is counted where they are slow. What slow calls of
one tokenizer have taken is taken off the limit of its next call. A tokenizer over the limit is
refused at once.

`Tokenizer.encode` keeps Python's lock while it runs, and nobody else could tell that its time is
over. `encode_batch` releases it, and waits for the library's own threads, which calls left behind
may keep busy. So short texts go to the first, and all others to the second. Normalizers and
pre-tokenizers keep the lock in any case: give them short texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, TypeVar

import tokenizers

from tokstat.errors import EncodingError, LimitError, is_failure
from tokstat.io.background import Background, stop_if_asked
from tokstat.io.limits import beyond, limits

Value = TypeVar("Value")

Span = tuple[int, int]

_SHORT = 32
"""Characters, or ids, that are not worth a thread."""

_PROMPT = 0.1
_SLOWEST = 20_000
"""Seconds of a call, and characters a second beyond them, that nobody has to count.

The library does a hundred times as many on one core; the rest is for machines with other work.
"""

_MOST_SLOW = 8

_slow: dict[int, tuple[tokenizers.Tokenizer, float]] = {}
"""By identity a tokenizer with slow calls, and their seconds; held, so that it keeps its place."""


def encode_batch(
    backend: tokenizers.Tokenizer, texts: Sequence[str], *, special: bool = False
) -> list[tokenizers.Encoding]:
    """Encode texts with their offsets; `special` adds the special tokens.

    Raises:
        EncodingError: the tokenizer fails on a text.
        LimitError: its slow calls take longer than the limit `seconds`.
    """
    size = sum(map(len, texts))
    if size <= _SHORT:
        return [_encoded(backend, text, special) for text in texts]
    return _timed(
        backend, size, lambda: backend.encode_batch(list(texts), add_special_tokens=special)
    )


def encode_batch_fast(
    backend: tokenizers.Tokenizer, texts: Sequence[str]
) -> list[tokenizers.Encoding]:
    """Encode texts without offsets and special tokens; raises as `encode_batch`."""
    size = sum(map(len, texts))
    if size <= _SHORT:
        return [_encoded(backend, text, special=False) for text in texts]
    return _timed(
        backend, size, lambda: backend.encode_batch_fast(list(texts), add_special_tokens=False)
    )


def encode(backend: tokenizers.Tokenizer, text: str, *, special: bool = False) -> list[int]:
    """Return the ids of one text; raises as `encode_batch`."""
    ids: list[int] = encode_batch(backend, [text], special=special)[0].ids
    return ids


def decode_batch(backend: tokenizers.Tokenizer, texts: Sequence[Sequence[int]]) -> list[str]:
    """Return the texts of many ids, with the special tokens; raises as `encode_batch`."""
    size = sum(map(len, texts))
    return _timed(
        backend, size, lambda: backend.decode_batch(list(texts), skip_special_tokens=False)
    )


def decode(backend: tokenizers.Tokenizer, ids: Sequence[int]) -> str:
    """Return the text of some ids, with the special tokens; raises as `encode_batch`."""
    if len(ids) > _SHORT:
        return decode_batch(backend, [ids])[0]
    return str(_counted(backend, backend.decode, ids, skip_special_tokens=False))


def normalize(backend: tokenizers.Tokenizer, text: str) -> str:
    """Return what the normalizer makes of a short text; raises as `encode_batch`."""
    return run_normalizer(backend, backend.normalizer, text)


def run_normalizer(backend: tokenizers.Tokenizer, step: Any, text: str) -> str:
    """Return what a step of a tokenizer's normalizer, or None, makes of a short text."""
    return text if step is None else str(_counted(backend, step.normalize_str, text))


def pre_tokenize(backend: tokenizers.Tokenizer, text: str) -> list[str]:
    """Return the pieces that the pre-tokenizer splits a short text into; raises as above."""
    return [piece for piece, _ in run_pre_tokenizer(backend, backend.pre_tokenizer, text)]


def run_pre_tokenizer(
    backend: tokenizers.Tokenizer, step: Any, text: str
) -> list[tuple[str, Span]]:
    """Return the pieces that a step of a tokenizer's pre-tokenizer, or None, splits a text into."""
    if step is None:
        return [(text, (0, len(text)))]
    found: list[tuple[str, Span]] = _counted(backend, step.pre_tokenize_str, text)
    return found


def _encoded(backend: tokenizers.Tokenizer, text: str, special: bool) -> tokenizers.Encoding:
    return _counted(backend, backend.encode, text, add_special_tokens=special)


def _timed(backend: tokenizers.Tokenizer, size: int, function: Callable[[], Value]) -> Value:
    """Run a function that releases Python's lock, for so long as the limit allows."""
    left = _seconds_left(backend)
    start = monotonic()
    work = Background(function)
    if not work.wait(left):
        _count(backend, monotonic() - start)
        raise _too_slow()
    took = monotonic() - start
    if took > _PROMPT + size / _SLOWEST:
        _count(backend, took)
    try:
        return work.result()
    except BaseException as error:  # bare Exceptions, and panics, which are none
        if not is_failure(error):
            raise
        raise _failure(error) from error


def _counted(
    backend: tokenizers.Tokenizer, function: Callable[..., Value], *arguments: Any, **options: Any
) -> Value:
    """Run a function on a short text in this thread, and count its time if it is slow."""
    stop_if_asked()
    if _slow:
        _seconds_left(backend)
    start = monotonic()
    try:
        return function(*arguments, **options)
    except BaseException as error:  # bare Exceptions, and panics, which are none
        if not is_failure(error):
            raise
        raise _failure(error) from error
    finally:
        took = monotonic() - start
        if took > _PROMPT:
            _count(backend, took)


def _seconds_left(backend: tokenizers.Tokenizer) -> float:
    """Return how long the next call may take. Raises LimitError where nothing is left."""
    left = limits().seconds - _slow.get(id(backend), (backend, 0.0))[1]
    if left <= 0:
        raise _too_slow()
    return left


def forget_slow_calls(backend: tokenizers.Tokenizer) -> None:
    """Give a tokenizer its whole time again; that of one question is not that of the next."""
    _slow.pop(id(backend), None)


def _count(backend: tokenizers.Tokenizer, took: float) -> None:
    if len(_slow) > _MOST_SLOW:
        _slow.pop(next(iter(_slow)))
    _slow[id(backend)] = backend, _slow.get(id(backend), (backend, 0.0))[1] + took


def _too_slow() -> LimitError:
    return beyond(
        f"The tokenizer takes longer than {limits().seconds:,} s to encode, the limit seconds: a"
        " regular expression of it may try too many ways",
        "seconds",
    )


def _failure(error: BaseException) -> EncodingError:
    return EncodingError(
        f"the tokenizer cannot encode a text: {' '.join(str(error).split())}",
        "Put its unknown token into the vocabulary, or correct its regular expressions.",
    )
