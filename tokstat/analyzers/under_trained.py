"""Tokens whose embeddings suggest that the model has hardly seen them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.errors import DataError
from tokstat.model.embedding_matrices import Embeddings
from tokstat.model.untrained_rows import Rows, distances_to
from tokstat.text.wording import agreed, counted
from tokstat.tokenizer.vocabulary import KINDS, Vocabulary

_SOURCE = "Land and Bartolo, arXiv 2405.05417"

REFERENCE = MetricType(
    "reference_rows",
    "rows",
    "embedding rows that no text can train: placeholders, ids without a token, padding, and bytes "
    "that UTF-8 never uses",
    _SOURCE,
)
CANDIDATES = MetricType(
    "under_trained_candidates",
    "tokens",
    "tokens whose embeddings are as near to the reference rows as 95% of these rows are",
    _SOURCE,
)

UNDER_TRAINED = Rule(
    "TS801",
    "warning",
    "Tokens that look under-trained",
    "Their embeddings resemble those of tokens that never occurred in training. Such tokens "
    "(SolidGoldMagikarp) make a model answer wrongly, or not at all. In a static model their "
    "vectors mean nothing. They are candidates: only the model's own answers can verify them "
    "(arXiv 2405.05417).",
    "Prompt the model to repeat some of them. Train those that it cannot repeat, or keep them out "
    "of its input.",
    source="Land and Bartolo 2024, arXiv 2405.05417",
)
NOT_FINITE = Rule(
    "TS802",
    "error",
    "Embedding rows with NaN or infinity",
    "Every text with such a token gets NaN from the model.",
    "Write the weights again from an undamaged checkpoint.",
    source="Land and Bartolo 2024, arXiv 2405.05417",
)

_LEAST_REFERENCE = 5
_WITHIN = 0.95
_ROWS = 200
_EXAMPLES = 6

_IMPOSSIBLE_BYTES = {bytes([byte]) for byte in (0xC0, 0xC1, *range(0xF5, 0x100))}

_SENTINEL = "extra_id"
"""Part of the names of T5's sentinels, which look like placeholders and are well trained."""

_PROMPTABLE = ("text", "added", "special")


@dataclass(frozen=True)
class _Indicator:
    """Hold one number per row, low where the row looks under-trained, and its name."""

    name: str
    values: NDArray[np.float64]


@analyzer(
    "under_trained",
    title="Under-trained tokens",
    needs=("option weights",),
    metrics=(REFERENCE, CANDIDATES),
    rules=(UNDER_TRAINED, NOT_FINITE),
)
def under_trained(subject: Subject) -> Result:
    """Rank tokens by how much their embeddings resemble those of untrained rows.

    The reference rows are those that no text can train: placeholders, ids without a token, padding
    after the last id, and bytes that UTF-8 never uses. Where one matrix serves input and output
    (tied), the indicator of a token is the cosine distance of its row to the mean of the reference
    rows. The first principal component is removed from all rows before. Where the output matrix is
    separate (untied), the indicator is the L2 norm of the input row, and the distance of the output
    row is shown beside it.

    Candidates are tokens whose indicator is at most the 95% quantile of the reference rows. Tokens
    that are not whole text cannot be prompted for: they are ranked, but never candidates. With
    fewer than five reference rows, unreachable tokens join them (see reachability). They are only
    the second choice, as the pipeline may have changed after training. If there are still fewer
    than five, tokens are ranked by the norm, and there are no candidates.
    """
    embeddings, vocabulary = subject.embeddings, subject.vocabulary
    size = embeddings.input.shape[0]
    if size <= int(vocabulary.ids[-1]):
        raise DataError(
            f"the matrix {embeddings.input.name} has {counted(size, 'row')}, and ids go up to "
            f"{int(vocabulary.ids[-1]):,}",
            "Give the weights that belong to this tokenizer.",
        )
    reference = _reference(vocabulary, size)
    if len(reference) < _LEAST_REFERENCE:
        unreachable = vocabulary.ids[subject.reachability.rows("unreachable")]
        reference = np.union1d(reference, unreachable)
    norms = Rows(embeddings.input).norms()
    indicators = _indicators(embeddings, reference, norms)
    is_token = np.zeros(size, np.bool_)
    is_token[vocabulary.ids] = True
    is_token[reference] = False
    ranked = np.flatnonzero(is_token & np.isfinite(norms))
    ranked = ranked[np.argsort(indicators[0].values[ranked], kind="stable")]
    candidates = _candidates(vocabulary, indicators[0], ranked, reference)
    scope = f"{embeddings.input.name}, {'untied' if embeddings.output else 'tied or alone'}"
    return Result(
        metrics=(
            REFERENCE.value(len(reference), scope),
            CANDIDATES.value(None if candidates is None else len(candidates), scope),
        ),
        tables=(_ranking(vocabulary, indicators, ranked[:_ROWS], candidates),),
        findings=(
            *_found(vocabulary, indicators[0], candidates, len(reference)),
            *_not_finite(np.flatnonzero(np.isnan(norms) & is_token)),
        ),
    )


