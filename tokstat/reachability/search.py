"""Find which tokens some text can produce, and what makes the others unreachable.

A token is *reachable* if a text is known whose encoding contains it: its *witness*. Tokens are
tested on their own texts, together and alone. Pieces that continue a word are tested after a
character with which they do not merge, and inside words. One witness is enough, so one encoding of
the whole vocabulary settles most tokens.

A token is *unreachable* only if no text at all can produce it. A failed search does not prove that.
An argument over all texts does. These arguments are accepted, in the order in which a text meets
the components:

- **Added tokens.** The tokenizer splits a text at its added tokens before the model sees it,
  leftmost and longest first. So a token whose text contains an added token is never produced: the
  split happens at that occurrence, or at another that overlaps it. The argument does not hold for
  added tokens that match only as whole words, nor for added tokens that may overlap one of these.
  Added tokens that match the text as written count only where there is no normalizer, because other
  texts may be normalized to the token's.
- **The normalizer.** Normal forms and lower-casing leave every part of their own output unchanged.
  So no output contains a text that they change. Where each character is mapped by itself, no output
  contains a text with a character that no character maps to. All of Unicode is searched for one.
- **The pre-tokenizer** splits inside the token's text in every context: within a pair of its
  characters, or at an end where the piece would have to continue. The contexts are one character of
  each class that the patterns distinguish, and whatever the patterns spell out. Two facts make them
  suffice. A match begins where the one before it ended, so text before the piece has no effect. And
  the usual patterns look ahead by one character. Nothing is proven for patterns that look behind,
  nor for unknown steps.
- **BPE** (Sennrich et al. 2016, arXiv 1508.07909). While no merge crosses the border of a token's
  span, merges inside do not depend on the text outside. If one crosses it, the token is not
  produced. So some piece produces the token exactly if the merges build it from its own characters
  beside a character with which nothing merges. Otherwise no merges can build it (*no merge path*),
  or merges of a lower rank lead elsewhere (*better segmentation*). With `ignore_merges` the model
  looks up pieces that are tokens, and a token that merges do not build needs such a piece. Without
  an unknown token, the model drops characters that have no token and merges the text around them.
  None of the arguments above is used for such models, as a text need not contain the token's.
- **WordPiece** (Wu et al. 2016, arXiv 1609.08144) takes the longest match. So a token that ends a
  piece is produced if the match before it cannot be longer, which is certain after the longest
  word. The model can produce every token except those that are *too long*
  (`max_input_chars_per_word`).
- **Unigram** (Kudo 2018, arXiv 1804.10959) takes the best path. If another path over the token's
  own span is better, it is better wherever the span stands. The token, which is tried first, wins a
  tie. A piece listed under two ids is produced under one of them (*duplicate bytes*).
- **WordLevel** produces a token only for a piece that equals the token.

Where a reachable token has the same text as an unreachable one, the cause is *duplicate bytes*,
whichever component decides between the two.

What is neither seen nor proven is *not found*. Tokens that are bytes or parts of characters are
tried on characters that contain them; those that none produced are *partial*: they cannot be tested
alone, and are called unreachable only where no merges can build them. Special tokens, other added
ones and placeholders are not tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tokstat.reachability.proofs import Obstacle, Obstacles
from tokstat.reachability.witnesses import Witnesses
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary

State = Literal["untested", "reachable", "unreachable", "partial", "not found"]

STATES: tuple[State, ...] = get_args(State)
"""Every state of a token; `Reachability.states` index this tuple."""


@dataclass(frozen=True, eq=False)
class Reachability:
    """Hold the state of every token, and the obstacles of the unreachable ones.

    `states` index `STATES`, shape (n,); `obstacles` has an entry for each unreachable row.
    """

    states: NDArray[np.uint8]
    obstacles: Mapping[int, Obstacle]
    witnesses: Witnesses = field(repr=False)

    def rows(self, state: State) -> NDArray[np.int64]:
        """Return the rows in one state, in the order of ids."""
        return np.flatnonzero(self.states == STATES.index(state))

    def witness(self, row: int, words: Iterable[str] = ()) -> str | None:
        """Return a short text that produces the token in one row, or None.

        `words` are candidates; see `Witnesses.witness`.
        """
        return self.witnesses.witness(row, words)


def find_reachability(tokenizer: Tokenizer) -> Reachability:
    """Test every content token, and those that are parts of characters."""
    rows = tokenizer.vocabulary
    content = np.flatnonzero(rows.content)
    parts = np.flatnonzero(rows.kind("byte") | rows.kind("partial"))
    witnesses = Witnesses(tokenizer)
    missing = witnesses.search_plainly(content)
    missing = witnesses.search_beside_strangers(missing)
    finder = Obstacles(tokenizer)
    obstacles = _obstacles(finder, missing)
    missing = np.array([row for row in missing.tolist() if row not in obstacles], np.int64)
    missing = witnesses.search_beside_neighbours(missing)
    missing = witnesses.search_between_neighbours(missing, finder.borders.neighbours)
    if len(missing):
        witnesses.encode_beside_neighbours(finder.other_sources(missing.tolist()))
        missing = witnesses.missing(missing)
    hidden = witnesses.search_partial(parts)
    unmerged = {row: why for row in hidden.tolist() if (why := finder.find_unmerged(row))}

    states = np.zeros(len(rows), np.uint8)
    states[content] = STATES.index("reachable")
    states[parts] = STATES.index("reachable")
    states[hidden] = STATES.index("partial")
    states[missing] = STATES.index("not found")
    states[[*obstacles, *unmerged]] = STATES.index("unreachable")
    reachable = states == STATES.index("reachable")
    proven = _with_duplicates(rows, obstacles, reachable) | unmerged
    return Reachability(states, proven, witnesses)


def _obstacles(finder: Obstacles, missing: NDArray[np.int64]) -> dict[int, Obstacle]:
    found = ((row, finder.find(row)) for row in missing.tolist())
    return {row: obstacle for row, obstacle in found if obstacle is not None}


def _with_duplicates(
    rows: Vocabulary, obstacles: dict[int, Obstacle], reachable: NDArray[np.bool_]
) -> dict[int, Obstacle]:
    """Replace the cause of tokens that have the same text as a reachable one."""
    if not obstacles:
        return obstacles
    texts = {rows.texts[row] for row in obstacles}
    alike = [row for row, text in enumerate(rows.texts) if text in texts and reachable[row]]
    taken = {(rows.texts[row], bool(rows.starts_word[row])) for row in alike}
    return {
        row: Obstacle("duplicate bytes", obstacle.component)
        if (rows.texts[row], bool(rows.starts_word[row])) in taken
        else obstacle
        for row, obstacle in obstacles.items()
    }
