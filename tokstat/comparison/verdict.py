"""The verdict on a comparison: one to three sentences made from its scores and findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from tokstat.results.language_names import named
from tokstat.results.verdict import Judged, Statement, within_a_sentence
from tokstat.text.wording import counted

EQUAL = 0.005
"""Shares of frequent words that differ by less are called equal."""

_MOST_FINDINGS = 2

_PLACES = {"coverage_spaced": "in text", "coverage_bare": "alone"}
"""How words are encoded, by the metric of their share that is one token."""


Scores = Mapping[str, Sequence[float | None]]
"""The values of a metric, one a tokenizer."""


class Shared(Judged, Protocol):
    """A finding of several tokenizers, which module `comparison` defines."""

    @property
    def tokenizers(self) -> Sequence[int]:
        """The positions of the tokenizers that have it."""


def verdict_on(
    labels: Sequence[str],
    languages: Sequence[str],
    scores: Scores,
    findings: Sequence[Shared],
    *,
    differs: bool,
) -> tuple[Statement, ...]:
    """State which tokenizer is best for frequent words, and the faults that not all have.

    First comes that nothing differs, where that is so. docs/compare.md has the rules.
    """
    statements = [*_words(labels, languages, scores), *_faults(labels, findings)]
    if not differs:
        statements.insert(0, Statement("Nothing differs in pipelines, tokens and ids."))
    return tuple(statements)


def _words(labels: Sequence[str], languages: Sequence[str], scores: Scores) -> Iterator[Statement]:
    """State the best shares of frequent words that are one token, in text and alone."""
    words = f"frequent words of {named(*languages)}"
    shares = {
        metric: [(value, at) for at, value in enumerate(scores[metric]) if value is not None]
        for metric in _PLACES
        if metric in scores
    }
    shares = {metric: each for metric, each in shares.items() if len(each) > 1}
    by_best: dict[tuple[int, ...], list[str]] = {}
    for metric, each in shares.items():
        best = tuple(at for value, at in each if value > max(each)[0] - EQUAL)
        by_best.setdefault(best, []).append(metric)
    for number, (best, metrics) in enumerate(by_best.items()):
        figures = [_figures(labels, shares[each], best) for each in metrics]
        places = [_PLACES[each] for each in metrics]
        if len(by_best) > 1:
            what = f"words {places[0]}" if number else f"{words} {places[0]}"
            told = "{} are one token{}".format(*figures[0])
        else:
            what = words
            told = ", ".join(
                f"{share}{'' if at else ' are one token'} {places[at]}{others}"
                for at, (share, others) in enumerate(figures)
            )
        names = _listed([labels[at] for at in best])
        are = "is" if len(best) == 1 else "are"
        equal = len(best) == len(shares[metrics[0]])
        head = "All are about equal" if equal else f"{names} {are} best"
        yield Statement(f"{head} for {what}: {told}.", metrics=tuple(metrics))


def _figures(
    labels: Sequence[str], shares: Sequence[tuple[float, int]], best: Sequence[int]
) -> tuple[str, str]:
    """Write the best share, and in parentheses those of the others, if there are any."""
    others = sorted((value, at) for value, at in shares if at not in best)
    if not others:
        return f"{max(shares)[0]:.1%}", ""
    low, high = f"{others[0][0]:.1%}", f"{others[-1][0]:.1%}"
    name = labels[others[0][1]] if len(others) == 1 else "the others"
    return f"{max(shares)[0]:.1%}", f" ({name} {low if low == high else f'{low} to {high}'})"


def _faults(labels: Sequence[str], findings: Sequence[Shared]) -> Iterator[Statement]:
    """State the errors and warnings that some tokenizers have and others have not."""
    count = len(labels)
    found = [
        each
        for each in findings
        if each.severity in ("error", "warning") and 0 < len(each.tokenizers) < count
    ]
    if not found:
        return
    shown = found[:_MOST_FINDINGS]
    told = []
    for each in shown:
        whose = (
            f"only {labels[each.tokenizers[0]]}"
            if len(each.tokenizers) == 1
            else f"{len(each.tokenizers)} of {count}"
        )
        told.append(f"{within_a_sentence(each.title or each.code)} ({whose})")
    rest = len(found) - len(told)
    heads = list(dict.fromkeys(each.severity for each in shown))
    head = f"{heads[0]}s" if len(shown) > len(heads) else " and ".join(heads)
    more = f"; {counted(rest, 'more finding')} not in all" if rest else ""
    yield Statement(
        f"{head.capitalize()}: {'; '.join(told)}{more}.", tuple(each.code for each in found)
    )


def _listed(names: Sequence[str]) -> str:
    """Name up to three tokenizers, or count them."""
    if len(names) > 3:
        return counted(len(names), "tokenizer")
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
