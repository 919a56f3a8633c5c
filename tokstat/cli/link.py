"""`tokstat link`: vocabulary scores against WordSim."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import output_option


@click.command()
@click.option("--published", is_flag=True, help="Use the packaged table of published results.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed of the bootstrap.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    help="Draw WordSim against every score into this file (.png, .svg, .pdf).",
)
@output_option
def link(published: bool, seed: int, as_json: bool, plot: Path | None, output: Path | None) -> None:
    """Put published WordSim results beside the vocabulary scores of their tokenizers.

    Says what they can show and what they cannot: correlations with the number of distinct
    tokenizers behind them, counter-examples, and how far one tokenizer's models go apart.
    """
    from tokstat import api
    from tokstat.cli.output import write
    from tokstat.render.link import link_to_json, render_link

    if not published:
        raise click.UsageError("Give --published: other results are not packaged yet.")
    found = api.link_published(seed=seed)
    if plot is not None:
        api.plot_link(found, plot)
    write(link_to_json(found) if as_json else render_link(found), output)
