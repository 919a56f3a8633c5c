"""Languages by the names that people write: `de`, `pt-BR`, `zh_Hans`, `english`, `Deutsch`.

langcodes decides which list serves a language that has none of its own: `sr` is served by `sh`.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from tokstat.errors import LexiconError
from tokstat.results.language_names import language_name, language_names
from tokstat.text.wording import quoted

_FARTHEST = 10
"""Greatest distance (CLDR language matching) at which a list serves another language.

Croatian is 9 from Serbo-Croatian, Egyptian Arabic 10 from Arabic, Nynorsk 20 from Bokmål.
"""

_OTHER_LANGUAGES = frozenset({"lb", "gsw"})
"""Languages near another one only since their readers know it: CLDR serves them German."""

_TAKES = "a UTF-8 file with one word<TAB>count a line: `--lexicon FILE`"


def resolve_language(name: str, available: Collection[str], takes: str = _TAKES) -> str:
    """Return the code of the word list that serves a language, by its code, tag or name.

    A code in `available` is returned as it is, and nothing is imported or read for it. `takes` is
    what an error advises to give in place of a language, "" for nothing.

    Raises:
        LexiconError: no language has the name, or no list serves the language.
    """
    if name in available:
        return name
    given = name.strip()
    tag = _names().get(given.casefold(), given.partition(".")[0])
    try:
        found = _nearest(tag, available)
    except ValueError:  # LanguageTagError: no tag has this form
        raise _unknown(name, available, takes) from None
    if found is not None:
        return found
    known = language_name(tag.replace("_", "-").partition("-")[0].lower())
    if known is None:
        raise _unknown(name, available, takes)
    raise LexiconError(
        f"There is no word list for {known} ({quoted(name)})",
        f"{f'Give {takes}. ' if takes else ''}"
        f"Languages with a list: {', '.join(sorted(available))}.",
    )


def _nearest(tag: str, available: Collection[str]) -> str | None:
    from langcodes import Language, closest_supported_match

    language = Language.get(tag)
    if language.language in _OTHER_LANGUAGES:
        return None
    # wordfreq's Chinese list is looked up in simplified characters, whatever is given.
    if language.language == "zh":
        language = Language.make("zh")
    # A private tag (`x-any`) has no language, and is of none.
    if language.language is None:
        return None
    return closest_supported_match(str(language), sorted(available), _FARTHEST)


def _unknown(name: str, available: Collection[str], takes: str) -> LexiconError:
    from difflib import get_close_matches

    served = {known: code for known, code in _names().items() if code in available}
    near = get_close_matches(name.strip().casefold(), served, n=1)
    meant = f"Did you mean {near[0]} ({served[near[0]]})? " if near else ""
    return LexiconError(
        f"There is no language {quoted(name)}",
        f"{meant}Give one of {', '.join(sorted(available))}{f', or {takes}' if takes else ''}.",
    )


@cache
def _names() -> dict[str, str]:
    """Return the code of each language by its names, casefolded: English, its own, and others."""
    content = language_names()
    english = {name.casefold(): code for code, name in content["english"].items()}
    own = {name.casefold(): code for code, name in content["own"].items()}
    return {**english, **own, **content["also"]}
