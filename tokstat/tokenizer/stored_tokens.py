"""The tokens of a vocabulary as they are stored, which takes no decoding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.errors import InvalidTokenizerError
from tokstat.io.limits import MOST_IDS, require_short_tokens
from tokstat.tokenizer.token_text import count_stored


@dataclass(frozen=True, eq=False)
class StoredTokens:
    """Hold one stored token per id, in the order of ids.

    `ids` has the shape (n,), `tokens` length n. `added` has the text of each added token, and
    whether it is flagged special. `shared_ids` are the ids of several tokens, of which one is here.
    """

    ids: NDArray[np.int32]
    tokens: list[str] = field(repr=False)
    added: Mapping[int, tuple[str, bool]]
    shared_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require_short_tokens(self.tokens, "The tokenizer")
        # The library returns some added tokens in normalized form: `[pad]` for `[PAD]`.
        for row in np.flatnonzero(self.is_added).tolist():
            self.tokens[row] = self.added[int(self.ids[row])][0]

    @property
    def is_added(self) -> NDArray[np.bool_]:
        """Mask of the added tokens, shape (n,)."""
        return np.isin(self.ids, list(self.added))

    @classmethod
    def from_backend(cls, backend: tokenizers.Tokenizer) -> StoredTokens:
        """Return every token of a tokenizer.

        Raises:
            InvalidTokenizerError: an id is far beyond the number of tokens.
            LimitError: there are too many tokens, or one is too long.
        """
        added = {
            index: (token.content, bool(token.special))
            for index, token in backend.get_added_tokens_decoder().items()
        }
        size = count_stored(backend)
        # Asked one by one, the tokens come in the order of ids and lie in memory in that order.
        # Every later pass over them is faster than over the library's dictionary.
        if added:
            _require_near_ids([max(added)])
        by_id = list(map(backend.id_to_token, range(max(size, max(added, default=0) + 1))))
        # Up to tokenizers 0.22 the size of a Unigram model counts a piece listed twice once.
        while (token := backend.id_to_token(len(by_id))) is not None:
            by_id.append(token)
        tokens = [token for token in by_id if token is not None]
        if len(tokens) < size:  # some ids are far beyond the others, or shared by several tokens
            ids = backend.get_vocab(with_added_tokens=True)
            _require_near_ids(ids.values())
            return cls.from_ids(ids, added)
        numbers = np.arange(len(by_id), dtype=np.int32)
        if len(tokens) < len(by_id):
            numbers = numbers[[token is not None for token in by_id]]
        return cls(numbers, tokens, added)

    @classmethod
    def from_ids(
        cls, ids: Mapping[str, int], added: Mapping[int, tuple[str, bool]]
    ) -> StoredTokens:
        """Sort tokens by id. Of several with one id, keep the added one, or else the last."""
        names = list(ids)
        numbers = np.fromiter(ids.values(), np.int32, len(ids))
        order = np.argsort(numbers)
        numbers = numbers[order]
        if not (numbers[1:] == numbers[:-1]).any():
            return cls(numbers, [names[index] for index in order.tolist()], added)
        by_id = dict(sorted((index, token) for token, index in ids.items()))
        by_id.update({index: token for index, (token, _) in added.items() if index in by_id})
        shared = sorted(index for index, count in Counter(ids.values()).items() if count > 1)
        numbers = np.fromiter(by_id, np.int32, len(by_id))
        return cls(numbers, list(by_id.values()), added, tuple(shared))


def _require_near_ids(ids: Iterable[int]) -> None:
    """Raise InvalidTokenizerError for an id that is too high for any embedding matrix."""
    last = max(ids)
    if last >= MOST_IDS:
        raise InvalidTokenizerError(
            f"The tokenizer has ids up to {last:,}, and every id must be below {MOST_IDS:,}",
            "Number its tokens without large gaps.",
        )
