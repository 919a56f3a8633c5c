"""What a shell completes: codes, metrics, analyzers, word classes, languages, tokenizers.

click prints the scripts that ask for it; `_TOKSTAT_COMPLETE=bash_source tokstat` is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import click
from click.shell_completion import CompletionItem

Completed = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

Named = Iterable[tuple[str, str]]
"""Names with a line about each, which zsh and fish show."""


def _begun(
    named: Named, incomplete: str, before: str = "", after: str = ""
) -> list[CompletionItem]:
    """Return the names that begin so, in any case, with what stands before and after them."""
    start = incomplete.casefold()
    return [
        CompletionItem(f"{before}{name}{after}", help=about)
        for name, about in named
        if name.casefold().startswith(start)
    ]


def _completing(find: Callable[[], Named], *, listed: bool = False, after: str = "") -> Completed:
    """Complete names; with `listed` the last of several with commas between."""

    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",") if listed else ("", "", incomplete)
        return _begun(find(), last, before + comma, after)

    return complete


def _explained(*kinds: str) -> Iterator[tuple[str, str]]:
    from tokstat.results.explanations import packaged_explanations

    found = {each.name: each.title for each in packaged_explanations() if each.kind in kinds}
    yield from sorted(found.items())


def _languages() -> Iterator[tuple[str, str]]:
    from tokstat.results.language_names import language_name
    from tokstat.results.reference_languages import reference_languages

    yield from ((code, language_name(code) or "") for code in reference_languages())


def _languages_or_auto() -> Iterator[tuple[str, str]]:
    yield "auto", "those of the vocabulary"
    yield from _languages()


def _word_classes() -> Iterator[tuple[str, str]]:
    from tokstat.words.word_classes import WORD_CLASSES

    yield from ((each, "") for each in WORD_CLASSES)


def _kinds() -> Iterator[tuple[str, str]]:
    from tokstat.tokenizer.vocabulary import KINDS

    yield from ((each, "") for each in KINDS)


def _scores() -> Iterator[tuple[str, str]]:
    from tokstat.results.reference_languages import LANGUAGE_SCORES

    about = dict(_explained("metric"))
    yield from ((each, about.get(each, "")) for each in LANGUAGE_SCORES)


def _packaged() -> Iterator[tuple[str, str]]:
    from tokstat.loading.bundled import repositories

    yield from ((each, "packaged copy") for each in repositories())


def complete_spec(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a packaged tokenizer, else a path."""
    return (_begun(_packaged(), incomplete) if incomplete else []) or [
        CompletionItem(incomplete, type="file")
    ]


complete_codes = _completing(partial(_explained, "finding"), listed=True)
complete_code = _completing(partial(_explained, "finding"))
complete_names = _completing(partial(_explained, "finding", "metric", "analyzer"))
complete_analyzers = _completing(partial(_explained, "analyzer"))
complete_limits = _completing(partial(_explained, "metric"), after="=")
complete_languages = _completing(_languages_or_auto, listed=True)
complete_language = _completing(_languages)
complete_word_classes = _completing(_word_classes)
complete_kinds = _completing(_kinds)
complete_scores = _completing(_scores)
