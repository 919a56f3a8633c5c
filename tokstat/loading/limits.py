"""How large a tokenizer file may be before it is refused unread.

A file of a few bytes can claim anything, and a file of any size can be given by mistake (the
weights beside the tokenizer). The bounds are far above every published tokenizer, and keep memory
and time in hand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from tokstat.errors import AccessDeniedError, InvalidTokenizerError

MOST_BYTES = 1 << 27
"""128 MiB; Mistral's tekken.json, the largest known, has 19."""

MOST_TOKENS = 1 << 20
"""The largest published vocabulary, XLM-V's, has 901,629."""

MOST_IDS = 10_000_000
"""One past the highest id that may be given to a token."""

_MOST_PAIRS = 1 << 30
"""Sum over the tokens of their squared lengths: what it costs to try every cut of each."""


def read_bounded(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a whole file that is no larger than a tokenizer can be.

    Raises:
        AccessDeniedError: the system refuses.
        InvalidTokenizerError: it is too large, or empty.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise AccessDeniedError(
            f"{path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    if len(data) > most:
        raise InvalidTokenizerError(
            f"{path} has more than {most:,} bytes, which no tokenizer file has",
            "Give the tokenizer's own file.",
        )
    if not data.strip():
        raise InvalidTokenizerError(f"{path} is empty", "Fetch or export the tokenizer again.")
    return data


def require_few_tokens(tokens: Collection[object] | int, source: str) -> None:
    """Raise InvalidTokenizerError for more tokens than any vocabulary has."""
    count = tokens if isinstance(tokens, int) else len(tokens)
    if count > MOST_TOKENS:
        raise InvalidTokenizerError(
            f"{source} lists {count:,} tokens, and more than {MOST_TOKENS:,} are not read",
            "Fetch or export the tokenizer again.",
        )


def require_short_tokens(tokens: Sequence[str | bytes], source: str) -> None:
    """Raise InvalidTokenizerError for tokens so long that trying every cut would take minutes."""
    require_few_tokens(tokens, source)
    if sum(len(token) ** 2 for token in tokens) > _MOST_PAIRS:
        longest = max(map(len, tokens))
        raise InvalidTokenizerError(
            f"{source} has tokens too long to be merged from parts (up to {longest:,})",
            "Fetch or export the tokenizer again.",
        )
