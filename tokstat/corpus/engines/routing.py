"""Leave to the judge the texts on which an engine is known to differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.engines.composition import composing_by_version, unknown
from tokstat.corpus.engines.engine import Engine, TokenIds, Utf8Texts
from tokstat.corpus.engines.judge import Judge
from tokstat.tokenizer.scheme import components
from tokstat.tokenizer.tokenizer import Tokenizer

MOST_STRINGS = 64
"""So many strings are looked for in every text; a tokenizer with more has no such engine."""


@dataclass(frozen=True)
class OddTexts:
    """Define which texts of a tokenizer are the judge's.

    - texts with one of the `strings`: added tokens that take spaces with them or must be words;
    - texts with a character that not every version of Unicode has. Libraries have the tables of
      different versions, and only one may take it for a letter;
    - if the tokenizer `composes` (NFC), also texts with a younger character that composition may
      move, join or change.
    """

    strings: tuple[bytes, ...]
    composes: bool

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> OddTexts:
        """Return the definition for a tokenizer."""
        added = tokenizer.backend.get_added_tokens_decoder().values()
        odd = {each.content for each in added if each.lstrip or each.rstrip or each.single_word}
        kinds = {part["type"] for part in components(tokenizer.backend, "normalizer")}
        return cls(tuple(text.encode() for text in sorted(odd)), "NFC" in kinds)

    def find(self, texts: Utf8Texts) -> NDArray[np.bool_]:
        """Tell for each text whether it is the judge's; texts are in the order of their bytes."""
        found = np.zeros(len(texts), np.bool_)
        stops = np.append(texts.stops, 0)  # with -1 for no text
        joined = texts.data.tobytes() if self.strings else b""
        for string in self.strings:
            place = joined.find(string)
            while place >= 0:
                number = int(np.searchsorted(texts.starts, place, "right")) - 1
                # The rest of this text need not be searched.
                stop = int(stops[number])
                if place < stop:
                    found[number] = True
                place = joined.find(string, max(place + 1, stop))
        search = composing_by_version if self.composes else unknown
        places = search.find(texts.data)
        numbers = np.searchsorted(texts.starts, places, "right") - 1
        # What lies between texts, as the marks of documents do, is in none of them.
        found[numbers[places < stops[numbers]]] = True
        return found


class RoutedEngine:
    """Encode with an engine, and with the judge what is odd."""

    def __init__(self, engine: Engine, tokenizer: Tokenizer) -> None:
        self.engine = engine
        self._judge = Judge(tokenizer)
        self._odd = OddTexts.of(tokenizer)

    @property
    def label(self) -> str:
        """That of the engine."""
        return self.engine.label

    def load(self) -> None:
        """Load the engine. Raises as it does."""
        self.engine.load()

    def encode(self, texts: Utf8Texts) -> TokenIds:
        """Return the ids of texts. Raises as the engine and the judge do."""
        is_odd = self._odd.find(texts)
        if not is_odd.any():
            return self.engine.encode(texts)
        plain, odd = np.flatnonzero(~is_odd), np.flatnonzero(is_odd)
        one, other = self.engine.encode(texts.some(plain)), self._judge.encode(texts.some(odd))
        lengths = np.empty(len(texts), np.int64)
        lengths[plain], lengths[odd] = np.diff(one.bounds), np.diff(other.bounds)
        is_its = np.repeat(is_odd, lengths)
        ids = np.empty(len(is_its), np.uint32)
        ids[~is_its], ids[is_its] = one.ids, other.ids
        return TokenIds(ids, np.concatenate([[0], np.cumsum(lengths)]))
