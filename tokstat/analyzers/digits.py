"""The splitting of numbers into tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.tokenizer.single_words import Convention, single_token_words, spaced_spans

MOST_DIGITS = 4
"""Digits of the longest numbers that are all encoded."""

NUMBERS: dict[Convention, MetricType] = {
    "bare": MetricType(
        "one_token_numbers_bare",
        "ratio",
        f"strings of 1 to {MOST_DIGITS} digits that are one token alone",
        source=OWN,
    ),
    "spaced": MetricType(
        "one_token_numbers_spaced",
        "ratio",
        f"strings of 1 to {MOST_DIGITS} digits that are one token in text, with the leading space",
        source=OWN,
    ),
}
LONGEST_GROUP = MetricType(
    "longest_digit_group",
    "digits",
    "digits in the longest token of a fixed sample of numbers",
    source=OWN,
)

UNKNOWN_DIGITS = Rule(
    "TS901",
    "warning",
    "Numbers become the unknown token",
    "The model cannot tell such a number from any other: it is lost.",
    "Give each of the ten digits a token, so that every number can be split into digits.",
    source=OWN,
)
LEFT_TO_RIGHT = Rule(
    "TS902",
    "info",
    "Digits are grouped from the left",
    "The value of a group then depends on how long the number is: 123 means 1,230 in 123|4 and "
    "12,300 in 123|45. Language models calculate better with groups from the right (arXiv "
    "2402.14903).",
    "If the model must calculate, write thousands separators, or split digits from the right "
    "before you train. Otherwise do nothing.",
    source="Singh and Strouse 2024, arXiv 2402.14903",
)
UNEVEN = Rule(
    "TS905",
    "info",
    "Numbers split inconsistently",
    "Pieces of numbers were learned by frequency, like words: 1999 may be one token and 1997 two, "
    "and the two then share no token. Most models that calculate split numbers into single digits "
    "or groups of three (arXiv 2402.14903).",
    "If numbers matter, choose or train a tokenizer that splits into single digits or groups of "
    "three. Otherwise do nothing.",
    source="Singh and Strouse 2024, arXiv 2402.14903",
)

_SAMPLE_LENGTHS = range(2, 11)
_SAMPLE_OF_A_LENGTH = 12
_STEP = 618_033_989
"""The golden section times 10^9: its multiples spread evenly and avoid years and round numbers."""

NO_FIXED_GROUPS = "no fixed groups"

_EXAMPLES = ("42", "365", "1984", "12345", "1234567")

Spans = Sequence[tuple[int, int, int]]
"""Tokens of a number, each with its id, start and end; see `spaced_spans`."""

Groups = tuple[int, ...]
"""How many digits each token of a number has, in order."""


@analyzer(
    "digits",
    title="Splitting of numbers",
    metrics=(*NUMBERS.values(), LONGEST_GROUP),
    rules=(UNKNOWN_DIGITS, LEFT_TO_RIGHT, UNEVEN),
)
def digits(subject: Subject) -> Result:
    """Encode numbers, count those that are one token, and name the digit policy.

    All 10, 100, 1,000 and 10,000 strings of one to four digits are encoded, alone and in text. In
    text a leading space that is a token of its own counts against the number.

    The policy follows from 108 fixed numbers of 2 to 10 digits in text, without their leading
    spaces: single digits, groups of up to n digits from the left or from the right, whole numbers,
    or no fixed groups.
    """
    sample = _sample()
    spans = spaced_spans(subject.tokenizer, [*sample, *_EXAMPLES])
    groups = [_groups(each) for each in spans[: len(sample)]]
    unknown = subject.tokenizer.unknown_id
    is_unknown = any(
        _is_lost(each, number, unknown)
        for each, number in zip(spans, (*sample, *_EXAMPLES), strict=True)
    )
    policy, direction = ("unknown", "") if is_unknown else _policy(groups)
    counts = _one_token_counts(subject, any(start < 0 for each in spans for _, start, _ in each))
    numbers = [10**length for length in range(1, MOST_DIGITS + 1)]
    return Result(
        metrics=(
            *(
                kind.ratio(sum(counts[convention]), sum(numbers))
                for convention, kind in NUMBERS.items()
            ),
            LONGEST_GROUP.value(None if is_unknown else max(max(each) for each in groups)),
        ),
        tables=(
            Table(
                "policy",
                "Digit policy",
                {
                    "policy": (policy,),
                    "direction": (direction,),
                    "examples": (_examples(spans[len(sample) :], unknown),),
                },
            ),
            Table(
                "numbers",
                "Numbers that are one token, by number of digits",
                {
                    "digits": tuple(range(1, MOST_DIGITS + 1)),
                    "numbers": tuple(numbers),
                    "bare": tuple(counts["bare"]),
                    "spaced": tuple(counts["spaced"]),
                },
            ),
        ),
        findings=tuple(_findings(policy, direction, groups)),
    )


def _sample() -> list[str]:
    """Return a fixed sample of numbers of several lengths."""
    return [
        str(10 ** (length - 1) + index * _STEP % (9 * 10 ** (length - 1)))
        for length in _SAMPLE_LENGTHS
        for index in range(1, _SAMPLE_OF_A_LENGTH + 1)
    ]


def _groups(spans: Spans) -> Groups:
    return tuple(end - max(start, 0) for _, start, end in spans if end > max(start, 0))


def _is_lost(spans: Spans, number: str, unknown: int | None) -> bool:
    """Return whether a digit becomes the unknown token, or is dropped where there is none."""
    return any(token == unknown for token, _, _ in spans) or sum(_groups(spans)) < len(number)


def _examples(spans: Sequence[Spans], unknown: int | None) -> str:
    return " ".join(
        "[unknown]"
        if _is_lost(each, number, unknown)
        else "|".join(number[max(start, 0) : end] for _, start, end in each if end > max(start, 0))
        for number, each in zip(_EXAMPLES, spans, strict=True)
    )


def _policy(groups: Sequence[Groups]) -> tuple[str, str]:
    """Return the policy, and the direction of its groups ("" where there is none)."""
    most = max(max(each) for each in groups)
    if most == 1:
        return "single digits", ""
    if all(len(each) == 1 for each in groups):
        return "whole numbers", ""
    from_left = [_even(sum(each), most) for each in groups]
    if list(groups) == from_left:
        return f"groups of up to {most}", "left to right"
    if list(groups) == [each[::-1] for each in from_left]:
        return f"groups of up to {most}", "right to left"
    return NO_FIXED_GROUPS, ""


def _even(length: int, group: int) -> Groups:
    """Return the groups of a number split from the left; the last one may be shorter."""
    rest = length % group
    return (group,) * (length // group) + ((rest,) if rest else ())


def _one_token_counts(subject: Subject, keeps_space: bool) -> dict[Convention, list[int]]:
    """Count the numbers of each length that are one token, by convention.

    A number needs a token of its own text. Where the leading space is kept, that token needs the
    word boundary in text.
    """
    vocabulary = subject.vocabulary
    properties = vocabulary.properties
    rows = np.flatnonzero(properties.numeric & (properties.lengths <= MOST_DIGITS))
    with_boundary = rows[vocabulary.starts_word[rows]] if keeps_space else rows
    return {
        "bare": _count(subject, rows, "bare"),
        "spaced": _count(subject, with_boundary, "spaced"),
    }


def _count(subject: Subject, rows: NDArray[np.int64], convention: Convention) -> list[int]:
    texts = {subject.vocabulary.texts[row] or "" for row in rows.tolist()}
    numbers = sorted(text for text in texts if text.isascii())
    single = single_token_words(subject.tokenizer, numbers, convention)
    lengths = Counter(len(numbers[index]) for index in np.flatnonzero(single).tolist())
    return [lengths[length] for length in range(1, MOST_DIGITS + 1)]


def _findings(policy: str, direction: str, groups: Sequence[Groups]) -> list[Finding]:
    if policy == "unknown":
        return [UNKNOWN_DIGITS.found("Some numbers of 2 to 10 digits have no tokens.")]
    if direction == "left to right":
        return [LEFT_TO_RIGHT.found(f"Numbers are split into {policy} digits from the left.")]
    if policy != NO_FIXED_GROUPS:
        return []
    ways = {length: len({g for g in groups if sum(g) == length}) for length in _SAMPLE_LENGTHS}
    length, most = max(ways.items(), key=lambda way: way[1])
    message = (
        f"{_SAMPLE_OF_A_LENGTH} numbers of {length} digits are split in {most} different ways."
    )
    return [UNEVEN.found(message)]
