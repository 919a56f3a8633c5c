"""Searches that need only a tokenizer, and run in the background."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from tokstat.io.background import Background
from tokstat.io.limits import beyond, limits
from tokstat.reachability.round_trip import RoundTrip, search_losses
from tokstat.reachability.search import Reachability, find_reachability
from tokstat.reachability.unicode_blocks import Block, count_spelled, encode_samples
from tokstat.tokenizer.settled_words import (
    SettledWords,
    drops_spaces,
    separates_lines,
    separates_words,
    spells_ascii,
)
from tokstat.tokenizer.single_words import Convention
from tokstat.tokenizer.tokenizer import Tokenizer

Value = TypeVar("Value")

CALLS = 5
"""How many times the limit of one call a search may take."""


@dataclass(frozen=True, eq=False)
class Searches:
    """Search for one tokenizer's reachable tokens, losses and Unicode blocks, each at most once.

    The encoder runs without the interpreter's lock, so a lexicon can be read meanwhile.
    """

    tokenizer: Tokenizer

    def start_texts(self) -> None:
        """Start the searches that need no vocabulary."""
        _ = self._texts_and_characters

    def start(self) -> None:
        """Decode the vocabulary, and start all searches."""
        _ = self._texts_and_characters, self._reachability

    @cached_property
    def _reachability(self) -> Background[Reachability]:
        # Several threads need these facts, so they are computed before one starts.
        _ = self.tokenizer.vocabulary, self.tokenizer.adds_leading_space, self.tokenizer.unknown_id
        return Background(lambda: find_reachability(self.tokenizer))

    @cached_property
    def _texts_and_characters(self) -> Background[tuple[RoundTrip, list[list[int]]]]:
        _ = self.tokenizer.scheme, self.tokenizer.unknown_id
        return Background(lambda: (search_losses(self.tokenizer), encode_samples(self.tokenizer)))

    @property
    def reachability(self) -> Reachability:
        """The tokens that some text can produce; see `tokstat.reachability.search`."""
        return _within_limit(self._reachability)

    def settled_words(self, convention: Convention = "spaced") -> SettledWords | None:
        """Wait for the search for reachable tokens; return the words that it settles, if any.

        Only of a tokenizer that separates words, or lines, and where the search was started.
        """
        starting = convention == "spaced" or drops_spaces(self.tokenizer)
        separates = separates_words if starting else separates_lines
        if "_reachability" not in self.__dict__ or not separates(self.tokenizer):
            return None
        found = self._reachability.value_within(limits().seconds)
        if found is None:  # it is slow, or failed: whoever asks for the tokens is told
            return None
        words = found.witnesses.words_in_place(starting=starting)
        return SettledWords(self.tokenizer, words, needs_token=spells_ascii(self.tokenizer))

    @property
    def round_trip(self) -> RoundTrip:
        """The result of encoding and decoding the generated texts."""
        return _within_limit(self._texts_and_characters)[0]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The spelling of the characters of each Unicode block."""
        return count_spelled(self.tokenizer, _within_limit(self._texts_and_characters)[1])


def _within_limit(search: Background[Value]) -> Value:
    """Return what a search finds. Raises LimitError where it takes too long, and stops it.

    Each call of a search is short, and the limit holds for each; there may be too many of them.
    """
    seconds = CALLS * limits().seconds
    # Whoever asked for it before may have stopped it, or does so meanwhile.
    if search.is_stopped or not search.wait(seconds) or search.is_stopped:
        search.stop(1.0)
        raise beyond(
            f"The search for texts of the tokenizer takes longer than {seconds:,} s, {CALLS} times"
            " the limit seconds",
            "seconds",
        )
    return search.result()
