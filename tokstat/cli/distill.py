"""`tokstat distill`: a static model from a teacher."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import data_option, edit_options, new_folder_option


@click.command()
@click.argument("teacher")
@new_folder_option
@click.option("--tokenizer", help="A SPEC of another vocabulary under the same teacher.")
@click.option(
    "--prefix-space/--no-prefix-space",
    default=None,
    help="Put a blank before every text, so that single words keep their token, or not; by default "
    "as Model2Vec does for the teacher's own tokenizer, and as written for another.",
)
@edit_options
@click.option(
    "--pooling",
    type=click.Choice(["mean", "cls", "last", "token"]),
    default="mean",
    show_default=True,
    help="What becomes of the teacher's hidden states; token is the mean without special tokens.",
)
@click.option(
    "--swap-ends", is_flag=True, help="Let the teacher's first and last token change places."
)
@click.option(
    "--pca-dims",
    type=click.IntRange(min=0),
    default=256,
    show_default=True,
    help="Principal axes kept; 0 for no PCA.",
)
@click.option("--sif/--no-sif", default=True, show_default=True, help="Weight tokens by rank.")
@data_option
def distill(
    teacher: str,
    output: Path,
    tokenizer: str | None,
    prefix_space: bool | None,
    decase: bool,
    drop: tuple[str, ...],
    add_words: str | None,
    pooling: str,
    swap_ends: bool,
    pca_dims: int,
    sif: bool,
    data: Path | None,
) -> None:
    """Distil a static model into a Model2Vec folder, and score it on word similarity.

    Plainly, that is Model2Vec's own distillation. With another tokenizer, a change of its
    vocabulary or of the blank, or a recipe that Model2Vec lacks, the teacher reads each token's
    text.
    """
    from tokstat import api
    from tokstat.cli.output import say_skipped, write
    from tokstat.cli.progress import bar
    from tokstat.render.terminal.wordsim import render_scores

    score = api.distill(
        teacher,
        output,
        tokenizer=tokenizer,
        prefix_space=prefix_space,
        decase=decase,
        drop=drop,
        add_words=add_words,
        pooling=pooling,
        swap_ends=swap_ends,
        pca=pca_dims or None,
        sif=1e-4 if sif else None,
        data=data,
        progress=bar(),
        on_skipped=say_skipped,
    )
    write(render_scores([score]), None)
