"""Tokens that a model cannot produce for any piece of text."""

from __future__ import annotations

from functools import cached_property

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

        Each merge is looked at once for either part, so the time grows with the number of merges.
        """
        prefix = self._model.continuing_subword_prefix or ""
        waiting: dict[str, list[tuple[str, str]]] = {}
        built: set[str] = set()
        for left, right in self._merges():
            result = left + right[len(prefix) :]
            if right.startswith(prefix):
                for part, other in ((left, right), (right, left)):
                    waiting.setdefault(part, []).append((other, result))
        ready = [part for part in waiting if self._is_character(part)]
        while ready:
            part = ready.pop()
            if part in built:
                continue
            built.add(part)
            for other, result in waiting.get(part, ()):
                if other in built and result not in built:
                    ready.append(result)
        return frozenset(built)

    def _merges(self) -> list[Merge]:
        state: bytes = self._model.__getstate__()
        return SourceText(state, as_written=False).merges()

    def _has_path(self, token: str) -> bool:
        """Return whether merges, in some order, can build a token from single characters."""
        return self._is_character(token) or token in self._merged

    def _is_character(self, token: str) -> bool:
        """Return whether a token is one character, alone or with its marks."""
        model = self._model
        if len(token) == 1:
            return True
        bare = token.removeprefix(model.continuing_subword_prefix or "")
        return len(bare.removesuffix(model.end_of_word_suffix or "")) == 1
