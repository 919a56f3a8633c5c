"""Tokens that a model cannot produce for any piece of text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, compress, count
from operator import add

import numpy as np
from numpy.typing import NDArray
from tokenizers import models

from tokstat.errors import is_failure
from tokstat.text.utf8 import UTF8_BYTES
from tokstat.tokenizer.decoding import byte_alphabet
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.written_json import Merge, SourceText

_STRANGER = "\U0010ffff"
"""The last code point, which no vocabulary has: nothing merges with it."""

_NO_PATH, _BETTER, _TWICE, _TOO_LONG = (
    "no merge path",
    "better segmentation",
    "duplicate bytes",
    "too long",
)


class ModelPaths:
    """Find tokens that the model of one tokenizer cannot produce.

    `tokstat.reachability.search` has the arguments.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._model = tokenizer.backend.model
        self._prefix: str = getattr(self._model, "continuing_subword_prefix", None) or ""
        self._suffix: str = getattr(self._model, "end_of_word_suffix", None) or ""

    @cached_property
    def drops_characters(self) -> bool:
        """Whether the model drops characters that have no token.

        BPE without an unknown token does, and then merges the text on both sides of them.
        """
        model = self._model
        if not isinstance(model, models.BPE) or model.unk_token is not None:
            return False
        if model.byte_fallback:
            spelled = [f"<0x{byte:02X}>" for byte in range(256)]
        elif self._tokenizer.scheme.byte_level:
            spelled = [token for token, byte in byte_alphabet().items() if byte in UTF8_BYTES]
        else:
            return True
        return any(model.token_to_id(token) is None for token in spelled)

    def only_as_whole_piece(self, row: int) -> bool:
        """Return whether the model produces the token only for a piece that equals it.

        WordLevel does. BPE with `ignore_merges` does where the merges do not build the token.
        """
        if isinstance(self._model, models.WordLevel):
            return True
        ignores = isinstance(self._model, models.BPE) and self._model.ignore_merges
        return ignores and not self._is_merged(row)

    def failure(self, row: int) -> str | None:
        """Return why the model produces the token for no piece of text; None where it may."""
        rows, model = self._tokenizer.vocabulary, self._model
        token, identity = rows.tokens[row], int(rows.ids[row])
        known = model.token_to_id(token)
        if known is not None and known != identity:
            return _TWICE
        if isinstance(model, models.WordPiece):
            inside = bool(rows.scheme.continuation) and not rows.starts_word[row]
            length = len(rows.scheme.core(token, not inside)) + inside
            return _TOO_LONG if length > model.max_input_chars_per_word else None
        if isinstance(model, models.BPE):
            if model.dropout or model.ignore_merges or self._is_merged(row):
                return None
            return _BETTER if self._has_path(token) else _NO_PATH
        if isinstance(model, models.Unigram):
            return None if self._produces(token, identity) else _BETTER
        return None

    def _is_merged(self, row: int) -> bool:
        """Return whether the merges build the token from its characters, undisturbed by others."""
        rows = self._tokenizer.vocabulary
        scheme, starts_word = rows.scheme, bool(rows.starts_word[row])
        before = _STRANGER if scheme.continuation and not starts_word else ""
        after = _STRANGER if scheme.end and not starts_word else ""
        if self._model.ignore_merges and not before + after:
            after = _STRANGER  # otherwise the whole piece would be looked up
        core = scheme.core(rows.tokens[row], starts_word)
        return self._produces(before + core + after, int(rows.ids[row]))

    def _produces(self, piece: str, identity: int) -> bool:
        try:
            return any(token.id == identity for token in self._model.tokenize(piece))
        except BaseException as error:  # such as a missing unknown token
            if not is_failure(error):
                raise
            return True  # nothing is proven

    @cached_property
    def _merged(self) -> frozenset[str]:
        """Return the tokens that merges, in some order, can build from single characters.

        What is built in one round is there for the next, so there are as many rounds as the deepest
        token has levels.
        """
        numbers, (lefts, rights, results) = self._numbered_merges()
        built = np.fromiter(map(self._is_character, numbers), np.bool_, len(numbers))
        before = -1
        while before < (now := int(built.sum())):
            before = now
            built[results[built[lefts] & built[rights]]] = True
        return frozenset(compress(numbers, built.tolist()))

    def _numbered_merges(self) -> tuple[dict[str, int], NDArray[np.int32]]:
        """Number the strings in merges; return also the left, right and result of each merge."""
        prefix = self._prefix
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        blocks = [np.zeros((3, 0), np.int32)]
        for merges in self._merges():
            usable = [pair for pair in merges if pair[1].startswith(prefix)] if prefix else merges
            lefts, rights = [left for left, _ in usable], [right for _, right in usable]
            ends = [right[len(prefix) :] for right in rights] if prefix else rights
            columns = chain(lefts, rights, map(add, lefts, ends))
            block = np.fromiter(map(numbers.__getitem__, columns), np.int32, 3 * len(usable))
            blocks.append(block.reshape(3, -1))
        return numbers, np.concatenate(blocks, axis=1)

    def _merges(self) -> Iterator[list[Merge]]:
        text = self._tokenizer.source_text()
        if not text.as_written:  # the model alone is written faster
            text = SourceText(self._model.__getstate__(), as_written=False)
        return text.merge_blocks()

    def _has_path(self, token: str) -> bool:
        """Return whether merges, in some order, can build a token from single characters."""
        return self._is_character(token) or token in self._merged

    def _is_character(self, token: str) -> bool:
        """Return whether a token is one character, alone or with its marks."""
        if len(token) > 1 + len(self._prefix) + len(self._suffix):
            return False
        bare = token.removeprefix(self._prefix).removesuffix(self._suffix)
        return len(token) == 1 or len(bare) == 1
