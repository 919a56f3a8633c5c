"""Whether a model can give a token at all, for any piece of text."""

from __future__ import annotations

import json
from functools import cached_property

from tokenizers import models

from tokstat.text.utf8 import UTF8_BYTES
from tokstat.tokenizer.decoding import byte_alphabet
from tokstat.tokenizer.encoding import is_failure
from tokstat.tokenizer.tokenizer import Tokenizer

_STRANGER = "\U0010ffff"
"""The last code point, which no vocabulary has: nothing merges with it."""

_NO_PATH, _BETTER, _TWICE, _TOO_LONG = (
    "no merge path",
    "better segmentation",
    "duplicate bytes",
    "too long",
)


class ModelPaths:
    """Judge tokens by the model of one tokenizer; `search` gives the arguments."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._model = tokenizer.backend.model

    @cached_property
    def drops_characters(self) -> bool:
        """Whether the model passes over characters that it cannot spell.

        BPE without an unknown token does, so that what stood apart in the text is merged.
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
        """Tell whether the model gives the token for a piece that is the token, and for no other.

        So it is for WordLevel, and for BPE with ignore_merges where the merges do not give it.
        """
        if isinstance(self._model, models.WordLevel):
            return True
        ignores = isinstance(self._model, models.BPE) and self._model.ignore_merges
        return ignores and not self._is_merged(row)

    def failure(self, row: int) -> str | None:
        """Return why the model gives the token for no piece of text; None where it may."""
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
            return None if self._gives(token, identity) else _BETTER
        return None

    def _is_merged(self, row: int) -> bool:
        """Tell whether the merges turn the token's characters into it, where nothing interferes."""
        rows = self._tokenizer.vocabulary
        scheme, starts_word = rows.scheme, bool(rows.starts_word[row])
        before = _STRANGER if scheme.continuation and not starts_word else ""
        after = _STRANGER if scheme.end and not starts_word else ""
        if self._model.ignore_merges and not before + after:
            after = _STRANGER  # or else the whole piece would be looked up
        core = scheme.core(rows.tokens[row], starts_word)
        return self._gives(before + core + after, int(rows.ids[row]))

    def _gives(self, piece: str, identity: int) -> bool:
        try:
            return any(token.id == identity for token in self._model.tokenize(piece))
        except BaseException as error:  # as where the unknown token is needed, and missing
            if not is_failure(error):
                raise
            return True  # nothing is proven

    @cached_property
    def _written_merges(self) -> bytes:
        state: bytes = self._model.__getstate__()
        return state[state.rfind(b'"merges":[') :]

    def _has_path(self, token: str, pending: frozenset[str] = frozenset()) -> bool:
        """Tell whether merges, in some order, can build a token from single characters."""
        if len(token) == 1 or self._is_character(token):
            return True
        prefix = self._model.continuing_subword_prefix or ""
        for at in range(1, len(token)):
            left, right = token[:at], prefix + token[at:]
            if left in pending or right in pending or not self._is_merge(left, right):
                continue
            below = pending | {token}
            if self._has_path(left, below) and self._has_path(right, below):
                return True
        return False

    def _is_character(self, token: str) -> bool:
        """Tell whether a token is one character and its marks."""
        model = self._model
        bare = token.removeprefix(model.continuing_subword_prefix or "")
        return len(bare.removesuffix(model.end_of_word_suffix or "")) == 1

    def _is_merge(self, left: str, right: str) -> bool:
        """Look a merge up in the model as it is written: reading all of it takes far longer."""
        if self._model.token_to_id(left) is None or self._model.token_to_id(right) is None:
            return False
        written = json.dumps([left, right], ensure_ascii=False, separators=(",", ":"))
        return written.encode() in self._written_merges
