"""`tokstat link`: the correlation of vocabulary scores with WordSim."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import examples, json_option, output_option, seed_option
from tokstat.cli.reporting import format_of


@click.command(epilog=examples("link", "link --published --plot link.svg"))
@click.option("--published", is_flag=True, help="Show only the published results.")
@click.option(
    "--study",
    "study_file",
    type=click.Path(path_type=Path),
    help="Use these results of tokstat study instead of the packaged ones.",
)
@seed_option("the bootstrap")
@json_option
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    help="Plot WordSim against every score into this file (.png, .svg, .pdf).",
)
@output_option
def link(
    published: bool,
    study_file: Path | None,
    seed: int,
    as_json: bool,
    plot: Path | None,
    output: Path | None,
) -> None:
    """Correlate vocabulary scores with WordSim.

    WordSim is the rank correlation of word-pair similarity with human judgement. A controlled
    study varies the tokenizer alone, under one teacher: it shows which score predicts WordSim. The
    published results vary more than the tokenizer, and the output states what they can show.
    """
    import tokstat
    from tokstat.api.wordsim import plot_link
    from tokstat.cli.output import write
    from tokstat.cli.progress import telling
    from tokstat.render.terminal.published_link import link_to_json, render_link
    from tokstat.render.terminal.study import render_study_link, study_link_to_json

    if published and study_file is not None:
        raise click.UsageError("Give --published or --study, not both")
    is_json = format_of("json" if as_json else None, output, ("json",)) == "json"
    with telling():
        beside = tokstat.link_published(seed=seed)
        found = None if published else tokstat.link_study(study_file, seed=seed)
    if found is None:
        text = link_to_json(beside) if is_json else render_link(beside)
    else:
        both = render_study_link(found) + "\n" + render_link(beside)
        text = study_link_to_json(found) if is_json else both
    if plot is not None:
        plot_link(beside, plot)
    write(text, output)
