"""Engines that stand in for gigatoken: one that is right, and ones that are not."""

from __future__ import annotations

from zlib import crc32

from tokstat.corpus.engines.engine import EngineError, TokenIds, Utf8Texts
from tokstat.corpus.engines.judge import Judge
from tokstat.tokenizer.tokenizer import Tokenizer


class Other:
    """Give the judge's ids under another name."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._judge = Judge(tokenizer)

    @property
    def label(self) -> str:
        return "other 1"

    def load(self) -> None:
        """There is nothing to load."""

    def encode(self, texts: Utf8Texts) -> TokenIds:
        return self._judge.encode(texts)


class Wrong(Other):
    """Change the last id of one text in `every`."""

    def __init__(self, tokenizer: Tokenizer, every: int, seed: int = 0) -> None:
        super().__init__(tokenizer)
        self._every, self._seed = every, seed

    def is_wrong(self, text: str) -> bool:
        return crc32(text.encode(), self._seed) % self._every == 0

    def encode(self, texts: Utf8Texts) -> TokenIds:
        found = super().encode(texts)
        ids = found.ids.copy()
        for number in range(len(texts)):
            if self.is_wrong(texts[number]) and len(found.of(number)):
                ids[found.bounds[number + 1] - 1] ^= 1
        return TokenIds(ids, found.bounds)


class Failing(Other):
    """Fail at every text."""

    def encode(self, texts: Utf8Texts) -> TokenIds:
        raise EngineError("it fails", self.label)
