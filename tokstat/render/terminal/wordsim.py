"""WordSim scores as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tokstat.render.headlines import WORDSIM
from tokstat.render.terminal.tables import interval, to_grid
from tokstat.results.report import Table
from tokstat.text.visible import visible, visible_line
from tokstat.wordsim.evaluation import ModelScore, scores_to_dict


def scores_to_json(scores: Sequence[ModelScore]) -> str:
    """Write scores as `tokstat wordsim --json` does."""
    return json.dumps(scores_to_dict(scores), allow_nan=False) + "\n"


def render_scores(scores: Sequence[ModelScore]) -> str:
    """Write scores as text, one model after the other."""
    return "\n".join(map(_model, scores))


def score_parts(score: ModelScore) -> Iterator[str | Table]:
    """Yield the name of a model, its scores by set, and their mean."""
    yield score.model
    yield _sets(score)
    yield _summary(score)


def _model(score: ModelScore) -> str:
    name = visible(score.model)
    return f"{name}\n{to_grid(_sets(score))}{visible_line(_summary(score))}\n"


def _sets(score: ModelScore) -> Table:
    return Table(
        "sets",
        "Scores by set",
        {
            "set": tuple(each.name for each in score.sets),
            "rho x 100": tuple(each.rho for each in score.sets),
            "95%": tuple(interval(each.interval) for each in score.sets),
            "pairs": tuple(each.pairs for each in score.sets),
            "words": tuple(each.words for each in score.sets),
            "one-token words": tuple(each.single_token_words for each in score.sets),
            "one-token pairs": tuple(each.single_token_pairs for each in score.sets),
            "unknown words": tuple(each.unknown_words for each in score.sets),
            "zero vectors": tuple(each.zero_vectors for each in score.sets),
        },
    )


def _summary(score: ModelScore) -> str:
    if score.wordsim is not None:
        value = f"{score.wordsim:.2f} {interval(score.interval)}"
        return (
            f"WordSim {value}, the mean of the seven sets: {WORDSIM}. Intervals are over"
            f" {score.resampling}."
        )
    scored = [each.name for each in score.sets]
    return (
        f"Mean of {', '.join(scored)}: {score.mean:.2f} {interval(score.interval)}, over"
        f" {score.resampling}. This is not WordSim, the mean over seven sets. Missing:"
        f" {', '.join(score.missing_sets)}. Run: tokstat data fetch"
    )
