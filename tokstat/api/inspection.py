"""Load a tokenizer, and run analyzers on it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from tokstat.analyzers.registry import Analyzer, get_analyzers
from tokstat.analyzers.subject import Options, Subject
from tokstat.api.loading import Spec
from tokstat.api.loading import load as load
from tokstat.errors import UnknownNameError
from tokstat.io.files import as_path
from tokstat.reachability.searches import Searches
from tokstat.results.declarations import PURPOSES, Purpose
from tokstat.results.references import rank_section
from tokstat.results.report import Report, TokenizerInfo
from tokstat.text.wording import listed
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.version import __version__
from tokstat.words.languages import LEAST_NAMED, language_words
from tokstat.words.lexicon import Lexicon, load_lexicon

_LOG = logging.getLogger(__name__)

AUTO = "auto"

_SEARCHING = ("coverage", "expected_wordsim", "pipeline", "byte_sequences", "reachability")
"""Analyzers that wait for encodings in the background, the longest search last."""


def inspect(
    spec: Spec,
    *,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
    analyzers: Iterable[str] | None = None,
    deep: bool = False,
    weights: str | Path | None = None,
    purpose: str | None = None,
    all_words: bool = False,
) -> Report:
    """Run the analyzers on one tokenizer and its whole vocabulary.

    `lang` is one language code or several, or "auto" for all that explain 0.5% of the alphabetic
    tokens (see `tokstat.words.languages`).
    `lexicon` is a word list to use instead: a file of `word<TAB>count` lines, or a loaded one.
    `analyzers` are the ids to run, by default all. `deep` also compares with what transformers
    loads from the same files. `weights` is a folder or safetensors file to search for under-trained
    tokens, or "auto" for the tokenizer's folder. `purpose` is what the model is for, "static",
    "encoder" or "llm", by which findings are judged; by default what the folder's files say.
    `all_words` shows vulgar words among examples.

    Raises:
        TokstatError: as `load`, and `LexiconError`, `AnalyzerError`, `UnknownNameError` for a
            purpose, or `DataError` for weights that cannot be read.
    """
    chosen = None if analyzers is None else list(analyzers)
    if chosen is not None:
        get_analyzers(chosen)  # an unknown id is an error before anything is loaded
    place = None if weights is None else _place(weights)
    options = Options(deep, place, _purpose(purpose), all_words)
    searches = Searches(load(spec))
    if chosen is None:
        searches.start_texts()
    subject = replace(make_subject(searches.tokenizer, lang, lexicon, searches), options=options)
    if isinstance(options.weights, Path):
        _ = subject.embeddings
    return inspect_subject(subject, chosen)


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


def _purpose(name: str | None) -> Purpose | None:
    found = [each for each in PURPOSES if each == name]
    if name is not None and not found:
        raise UnknownNameError(f"There is no purpose {name!r}", f"Give one of {listed(PURPOSES)}.")
    return found[0] if found else None


def _place(weights: str | Path) -> Path | Literal["auto"]:
    return "auto" if weights == AUTO else as_path(weights)


def make_subject(
    tokenizer: Spec,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
    searches: Searches | None = None,
) -> Subject:
    """Pair a tokenizer with the lexicon that the arguments of `inspect` name.

    An analyzer takes the result.
    """
    loaded = load(tokenizer)
    words = find_lexicon(loaded, lang, lexicon)
    return Subject(loaded, words, given_searches=searches)


def find_lexicon(
    tokenizer: Tokenizer, lang: str | Sequence[str], lexicon: str | Path | Lexicon | None
) -> Lexicon:
    """Return the lexicon that the arguments of `inspect` name. Raises LexiconError."""
    if isinstance(lexicon, Lexicon):
        return lexicon
    if lexicon is not None:
        return load_lexicon(path=as_path(lexicon))
    given = lang.split(",") if isinstance(lang, str) else list(lang)
    languages = [code.strip().lower() for code in given]
    if AUTO in languages:
        found = language_words(tokenizer.vocabulary).found(LEAST_NAMED)
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
