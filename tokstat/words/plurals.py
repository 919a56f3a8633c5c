"""English plurals, found by spelling and by the frequency of both forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_SHORTEST_SINGULAR = 3

_RARER_BY = 1.0
"""Most that a singular may be rarer than its plural, in Zipf units: ten times (not `alway`)."""

_NEVER = float("inf")

_HISSING = ("s", "x", "z", "ch", "sh", "o")
_NO_PLURAL = ("ss", "us", "is")
_VOWELS = frozenset("aeiou")


def plural_pairs(words: Iterable[str], frequency: Callable[[str], float]) -> dict[str, str]:
    """Map the plurals among some lower-cased English words to their singulars.

    `frequency` returns the Zipf frequency of a word, 0 for a word that is unknown or must not be
    part of a pair. Plurals are regular (Quirk et al. 1985, chapter 5): the singular with -s, with
    -es after a hissing sound or -o, or with -ies for a -y after a consonant. Both must be known
    words. The singular must have three letters or more, and be at most ten times rarer, which
    excludes most names and adverbs (`paris`, `always`). Of several singulars (`sens`, `sense`) the
    most frequent one is taken. Verbs in the third person (`runs`) count too, and so, wrongly, do
    nouns that only look like plurals (`news`).
    """
    pairs = {}
    for plural in words:
        if plural[-1:] != "s" or plural[-2:] in _NO_PLURAL:
            continue
        # An unknown word has no singular.
        least = (frequency(plural) or _NEVER) - _RARER_BY
        for singular in _singulars(plural):
            if len(singular) >= _SHORTEST_SINGULAR:
                found = frequency(singular)
                if found and found >= least:
                    pairs[plural], least = singular, found
    return pairs


def _singulars(plural: str) -> tuple[str, ...]:
    """Return the words that may have a given regular plural."""
    stem = plural[:-1]
    if stem[-1:] != "e":
        return (stem,)
    if stem[-2:] == "ie" and len(stem) > 2 and stem[-3] not in _VOWELS:
        return (stem, stem[:-2] + "y")
    return (stem, stem[:-1]) if stem[:-1].endswith(_HISSING) else (stem,)
