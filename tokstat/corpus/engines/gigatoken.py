"""gigatoken as an engine, and what it is known to get wrong. The one door to that library."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import Any

import numpy as np
import tokenizers
from tokenizers import models

from tokstat.corpus.engines.engine import EngineError, EngineRefusesError, TokenIds, Utf8Texts
from tokstat.corpus.engines.routing import MOST_STRINGS, OddTexts
from tokstat.corpus.safe_cuts.boundaries import SEPARATOR
from tokstat.errors import is_failure, reason_of
from tokstat.io.background import Background
from tokstat.io.limits import limits
from tokstat.io.memory import trim_memory
from tokstat.tokenizer.scheme import components
from tokstat.tokenizer.tokenizer import Tokenizer

GIGATOKEN = "gigatoken"

_LOADED_FOR = 128_000_000
"""Bytes of text, after which the library is loaded anew: what it keeps of texts has no bound."""

_TOGETHER = 1 << 19
"""Bytes of texts that are encoded as one. More of them no longer fit into the CPU cache."""

_ADDED = re.compile(rb'"added_tokens"\s*:\s*\[((?:[^][\"]|"(?:[^"\\]|\\.)*")*)\]', re.DOTALL)
"""A quote inside of a string is escaped, so this is the key of the file itself."""

TESTED = ("0.10.0",)
"""The versions that were held against the tokenizers library."""


def installed_version() -> str | None:
    """Return the version that is installed, None without one; nothing is imported."""
    try:
        return importlib.metadata.version(GIGATOKEN)
    except importlib.metadata.PackageNotFoundError:
        return None


def why_not(tokenizer: Tokenizer) -> str | None:
    """Return why gigatoken cannot be trusted with a tokenizer, None where nothing is known.

    What it refuses by itself is not repeated here: only what it accepts and gets wrong (0.10.0),
    and what `routing` cannot leave to the judge text by text.
    """
    backend = tokenizer.backend
    if not isinstance(backend.model, models.BPE):
        return f"it reads no {tokenizer.model_type}"
    odd = OddTexts.of(tokenizer)
    if len(odd.strings) > MOST_STRINGS:
        return "more added tokens than can be looked for take spaces with them, or must be words"
    others = {part["type"] for part in components(backend, "normalizer")} - {"NFC"}
    added = backend.get_added_tokens_decoder().values()
    if others and any(token.single_word and token.normalized for token in added):
        return "it reads single_word of added tokens in another way"
    if tokenizer.scheme.byte_level and "ByteLevel" not in _kinds(backend):
        return "the vocabulary spells bytes, but no pre-tokenizer does"
    return None


def _kinds(backend: tokenizers.Tokenizer) -> set[str]:
    steps = [*components(backend, "normalizer"), *components(backend, "pre_tokenizer")]
    return {step["type"] for step in steps}


def written_for(tokenizer: Tokenizer) -> bytes:
    """Return the tokenizer.json that `Gigatoken` takes: with `SEPARATOR` as its last token.

    It is the file that the tokenizer was read from, or else what the library writes of it, which
    takes as long as to count 10 MB of text.
    """
    source = tokenizer.source_text()
    is_it = source.as_written and sha256(source.data).hexdigest() == tokenizer.origin.sha256
    written = source.data if is_it else tokenizer.to_json().encode()
    found = _ADDED.search(written)
    if found is None:  # a file may lack the key
        written = tokenizer.to_json().encode()
        found = _ADDED.search(written)
        assert found is not None
    last = int(tokenizer.ids.max(initial=-1))
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    separator = {"id": last + 1, "content": SEPARATOR, "special": True, **flags}
    comma = b"," if found[1].strip() else b""
    parts = (
        written[: found.end(1)],
        comma,
        json.dumps(separator).encode(),
        written[found.end(1) :],
    )
    return b"".join(parts)


class Gigatoken:
    """Encode with gigatoken, which is imported and loaded by `load`, or with the first text.

    `write` returns what `written_for` does; `written` has it for the first load, and is not kept
    for the later ones. Texts are joined by the separator, and encoded as one:
    for single texts the library takes longer, and for many of them it needs the package awkward,
    whose import takes as long as 10 MB of text.
    """

    def __init__(self, write: Callable[[], bytes], version: str, written: bytes = b"") -> None:
        self._write = write
        self._written = written
        self.version = version
        self._loaded: Any = None
        self._separator = -1
        self._encoded = 0
        self._lock = Lock()  # it refuses to encode in two threads at once

    @property
    def label(self) -> str:
        """The name and the version of the library."""
        return f"{GIGATOKEN} {self.version}"

    def load(self) -> None:
        """Import the library, and give it the tokenizer.

        Raises:
            EngineError: it cannot be imported.
            EngineRefusesError: it does not read the tokenizer.
        """
        if self._loaded is not None:
            return
        try:
            import gigatoken
        except BaseException as error:
            if not is_failure(error):
                raise
            raise self._failed(f"it cannot be imported: {reason_of(error)}") from error
        try:
            written, self._written = self._written or self._write(), b""
            loaded = gigatoken.Tokenizer.from_json(written).backend  # the rest keeps the JSON
            del written
            (self._separator,) = loaded.encode(SEPARATOR).tolist()
            self._loaded = loaded
            trim_memory()  # what both libraries needed to read the file
        except BaseException as error:
            if not is_failure(error):
                raise
            raise EngineRefusesError(
                f"it does not read this tokenizer: {reason_of(error)}", self.label
            ) from error

    def encode(self, texts: Utf8Texts) -> TokenIds:
        """Return the ids of texts.

        Raises:
            EngineRefusesError: it does not read the tokenizer.
            EngineError: the library fails, or takes longer than the limit `seconds`.
        """
        work = Background(lambda: self._encode(texts))
        if not work.wait(limits().seconds):
            raise self._failed(f"it takes longer than {limits().seconds:,} s")
        try:
            return work.result()
        except EngineError:
            raise
        except BaseException as error:
            if not is_failure(error):
                raise
            raise self._failed(f"it fails on a text: {reason_of(error)}") from error

    def _encode(self, texts: Utf8Texts) -> TokenIds:
        with self._lock:
            self.load()
        parts = [self._encode_together(part) for part in texts.in_parts(_TOGETHER)]
        lengths = np.concatenate([np.diff(part.bounds) for part in parts])
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        return TokenIds(np.concatenate([part.ids for part in parts]), bounds)

    def _encode_together(self, texts: Utf8Texts) -> TokenIds:
        if not len(texts):
            return TokenIds(np.zeros(0, np.uint32), np.zeros(1, np.int64))
        joined = texts.joined(SEPARATOR.encode())
        with self._lock:
            self._encoded += len(joined)
            if self._encoded > _LOADED_FOR:
                self._loaded, self._encoded = None, len(joined)
                self.load()
            found = np.asarray(self._loaded.encode(joined), np.uint32)
        is_end = found == self._separator
        ends = np.flatnonzero(is_end)
        if len(ends) != len(texts) - 1:
            raise ValueError("it loses the separator of texts")
        ids = found[~is_end]
        # Each separator before the end of a text has shifted it by one.
        return TokenIds(ids, np.concatenate([[0], ends - np.arange(len(ends)), [len(ids)]]))

    def _failed(self, reason: str) -> EngineError:
        return EngineError(reason, self.label)
