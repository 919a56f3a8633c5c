"""Inspect one tokenizer: load it, and run the analyzers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tokstat.api.loading import Spec, load
from tokstat.errors import UnknownNameError
from tokstat.io.background import Background
from tokstat.io.files import as_path
from tokstat.results.declarations import PURPOSES, Purpose
from tokstat.text.wording import listed

if TYPE_CHECKING:
    from tokstat.results.report import Report
    from tokstat.words.lexicon import Lexicon

AUTO = "auto"


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
    place = None if weights is None else _place(weights)
    judged_for = _purpose(purpose)
    chosen = None if analyzers is None else list(analyzers)
    if chosen is not None:
        from tokstat.analyzers.registry import get_analyzers

        get_analyzers(chosen)  # an unknown id is an error before anything is loaded
    # The library parses without Python's lock. The imports and the word lists take as long.
    loading = Background(lambda: load(spec))
    try:
        from tokstat.analyzers.subject import Options, Subject
        from tokstat.api.subjects import find_lexicon, inspect_subject
        from tokstat.reachability.searches import Searches

        words = find_lexicon(loading.result, lang, lexicon)
        searches = Searches(loading.result())
    except BaseException:
        loading.stop()
        raise
    if chosen is None:
        searches.start_texts()
    options = Options(deep, place, judged_for, all_words)
    subject = Subject(searches.tokenizer, words, options, searches)
    if isinstance(options.weights, Path):
        _ = subject.embeddings
    return inspect_subject(subject, chosen)


def _purpose(name: str | None) -> Purpose | None:
    found = [each for each in PURPOSES if each == name]
    if name is not None and not found:
        raise UnknownNameError(f"There is no purpose {name!r}", f"Give one of {listed(PURPOSES)}.")
    return found[0] if found else None


def _place(weights: str | Path) -> Path | Literal["auto"]:
    return "auto" if weights == AUTO else as_path(weights)
