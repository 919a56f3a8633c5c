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


def _prose(function: object) -> str:
    return inspect.getdoc(function) or ""


def _affix_quality() -> str:
    """Judge English's inventory by the hand-written gold list of the tests."""
    learned = load_lexicon().affixes
    pairs = {(affix, "prefix") for affix in learned.prefixes}
    pairs |= {(affix, "suffix") for affix in learned.suffixes}
    with (ROOT / "tests/data/english_affixes.tsv").open(encoding="utf-8", newline="") as file:
        gold = {
            (row["string"], row["kind"]): row["gold"] == "affix"
            for row in csv.DictReader(file, delimiter="\t")
        }
    affixes_of_gold = {pair for pair, is_affix in gold.items() if is_affix}
    judged = pairs & gold.keys()
    precision = len(judged & affixes_of_gold) / len(judged)
    recall = len(judged & affixes_of_gold) / len(affixes_of_gold)
    return (
        f"For English that gives {len(learned.prefixes)} prefixes and {len(learned.suffixes)} "
        f"suffixes of two letters or more. On the hand-written list of {len(affixes_of_gold)} "
        f"affixes and {len(gold) - len(affixes_of_gold)} non-affixes in "
        f"`tests/data/english_affixes.tsv` precision is {precision:.2f} and recall {recall:.2f}. "
        "The list was written before the learner; but the learner's constants were chosen with "
        "its score in view, so take these as figures of development, not of a held-out test. "
        "The shortest stem, 5 letters, matters most: with 4, precision falls to 0.80; with 6, "
        "recall falls to 0.70."
    )


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
