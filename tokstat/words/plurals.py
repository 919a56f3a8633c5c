"""English plurals, told by their spelling and the frequency of both forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_SHORTEST_SINGULAR = 3

_RARER_BY = 1.0
"""A singular may be so much rarer than its plural, in Zipf units: ten times; `alway` is more."""

_NEVER = float("inf")

_HISSING = ("s", "x", "z", "ch", "sh", "o")
_NO_PLURAL = ("ss", "us", "is")
_VOWELS = frozenset("aeiou")


def plural_pairs(words: Iterable[str], frequency: Callable[[str], float]) -> dict[str, str]:
    """Map those of some lower-cased English words that are plurals to their singulars.

    `frequency` returns the Zipf frequency of a word, 0 for one that is not known or may be neither.
    A plural is the singular with -s, with -es after a hissing sound or -o, or with -ies for a -y
    after a consonant (the regular plurals of Quirk et al. 1985, chapter 5). Both are known words,
    the singular has three letters or more and is at most ten times rarer; names and adverbs
    (`paris`, `always`) mostly fail that. Of several singulars (`sens`, `sense`) the most frequent
    one counts. Spelling does not tell plurals from third persons (`runs`), which are counted, nor
    from nouns that only look so (`news`), which are counted wrongly.
    """
    pairs = {}
    for plural in words:
        if plural[-1:] != "s" or plural[-2:] in _NO_PLURAL:
            continue
        # Of words that are not known nothing is a singular.
        least = (frequency(plural) or _NEVER) - _RARER_BY
        for singular in _singulars(plural):
            if len(singular) >= _SHORTEST_SINGULAR:
                found = frequency(singular)
                if found and found >= least:
                    pairs[plural], least = singular, found
    return pairs


def _singulars(plural: str) -> tuple[str, ...]:
    """List the words whose regular plural is spelled so."""
    stem = plural[:-1]
    if stem[-1:] != "e":
        return (stem,)
    if stem[-2:] == "ie" and len(stem) > 2 and stem[-3] not in _VOWELS:
        return (stem, stem[:-2] + "y")
    return (stem, stem[:-1]) if stem[:-1].endswith(_HISSING) else (stem,)
