"""The tables of a corpus report, built from counts."""

from __future__ import annotations

from collections.abc import Sequence

from tokstat.corpus.counting.split_words import SplitWords
from tokstat.corpus.counting.state import Counts
from tokstat.corpus.metrics import CountedVocabulary, fertility, loss
from tokstat.corpus.parity import Parity
from tokstat.results.report import Table
from tokstat.tokenizer.tokenizer import Tokenizer

MOST_SPLITS_SHOWN = 50
"""Split words that the table lists for each tokenizer."""

MOST_SAMPLES = 12
"""Samples of a report: as many of each of the groups with the most text."""


def groups(
    counts: Counts, specs: Sequence[str], vocabularies: Sequence[CountedVocabulary]
) -> Table:
    """Return the sizes and rates of each group; no rows where there is only one."""
    rows = [
        (name, spec, group.text, each, loss(each, vocabulary))
        for name, group in sorted(counts.groups.items())
        for spec, each, vocabulary in zip(specs, group.tokenizers, vocabularies, strict=True)
        if len(counts.groups) > 1
    ]
    return Table(
        "groups",
        "By group",
        {
            "group": tuple(name for name, *_ in rows),
            "tokenizer": tuple(spec for _, spec, *_ in rows),
            "documents": tuple(text.documents for _, _, text, *_ in rows),
            "bytes": tuple(text.bytes for _, _, text, *_ in rows),
            "words": tuple(text.words for _, _, text, *_ in rows),
            "tokens": tuple(each.tokens.total for *_, each, _ in rows),
            "fertility_micro": tuple(fertility(each) for *_, each, _ in rows),
            "bytes_per_token": tuple(
                text.bytes / each.tokens.total if len(each.tokens) else None
                for _, _, text, each, _ in rows
            ),
            "unknown_token_ratio": tuple(lost.unknown_share for *_, lost in rows),
            "dropped_word_ratio": tuple(lost.dropped_share for *_, lost in rows),
        },
    )


def files(counts: Counts, specs: Sequence[str]) -> Table:
    """Return the sizes and rates of each file."""
    rows = [
        (name, spec, file.text, tokens, word_tokens)
        for name, file in sorted(counts.files.items())
        for spec, tokens, word_tokens in zip(specs, file.tokens, file.word_tokens, strict=True)
    ]
    return Table(
        "files",
        "By file",
        {
            "file": tuple(row[0] for row in rows),
            "tokenizer": tuple(row[1] for row in rows),
            "documents": tuple(row[2].documents for row in rows),
            "bytes": tuple(row[2].bytes for row in rows),
            "words": tuple(row[2].words for row in rows),
            "tokens": tuple(row[3] for row in rows),
            "fertility_micro": tuple(
                row[4] / row[2].words if row[2].words else None for row in rows
            ),
        },
    )


def samples(counts: Counts) -> Table:
    """Return the beginnings of the first documents of the largest groups, in the groups' order."""
    sizes = {name: group.text.bytes for name, group in counts.groups.items()}
    named = sorted(counts.samples, key=lambda name: (-sizes.get(name, 0), name))[:MOST_SAMPLES]
    most = MOST_SAMPLES // max(len(named), 1)
    rows = [(name, each.text) for name in sorted(named) for each in counts.samples[name][:most]]
    return Table(
        "samples",
        "Samples",
        {
            "sample": tuple(range(1, len(rows) + 1)),
            "group": tuple(name for name, _ in rows),
            "text": tuple(text for _, text in rows),
        },
    )


def splits(counts: Counts, tokenizers: Sequence[Tokenizer]) -> Table:
    """Return the most frequent split words of each tokenizer."""
    rows: list[tuple[str, str, int, str]] = []
    for number, (identity, tokenizer) in enumerate(zip(counts.tokenizers, tokenizers, strict=True)):
        rows += [(identity.spec, *row) for row in _frequent(counts.splits_of(number), tokenizer)]
    columns = tuple(zip(*rows, strict=True)) or ((), (), (), ())
    names = ("tokenizer", "word", "count", "tokens")
    return Table("splits", "Most frequent split words", dict(zip(names, columns, strict=True)))


def _frequent(splits: SplitWords, tokenizer: Tokenizer) -> list[tuple[str, int, str]]:
    """List the most frequent split words, with their count and their most frequent tokens.

    A word is listed only if it is more frequent than any word that counting may have left out.
    """
    by_word: dict[str, int] = {}
    usual: dict[str, tuple[int, tuple[int, ...]]] = {}
    for (word, ids), count in splits.times.items():
        by_word[word] = by_word.get(word, 0) + count
        usual[word] = max(usual.get(word, (0, ())), (count, ids))
    ranked = sorted(by_word.items(), key=lambda item: (-item[1], item[0]))
    known = tokenizer.token_texts
    return [
        (word, count, "|".join(known[token].display for token in usual[word][1]))
        for word, count in ranked[:MOST_SPLITS_SHOWN]
        if count > splits.left_out
    ]


def problems(counts: Counts) -> Table:
    """Return the bad records by kind, with their first places."""
    rows = sorted(counts.problems.items(), key=lambda item: (-item[1].count, item[0]))
    return Table(
        "problems",
        "Bad records",
        {
            "problem": tuple(kind for kind, _ in rows),
            "count": tuple(problem.count for _, problem in rows),
            "places": tuple(", ".join(problem.places) for _, problem in rows),
        },
    )


def parity(parities: Sequence[Parity], names: Sequence[str], specs: Sequence[str]) -> Table:
    """Return the tokens of each aligned language, and their ratios to the first."""
    rows = [
        (name, spec, parity.tokens[row], parity.parity[row], parity.total[row])
        for row, name in enumerate(names)
        for spec, parity in zip(specs, parities, strict=True)
    ]
    return Table(
        "parity",
        "Tokens for the same lines in several languages",
        {
            "language": tuple(row[0] for row in rows),
            "tokenizer": tuple(row[1] for row in rows),
            "tokens": tuple(row[2] for row in rows),
            "parity": tuple(row[3] for row in rows),
            "parity_total": tuple(row[4] for row in rows),
        },
    )
