"""The merges of a BPE vocabulary, kept valid while tokens are removed and added.

BPE produces a token by merging its characters step by step, and every step is a token itself. So
removing tokens makes others unreachable: without ModernBERT's 9,700 fragments, 15,000 of its words
can no longer be produced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class MergeTable:
    """Hold merges in the order of their ranks; `end` is the suffix of a word's last piece."""

    merges: tuple[Pair, ...]
    end: str = ""
    ranks: dict[Pair, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # If a pair is listed twice, its last rank counts, as in the tokenizers library.
        object.__setattr__(self, "ranks", {pair: rank for rank, pair in enumerate(self.merges)})

    def symbols(self, token: str) -> list[str]:
        """Split a token into its characters, from which merging starts."""
        if self.end and token.endswith(self.end) and token != self.end:
            characters = list(token.removesuffix(self.end))
            return [*characters[:-1], characters[-1] + self.end]
        return list(token)


def segment(
    symbols: Sequence[str], ranks: Mapping[Pair, int], made: set[str] | None = None
) -> list[str]:
    """Merge neighbours, lowest rank first, until no merge applies (arXiv 1508.07909).

    `made` collects all intermediate tokens.
    """
    parts = list(symbols)
    while len(parts) > 1:
        best = min(
            ((ranks[pair], place) for place, pair in enumerate(pairwise(parts)) if pair in ranks),
            default=None,
        )
        if best is None:
            break
        place = best[1]
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
        if made is not None:
            made.add(parts[place])
    return parts


def restrict(table: MergeTable, vocabulary: Collection[str]) -> MergeTable:
    """Keep the merges whose parts and result are all in a vocabulary."""
    return MergeTable(
        tuple(
            pair
            for pair in table.merges
            if pair[0] in vocabulary and pair[1] in vocabulary and pair[0] + pair[1] in vocabulary
        ),
        table.end,
    )


def mend(
    table: MergeTable, vocabulary: Collection[str], tokens: Iterable[str]
) -> tuple[MergeTable, tuple[str, ...]]:
    """Append merges that produce some tokens; also return tokens that no merges can produce.

    Every step is a token of the vocabulary. New merges come after all others, so that they change
    no token that is produced without them: a merge of higher rank waits until no other applies.
    """
    ranks = dict(table.ranks)
    appended: list[Pair] = []
    stranded = []
    for token in sorted(set(tokens), key=lambda token: (len(token), token)):
        parts = segment(table.symbols(token), ranks)
        if len(parts) == 1:
            continue
        first = len(table.merges) + len(appended)
        steps = [step for step in dict.fromkeys(_way(parts, vocabulary)) if step not in ranks]
        ranks.update({step: first + place for place, step in enumerate(steps)})
        if segment(table.symbols(token), ranks) == [token]:
            appended += steps
            continue
        for step in steps:
            del ranks[step]
        stranded.append(token)
    return MergeTable((*table.merges, *appended), table.end), tuple(stranded)


def _way(parts: Sequence[str], vocabulary: Collection[str]) -> list[Pair]:
    """Return merges through tokens of the vocabulary that join all parts, or no merges."""
    n = len(parts)
    steps: dict[tuple[int, int], list[Pair]] = {
        (place, place + 1): [] for place, part in enumerate(parts) if part in vocabulary
    }
    for width in range(2, n + 1):
        for start in range(n - width + 1):
            end = start + width
            if "".join(parts[start:end]) not in vocabulary:
                continue
            for middle in range(start + 1, end):
                left, right = steps.get((start, middle)), steps.get((middle, end))
                if left is not None and right is not None:
                    pair = ("".join(parts[start:middle]), "".join(parts[middle:end]))
                    steps[start, end] = [*left, *right, pair]
                    break
    return steps.get((0, n), [])
