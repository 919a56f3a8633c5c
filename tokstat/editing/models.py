"""Edits of a tokenizer's model: the merges of BPE, the scores of Unigram."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.editing.merges import MergeTable, mend, restrict, segment
from tokstat.errors import EditError, reason_of
from tokstat.tokenizer.encoding import normalize, pre_tokenize
from tokstat.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True, eq=False)
class EditableBPE:
    """Edit the vocabulary of a BPE model so that its tokens stay reachable.

    Two remedies exist for tokens that merges no longer produce. If the pre-tokenizer splits words,
    the model can take whole pieces from the vocabulary before it merges (`takes_whole_pieces`, the
    option `ignore_merges`). Otherwise, and if words end in a suffix that this option ignores,
    tokens that others are merged from stay, and new tokens bring their merge steps.
    """

    table: MergeTable
    tokens: Sequence[str]
    reached: frozenset[str]
    takes_whole_pieces: bool

    @classmethod
    def of(cls, tokenizer: Tokenizer, model: Mapping[str, Any]) -> EditableBPE:
        """Read the merges of a model as tokenizer.json has it. Raises EditError."""
        if model["continuing_subword_prefix"]:
            raise EditError(
                "A BPE model with a continuing-subword prefix cannot be edited",
                "Choose a tokenizer without continuing_subword_prefix.",
            )
        pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in model["merges"]]
        merges = tuple((left, right) for left, right in pairs)
        table = MergeTable(merges, model["end_of_word_suffix"] or "")
        tokens = tokenizer.vocabulary.tokens
        return cls(table, tokens, _reached(table, tokens), not table.end and _cuts_words(tokenizer))

    def with_indispensable(
        self, keep: NDArray[np.bool_], renames: Mapping[int, str]
    ) -> NDArray[np.bool_]:
        """Add to the kept rows those that other tokens can only be merged from."""
        if self.takes_whole_pieces or keep.all():
            return keep
        rows = {token: row for row, token in enumerate(self.tokens)}
        keep = keep.copy()
        while True:
            kept = [row for row in np.flatnonzero(keep).tolist() if row not in renames]
            vocabulary = {self.tokens[row] for row in kept}
            cut_off = self._cut_off(restrict(self.table, vocabulary), vocabulary)
            needed: set[str] = set()
            for token in cut_off:
                segment(self.table.symbols(token), self.table.ranks, needed)
            missing = [row for row in map(rows.__getitem__, needed) if not keep[row]]
            if not missing:
                return keep
            keep[missing] = True

    def with_steps(self, wanted: Sequence[str]) -> list[str]:
        """Put before each wanted token its merge steps from the left."""
        if self.takes_whole_pieces:
            return list(wanted)
        found: dict[str, None] = {}
        for token in wanted:
            parts = segment(self.table.symbols(token), self.table.ranks)
            for count in range(2, len(parts) + 1):
                found.setdefault("".join(parts[:count]))
        return list(found)

    def write(
        self, model: dict[str, Any], ids: Mapping[str, int], fresh: Collection[str]
    ) -> tuple[str, ...]:
        """Write vocabulary and merges into a model; return tokens that merges do not produce."""
        merges = restrict(self.table, ids.keys())
        cut_off = self._cut_off(merges, ids.keys() - fresh)
        merges, stranded = mend(merges, ids.keys(), {*cut_off, *fresh})
        model["vocab"] = dict(ids)
        model["merges"] = [list(pair) for pair in merges.merges]
        if stranded and self.takes_whole_pieces:
            model["ignore_merges"] = True
        return stranded

    def _cut_off(self, table: MergeTable, vocabulary: Collection[str]) -> frozenset[str]:
        """Return the tokens that the whole table produces, and this one does not."""
        before = [token for token in vocabulary if token in self.reached]
        return frozenset(before) - _reached(table, before)


def _reached(table: MergeTable, tokens: Sequence[str]) -> frozenset[str]:
    """Return those of some tokens that merging their characters produces."""
    if table.end:  # the library appends the suffix to any text
        return frozenset(
            token for token in tokens if len(segment(table.symbols(token), table.ranks)) == 1
        )
    names = {name for pair in table.merges for name in (*pair, "".join(pair))}
    names.update(character for token in tokens for character in token)
    vocabulary = {name: index for index, name in enumerate(sorted(names | set(tokens)))}
    model = tokenizers.models.BPE(vocab=vocabulary, merges=list(table.merges))
    return frozenset(token for token in tokens if len(model.tokenize(token)) == 1)


def _cuts_words(tokenizer: Tokenizer) -> bool:
    """Tell whether the words of a text reach the model one by one."""
    backend = tokenizer.backend
    return len(pre_tokenize(backend, normalize(backend, "two words"))) > 1


_BETTER = 1e-4
"""By how much the score of a wanted piece exceeds that of the split it replaces."""


def write_pieces(
    model: dict[str, Any], ids: NDArray[np.int32], tokens: Sequence[str], fresh: Collection[str]
) -> None:
    """Write tokens into a Unigram model: the first ones with the scores of their old ids.

    A renamed or new token gets a score just above that of the split that would beat it. So do other
    tokens that no split beat before.
    """
    pieces: list[tuple[str, float]] = model["vocab"]
    # No score is below the lowest: that sets the cost of an unknown character.
    lowest = min(score for _, score in pieces)
    scores = [pieces[old][1] if old < len(pieces) else lowest for old in ids.tolist()]
    scores += [lowest] * (len(tokens) - len(scores))
    protected = _unbeaten(model).union(fresh) if fresh else frozenset[str]()
    if model["unk_id"] is not None:
        model["unk_id"] = ids.tolist().index(model["unk_id"])
    # A raised score may make longer tokens less likely, but no others.
    for _ in {len(token) for token in protected}:
        beaten = _beaten(model, tokens, scores, protected)
        if not beaten:
            break
        for index, score in beaten.items():
            scores[index] = score + _BETTER
    model["vocab"] = [list(pair) for pair in zip(tokens, scores, strict=True)]


def _unbeaten(model: Mapping[str, Any]) -> frozenset[str]:
    """Return the pieces that a model encodes as themselves."""
    tokens, scores = zip(*model["vocab"], strict=True)
    beaten = _beaten(model, tokens, scores, frozenset(tokens))
    return frozenset(token for index, token in enumerate(tokens) if index not in beaten)


def _beaten(
    model: Mapping[str, Any],
    tokens: Sequence[str],
    scores: Sequence[float],
    chosen: Collection[str],
) -> dict[int, float]:
    """Map the chosen tokens that a split beats to the score of that split."""
    unigram = tokenizers.models.Unigram(
        list(zip(tokens, scores, strict=True)), model["unk_id"], model["byte_fallback"]
    )
    splits = (
        (index, [part.id for part in unigram.tokenize(token)])
        for index, token in enumerate(tokens)
        if token in chosen
    )
    try:
        return {
            index: sum(scores[part] for part in parts)
            for index, parts in splits
            if parts != [index]
        }
    except Exception as error:  # the library raises bare Exceptions
        raise EditError(
            f"The model cannot encode its own tokens: {reason_of(error)}",
            "Add an unknown token to it first.",
        ) from error
