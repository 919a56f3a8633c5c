"""Which tokens of a vocabulary some text can give, and what keeps texts from the others.

A token is *reachable* if a text is known that the tokenizer turns into tokens with it among them:
its *witness*. Tokens are tried on their own texts, together and alone; pieces that continue a word
behind something they do not merge with, and inside words. One witness settles the matter, so most
tokens are done with after one encoding of the whole vocabulary.

A token is *unreachable* only if no text at all can give it. Absence of a witness does not show that;
an argument over all texts does. These are accepted, in the order in which a text meets them:

- **Added tokens** are cut out before the model sees a text, leftmost and longest first. A token whose
  text contains an added token can never be given: either that occurrence is cut out, or another that
  overlaps it. (Not so for those matched only as words of their own; and those matched as written are
  judged only where there is no normalizer, as other texts may be normalized to the token's.)
- **The normalizer.** Normal forms and lower-casing leave any part of their own output as it is, so a
  text that they change is in no output; and what one character at a time is mapped to has no
  character that no character is mapped to, for which all of Unicode is looked through.
- **The pre-tokenizer** cuts inside the token's text, or inside a pair of characters in it, or at the
  end where it would have to go on, in every context: beside one character of each class that the
  patterns tell apart, and beside everything that they spell out. What these patterns match begins
  where the match before it ended, so what stands further left has no say; they look no further
  ahead than one character. For patterns that look behind, and for steps that are not known, nothing
  is proven.
- **BPE** (Sennrich et al. 2016). Merges inside a token's span never depend on what stands outside,
  unless a merge crosses the border, and then the token is not given. So a token is given by some
  piece exactly if the merges turn its own characters into it when nothing stands beside them that
  merges. If they do not, either no sequence of merges can build it (*no merge path*) or merges of a
  lower rank lead elsewhere (*better segmentation*). With `ignore_merges`, a piece that is a token is
  given without merging; such a token needs a piece of its own. Characters without a token fall
  back to bytes, so the byte of an ASCII character with a token of its own is never given.
- **WordPiece** (Wu et al. 2016) takes the longest match, so a token at the end of a piece is given if
  the one before it has no longer match; behind the longest word there is none. Its model can give
  every token but those that are *too long* for it (`max_input_chars_per_word`).
- **Unigram** (Kudo 2018) takes the best path. If another path over the token's own span is better, it
  is better wherever the span stands. A tie goes to the token itself, which is tried first. A piece
  listed under two ids is given under one (*duplicate bytes*).
- **WordLevel** gives a token for a piece that is the token, and for nothing else.

Where a token stands for the same text as one that is reachable, the cause is *duplicate bytes*,
whichever component decides between them.

What is neither seen nor proven is *not found*. Tokens that are parts of characters are tried on
characters that contain their bytes; those that none gave are *partial*: they cannot be tested alone,
and are never called unreachable. Special tokens, other added ones and placeholders are not tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tokstat.obstacles import Obstacle, Obstacles
from tokstat.tokenizer import Tokenizer
from tokstat.vocabulary import Vocabulary
from tokstat.witnesses import Witnesses

State = Literal["untested", "reachable", "unreachable", "partial", "not found"]

STATES: tuple[State, ...] = get_args(State)
"""Every state of a token; `Reachability.states` index this tuple."""


@dataclass(frozen=True, eq=False)
class Reachability:
    """Hold which tokens of a vocabulary some text can give.

    `states` index `STATES`, shape (n,); `obstacles` has an entry for each unreachable row.
    """

    states: NDArray[np.uint8]
    obstacles: Mapping[int, Obstacle]
    witnesses: Witnesses = field(repr=False)

    def rows(self, state: State) -> NDArray[np.int64]:
        """Return the rows in one state, in the order of ids."""
        return np.flatnonzero(self.states == STATES.index(state))

    def witness(self, row: int, words: Iterable[str] = ()) -> str | None:
        """Return a short text that gives a token, or None; see `Witnesses.witness`."""
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
    hidden = witnesses.search_partial(parts)

    states = np.zeros(len(rows), np.uint8)
    states[content] = STATES.index("reachable")
    states[parts] = STATES.index("reachable")
    states[hidden] = STATES.index("partial")
    states[missing] = STATES.index("not found")
    states[list(obstacles)] = STATES.index("unreachable")
    reachable = states == STATES.index("reachable")
    return Reachability(states, _with_duplicates(rows, obstacles, reachable), witnesses)


def _obstacles(finder: Obstacles, missing: NDArray[np.int64]) -> dict[int, Obstacle]:
    found = ((row, finder.find(row)) for row in missing.tolist())
    return {row: obstacle for row, obstacle in found if obstacle is not None}


def _with_duplicates(
    rows: Vocabulary, obstacles: dict[int, Obstacle], reachable: NDArray[np.bool_]
) -> dict[int, Obstacle]:
    """Name the cause anew for tokens that stand for the same text as one that is reachable."""
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
