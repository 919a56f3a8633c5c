"""Fragments: tokens that are neither words nor affixes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, zip_longest

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import (
    OWN,
    Finding,
    Metric,
    MetricType,
    Result,
    Rule,
    Subject,
    Table,
    analyzer,
)
from tokstat.analyzers.subject import evenly_spread
from tokstat.results.language_names import named
from tokstat.text.wording import agreed, counted
from tokstat.words.languages import LEAST_NAMED
from tokstat.words.lexicon import KNOWN_ZIPF, wordfreq_languages
from tokstat.words.word_classes import WORD_CLASSES, in_script_mask

IN_SCRIPT = MetricType(
    "in_script_tokens",
    "tokens",
    "alphabetic tokens in the scripts of the lexicon's languages",
    OWN,
)
FRAGMENT_RATIO = MetricType(
    "fragment_ratio",
    "ratio",
    "tokens of two letters or more that are neither words nor affixes, over in-script tokens",
    "tokstat's own definition, with affixes learned as in docs/definitions.md",
)
KNOWN_FRAGMENTS = MetricType(
    "known_fragments",
    "tokens",
    "fragments that the lexicon knows, though nearly always as parts of longer words",
    OWN,
)
OTHER_LANGUAGE = MetricType(
    "other_language_tokens",
    "tokens",
    "in-script tokens that are frequent words of languages not named",
    OWN,
)
JOINED_WORDS = MetricType(
    "joined_word_tokens",
    "tokens",
    "in-script tokens that are words run together, such as identifiers and compounds",
    OWN,
)

MANY = 0.25

MANY_FRAGMENTS = Rule(
    "TS401",
    "info",
    "Many tokens are neither words nor affixes",
    "A piece that many unrelated words share has no meaning of its own, so a static embedding "
    "cannot hold one. Rare names and rare words of other languages count too: no list knows them.",
    "Compare the coverage of frequent words with that of another tokenizer: `tokstat compare SPEC "
    "OTHER`. What counts in use is how few words are split.",
    f"tokstat's own threshold, {MANY:.0%} of the in-script tokens",
)

UNNAMED_LANGUAGES = Rule(
    "TS402",
    "info",
    "Words of languages that were not named",
    "Scores of words count the named languages alone. The frequent words of other languages are "
    "neither whole words nor fragments.",
    "To count them as words, name their languages: `tokstat inspect SPEC --lang auto`.",
    f"tokstat's own threshold, {LEAST_NAMED:.1%} of the alphabetic tokens for a language",
)

_TABLE_ROWS = 20
_EXAMPLES = 8
_MOST_NAMED = 5
_SHORTEST, _SHORTEST_UNSPACED = 4, 2
"""Fewest characters of a fragment that is an example, in scripts with spaces and without."""

_SHORTEST_WORD = 8
"""Fewest characters of its word: shorter ones that are not tokens are slang or names."""
_RANK_BANDS = 10


@analyzer(
    "fragments",
    title="Fragments",
    needs=("content tokens", "alphabetic tokens"),
    metrics=(IN_SCRIPT, FRAGMENT_RATIO, KNOWN_FRAGMENTS, OTHER_LANGUAGE, JOINED_WORDS),
    rules=(MANY_FRAGMENTS, UNNAMED_LANGUAGES),
)
def fragments(subject: Subject) -> Result:
    """Count the tokens that are neither a word nor an affix.

    Only in-script tokens are classified: alphabetic tokens in the scripts of the lexicon's
    languages. An affix is a productive one, learned from the lexicon (see `tokstat.words.affixes`).
    Words of other languages, and words run together, are counted separately. The languages are
    found by an index of frequent words (see `tokstat.words.languages`): those that explain 0.1% of
    the alphabetic tokens.
    """
    rows = subject.rows_of_class("fragment")
    ratio = fragment_ratio(subject)
    known = int((subject.row_frequencies[rows] >= KNOWN_ZIPF).sum())
    return Result(
        metrics=(
            IN_SCRIPT.value(ratio.denominator),
            ratio,
            KNOWN_FRAGMENTS.value(known),
            OTHER_LANGUAGE.value(len(subject.rows_of_class("other_language"))),
            JOINED_WORDS.value(len(subject.rows_of_class("joined_words"))),
        ),
        tables=(
            _unknown(subject, rows),
            _languages(subject),
            _other_languages(subject),
            _in_frequent_words(subject),
            _by_rank(subject, rows),
            _affixes(subject),
        ),
        findings=(*_many(subject, ratio, rows), *_unnamed(subject)),
    )


def fragment_ratio(subject: Subject) -> Metric:
    """Count the fragments, over the in-script tokens."""
    rows = subject.rows_of_class("fragment")
    in_script = int(in_script_mask(subject.vocabulary, subject.lexicon).sum())
    return FRAGMENT_RATIO.ratio(len(rows), in_script, named(*subject.lexicon.languages))


def _many(subject: Subject, ratio: Metric, rows: NDArray[np.int64]) -> list[Finding]:
    if ratio.value is None or ratio.value < MANY:
        return []
    message = (
        f"{ratio.value:.1%} of the in-script tokens are neither words of {ratio.scope} nor "
        f"affixes ({ratio.numerator:,} of {ratio.denominator:,})."
    )
    hint = subject.with_language(MANY_FRAGMENTS.hint)
    return [MANY_FRAGMENTS.found(message, subject.vocabulary.ids[rows].tolist(), hint=hint)]


def _unnamed(subject: Subject) -> list[Finding]:
    """Report the languages that `--lang auto` would add."""
    given = subject.lexicon.languages
    if not set(given) <= set(wordfreq_languages()):  # the user's own list has no name
        return []
    found = [
        each for each in subject.language_words.found(LEAST_NAMED) if each.language not in given
    ]
    if not found:
        return []
    total = sum(each.tokens for each in found)
    parts = [f"{named(each.language)} ({each.tokens:,})" for each in found[:_MOST_NAMED]]
    if len(found) == 1:
        parts = [named(found[0].language)]
    if len(found) > _MOST_NAMED:
        parts.append(counted(len(found) - _MOST_NAMED, "more language"))
    message = (
        f"{counted(total, 'token')} {agreed(total, 'is a frequent word', 'are frequent words')} of "
        f"{named(*parts)}."
    )
    return [UNNAMED_LANGUAGES.found(message)]


def _unknown(subject: Subject, fragments: NDArray[np.int64]) -> Table:
    """Divide the in-script tokens that the lexicon does not explain by what they are."""
    vocabulary = subject.vocabulary
    rows = {
        "words of other languages": subject.rows_of_class("other_language"),
        "words run together": subject.rows_of_class("joined_words"),
    }
    properties = vocabulary.properties
    capital = vocabulary.starts_word[fragments] & ~properties.lowercase[fragments]
    rows["capitalised: names, acronyms and their beginnings"] = fragments[capital]
    rows["other pieces"] = fragments[~capital]
    return Table(
        "unknown_tokens",
        "What the other in-script tokens are",
        {
            "what": tuple(rows),
            "tokens": tuple(map(len, rows.values())),
            "examples": tuple(
                "  ".join(vocabulary.displays(subject.shown_rows(each, _EXAMPLES)))
                for each in rows.values()
            ),
        },
    )


def _languages(subject: Subject) -> Table:
    found = subject.language_words.found()
    return Table(
        "found_languages",
        "Languages found by their frequent words",
        {
            "language": tuple(each.language for each in found),
            "tokens": tuple(each.tokens for each in found),
            "named": tuple(
                "yes" if each.language in subject.lexicon.languages else "" for each in found
            ),
        },
    )


def _other_languages(subject: Subject) -> Table:
    """Count the in-script words of the other languages found, by language, largest first.

    Languages that were not found explain a few words each, as many languages could.
    """
    rows = subject.vocabulary.alphabetic_rows
    others = subject.word_classes[rows] == WORD_CLASSES.index("other_language")
    among = {each.language for each in subject.language_words.found()}
    explaining = subject.language_words.explaining(others, subject.lexicon.languages)
    found = [each for each in explaining if each.language in among]
    return Table(
        "other_languages",
        "Languages of the in-script words of other languages",
        {
            "language": tuple(each.language for each in found),
            "tokens": tuple(each.tokens for each in found),
        },
    )


def _in_frequent_words(subject: Subject) -> Table:
    """List the longest fragment of each of the most frequent words that are not tokens.

    A fragment is looked for in the vocabulary, at the beginning of words if it has the word
    boundary, else after it; the tokenizer may split the word in another way.
    """
    vocabulary = subject.vocabulary
    rows = subject.rows_of_class("fragment")
    # `king`, inside of `looking`, is a poor example: readers know the word.
    rows = rows[subject.row_frequencies[rows] < KNOWN_ZIPF]
    unspaced = subject.unspaced[rows]
    shortest = np.where(unspaced, _SHORTEST_UNSPACED, _SHORTEST)
    fits = vocabulary.properties.lengths[rows] >= shortest
    starts = vocabulary.starts_word[rows]
    inside, starting = (
        {vocabulary.texts[row] or "": row for row in rows[fits & of_place][::-1].tolist()}
        for of_place in (unspaced | ~starts, unspaced | starts)
    )
    whole = {*vocabulary.words}
    found: dict[int, str] = {}
    for word in chain.from_iterable(zip_longest(*subject.usual_words)):
        if len(found) == _TABLE_ROWS:
            break
        # Nearly every tokenizer splits contractions (it's, don't), which would fill the table.
        if word is None or not word.isalpha() or word.lower() in whole:
            continue
        row = _longest_in(word, inside, starting)
        if row is None or row in found:
            continue
        is_long = len(word) >= _SHORTEST_WORD or subject.unspaced[row]
        if is_long and subject.may_show_row(row) and subject.may_show(word, in_part=True):
            found[row] = word
    some = np.array([*found], np.int64)
    return Table(
        "frequent_fragments",
        "Fragments in frequent words that are not tokens",
        {
            "token": tuple(vocabulary.displays(some)),
            "id": tuple(vocabulary.ids[some].tolist()),
            "word": tuple(found.values()),
        },
    )


def _longest_in(word: str, inside: Mapping[str, int], starting: Mapping[str, int]) -> int | None:
    """Return the row of the longest fragment in a word, the first of several."""
    for length in range(len(word) - 1, _SHORTEST_UNSPACED - 1, -1):
        if word[:length] in starting:
            return starting[word[:length]]
        for start in range(1, len(word) - length + 1):
            if word[start : start + length] in inside:
                return inside[word[start : start + length]]
    return None


def _by_rank(subject: Subject, fragments: NDArray[np.int64]) -> Table:
    """Count in-script tokens and fragments in each tenth of the model's own tokens."""
    vocabulary = subject.vocabulary
    in_script = vocabulary.alphabetic_rows[in_script_mask(vocabulary, subject.lexicon)]
    own = int(vocabulary.ranks.max()) + 1
    edges = evenly_spread(own, _RANK_BANDS + 1)
    tokens, _ = np.histogram(vocabulary.ranks[in_script], edges)
    found, _ = np.histogram(vocabulary.ranks[fragments], edges)
    return Table(
        "rank_bands",
        "Fragments by rank in the vocabulary",
        {
            "from_rank": tuple((edges[:-1] + 1).tolist()),
            "to_rank": tuple(edges[1:].tolist()),
            "tokens": tuple(tokens.tolist()),
            "fragments": tuple(found.tolist()),
        },
    )


def _affixes(subject: Subject) -> Table:
    rows = subject.rows_of_class("affix")
    return Table(
        "affixes",
        "Tokens that are productive affixes",
        {
            "token": tuple(subject.vocabulary.displays(rows)),
            "id": tuple(subject.vocabulary.ids[rows].tolist()),
        },
    )
