"""Write docs/definitions.md and README's capture from the code: python tests/tools/build_docs.py.

With --check nothing is written, and the exit status is 1 where a file on disk differs.
"""

from __future__ import annotations

import csv
import inspect
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tokstat import affixes, word_classes
from tokstat.analyzers.registry import Analyzer, get_analyzers
from tokstat.corpus.metrics import CORPUS_METRICS
from tokstat.corpus.parity import PARITY_METRICS
from tokstat.corpus.words import WORDS
from tokstat.lexicon import load_lexicon
from tokstat.loading.bundled import load_bundled

ROOT = Path(__file__).parents[2]

INTRODUCTION = """\
# Definitions

This page is written by `python tests/tools/build_docs.py` from the code that computes the numbers.

A **token row** is one id of the vocabulary with added tokens. **Content tokens** are those of
kind `text`: not special, added, a placeholder, a byte or a part of a character. **Alphabetic
tokens** are content tokens of letters and marks only. A word is **known** when its lower-cased text
has a Zipf frequency of 2 or more (once in ten million words) in wordfreq, whose data ends in 2021.
"""


def definitions() -> str:
    """Write the page of definitions."""
    parts = [INTRODUCTION]
    parts.extend("\n".join(_analyzer(analyzer)) for analyzer in get_analyzers())
    parts.append("\n".join(_corpus()))
    parts.append("## Word classes\n\n" + _prose(word_classes.classify_tokens))
    parts.append("## How the affixes are learned\n\n" + _prose(affixes.learn_affixes))
    parts.append(_affix_quality())
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _analyzer(analyzer: Analyzer) -> Iterator[str]:
    yield f"## {analyzer.title} (`{analyzer.id}`)\n"
    yield _prose(analyzer.function) + "\n"
    yield "| metric | unit | definition | source |"
    yield "| --- | --- | --- | --- |"
    for metric in analyzer.metrics:
        definition = metric.definition.replace("|", "\\|")
        yield f"| `{metric.name}` | {metric.unit} | {definition} | {metric.source} |"
    for rule in analyzer.rules:
        yield f"\n### {rule.code}: {rule.title}\n"
        yield f"Severity: {rule.severity}. {rule.rationale}\n"
        yield f"What to do: {rule.hint}"


def _corpus() -> Iterator[str]:
    yield "## Over text (`tokstat corpus`)\n"
    yield (
        "Over the documents that are given, each encoded by itself without special tokens. A token "
        "takes part in a word if it stands for one of its characters; a token that spans two words "
        "takes part in both.\n"
    )
    yield "| metric | unit | definition | source |"
    yield "| --- | --- | --- | --- |"
    for metric in (*CORPUS_METRICS, *PARITY_METRICS):
        yield f"| `{metric.name}` | {metric.unit} | {metric.definition} | {metric.source} |"
    yield "\nWhat a word is, by name (`--words`):\n"
    yield "| name | words are | source |"
    yield "| --- | --- | --- |"
    for words in WORDS.values():
        source = words.source.replace("|", "\\|")
        yield f"| `{words.name}` | {words.definition} | {source} |"


def _prose(function: object) -> str:
    return inspect.getdoc(function) or ""


def _affix_quality() -> str:
    """Judge English's inventory by the hand-written gold list of the tests."""
    words = load_lexicon().word_lists[0]
    with (ROOT / "tests/data/english_affixes.tsv").open(encoding="utf-8", newline="") as file:
        gold = {
            (row["string"], row["kind"]): row["gold"] == "affix"
            for row in csv.DictReader(file, delimiter="\t")
        }
    real = sum(gold.values())
    precision, recall = _quality(words.affixes, gold)
    usual = affixes.MIN_STEM
    others = {}
    for affixes.MIN_STEM in (usual - 1, usual + 1):
        others[affixes.MIN_STEM] = _quality(affixes.learn_affixes(words.zipf), gold)
    affixes.MIN_STEM = usual
    return (
        f"For English that gives {len(words.affixes.prefixes)} prefixes and "
        f"{len(words.affixes.suffixes)} suffixes of two letters or more. On the hand-written list "
        f"of {real} affixes and {len(gold) - real} non-affixes in "
        f"`tests/data/english_affixes.tsv` precision is {precision:.2f} and recall {recall:.2f}. "
        "The list was written before the learner; but the learner's constants were chosen with "
        "its score in view, so take these as figures of development, not of a held-out test. "
        "The shortest stem matters most: "
        + "; ".join(
            f"with {stem} letters precision is {p:.2f} and recall {r:.2f}"
            for stem, (p, r) in others.items()
        )
        + "."
    )


def _quality(learned: affixes.Affixes, gold: dict[tuple[str, str], bool]) -> tuple[float, float]:
    """Return precision, over the learned strings that are in the gold list, and recall."""
    pairs = {(affix, "prefix") for affix in learned.prefixes}
    pairs |= {(affix, "suffix") for affix in learned.suffixes}
    right = {pair for pair, is_affix in gold.items() if is_affix}
    judged = pairs & gold.keys()
    return len(judged & right) / len(judged), len(judged & right) / len(right)


def readme() -> str:
    """Put what `inspect` says of the packaged ModernBERT into the README."""
    from tokstat.api import inspect as run
    from tokstat.render.terminal import render_terminal

    text = (ROOT / "README.md").read_text("utf-8")
    head, marker, rest = text.partition("```text\n")
    _, fence, tail = rest.partition("```")
    report = run(load_bundled("answerdotai/ModernBERT-base", "answerdotai/ModernBERT-base", ""))
    # The note is about this machine's network, and would be another on the reader's.
    report = replace(report, tokenizer=replace(report.tokenizer, notes=()))
    return head + marker + render_terminal(report, width=88) + fence + tail


def main() -> None:
    """Write the files, or compare them."""
    check = "--check" in sys.argv[1:]
    stale = []
    for name, text in (("docs/definitions.md", definitions()), ("README.md", readme())):
        path = ROOT / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, "utf-8")
    if check and stale:
        sys.exit(f"Out of date: {', '.join(stale)}. Run: python tests/tools/build_docs.py")


if __name__ == "__main__":
    main()
