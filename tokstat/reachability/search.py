"""Which tokens of a vocabulary some text can produce, and what keeps texts from the others.

A token is *reachable* if a text is known whose encoding holds it: its *witness*. Tokens are tried
on their own texts, together and alone; pieces that continue a word behind something that they do
not merge with, and inside words. One witness settles the matter, so most tokens are done with after
one encoding of the whole vocabulary.

A token is *unreachable* only if no text at all can produce it. That no witness was found does not
show it; an argument over all texts does. These are accepted, in the order in which a text meets
the components:

- **Added tokens** are cut out before the model sees a text, leftmost and longest first. A token
  whose text contains an added token is never produced: either that occurrence is cut out, or
  another that overlaps it. (Not so for added tokens that are matched only as words of their own,
  and for what may overlap one. Those matched as written are judged only where there is no
  normalizer, as other texts may be normalized to the token's.)
- **The normalizer.** Normal forms and lower-casing leave every part of their own output as it is,
  so a text that they change is in no output. And where each character is mapped by itself, a text
  is in no output if one of its characters is not: all of Unicode is looked through for it.
- **The pre-tokenizer** cuts inside the token's text (inside a pair of its characters, or at the end
  where the piece would have to go on) in every context: beside one character of each class that
  the patterns tell apart, and beside what they spell out. A match begins where the one before it
  ended, so what stands before the piece has no say, and the usual patterns look ahead by one
  character. Of patterns that look behind, and of steps that are not known, nothing is proven.
- **BPE** (Sennrich et al. 2016, arXiv 1508.07909). While no merge crosses the border of a token's
  span, merges inside do not depend on what stands outside; and if one does, the token is not
  produced. So some piece produces it exactly if the merges turn its own characters into it beside
  something that nothing merges with. If they do not, either no merges can build it (*no merge
  path*), or merges of a lower rank lead elsewhere (*better segmentation*). With `ignore_merges` a
  piece that is a token is looked up; a token that merges do not build needs such a piece. Without
  an unknown token, characters that cannot be spelled are passed over, and what stood around them is
  merged: of such models none of the arguments above is used, as texts need not hold the token's.
- **WordPiece** (Wu et al. 2016, arXiv 1609.08144) takes the longest match, so a token that ends a
  piece is produced if the match before it cannot be longer; behind the longest word it cannot. The
  model can produce every token but those that are *too long* (`max_input_chars_per_word`).
- **Unigram** (Kudo 2018, arXiv 1804.10959) takes the best path. If another path over the token's
  own span is better, it is so wherever the span stands. A tie goes to the token, which is tried
  first. A piece listed under two ids is produced under one (*duplicate bytes*).
- **WordLevel** produces a token for a piece that is the token, and for nothing else.

Where a token stands for the same text as one that is reachable, the cause is *duplicate bytes*,
whichever component decides between them.

What is neither seen nor proven is *not found*. Tokens that are bytes or parts of characters are
tried on characters that contain them; those that none produced are *partial*: they cannot be tested
alone, and are never called unreachable. Special tokens, other added ones and placeholders are not
tested.
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
    """Hold which tokens of a vocabulary some text can produce.

    `states` index `STATES`, shape (n,); `obstacles` has an entry for each unreachable row.
    """

    states: NDArray[np.uint8]
    obstacles: Mapping[int, Obstacle]
    witnesses: Witnesses = field(repr=False)

    def rows(self, state: State) -> NDArray[np.int64]:
        """Return the rows in one state, in the order of ids."""
        return np.flatnonzero(self.states == STATES.index(state))

    def witness(self, row: int, words: Iterable[str] = ()) -> str | None:
        """Return a short text that produces a token, or None; see `Witnesses.witness`."""
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