def _reference(vocabulary: Vocabulary, size: int) -> NDArray[np.int64]:
    """Return the ids (row numbers) that no text can train."""
    without_token = np.ones(size, np.bool_)
    without_token[vocabulary.ids] = False
    placeholders = [
        row
        for row in np.flatnonzero(vocabulary.kind("placeholder")).tolist()
        if _SENTINEL not in vocabulary.tokens[row]
    ]
    impossible = [row for row, spelt in vocabulary.broken.items() if spelt in _IMPOSSIBLE_BYTES]
    return np.unique(
        np.concatenate(
            [
                np.flatnonzero(without_token),
                vocabulary.ids[placeholders],
                vocabulary.ids[impossible],
            ]
        ).astype(np.int64)
    )


def _indicators(
    embeddings: Embeddings, reference: NDArray[np.int64], norms: NDArray[np.float64]
) -> list[_Indicator]:
    """Return the indicator that ranks, then the other one if there are enough reference rows."""
    norm = _Indicator("input_norm", norms)
    if len(reference) < _LEAST_REFERENCE:
        return [norm]
    matrix = embeddings.output or embeddings.input
    distance = _Indicator("distance", distances_to(matrix, reference))
    return [norm, distance] if embeddings.output else [distance, norm]


def _candidates(
    vocabulary: Vocabulary,
    indicator: _Indicator,
    ranked: NDArray[np.int64],
    reference: NDArray[np.int64],
) -> NDArray[np.int64] | None:
    """Return the ids of the candidates, most suspect first; None without enough reference rows."""
    of_reference = indicator.values[reference]
    of_reference = of_reference[np.isfinite(of_reference)]
    if len(of_reference) < _LEAST_REFERENCE:
        return None
    promptable = np.isin(vocabulary.kind_codes, [KINDS.index(kind) for kind in _PROMPTABLE])
    within = ranked[indicator.values[ranked] <= np.quantile(of_reference, _WITHIN)]
    return within[np.isin(within, vocabulary.ids[promptable])]


def _ranking(
    vocabulary: Vocabulary,
    indicators: list[_Indicator],
    ranked: NDArray[np.int64],
    candidates: NDArray[np.int64] | None,
) -> Table:
    tokens = [vocabulary[token] for token in ranked.tolist()]
    chosen = set() if candidates is None else set(candidates.tolist())
    return Table(
        "ranking",
        "Tokens that look least trained",
        {
            "id": tuple(token.id for token in tokens),
            "token": tuple(token.display for token in tokens),
            "kind": tuple(token.kind for token in tokens),
            **{
                each.name: tuple(round(value, 4) for value in each.values[ranked].tolist())
                for each in indicators
            },
            "candidate": tuple(token.id in chosen for token in tokens),
        },
    )


def _found(
    vocabulary: Vocabulary,
    indicator: _Indicator,
    candidates: NDArray[np.int64] | None,
    references: int,
) -> list[Finding]:
    if candidates is None or not len(candidates):
        return []
    count = len(candidates)
    some = ", ".join(repr(vocabulary[token].display) for token in candidates[:_EXAMPLES].tolist())
    message = (
        f"{counted(count, 'token')} {agreed(count, 'resembles', 'resemble')} the "
        f"{counted(references, 'untrained row')} by {indicator.name}: {some}. "
        f"{agreed(count, 'It is an unverified candidate', 'They are unverified candidates')}."
    )
    return [UNDER_TRAINED.found(message, candidates.tolist())]


def _not_finite(ids: NDArray[np.int64]) -> list[Finding]:
    if not len(ids):
        return []
    message = (
        f"{counted(len(ids), 'row')} {agreed(len(ids), 'contains', 'contain')} NaN or infinity."
    )
    return [NOT_FINITE.found(message, ids.tolist())]
