"""Run a tokenizer's own pipeline: within the time limit, and with its panics as errors.

The regular expressions of a tokenizer are the only foreign program that tokstat runs, and only
inside the tokenizers library. Its engine (Oniguruma) gives up a match after ten million steps back,
which the library turns into a panic; a pattern can stay just below that at every place of a text,
and no signal stops the library. So a call runs in a thread of its own, and is left behind when its
time is over: the error reaches the user in order, and the thread dies with the process.

`Tokenizer.encode` keeps Python's lock while it runs, and nobody else could tell that its time is
over; `encode_batch` releases it. So single texts go there, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import tokenizers

from tokstat.errors import EncodingError
from tokstat.io.background import Background
from tokstat.io.limits import beyond, limits

Value = TypeVar("Value")


def encode_batch(
    backend: tokenizers.Tokenizer, texts: Sequence[str], *, special: bool = False
) -> list[tokenizers.Encoding]:
    """Encode texts, with their offsets; `special` adds the special tokens.

    Raises:
        EncodingError: the tokenizer fails on a text.
        LimitError: it takes longer than the limit `seconds`.
    """
    return _timed(lambda: backend.encode_batch(list(texts), add_special_tokens=special))


def encode_batch_fast(
    backend: tokenizers.Tokenizer, texts: Sequence[str]
) -> list[tokenizers.Encoding]:
    """Encode texts without offsets and special tokens; raises as `encode_batch`."""
    return _timed(lambda: backend.encode_batch_fast(list(texts), add_special_tokens=False))


def encode(backend: tokenizers.Tokenizer, text: str, *, special: bool = False) -> list[int]:
    """Return the ids of one text; raises as `encode_batch`."""
    ids: list[int] = encode_batch(backend, [text], special=special)[0].ids
    return ids


def normalize(backend: tokenizers.Tokenizer, text: str) -> str:
    """Return what the normalizer makes of a short text. Raises EncodingError."""
    normalizer = backend.normalizer
    return text if normalizer is None else _explained(lambda: normalizer.normalize_str(text))


def pre_tokenize(backend: tokenizers.Tokenizer, text: str) -> list[str]:
    """Return the pieces that the pre-tokenizer cuts a short text into. Raises EncodingError."""
    cut = backend.pre_tokenizer
    if cut is None:
        return [text]
    return _explained(lambda: [piece for piece, _ in cut.pre_tokenize_str(text)])


def is_panic(error: BaseException) -> bool:
    """Tell a panic of a library in Rust, whose type derives from BaseException and has no name."""
    return type(error).__name__ == "PanicException"


def is_failure(error: BaseException) -> bool:
    """Tell an error or a panic of the library from what is to end the program."""
    return isinstance(error, Exception) or is_panic(error)


def _timed(function: Callable[[], Value]) -> Value:
    """Run a function that releases Python's lock, for so long as the limit allows."""
    most = limits().seconds
    work = Background(lambda: _explained(function))
    if not work.wait(most):
        raise beyond(
            f"The tokenizer takes longer than {most:,} s to encode, the limit seconds: a regular"
            " expression of it may try too many ways",
            "seconds",
        )
    return work.result()


def _explained(function: Callable[[], Value]) -> Value:
    """Run a function of the library, and turn whatever it raises into EncodingError."""
    try:
        return function()
    except BaseException as error:  # bare Exceptions, and panics, which are none
        if not is_failure(error):
            raise
        raise EncodingError(
            f"the tokenizer cannot encode plain words: {' '.join(str(error).split())}",
            "Put its unknown token into the vocabulary, or correct its regular expressions.",
        ) from error
