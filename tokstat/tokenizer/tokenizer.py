"""A loaded tokenizer: the encoder, and where it came from."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import tokenizers

from tokstat.model.folder import ModelFolder
from tokstat.tokenizer.decoding import Scheme, detect_scheme
from tokstat.tokenizer.encoding import is_failure, normalize, pre_tokenize
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.tokenizer.written_json import SourceText

TOKENIZER_JSON = "tokenizer.json"
"""The loader of what needs no conversion, and the usual name of its file."""

_STANDARD_NAMES = {TOKENIZER_JSON, "vocab.txt", "vocab.json", "tokenizer.model", "tekken.json"}


@dataclass(frozen=True)
class Origin:
    """Say what was read: the spec, the place, the revision and the SHA-256 of the file.

    `loader` names the code path that built the tokenizer, `notes` whatever a reader of the
    results must know about it, such as a packaged copy that stood in for the Hub.
    `sha256` is of the one file read, or of the files' digests in the order of `files`.
    `folder` is where these lie on this machine, None where no file was read from a folder.
    """

    spec: str
    source: str
    revision: str | None
    sha256: str
    loader: str
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    folder: Path | None = None


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """Pair an encoder with its origin.

    `backend` never pads or truncates, whatever its file stores: both would change what is measured.
    `stored_padding` and `stored_truncation` are what the file stores, as the library names it.
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
        """How the vocabulary writes bytes and word boundaries."""
        return detect_scheme(self.backend)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The token rows, decoded once."""
        return Vocabulary.from_backend(self.backend, self.scheme)

    @cached_property
    def model_folder(self) -> ModelFolder | None:
        """The files beside the tokenizer's own, or None.

        A file under a name that no model gives it has none: its neighbours may be anyone's.
        """
        origin = self.origin
        if origin.folder is None or not _STANDARD_NAMES & set(origin.files):
            return None
        return ModelFolder(origin.folder)

    def source_text(self) -> SourceText:
        """Return the JSON that the tokenizer was read from, or that it would be written as.

        It is read anew each time, so that megabytes are not kept for the little that is asked.
        """
        origin = self.origin
        if origin.folder is not None and origin.loader == TOKENIZER_JSON:
            with suppress(OSError):
                return SourceText((origin.folder / origin.files[0]).read_bytes(), as_written=True)
        return SourceText(self.to_json().encode(), as_written=False)

    def to_json(self) -> str:
        """Return the tokenizer.json that the library writes of it.

        Its ids are looked at first: the library takes memory for every number below the highest
        (tokenizers 0.23.3). Raises InvalidTokenizerError for ids that are far apart.
        """
        _ = self.vocabulary
        text: str = self.backend.to_str()
        return text

    @property
    def model_type(self) -> str:
        """BPE, WordPiece, Unigram or WordLevel."""
        return type(self.backend.model).__name__

    @cached_property
    def unknown_id(self) -> int | None:
        """Id of the token that stands for whatever the vocabulary cannot spell, if there is one.

        Tried out on the last code point, which no vocabulary has: models that name an unknown token
        may never give it (they fall back to bytes), and Unigram models do not tell theirs.
        """
        try:
            pieces = self.backend.model.tokenize("\U0010ffff")
        except BaseException as error:  # a model without an unknown token, or with one it lacks
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
        """Whether a text that starts with a word is read as if a blank stood before it.

        Tried out on a word, as there are many ways to bring it about.
        """
        pieces = pre_tokenize(self.backend, normalize(self.backend, "word"))
        text = pieces[0] if pieces else ""
        return bool(self.scheme.blank) and text.startswith(self.scheme.blank)
