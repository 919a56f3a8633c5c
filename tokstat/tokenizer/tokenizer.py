"""A loaded tokenizer: the encoder and its origin."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import tokenizers

from tokstat.errors import is_failure
from tokstat.model.folder import ModelFolder
from tokstat.tokenizer.decoding import Scheme, detect_scheme
from tokstat.tokenizer.encoding import normalize, pre_tokenize
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.tokenizer.written_json import SourceText

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

    @cached_property
    def scheme(self) -> Scheme:
        """The way in which the vocabulary writes bytes and word boundaries."""
        return detect_scheme(self.backend)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokens, decoded once."""
        return Vocabulary.from_backend(self.backend, self.scheme)

    @cached_property
    def model_folder(self) -> ModelFolder | None:
        """The folder of the model, or None.

        A file with an unusual name has no model folder: the files beside it may be unrelated.
        """
        origin = self.origin
        return ModelFolder(origin.folder) if origin.folder and origin.is_models else None

    def source_text(self) -> SourceText:
        """Return the JSON that the tokenizer was read from, or that the library writes of it.

        It is read again at each call, because it has megabytes and is rarely needed.
        """
        origin = self.origin
        if origin.folder is not None and origin.loader == TOKENIZER_JSON:
            with suppress(OSError):
                return SourceText((origin.folder / origin.files[0]).read_bytes(), as_written=True)
        return SourceText(self.to_json().encode(), as_written=False)

    def to_json(self) -> str:
        """Return the tokenizer.json that the library writes.

        Raises:
            InvalidTokenizerError: ids are far apart.
        """
        # The vocabulary refuses distant ids: the library would allocate memory for every number
        # below the highest one (tokenizers 0.23.3).
        _ = self.vocabulary
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
