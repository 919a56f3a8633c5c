"""Pair a tokenizer with a lexicon, and run analyzers on the two."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tokstat.analyzers.registry import Analyzer, get_analyzers
from tokstat.analyzers.subject import Subject
from tokstat.api.loading import Spec, load
from tokstat.io.files import as_path
from tokstat.results.references import rank_section
from tokstat.results.report import Report, TokenizerInfo
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.version import __version__
from tokstat.words.languages import LEAST_NAMED, language_words
from tokstat.words.lexicon import Lexicon, load_lexicon

_LOG = logging.getLogger(__name__)

AUTO = "auto"

_SEARCHING = ("coverage", "expected_wordsim", "pipeline", "byte_sequences", "reachability")
"""Analyzers that wait for encodings in the background, the longest search last."""


def inspect_subject(subject: Subject, analyzers: Iterable[str] | None = None) -> Report:
    """Run the analyzers on a subject. With all of them, also rank its scores among the references.

    Raises:
        AnalyzerError: an analyzer's id is not registered.
    """
    ids = _SEARCHING if analyzers is None else tuple(analyzers)
    subject.start(coverage="coverage" in ids, searches="reachability" in ids)
    if analyzers is None:  # their imports take place while the encoder runs
        chosen = tuple(each for each in get_analyzers() if each.is_asked_for(subject.options))
    else:
        chosen = get_analyzers(ids)
    found = {}
    for each in sorted(chosen, key=_turn):
        _LOG.info("%s: %s", subject.tokenizer.origin.spec, each.title)
        found[each.id] = each(subject)
    report = Report(
        tokenizer=replace(describe(subject.tokenizer), purpose=subject.purpose),
        lexicon=subject.lexicon.info,
        sections=tuple(found[each.id] for each in chosen),
        tokstat_version=__version__,
    )
    if analyzers is not None:
        return report
    return replace(report, sections=(*report.sections, rank_section(report)))


def _turn(analyzer: Analyzer) -> int:
    """Return the turn of an analyzer: those that wait for a search run last."""
    return _SEARCHING.index(analyzer.id) if analyzer.id in _SEARCHING else -1


def make_subject(
    tokenizer: Spec, lang: str | Sequence[str] = "en", lexicon: str | Path | Lexicon | None = None
) -> Subject:
    """Pair a tokenizer with the lexicon that the arguments of `inspect` name.

    An analyzer takes the result.
    """
    loaded = load(tokenizer)
    return Subject(loaded, find_lexicon(lambda: loaded, lang, lexicon))


def find_lexicon(
    loaded: Callable[[], Tokenizer],
    lang: str | Sequence[str],
    lexicon: str | Path | Lexicon | None,
) -> Lexicon:
    """Return the lexicon that the arguments of `inspect` name. Raises LexiconError.

    `loaded` returns the tokenizer; it is asked only for languages that are found in its tokens.
    """
    if isinstance(lexicon, Lexicon):
        return lexicon
    if lexicon is not None:
        return load_lexicon(path=as_path(lexicon))
    given = lang.split(",") if isinstance(lang, str) else list(lang)
    languages = [code.strip().lower() for code in given]
    if AUTO in languages:
        found = language_words(loaded().vocabulary).found(LEAST_NAMED)
        return load_lexicon([each.language for each in found] or ["en"])
    return load_lexicon(languages)


def describe(tokenizer: Tokenizer) -> TokenizerInfo:
    """Return what identifies a tokenizer in a report."""
    origin = tokenizer.origin
    return TokenizerInfo(
        spec=origin.spec,
        source=origin.source,
        revision=origin.revision,
        sha256=origin.sha256,
        loader=origin.loader,
        model_type=tokenizer.model_type,
        scheme=tokenizer.scheme.name,
        vocab_size=len(tokenizer.vocabulary),
        added_tokens=int((tokenizer.vocabulary.ranks < 0).sum()),
        lowercases=tokenizer.lowercases,
        adds_leading_space=tokenizer.adds_leading_space,
        notes=origin.notes,
    )
