"""`tokstat wordsim`: static models on word similarity."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import data_option, json_option, output_option, seed_option


@click.command()
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@data_option
@click.option(
    "--resamples",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Samples of the bootstrap.",
)
@seed_option("the bootstrap")
@json_option
@output_option
def wordsim(
    models: tuple[str, ...],
    data: Path | None,
    resamples: int,
    seed: int,
    as_json: bool,
    output: Path | None,
) -> None:
    """Score static embedding models on word similarity.

    MODEL is a folder or Hub name of a Model2Vec or sentence-transformers static model, a file of
    GloVe, word2vec or fastText vectors (.txt, .vec, .bin), or wordllama. Per set: Spearman's rho x
    100 between people's ratings and the cosines of words, with a 95 % interval over pairs. WordSim
    is the mean over the seven sets, and is not given for fewer.
    """
    from tokstat import api
    from tokstat.cli.output import write
    from tokstat.render.terminal.wordsim import render_scores, scores_to_json

    scores = [
        api.evaluate_wordsim(model, data=data, resamples=resamples, seed=seed) for model in models
    ]
    write(scores_to_json(scores) if as_json else render_scores(scores), output)
