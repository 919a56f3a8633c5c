"""The share of a vocabulary that is whole words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

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
from tokstat.text.wording import counted
from tokstat.tokenizer.vocabulary import KINDS
from tokstat.words.lexicon import wordfreq_languages
from tokstat.words.word_classes import WORD_CLASSES, in_script_mask

WHOLE_WORD_RATIO = MetricType(
    "whole_word_ratio",
    "ratio",
    "known words, with their word boundary if the script has one, over in-script tokens",
    OWN,
)

FEW_WHOLE_WORDS = Rule(
    "TS201",
    "info",
    "Less than half of the in-script tokens are whole words",
    "The other tokens are pieces, names, code or words of other languages. The ratio describes the "
    "vocabulary. Alone it does not predict how good a static model built on it is: the coverage of "
    "frequent words does that better.",
    "List the other tokens: `tokstat tokens SPEC --class fragment`. If your text is in more "
    "languages, name them: `tokstat inspect SPEC --lang auto`.",
    "tokstat's own threshold; tokstat link shows what the ratio does not predict",
)

FEW = 0.5

HARDLY = 0.01
"""Share of the content tokens below which a vocabulary hardly has a script."""

_EXAMPLES = 8
_TABLE_ROWS = 20
_LOOKED_AT = 20_000
_SAMPLE = 500


@analyzer(
    "whole_words",
    title="Whole words",
    needs=("content tokens", "alphabetic tokens"),
    metrics=(WHOLE_WORD_RATIO,),
    rules=(FEW_WHOLE_WORDS,),
)
def whole_words(subject: Subject) -> Result:
    """Count the tokens that are whole words, and assign every token a class.

    A whole word is alphabetic, in the scripts of the lexicon's languages, and its token has the
    word boundary. The lexicon knows it in lower case. It has at least two characters (one in Han
    and Kana). `tokstat.words.word_classes` defines the other classes.
    """
    ratio = whole_word_ratio(subject)
    return Result(
        metrics=(ratio,),
        tables=(_classes(subject), _frequent(subject), _missing(subject), _sample(subject)),
        findings=tuple(_few(subject, ratio)),
    )


def whole_word_ratio(subject: Subject) -> Metric:
    """Count the whole words, over the in-script tokens."""
    words = subject.rows_of_class("whole_word")
    in_script = int(in_script_mask(subject.vocabulary, subject.lexicon).sum())
    return WHOLE_WORD_RATIO.ratio(len(words), in_script, named(*subject.lexicon.languages))


def _few(subject: Subject, ratio: Metric) -> Iterator[Finding]:
    """Report few whole words; of a script that the vocabulary hardly has, that it hardly has it."""
    if ratio.value is None or ratio.value >= FEW:
        return
    tokens = counted(ratio.denominator or 0, "in-script token")
    message = (
        f"Only {ratio.value:.1%} of the in-script tokens are whole words of {ratio.scope} "
        f"({ratio.numerator:,} of {ratio.denominator:,})."
        if ratio.numerator
        else f"No whole word of {ratio.scope} is among {tokens}."
    )
    content = int(subject.vocabulary.content.sum())
    share = (ratio.denominator or 0) / content
    languages = subject.lexicon.languages
    if share < HARDLY and len(languages) == 1 and languages[0] in wordfreq_languages():
        yield FEW_WHOLE_WORDS.found(
            f"{message} Only {share:.2%} of the {content:,} content tokens are in its script.",
            hint=f"For text in {ratio.scope}, choose a tokenizer that splits it less: "
            f"`tokstat rank --lang {languages[0]}`.",
        )
    else:
        yield FEW_WHOLE_WORDS.found(message, hint=subject.with_language(FEW_WHOLE_WORDS.hint))


def _classes(subject: Subject) -> Table:
    content = subject.vocabulary.content
    counts = np.bincount(subject.word_classes[content], minlength=len(WORD_CLASSES))
    examples = [_class_examples(subject, name) for name in WORD_CLASSES]
    return Table(
        "word_classes",
        "Content tokens by word class",
        {
            "word_class": WORD_CLASSES,
            "tokens": tuple(counts.tolist()),
            "examples": tuple(" ".join(subject.vocabulary.displays(rows)) for rows in examples),
        },
    )


def _class_examples(subject: Subject, name: str) -> NDArray[np.int64]:
    """Choose the tokens that best show what a class is."""
    rows = subject.rows_of_class(name)
    if name == "not_alphabetic":
        return rows[subject.vocabulary.content[rows]][:_EXAMPLES]
    if name == "affix":  # the most frequent affixes are also words, such as "in"
        order = np.argsort(-subject.vocabulary.properties.lengths[rows], kind="stable")
        return rows[order[:_EXAMPLES]]
    frequent = filter(subject.may_show_row, subject.most_frequent(rows, _LOOKED_AT).tolist())
    return np.array([*islice(frequent, _EXAMPLES)], np.int64)


def _frequent(subject: Subject) -> Table:
    """List the first whole-word token, in id order, of each of the most frequent words.

    Tokens that the lists do not tell apart are one word: with and without vowel signs, or with a
    compatibility character.
    """
    vocabulary = subject.vocabulary
    first_rows = np.zeros(len(vocabulary.words), np.int64)
    whole = _is_whole_word(subject)
    first_rows[vocabulary.word_codes[whole][::-1]] = vocabulary.alphabetic_rows[whole][::-1]
    spelled = np.sort(first_rows[_spelled(subject, whole)])
    rows = _distinct_words(subject, subject.most_frequent(spelled, _LOOKED_AT), _TABLE_ROWS)
    return Table(
        "frequent_whole_words",
        "Whole-word tokens of the most frequent words",
        {
            "token": tuple(vocabulary.displays(rows)),
            "id": tuple(vocabulary.ids[rows].tolist()),
            "zipf": tuple(round(float(zipf), 2) for zipf in subject.row_frequencies[rows]),
        },
    )


def _distinct_words(subject: Subject, rows: NDArray[np.int64], count: int) -> list[int]:
    """Return the first rows but for those whose words all the lists store as they do one before."""
    first: dict[tuple[str, ...], int] = {}
    for row in rows.tolist():
        word = (subject.vocabulary.texts[row] or "").lower()
        first.setdefault(tuple(each.forms([word])[0] for each in subject.lexicon.word_lists), row)
        if len(first) == count:
            break
    return list(first.values())


def _missing(subject: Subject) -> Table:
    """List the most frequent words of two letters or more that have no token of their own."""
    vocabulary = subject.vocabulary
    # A word that mostly begins longer words, such as "thin", has a token all the same.
    begins = vocabulary.starts_word[vocabulary.alphabetic_rows]
    index, spelled = vocabulary.word_index, _spelled(subject, begins | _is_whole_word(subject))

    def is_missing(word: str) -> bool:
        code = index.get(word)
        absent = (code is None or not spelled[code]) and len(word) > 1 and word.isalpha()
        return absent and subject.may_show(word)

    missing = [
        (word, word_list.language, word_list.zipf[word])
        for word_list, words in zip(subject.lexicon.word_lists, subject.frequent_words, strict=True)
        for word in islice(filter(is_missing, words), _TABLE_ROWS)
    ]
    missing = sorted(missing, key=lambda row: -row[2])[:_TABLE_ROWS]
    return Table(
        "missing_words",
        "Most frequent words without a token of their own",
        {
            "word": tuple(word for word, _, _ in missing),
            "language": tuple(language for _, language, _ in missing),
            "zipf": tuple(zipf for _, _, zipf in missing),
        },
    )


def _sample(subject: Subject) -> Table:
    """Show tokens from all over the vocabulary, from the first id to the last."""
    tokens, names = subject.vocabulary, subject.vocabulary.properties.script_names
    rows = evenly_spread(len(tokens) - 1, _SAMPLE)
    return Table(
        "sample",
        "Sample of tokens, evenly spread over the ids",
        {
            "token": tuple(tokens.displays(rows)),
            "id": tuple(tokens.ids[rows].tolist()),
            "kind": tuple(KINDS[code] for code in tokens.kind_codes[rows].tolist()),
            "word_class": tuple(WORD_CLASSES[code] for code in subject.word_classes[rows].tolist()),
            "script": tuple(names[code] for code in tokens.properties.script_codes[rows].tolist()),
        },
    )


def _is_whole_word(subject: Subject) -> NDArray[np.bool_]:
    """Return a mask of the whole words among the alphabetic tokens."""
    classes = subject.word_classes[subject.vocabulary.alphabetic_rows]
    mask: NDArray[np.bool_] = classes == WORD_CLASSES.index("whole_word")
    return mask


def _spelled(subject: Subject, tokens: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask of the vocabulary's `words` that one of these alphabetic tokens spells."""
    mask = np.zeros(len(subject.vocabulary.words), np.bool_)
    mask[subject.vocabulary.word_codes[tokens]] = True
    return mask
