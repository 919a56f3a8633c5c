"""Run a tokenizer's own pipeline within the time limit, and turn its panics into errors.

The regular expressions of a tokenizer are the only foreign program that tokstat runs, and only
inside the tokenizers library. Its engine (Oniguruma) gives up a match after ten million steps of
backtracking, which the library turns into a panic. A pattern can stay just below that at every
position of a text, and no signal stops the library. So a call runs in a thread of its own, and is
abandoned when its time is over. The user gets an ordinary error, and the thread ends with the
process.

`Tokenizer.encode` holds Python's lock while it runs, so no other thread could notice that its time
is over. `encode_batch` releases the lock, so single texts use it too.
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
    """Encode texts with their offsets; `special` adds the special tokens.

    Raises:
        EncodingError: the tokenizer fails on a text.
        LimitError: it takes longer than the limit `seconds`.
    """
    return _timed(lambda: backend.encode_batch(list(texts), add_special_tokens=special))


def encode_batch_fast(
    backend: tokenizers.Tokenizer, texts: Sequence[str]
) -> list[tokenizers.Encoding]:
    """Encode texts without offsets and without special tokens; raises as `encode_batch`."""
    return _timed(lambda: backend.encode_batch_fast(list(texts), add_special_tokens=False))


def encode(backend: tokenizers.Tokenizer, text: str, *, special: bool = False) -> list[int]:
    """Return the ids of one text; raises as `encode_batch`."""
    ids: list[int] = encode_batch(backend, [text], special=special)[0].ids
    return ids


def normalize(backend: tokenizers.Tokenizer, text: str) -> str:
    """Return the normalized form of a short text. Raises EncodingError."""
    normalizer = backend.normalizer
    return text if normalizer is None else _explained(lambda: normalizer.normalize_str(text))


def pre_tokenize(backend: tokenizers.Tokenizer, text: str) -> list[str]:
    """Return the pieces into which the pre-tokenizer splits a text. Raises EncodingError."""
    pre_tokenizer = backend.pre_tokenizer
    if pre_tokenizer is None:
        return [text]
    return _explained(lambda: [piece for piece, _ in pre_tokenizer.pre_tokenize_str(text)])


def is_panic(error: BaseException) -> bool:
    """Return whether an error is a Rust library's panic, a BaseException that nobody exports."""
    return type(error).__name__ == "PanicException"


def is_failure(error: BaseException) -> bool:
    """Return whether an error is the library's, and not one that must end the program."""
    return isinstance(error, Exception) or is_panic(error)


def _timed(function: Callable[[], Value]) -> Value:
    """Run a function that releases Python's lock, at most as long as the limit `seconds`."""
    most = limits().seconds
    work = Background(lambda: _explained(function))
    if not work.wait(most):
        raise beyond(
            f"The tokenizer takes longer than {most:,} s to encode, the limit seconds: one of its"
            " regular expressions may backtrack too much",
            "seconds",
        )
    return work.result()


def _explained(function: Callable[[], Value]) -> Value:
    """Run a function of the library, and turn whatever it raises into EncodingError."""
    try:
        return function()
    except BaseException as error:  # the library raises bare Exceptions and panics
        if not is_failure(error):
            raise
        raise EncodingError(
            f'the tokenizer fails on plain words: "{" ".join(str(error).split())}"',
            "Add its unknown token to the vocabulary, or correct its regular expressions.",
        ) from error
