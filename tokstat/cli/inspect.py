"""`tokstat inspect`: a report on one tokenizer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokstat.cli.completion import complete_analyzers, complete_spec
from tokstat.cli.gate import ToWrite, gate_options, report_verdict, write_first
from tokstat.cli.options import examples, lexicon_options, output_option
from tokstat.cli.reporting import FOR_PEOPLE, format_of, format_option, write_gated
from tokstat.cli.settings import from_settings

if TYPE_CHECKING:
    from tokstat.gate.policy import Policy


@click.command(
    epilog=examples(
        "inspect answerdotai/ModernBERT-base",
        "inspect google-bert/bert-base-uncased --fail-on warning -o report.html",
    )
)
@click.argument("spec", default=from_settings("spec"), shell_complete=complete_spec)
@lexicon_options
@click.option(
    "--analyzer",
    "analyzers",
    multiple=True,
    shell_complete=complete_analyzers,
    help="Run only this analyzer. Repeatable.",
)
@click.option(
    "--deep", is_flag=True, help="Also compare with what transformers loads from the same files."
)
@click.option(
    "--weights",
    metavar="DIR|auto",
    help="Find under-trained tokens in this model's safetensors; auto: beside the tokenizer.",
)
@click.option(
    "--purpose",
    type=click.Choice(["static", "encoder", "llm"]),
    default=from_settings("purpose"),
    help="What the model is for; the severity of findings depends on it.  [default: by its files]",
)
@click.option("--all-words", is_flag=True, help="Show vulgar words among the examples too.")
@format_option("github")
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@output_option
@click.option(
    "-v", "--verbose", is_flag=True, help="In a terminal, show every finding, metric and table."
)
@gate_options
def inspect(
    spec: str | None,
    lang: str,
    lexicon: Path | None,
    analyzers: tuple[str, ...],
    deep: bool,
    weights: str | None,
    purpose: str | None,
    all_words: bool,
    format_: str | None,
    as_json: bool,
    output: Path | None,
    verbose: bool,
    policy: Policy,
    to_write: ToWrite,
) -> None:
    """Inspect one tokenizer: scores, findings and what to do.

    The scores come with their fractions, definitions and examples. The findings are sorted, the
    worst first. -o report.html writes a page to send to a colleague. The settings file may name
    the SPEC.
    """
    import tokstat
    from tokstat.cli.output import say
    from tokstat.cli.progress import telling

    if spec is None:
        raise click.UsageError("Missing argument 'SPEC', and no settings file names a spec")
    format_ = "json" if as_json else format_of(format_, output)
    is_locked = policy.lock is not None or to_write.lock is not None
    with telling():
        tokenizer = tokstat.load(spec) if is_locked else spec  # once for the report and the lock
        report = tokstat.inspect(
            tokenizer,
            lang=lang,
            lexicon=lexicon,
            analyzers=analyzers or None,
            deep=deep,
            weights=weights,
            purpose=purpose,
            all_words=all_words,
        )
    in_payload = output is None and format_ in FOR_PEOPLE
    if not in_payload:  # which shows them itself
        for note in report.tokenizer.notes:
            say(note)
    if not report.failures:  # what a report lacks would be new ever after
        policy = write_first(to_write, policy, report, tokenizer)
    gated = tokstat.check(report, policy, tokenizer)
    write_gated(gated, format_, output, verbose=verbose)
    report_verdict(gated.verdict, in_payload=in_payload, failures=report.failures)
