"""A comparison for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tokstat.comparison.comparison import Comparison, Score
from tokstat.comparison.overlap import Overlap
from tokstat.render.headlines import TERMS, Better, cited
from tokstat.render.panel import counts_of, splits_of
from tokstat.render.terminal.compared_parts import part_lines
from tokstat.render.terminal.text import wrapped
from tokstat.results.language_names import named
from tokstat.results.verdict import Statement
from tokstat.text.visible import shortened, visible, visible_line
from tokstat.text.wording import counted

SIDE_BY_SIDE = 4
"""Most tokenizers side by side; more get a row each."""

_EXAMPLES = 8
_LEAST = 60
"""Fewest columns that a comparison is laid out for."""
_WORDSIM = "WordSim"
"""The unit of expected scores; other scores with decimals are averages."""

_LABEL = 22
_VALUE_AND_CHANGE = 14
"""Columns that a score with its change takes, and the space before it."""

ARROWS = {None: "", "higher": " ↑", "lower": " ↓"}
_RANK = "RANK among the reference tokenizers (1: the highest score)"
ARROWS_MEAN = "↑ higher is better, ↓ lower is better"

Cell = Callable[[Score, int], str]
"""Writes the cell of one score and one tokenizer, by its position."""


@dataclass(frozen=True)
class ComparedScore:
    """Name a score: in full, as the head of a narrow column, and which end of it is better.

    What a vocabulary is made of has no better end: it depends on the use.
    """

    metric: str
    label: str
    short: str
    better: Better | None = None

    @property
    def meaning(self) -> str:
        """The label, with the dots replaced by what the line above has."""
        return self.label.replace("...", "expected WordSim")


Shown = tuple[ComparedScore, Score]
"""A score with its name."""

HEADLINES = (
    ComparedScore("whole_word_ratio", "whole words", "whole"),
    ComparedScore("casing_duplicate_ratio", "duplicates by case", "case"),
    ComparedScore("family_duplicate_ratio", "near duplicates", "near"),
    ComparedScore("fragment_ratio", "fragments", "fragm"),
    ComparedScore("coverage_bare", "one token alone", "alone", "higher"),
    ComparedScore("coverage_spaced", "one token in text", "text", "higher"),
    ComparedScore("leading_space_gap", "leading-space gap", "gap", "lower"),
    ComparedScore("expected_wordsim_bare", "expected WordSim alone", "ws-al", "higher"),
    ComparedScore("expected_wordsim_spaced", "... in text", "ws-tx", "higher"),
)
"""The scores shown first; `verbose` adds the others."""


def render_comparison(comparison: Comparison, *, width: int = 80, verbose: bool = False) -> str:
    """Write a comparison as text of at most `width` columns, or 60 if that is less.

    Up to four tokenizers are side by side; more get a row each. `verbose` adds every score, the
    overlap by text alone, and the definitions of terms.
    """
    lines = _lines(comparison, max(width, _LEAST), verbose)
    return "".join(visible_line(line.rstrip()) + "\n" for line in lines)


def _lines(comparison: Comparison, width: int, verbose: bool) -> Iterator[str]:
    yield from verdict_lines(comparison.verdict, width)
    yield from _tokenizers(comparison, width)
    if verbose:
        for term, meaning in TERMS:
            yield from wrapped(f"{term}: {meaning}.", width, more="  ")
        yield ""
    yield from _scores(comparison, width)
    yield from _policies(comparison)
    yield from _findings(comparison, width)
    yield from part_lines(comparison, width)
    if len(comparison.labels) <= SIDE_BY_SIDE:
        yield from _pairs(comparison, width)
    else:
        yield from _matrix("SHARED TOKENS by text and word boundary", comparison, "surfaces")
    if verbose:
        yield from _matrix("SHARED TOKENS by text alone", comparison, "texts")
    yield from _words(comparison, width)
    if verbose:
        yield from _counts(comparison)
        yield from _all_scores(comparison)
    else:
        yield from wrapped("All scores: -v. As JSON: --json. As a page: -o comparison.html", width)


def verdict_lines(verdict: Sequence[Statement], width: int) -> Iterator[str]:
    """Write one sentence after the other, with the codes that it rests on, and an empty line."""
    for statement in verdict:
        codes = f" {cited(statement)}" if statement.codes else ""
        # A label never begins a line, where it could pass for a line of tokstat's own.
        yield from wrapped(visible_line(statement.sentence) + codes, width, more="  ")
    if verdict:
        yield ""


def _tokenizers(comparison: Comparison, width: int) -> Iterator[str]:
    languages = named(*comparison.lexicon.languages)
    yield f"lexicon: {languages}, {counted(comparison.lexicon.words, 'known word')}"
    for position, info in enumerate(comparison.tokenizers):
        scheme = "" if info.scheme == info.model_type else f", {info.scheme}"
        casing = "; lower-cases" if info.lowercases else ""
        made = f"{info.model_type}{scheme}{casing}"
        name = f"{_name(comparison, position):<{_LABEL + 4}}"
        yield shortened(f"{name}  {info.vocab_size:>9,} tokens  {made}", width)
    yield ""


def _scores(comparison: Comparison, width: int) -> Iterator[str]:
    by_name = {score.name: score for score in comparison.scores}
    shown = [(each, by_name[each.metric]) for each in HEADLINES if each.metric in by_name]
    ranked = [(each, score) for each, score in shown if any(score.ranks)]
    count = len(comparison.labels)
    if count > SIDE_BY_SIDE:
        yield from _scores_by_row(comparison, shown, ranked, width)
        return
    fits = width >= _LABEL + 2 + count * _VALUE_AND_CHANGE
    title = "SCORES, and the change from tokenizer 1" if fits else "SCORES"
    yield from wrapped(f"{title} ({ARROWS_MEAN})", width, more="  ")
    yield from _columns(comparison, shown, _value_and_change if fits else _value, width)
    if ranked:
        yield _RANK
        yield from _columns(comparison, ranked, _rank, width)


def _scores_by_row(
    comparison: Comparison, shown: Sequence[Shown], ranked: Sequence[Shown], width: int
) -> Iterator[str]:
    yield "SCORES, in percent; WordSim in points"
    yield from _rows(comparison, shown, _plain_value)
    legend = (f"{each.short}: {each.meaning}{ARROWS[each.better]}" for each, _ in shown)
    yield from wrapped("; ".join([*legend, ARROWS_MEAN]), width)
    yield ""
    yield "CHANGE from tokenizer 1, in points"
    yield from _rows(comparison, shown, _change)
    if ranked:
        yield _RANK
        yield from _rows(comparison, ranked, _short_rank)


def _columns(
    comparison: Comparison, scores: Sequence[Shown], cell: Cell, width: int
) -> Iterator[str]:
    """Lay out scores with one column a tokenizer."""
    positions = range(len(comparison.labels))
    room = (width - _LABEL - 2) // len(positions) - 4
    yield from _grid(
        ["", *(_name(comparison, position, room) for position in positions)],
        [
            [each.label + ARROWS[each.better], *(cell(score, position) for position in positions)]
            for each, score in scores
        ],
    )


def _rows(comparison: Comparison, scores: Sequence[Shown], cell: Cell) -> Iterator[str]:
    """Lay out scores with one row a tokenizer."""
    yield from _grid(
        ["", *(each.short for each, _ in scores)],
        [
            [_name(comparison, position, 20), *(cell(score, position) for _, score in scores)]
            for position in range(len(comparison.labels))
        ],
    )


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Align the first column left, the others right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        first, *others = (
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield ("  " if len(others) <= SIDE_BY_SIDE else " ").join([first, *others])
    yield ""


def _policies(comparison: Comparison) -> Iterator[str]:
    """List how numbers are split, and the tokenizers that split them so."""
    policies = dict.fromkeys(policy for policy in comparison.digit_policies if policy)
    if policies:
        yield "NUMBERS: how digits are grouped, and by which tokenizers"
    for policy in policies:
        holders = [n for n, each in enumerate(comparison.digit_policies, 1) if each == policy]
        yield f"  {policy}: {' '.join(map(str, holders))}"
    if policies:
        yield ""


def _findings(comparison: Comparison, width: int) -> Iterator[str]:
    if comparison.findings:
        yield "FINDINGS, and the tokenizers that have them"
    for found in comparison.findings:
        holders = " ".join(str(position + 1) for position in found.tokenizers)
        line = f"{found.severity:<7} {found.code}  {found.title}: {holders}"
        yield from wrapped(line, width, first="  ", more=" " * 17)
    if comparison.findings:
        yield ""


def _pairs(comparison: Comparison, width: int) -> Iterator[str]:
    """Show what each pair of tokenizers shares, one line a pair."""
    yield "SHARED TOKENS by text and word boundary"
    count = len(comparison.labels)
    for first in range(count):
        for second in range(first + 1, count):
            found = comparison.surfaces
            line = (
                f"{first + 1} and {second + 1}: {counted(found.shared[first][second], 'token')}, "
                f"{_percent(found.share(first, second))} of {first + 1}, "
                f"{_percent(found.share(second, first))} of {second + 1}; "
                f"Jaccard {_decimal(found.jaccard(first, second))}, "
                f"text alone {_decimal(comparison.texts.jaccard(first, second))}"
            )
            yield from wrapped(line, width, first="  ", more="    ")
    yield ""


def _matrix(title: str, comparison: Comparison, name: str) -> Iterator[str]:
    """Show a matrix of percentages, narrow enough for 20 tokenizers in 80 columns."""
    found: Overlap = getattr(comparison, name)
    count = len(comparison.labels)
    label = max(80 - 3 * count, 3)
    for heading, ratio in (
        ("% of the row's tokens in the column", found.share),
        ("Jaccard index in %", found.jaccard),
    ):
        yield f"{title}: {heading}"
        yield " " * label + "".join(f"{number:>3}" for number in range(1, count + 1))
        for row in range(count):
            cells = (_two_digits(ratio(row, column)) for column in range(count))
            name = _name(comparison, row, label - 5) if label > 8 else f"{row + 1:>2}"
            yield f"{name:<{label}}" + "".join(f"{cell:>3}" for cell in cells)
        yield ""


def _two_digits(ratio: float | None) -> str:
    """Write a percentage in two characters, 100% as `=`."""
    if ratio is None:
        return "-"
    return "=" if ratio == 1 else f"{min(int(ratio * 100 + 0.5), 99)}"


def _words(comparison: Comparison, width: int) -> Iterator[str]:
    yield "WORDS that are one token, most frequent first"
    yield from _wrapped(
        f"all have {counted(comparison.shared_words, 'word')}", comparison.shared_examples, width
    )
    for number, found in enumerate(comparison.words, 1):
        yield from _wrapped(
            f"{number} has {counted(found.words, 'word')}, {found.only:,} in no other",
            found.only_examples,
            width,
        )
        if len(comparison.labels) > 2 and found.lacking:
            yield from _wrapped(
                f"{number} lacks {counted(found.lacking, 'word')} that all others have",
                found.lacking_examples,
                width,
            )
    yield ""


def _wrapped(head: str, words: Sequence[str], width: int) -> list[str]:
    shown = " ".join(map(visible, words[:_EXAMPLES]))
    more = "" if not words else f": {shown}"
    return textwrap.wrap(
        head + more,
        width,
        initial_indent="  ",
        subsequent_indent="    ",
        max_lines=2,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _counts(comparison: Comparison) -> Iterator[str]:
    """Show how many tokens the fixed texts have, a few tokenizers at a time side by side."""
    splits = splits_of(comparison.labels, comparison.splits)
    if splits is None:
        return
    yield "TOKENS of fixed texts"
    names = [_name(comparison, comparison.labels.index(each), 8) for each in splits.tokenizers]
    head, table = ("", *names), counts_of(splits)
    for start in range(1, len(head), SIDE_BY_SIDE):
        chosen = slice(start, start + SIDE_BY_SIDE)
        yield from _grid(["", *head[chosen]], [[row[0], *row[chosen]] for row in table])


def _all_scores(comparison: Comparison) -> Iterator[str]:
    """Show every score, a few tokenizers at a time side by side."""
    yield "ALL SCORES"
    for start in range(0, len(comparison.labels), SIDE_BY_SIDE):
        positions = range(start, min(start + SIDE_BY_SIDE, len(comparison.labels)))
        yield from _grid(
            ["", *(_name(comparison, position, 8) for position in positions)],
            [
                [score.name, *(value_text(score.unit, score.values[p]) for p in positions)]
                for score in comparison.scores
            ],
        )


def value_text(unit: str, value: float | None) -> str:
    """Write a score for people: percent, points, a count, or a number with its decimals."""
    if value is None:
        return "-"
    if unit == "ratio":
        return f"{value:.1%}"
    if unit == "difference":
        return _signed(value * 100, 1)
    return f"{value:.{_decimals(unit)}f}" if isinstance(value, float) else f"{value:,}"


def change_text(unit: str, change: float | None) -> str:
    """Write a change for people: in points, as a count, or with the decimals of the score."""
    if change is None:
        return "-"
    if unit in ("ratio", "difference"):
        return _signed(change * 100, 1)
    return _signed(change, _decimals(unit)) if isinstance(change, float) else f"{change:+,}"


def _decimals(unit: str) -> int:
    """Return the decimals of a score; averages, such as tokens per word, are near 1."""
    return 1 if unit == _WORDSIM else 2


def _signed(value: float, decimals: int) -> str:
    text = f"{value:+.{decimals}f}"
    return text if float(text) else text[1:]  # zero has no sign


def _value_and_change(score: Score, position: int) -> str:
    value = value_text(score.unit, score.values[position])
    return f"{value} {change_text(score.unit, score.changes[position]):>6}" if position else value


def _value(score: Score, position: int) -> str:
    return value_text(score.unit, score.values[position])


def _plain_value(score: Score, position: int) -> str:
    return _value(score, position).rstrip("%")


def _change(score: Score, position: int) -> str:
    return change_text(score.unit, score.changes[position]) if position else ""


def _rank(score: Score, position: int) -> str:
    found = score.ranks[position]
    return "-" if found is None else f"{found.number} of {found.of}"


def _short_rank(score: Score, position: int) -> str:
    return _rank(score, position).replace(" of ", "/")


def _name(comparison: Comparison, position: int, width: int = _LABEL) -> str:
    number = f"{position + 1:>{len(str(len(comparison.labels)))}}"
    return f"{number} {shortened(visible(comparison.labels[position]), width)}"


def _percent(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.1%}"


def _decimal(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"
