"""The merges of a BPE vocabulary, kept working while tokens come and go.

A token of BPE is reached by merging its characters step by step, and every step goes through a
token of its own. Whoever takes tokens out of the vocabulary breaks the way to others: of
ModernBERT's tokens, 15,000 words can't be reached any more once its 9,700 fragments are gone.
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
        # Of a pair that stands there twice the last rank counts, as in the tokenizers library.
        object.__setattr__(self, "ranks", {pair: rank for rank, pair in enumerate(self.merges)})

    def symbols(self, token: str) -> list[str]:
        """Cut a token into what merging starts from: its characters."""
        if self.end and token.endswith(self.end) and token != self.end:
            characters = list(token.removesuffix(self.end))
            return [*characters[:-1], characters[-1] + self.end]
        return list(token)


def segment(
    symbols: Sequence[str], ranks: Mapping[Pair, int], made: set[str] | None = None
) -> list[str]:
    """Merge neighbours, the pair of the lowest rank first, until none is left (arXiv 1508.07909).

    `made` collects every token that is merged on the way.
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
    """Keep the merges of tokens of a vocabulary into others of it."""
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
    """Append merges that lead to some tokens; return also those that nothing leads to.

    Every step goes through a token of the vocabulary. Merges are only ever put behind all others,
    so that what was reached without them still is: a merge of a higher rank waits until no other
    applies.
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
    """Find merges through tokens of the vocabulary that join neighbours to the whole, or none."""
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
