"""`tokstat wordsim`: WordSim of static embedding models."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from tokstat.cli.options import data_option, examples, json_option, output_option, seed_option
from tokstat.cli.reporting import format_of


@click.command(
    epilog=examples(
        "wordsim minishlab/potion-base-8M",
        "wordsim minishlab/potion-base-8M wordllama --json -o scores.json",
    )
)
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@data_option
@click.option(
    "--resamples",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Number of bootstrap samples.",
)
@click.option(
    "--resample",
    "resampling",
    type=click.Choice(["words", "pairs"]),
    default="words",
    show_default=True,
    help="What a bootstrap sample draws. Pairs share words, so that drawing pairs gives intervals "
    "that are too narrow.",
)
@seed_option("the bootstrap")
@json_option
@output_option
def wordsim(
    models: tuple[str, ...],
    data: Path | None,
    resamples: int,
    resampling: Literal["words", "pairs"],
    seed: int,
    as_json: bool,
    output: Path | None,
) -> None:
    """Measure WordSim of static embedding models.

    WordSim is the rank correlation of word-pair similarity with human judgement: Spearman's rho x
    100, the mean over seven sets. Each set's rho comes with a 95% interval. With fewer
    than seven sets there is a mean, but no WordSim.

    MODEL is a folder or Hub name of a Model2Vec or sentence-transformers static model, a file of
    GloVe, word2vec or fastText vectors (.txt, .vec, .bin), or wordllama.
    """
    import tokstat
    from tokstat.cli.output import write
    from tokstat.cli.progress import telling
    from tokstat.render.terminal.wordsim import render_scores, scores_to_json

    is_json = format_of("json" if as_json else None, output, ("json",)) == "json"
    with telling():
        scores = [
            tokstat.evaluate_wordsim(
                model, data=data, resamples=resamples, resampling=resampling, seed=seed
            )
            for model in models
        ]
    write(scores_to_json(scores) if is_json else render_scores(scores), output)
