"""Compare several tokenizers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tokstat.analyzers.registry import all_rules
from tokstat.api.inspection import inspect_subject, make_subject
from tokstat.api.loading import Spec, load, name_of, specs_of
from tokstat.comparison.comparison import Comparison, Gathered, require_comparable
from tokstat.errors import naming
from tokstat.words.examples import is_vulgar
from tokstat.words.lexicon import Lexicon


def compare(
    *specs: Spec,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
    analyzers: Iterable[str] | None = None,
) -> Comparison:
    """Run the analyzers on 2 to 20 tokenizers, and compare the results.

    The tokenizers may also be given as one list. One lexicon is used for all: with `lang` "auto",
    that of the languages found in the first tokenizer. Two tokenizers are in memory at a time: the
    first and one other. Vulgar words are counted, and are no examples.

    Raises:
        TokstatError: as `inspect`, with the spec that failed in the message; `ComparisonError` for
            too few or too many specs.
    """
    given = specs_of(specs[0]) if len(specs) == 1 else specs
    require_comparable(len(given))
    chosen = None if analyzers is None else list(analyzers)
    gathered = Gathered(lambda word: not is_vulgar(word))
    for spec in given:
        with naming(name_of(spec)):
            subject = make_subject(load(spec), lang, lexicon)
            report = inspect_subject(subject, chosen)
        lexicon = subject.lexicon
        rows = subject.rows_of_class("whole_word")
        words = [subject.vocabulary.texts[row] or "" for row in rows.tolist()]
        gathered.add(report, subject.tokenizer, words, subject.row_frequencies[rows])
    return gathered.compare({rule.code: rule.title for rule in all_rules()})


def read_comparison(data: Mapping[str, Any]) -> Comparison:
    """Read the data of `Comparison.to_dict`; notebooks can show the result. Raises ReportError."""
    return Comparison.from_dict(data)
