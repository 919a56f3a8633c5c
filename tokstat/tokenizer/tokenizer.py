"""A loaded tokenizer: the encoder and its origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tokenizers

from tokstat.errors import LimitError, is_failure
from tokstat.io.limits import read_beside
from tokstat.model.folder import ModelFolder
from tokstat.text.utf8 import has_lone_surrogates
from tokstat.text.wording import counted, quoted
from tokstat.tokenizer.encoding import decode, encode, normalize, pre_tokenize
from tokstat.tokenizer.scheme import Scheme, detect_scheme
from tokstat.tokenizer.token_text import TokenTexts
from tokstat.tokenizer.written_json import SourceText

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tokstat.tokenizer.stored_tokens import StoredTokens
    from tokstat.tokenizer.vocabulary import Token, Vocabulary

FLAGS = ("special", "lstrip", "rstrip", "normalized", "single_word")
"""The flags of added tokens."""

TOKENIZER_JSON = "tokenizer.json"
"""The usual name of a file that needs no conversion, and of its loader."""


@dataclass(frozen=True)
class Origin:
    """Hold what was read: the spec, the source, the revision and the SHA-256 of the file.

    `loader` names the code path that built the tokenizer, `notes` whatever a reader of the
    results must know about it, such as a packaged copy that stood in for the Hub.
    `sha256` is of the one file read, or of the files' digests in the order of `files`.
    `folder` is where these lie on this machine, None where no file was read from a folder;
    `is_models` tells whether the files have the names that a model's have, so that the others of
    the folder are the same model's.
    """

    spec: str
    source: str
    revision: str | None
    sha256: str
    loader: str
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    folder: Path | None = None
    is_models: bool = False


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """Pair an encoder with its origin.

    `backend` never pads or truncates, as both would change what is measured. `stored_padding` and
    `stored_truncation` are the settings in the file, in the library's own form.
    """

    backend: tokenizers.Tokenizer = field(repr=False)
    origin: Origin
    stored_padding: dict[str, Any] | None = field(init=False, repr=False)
    stored_truncation: dict[str, Any] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stored_padding", self.backend.padding)
        object.__setattr__(self, "stored_truncation", self.backend.truncation)
        self.backend.no_padding()
        self.backend.no_truncation()

    def __repr__(self) -> str:
        size = counted(self.backend.get_vocab_size(), "token")
        return f"<Tokenizer {quoted(self.origin.spec)}: {self.model_type}, {size}>"

    @cached_property
    def scheme(self) -> Scheme:
        """The way in which the vocabulary writes bytes and word boundaries."""
        return detect_scheme(self.backend)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokens, decoded once."""
        from tokstat.tokenizer.vocabulary import Vocabulary

        return Vocabulary.of(self.stored_tokens, self.scheme)

    @cached_property
    def stored_tokens(self) -> StoredTokens:
        """The tokens as they are stored, not decoded; reading them finds ids that are too high."""
        from tokstat.tokenizer.stored_tokens import StoredTokens

        return StoredTokens.from_backend(self.backend)

    @cached_property
    def ids(self) -> NDArray[np.int32]:
        """The ids of all tokens, in their order."""
        return self.stored_tokens.ids

    def forget_tokens(self) -> None:
        """Free the stored tokens. Who asks again reads them again."""
        self.__dict__.pop("stored_tokens", None)

    @cached_property
    def token_texts(self) -> TokenTexts:
        """The tokens, decoded one by one as they are asked for."""
        return TokenTexts(self.backend, self.scheme)

    @cached_property
    def model_folder(self) -> ModelFolder | None:
        """The folder of the model, or None.

        A file with an unusual name has no model folder: the files beside it may be unrelated.
        """
        origin = self.origin
        return ModelFolder(origin.folder) if origin.folder and origin.is_models else None

    def __len__(self) -> int:
        """Return the number of tokens, added tokens included."""
        return len(self.vocabulary)

    def __iter__(self) -> Iterator[Token]:
        """Yield the tokens, in the order of their ids."""
        return iter(self.vocabulary)

    def __contains__(self, token: object) -> bool:
        """Whether there is a token, stored (`Ġtiger`) or in readable form (`·tiger`)."""
        return isinstance(token, str) and self._find(token) is not None

    def __getitem__(self, token: str | int) -> Token:
        """Return a token by its stored or readable form, or by its id.

        Raises:
            KeyError: the vocabulary has no such token.
        """
        found = token if isinstance(token, int) else self._find(token)
        if found is None:
            raise KeyError(token)
        return self.vocabulary[found]

    def id_of(self, stored: str) -> int | None:
        """Return the id of a stored token, None without one; added tokens outrank the model's."""
        found = self._added.get(stored)
        if found is None and not has_lone_surrogates(stored):  # the library refuses these
            found = self.backend.token_to_id(stored)
        return found

    @cached_property
    def _added(self) -> dict[str, int]:
        """The ids of added tokens by their text as written, not as normalized."""
        return {self._decoder[number].content: number for number in sorted(self._decoder)}

    def flags_of(self, number: int) -> tuple[str, ...]:
        """Return the flags of an added token that are set, none for other tokens."""
        token = self._decoder.get(number)
        return () if token is None else tuple(each for each in FLAGS if getattr(token, each))

    @cached_property
    def added_ids(self) -> frozenset[int]:
        """The ids of all added tokens."""
        return frozenset(self._decoder)

    @cached_property
    def _decoder(self) -> dict[int, tokenizers.AddedToken]:
        found: dict[int, tokenizers.AddedToken] = self.backend.get_added_tokens_decoder()
        return found

    @cached_property
    def outside_ids(self) -> list[int]:
        """The ids of added tokens that the model's own vocabulary lacks, in their order."""
        model = self.backend.model
        return sorted(
            number
            for text, number in self._added.items()
            if has_lone_surrogates(text) or model.token_to_id(text) is None
        )

    def _find(self, token: str) -> int | None:
        """Return the id of a token; the stored form outranks the readable one."""
        found: int | None = self.backend.token_to_id(token)
        return self._ids_by_display.get(token) if found is None else found

    @cached_property
    def _ids_by_display(self) -> dict[str, int]:
        tokens = self.vocabulary
        shown = tokens.displays(list(range(len(tokens))))
        return dict(zip(reversed(shown), reversed(tokens.ids.tolist()), strict=True))

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Return the ids of a text; `special` adds the special tokens.

        Raises:
            EncodingError: the tokenizer fails on the text.
            LimitError: it takes too long.
        """
        return encode(self.backend, text, special=special)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of some ids, with the special tokens; raises as `encode`."""
        return decode(self.backend, ids)

    def source_text(self) -> SourceText:
        """Return the JSON that the tokenizer was read from, or that the library writes of it.

        It is read again at each call, because it has megabytes and is rarely needed.
        """
        origin = self.origin
        if origin.folder is not None and origin.loader == TOKENIZER_JSON:
            with suppress(LimitError, OSError):
                return SourceText(read_beside(origin.folder / origin.files[0]), as_written=True)
        return SourceText(self.to_json().encode(), as_written=False)

    def to_json(self) -> str:
        """Return the tokenizer.json that the library writes.

        Raises:
            InvalidTokenizerError: ids are far apart.
        """
        # The stored tokens refuse distant ids: the library would allocate memory for every number
        # below the highest one (tokenizers 0.23.3).
        _ = self.ids
        text: str = self.backend.to_str()
        return text

    @property
    def model_type(self) -> str:
        """BPE, WordPiece, Unigram or WordLevel."""
        return type(self.backend.model).__name__

    @cached_property
    def unknown_id(self) -> int | None:
        """Id of the unknown token, or None if the model never produces one.

        It is found by encoding the last code point, which no vocabulary has. The model's settings
        do not suffice: models with byte fallback never produce the unknown token that they name,
        and Unigram models do not name theirs.
        """
        try:
            pieces = self.backend.model.tokenize("\U0010ffff")
        except BaseException as error:  # the model has no unknown token, or its vocabulary lacks it
            if not is_failure(error):
                raise
            return None
        return pieces[0].id if len(pieces) == 1 else None

    @cached_property
    def lowercases(self) -> bool:
        """Whether the normalizer maps "A" to "a"."""
        return "a" in normalize(self.backend, "A")

    @cached_property
    def adds_leading_space(self) -> bool:
        """Whether a text that starts with a word is read with a leading space.

        It is found by pre-tokenizing a word, because many settings have this effect.
        """
        pieces = pre_tokenize(self.backend, normalize(self.backend, "word"))
        text = pieces[0] if pieces else ""
        return bool(self.scheme.blank) and text.startswith(self.scheme.blank)
