"""`tokstat whatif`: the effect of changes to a tokenizer on WordSim."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import (
    data_option,
    examples,
    json_option,
    output_option,
    prompt_option,
    seed_option,
    spec_argument,
    teachers_option,
)
from tokstat.cli.reporting import format_of, write_report
from tokstat.experiments.defaults import FREQUENT_WORDS


@click.command(
    epilog=examples(
        "whatif gpt2 --target google-bert/bert-base-uncased",
        "whatif gpt2 --add-words 5000 --every-order -o ladder.html",
        "whatif gpt2 --smallest-fix --add-words 10000",
        "whatif gpt2 --sentences pairs.tsv",
        "whatif gpt2 --teacher all-MiniLM-L6-v2 --teacher all-mpnet-base-v2 --json",
    )
)
@spec_argument
@teachers_option
@prompt_option
@click.option("--target", metavar="SPEC", help="Also measure this tokenizer, as the goal.")
@click.option(
    "--add-words",
    metavar="N|FILE|wordsim",
    default=str(FREQUENT_WORDS),
    show_default=True,
    help="Words to add in the last step: the N most frequent of the word list, those of a file, "
    "or WordSim's own (an upper bound).",
)
@click.option(
    "--every-order",
    is_flag=True,
    help="Measure all combinations, and average the effect of each change over all orders.",
)
@click.option(
    "--smallest-fix",
    is_flag=True,
    help="Instead, measure WordSim by the number of words added, and find the fewest that equal "
    "the leading space.",
)
@click.option(
    "--sentences",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Instead of WordSim, measure on text pairs: two texts and a score a line, with tabs "
    "between. May be given several times.",
)
@click.option(
    "--exact",
    is_flag=True,
    help="Embed the whole vocabulary, not only the tokens that the words use.",
)
@data_option
@seed_option("samples")
@json_option
@output_option
def whatif(
    spec: str,
    teachers: tuple[str, ...],
    prompt: str,
    target: str | None,
    add_words: str,
    every_order: bool,
    smallest_fix: bool,
    sentences: tuple[Path, ...],
    exact: bool,
    data: Path | None,
    seed: int,
    as_json: bool,
    output: Path | None,
) -> None:
    """Measure how changes to a tokenizer affect its WordSim.

    The teacher stays the same. WordSim is the rank correlation of word-pair similarity with human
    judgement. The changes are a leading space, duplicates by case removed, fragments removed,
    frequent words added, and words split by greedy longest match: each one alone, and one after the
    other. Embeddings are cached, so that a stopped run continues quickly. With several teachers
    there is one series of steps for each, and the mean and spread of each step. If one teacher
    fails, the others still run.

    With --sentences, a score is the rank correlation of the similarity of two texts with the file's
    score for them, as in benchmarks of semantic textual similarity.

    With --smallest-fix, words are added alone, in text, and in both forms; the result also has the
    gain by cause, and the pairs of words that gain most.
    """
    import tokstat
    from tokstat.cli.progress import bar, telling
    from tokstat.experiments.by_teacher import require_teachers

    chosen = format_of("json" if as_json else None, output)
    if smallest_fix:
        if target is not None or every_order or sentences or len(teachers) > 1:
            raise click.UsageError(
                "--smallest-fix takes one --teacher, and none of --target, --every-order and"
                " --sentences"
            )
        with telling() as hold:
            fix = tokstat.smallest_fix(
                spec,
                teacher=teachers[0],
                prompt=prompt,
                words=add_words,
                exact=exact,
                data=data,
                seed=seed,
                progress=bar(hold),
            )
        write_report(fix, chosen, output)
        return
    with telling() as hold:
        found = tokstat.whatif(
            spec,
            teacher=teachers[0] if len(teachers) == 1 else teachers,
            prompt=prompt,
            target=target,
            add_words=add_words,
            every_order=every_order,
            sentences=sentences,
            exact=exact,
            data=data,
            seed=seed,
            progress=bar(hold),
        )
    write_report(found, chosen, output)
    require_teachers(found)
