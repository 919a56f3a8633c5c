"""Hold an engine against the judge on the suite made for a tokenizer, and keep the verdict."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from tokstat.corpus.engines.engine import EngineError, EngineRefusesError, TokenIds, Utf8Texts
from tokstat.corpus.engines.gigatoken import GIGATOKEN
from tokstat.corpus.engines.judge import Judge
from tokstat.corpus.engines.routing import OddTexts
from tokstat.corpus.engines.suite import SUITE, conformance_texts
from tokstat.corpus.engines.trial import try_out
from tokstat.errors import DataError
from tokstat.io.background import Background
from tokstat.io.files import cache_folder, read_json_object, replace_file
from tokstat.tokenizer.tokenizer import Tokenizer

_MOST_BYTES = 1 << 16
_SHOWN = 80
"""Characters of a text that a line shows."""


@dataclass(frozen=True)
class Conformance:
    """Hold whether an engine gives the judge's ids for a tokenizer.

    `reason` states why not; "" where all ids are alike. `texts` were compared.
    """

    outcome: Literal["alike", "refused", "differs", "failed"]
    reason: str = ""
    texts: int = 0


def first_difference(texts: Utf8Texts, ids: TokenIds, judged: TokenIds) -> int | None:
    """Return the number of the first text with other ids than the judge's, None without one."""
    if np.array_equal(ids.bounds, judged.bounds) and np.array_equal(ids.ids, judged.ids):
        return None
    if len(ids.bounds) != len(judged.bounds):
        return 0
    numbers = range(len(texts))
    return next(each for each in numbers if not np.array_equal(ids.of(each), judged.of(each)))


def shown(text: str) -> str:
    """Return a text for a line: its representation, shortened."""
    return ascii(text) if len(text) <= _SHOWN else ascii(text[:_SHOWN]) + " …"


class Conformances:
    """Verdicts on one version of gigatoken, kept in the cache folder by the tokenizer's digest."""

    def __init__(self, version: str) -> None:
        self._version = version

    def known(self, tokenizer: Tokenizer, written: bytes) -> Conformance | None:
        """Return the verdict that is kept, None where there is none that holds."""
        path = self._path(tokenizer, written)
        try:
            content = read_json_object(path, _MOST_BYTES) if path.is_file() else {}
            return Conformance(**content) if content else None
        except (DataError, TypeError):  # someone changed it
            return None

    def find(self, tokenizer: Tokenizer, written: bytes) -> Conformance:
        """Run the suite in another process, without what is the judge's, and return the verdict.

        It is kept, unless the engine failed: the next run may find more memory.
        """
        suite = Utf8Texts.of(conformance_texts(tokenizer))
        texts = suite.some(np.flatnonzero(~OddTexts.of(tokenizer).find(suite)))
        trial = Background(lambda: try_out(written, self._version, texts))
        try:
            judged = Judge(tokenizer).encode(texts)
            number = first_difference(texts, trial.result(), judged)
        except EngineRefusesError as error:
            found = Conformance("refused", error.problem)
        except EngineError as error:
            return Conformance("failed", error.problem)
        else:
            found = Conformance("alike", "", len(texts))
            if number is not None:
                reason = f"its ids differ for {shown(texts[number])}"
                found = Conformance("differs", reason, len(texts))
        finally:  # as after Ctrl-C
            trial.stop()
        self.keep(tokenizer, written, found)
        return found

    def keep(self, tokenizer: Tokenizer, written: bytes, found: Conformance) -> None:
        """Keep a verdict for later runs, where the cache can be written."""
        path = self._path(tokenizer, written)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, json.dumps(asdict(found)).encode())

    def _path(self, tokenizer: Tokenizer, written: bytes) -> Path:
        versions = (SUITE, GIGATOKEN, self._version, Judge(tokenizer).label)
        # `written` may be a file: what was changed in memory since is another tokenizer.
        facts = (*versions, *_facts(tokenizer), *tokenizer.stored_tokens.tokens)
        digest = hashlib.sha256(written)
        digest.update("\n".join(map(str, facts)).encode("utf-8", "surrogatepass"))
        return cache_folder() / "engines" / f"{digest.hexdigest()[:32]}.json"


_OF_MODELS = ("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")
_FLAGS = ("fuse_unk", "byte_fallback", "ignore_merges")


def _facts(tokenizer: Tokenizer) -> list[object]:
    """Return the settings of a tokenizer in memory, all but its tokens and merges."""
    backend = tokenizer.backend
    components = (backend.normalizer, backend.pre_tokenizer)
    return [
        *(each and each.__getstate__() for each in components),
        *(getattr(backend.model, name, None) for name in (*_OF_MODELS, *_FLAGS)),
        sorted(map(str, backend.get_added_tokens_decoder().items())),
    ]
