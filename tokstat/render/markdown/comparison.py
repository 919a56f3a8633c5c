"""A comparison as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.comparison.comparison import Comparison, Score
from tokstat.comparison.overlap import Overlap
from tokstat.render.compared_parts import diff_command, part_notes, part_rows
from tokstat.render.markdown.report import escape, rows, sentences, terms
from tokstat.render.panel import counts_of, splits_of
from tokstat.render.terminal.comparison import (
    ARROWS,
    ARROWS_MEAN,
    HEADLINES,
    change_text,
    value_text,
)
from tokstat.results.language_names import named
from tokstat.results.report import TokenizerInfo
from tokstat.text.wording import counted


def render_comparison_markdown(comparison: Comparison) -> str:
    """Write a comparison as GitHub-flavoured Markdown, with every score."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    labels = comparison.labels
    yield "# " + escape(", ".join(labels))
    yield ""
    yield from sentences(comparison.verdict)
    yield from rows(
        ("tokenizer", "spec", "model", "tokens", "numbers", "sha256"),
        (
            (label, info.spec, made_of(info), f"{info.vocab_size:,}", policy, info.sha256)
            for label, info, policy in zip(
                labels, comparison.tokenizers, comparison.digit_policies, strict=True
            )
        ),
    )
    languages = named(*comparison.lexicon.languages)
    lexicon = comparison.lexicon
    words = f"{languages}: {counted(lexicon.words, 'known word')} ({lexicon.source})"
    yield f"Lexicon: {escape(words)}."
    yield ""
    yield from terms()
    yield "## Scores, and the change from the first tokenizer"
    yield ""
    yield f"{ARROWS_MEAN}."
    yield ""
    ends = {each.metric: ARROWS[each.better] for each in HEADLINES}
    yield from rows(
        ("score", *labels, "definition"),
        (
            (f"{score.name}{ends.get(score.name, '')}", *_cells(score), score.definition)
            for score in comparison.scores
        ),
    )
    yield "## Rank among the reference tokenizers"
    yield ""
    yield "Rank 1 has the highest score. A rank is not a grade."
    yield ""
    yield from rows(
        ("score", *labels),
        ((score.name, *_ranks(score)) for score in comparison.scores if any(score.ranks)),
    )
    yield "## Findings"
    yield ""
    yield from rows(
        ("code", "severity", "finding", *labels),
        (
            (
                each.code,
                each.severity,
                each.title,
                *("x" * (p in each.tokenizers) for p in range(len(labels))),
            )
            for each in comparison.findings
        ),
    )
    yield from _parts(comparison)
    yield from _overlap("by text and word boundary", comparison.surfaces, labels)
    yield from _overlap("by text alone", comparison.texts, labels)
    yield from _counts(comparison)
    yield "## Words that are one token"
    yield ""
    shared = escape(" ".join(comparison.shared_examples))
    yield f"All have {counted(comparison.shared_words, 'word')}: {shared}"
    yield ""
    yield from rows(
        ("tokenizer", "words", "in no other", "such as", "lacks, all others have", "such as"),
        (
            (
                label,
                f"{found.words:,}",
                f"{found.only:,}",
                " ".join(found.only_examples),
                f"{found.lacking:,}",
                " ".join(found.lacking_examples),
            )
            for label, found in zip(labels, comparison.words, strict=True)
        ),
    )


def _parts(comparison: Comparison) -> Iterator[str]:
    if comparison.parts is None:
        return
    yield "## Pipeline and ids"
    yield ""
    if comparison.parts:
        yield from rows(
            ("part", *comparison.labels),
            ((each.label, *each.cells) for each in part_rows(comparison)),
        )
    else:
        yield "Nothing differs."
        yield ""
    for note in part_notes(comparison):
        yield escape(note)
        yield ""
    if comparison.parts:
        yield f"{': '.join(map(escape, diff_command(comparison)))}"
        yield ""


def _counts(comparison: Comparison) -> Iterator[str]:
    splits = splits_of(comparison.labels, comparison.splits)
    if splits is not None:
        yield "## Tokens of fixed texts"
        yield ""
        yield from rows(("text", *splits.tokenizers), counts_of(splits))


def made_of(info: TokenizerInfo) -> str:
    """Describe the model of a tokenizer in a few words."""
    scheme = "" if info.scheme == info.model_type else f", {info.scheme}"
    return f"{info.model_type}{scheme}" + ("; lower-cases" if info.lowercases else "")


def _cells(score: Score) -> Iterator[str]:
    for position, (value, change) in enumerate(zip(score.values, score.changes, strict=True)):
        text = value_text(score.unit, value)
        yield f"{text} ({change_text(score.unit, change)})" if position else text


def _ranks(score: Score) -> Iterator[str]:
    for rank in score.ranks:
        yield "-" if rank is None else f"{rank.number} of {rank.of}"


def _overlap(title: str, found: Overlap, labels: tuple[str, ...]) -> Iterator[str]:
    positions = range(len(labels))
    yield f"## Shared tokens {title}: share of the row's tokens (Jaccard index)"
    yield ""
    yield from rows(
        ("tokenizer", "tokens", "in no other", *labels),
        (
            (
                labels[row],
                f"{found.sizes[row]:,}",
                f"{found.exclusive[row]:,}",
                *(
                    f"{found.share(row, p) or 0:.1%} ({found.jaccard(row, p) or 0:.2f})"
                    for p in positions
                ),
            )
            for row in positions
        ),
    )
