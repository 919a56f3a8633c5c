"""`tokstat distill`: a static model, distilled from a teacher."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from tokstat.cli.options import (
    data_option,
    edit_options,
    examples,
    new_folder_option,
    prompt_option,
)


@click.command(
    epilog=examples(
        "distill nomic-ai/modernbert-embed-base -o static",
        "distill nomic-ai/modernbert-embed-base --as 0.3.8 -o static",
        "distill BAAI/bge-base-en-v1.5 --tokenizer gpt2 --prefix-space -o static",
    )
)
@click.argument("teacher")
@new_folder_option
@click.option(
    "--tokenizer", help="Give the static model this tokenizer (a SPEC) instead of the teacher's."
)
@click.option(
    "--prefix-space/--no-prefix-space",
    default=None,
    help="Put a space before every text, so that single words keep their token. Default: what "
    "Model2Vec does for the teacher's own tokenizer; another tokenizer stays as it is.",
)
@click.option(
    "--as",
    "as_release",
    metavar="RELEASE",
    help="Give the static model the tokenizer that this release of Model2Vec saves, for byte-level "
    "BPE: 0.3.8, 0.4.1, 0.6.0, 0.7.0, 0.8.2 or 0.10.0.",
)
@edit_options
@click.option(
    "--pooling",
    type=click.Choice(["mean", "cls", "last", "token"]),
    default="mean",
    show_default=True,
    help="How to pool the teacher's hidden states; token: the mean without special tokens.",
)
@click.option(
    "--swap-ends", is_flag=True, help="Swap the first and the last token of the teacher's input."
)
@prompt_option
@click.option(
    "--pca-dims",
    type=click.IntRange(min=0),
    default=256,
    show_default=True,
    help="Number of principal axes to keep; 0: no PCA.",
)
@click.option(
    "--sif/--no-sif",
    default=True,
    show_default=True,
    help="Weight tokens by rank (smooth inverse frequency).",
)
@data_option
def distill(
    teacher: str,
    output: Path,
    tokenizer: str | None,
    prefix_space: bool | None,
    as_release: str | None,
    decase: bool,
    drop: tuple[str, ...],
    add_words: str | None,
    pooling: str,
    swap_ends: bool,
    prompt: str,
    pca_dims: int,
    sif: bool,
    data: Path | None,
) -> None:
    """Distill a static model from a teacher, and measure its WordSim.

    The result is a Model2Vec folder. Model2Vec is a library for static embeddings: one vector per
    token. WordSim is the rank correlation of word-pair similarity with human judgement.

    By default Model2Vec distills the teacher. With another tokenizer, a changed vocabulary or
    leading space, or a recipe that Model2Vec lacks, tokstat embeds the text of each token instead.
    """
    import tokstat
    from tokstat.cli.output import say, say_skipped, write
    from tokstat.cli.progress import bar, telling
    from tokstat.render.terminal.wordsim import render_scores

    with telling() as hold:

        def note(sentence: str) -> None:
            hold()
            say(sentence)

        def name_skipped(skipped: Sequence[tuple[str, str]]) -> None:
            hold()
            say_skipped(skipped)

        score = tokstat.distill(
            teacher,
            output,
            tokenizer=tokenizer,
            prefix_space=prefix_space,
            as_release=as_release,
            decase=decase,
            drop=drop,
            add_words=add_words,
            pooling=pooling,
            swap_ends=swap_ends,
            prompt=prompt,
            pca=pca_dims or None,
            sif=1e-4 if sif else None,
            data=data,
            progress=bar(hold),
            on_skipped=name_skipped,
            on_note=note,
        )
    write(render_scores([score]), None)
