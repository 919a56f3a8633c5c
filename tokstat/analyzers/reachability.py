"""Which tokens no text can produce, and which component is at fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.reachability.search import Reachability, State
from tokstat.reachability.witnesses import encode_all, text_of, texts_of

_SOURCE = "Land and Bartolo 2024, arXiv 2405.05417"

UNREACHABLE = MetricType(
    "unreachable_tokens",
    "tokens",
    "content tokens that no text can produce, by an argument over all texts",
    _SOURCE,
)
NOT_FOUND = MetricType(
    "not_found_tokens",
    "tokens",
    "content tokens of which no text was found that produces them, nor proof that none does",
    source=OWN,
)
HIDDEN = MetricType(
    "unseen_partial_tokens",
    "tokens",
    "tokens of kinds byte and partial that no character tried produces: not testable alone",
    source=OWN,
)

NEVER_GIVEN = Rule(
    "TS701",
    "warning",
    "Tokens that no text can produce",
    "Whatever is written, the tokenizer never returns these ids. Their embeddings keep what they "
    "were initialised with, cost memory, and can be sampled by a model that has never seen them "
    "(Land and Bartolo 2024, arXiv 2405.05417).",
    "List them with tokstat tokens --finding TS701. Give their ids to tokens that you add, or "
    "repair the component at fault.",
    source=OWN,
)
UNDECIDED = Rule(
    "TS702",
    "info",
    "Tokens that were not met",
    "No text was found that produces these tokens, and no proof that there is none: a component "
    "does something that cannot be foreseen, or the token needs an unusual context.",
    "Look for them in your own corpus before you rely on them.",
    source=OWN,
)

_EXAMPLES = 4
_CANDIDATES = 16
_LONG = 4


@analyzer(
    "reachability",
    title="Reachability of every token",
    needs=("content tokens",),
    metrics=(UNREACHABLE, NOT_FOUND, HIDDEN),
    rules=(NEVER_GIVEN, UNDECIDED),
)
def reachability(subject: Subject) -> Result:
    """Look for a text that produces each token, and for a proof where there is none.

    A content token is reachable if some text is encoded into tokens with it among them, alone or
    within a word; unreachable if an argument over all texts shows that none is, which names the
    component at fault; not found if neither. Tokens that are parts of characters are looked for
    in characters that contain their bytes, and never called unreachable. Special tokens, other
    added ones and placeholders are not tested. docs/reachability.md says how, model by model.
    """
    found = subject.reachability
    unreachable, undecided = found.rows("unreachable"), found.rows("not found")
    return Result(
        metrics=(
            UNREACHABLE.value(len(unreachable)),
            NOT_FOUND.value(len(undecided)),
            HIDDEN.value(len(found.rows("partial"))),
        ),
        tables=(
            _states(subject, found),
            _causes(subject, found),
            _unreachable(subject, unreachable),
            _carried(subject),
        ),
        findings=(*_never_given(subject, found, unreachable), *_undecided(subject, undecided)),
    )


def _states(subject: Subject, found: Reachability) -> Table:
    names: tuple[State, ...] = ("reachable", "unreachable", "not found", "partial", "untested")
    rows = [found.rows(name) for name in names]
    return Table(
        "states",
        "Tokens by reachability",
        {
            "state": names,
            "tokens": tuple(map(len, rows)),
            "examples": tuple(_shown(subject, some) for some in rows),
        },
    )


def _shown(subject: Subject, rows: NDArray[np.int64] | list[int]) -> str:
    return " ".join(subject.vocabulary.displays(rows[:_EXAMPLES]))


def _causes(subject: Subject, found: Reachability) -> Table:
    """Group the unreachable tokens by cause and component, the largest group first."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, obstacle in sorted(found.obstacles.items()):
        # Runs of blanks are shadowed by dozens of added tokens, each by its own.
        component = "added tokens" if "added token" in obstacle.cause else obstacle.component
        groups.setdefault((obstacle.cause, component), []).append(row)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return Table(
        "causes",
        "Unreachable tokens by cause",
        {
            "cause": tuple(cause for (cause, _), _ in ordered),
            "component": tuple(component for (_, component), _ in ordered),
            "tokens": tuple(len(rows) for _, rows in ordered),
            "examples": tuple(_shown(subject, rows) for _, rows in ordered),
        },
    )


def _unreachable(subject: Subject, rows: NDArray[np.int64]) -> Table:
    vocabulary, obstacles = subject.vocabulary, subject.reachability.obstacles
    given = encode_all(subject.tokenizer, texts_of(vocabulary, rows))
    some = rows.tolist()
    return Table(
        "unreachable",
        "Unreachable tokens, and what their text produces instead",
        {
            "id": tuple(vocabulary.ids[some].tolist()),
            "token": tuple(vocabulary.displays(some)),
            "cause": tuple(obstacles[row].cause for row in some),
            "component": tuple(obstacles[row].component for row in some),
            "instead": tuple("|".join(vocabulary[i].display for i in ids) for ids in given),
        },
    )


def _carried(subject: Subject) -> Table:
    """Show some tokens that their own text does not produce, with a word that does."""
    vocabulary = subject.vocabulary
    good = vocabulary.alphabetic & ~vocabulary.starts_word & vocabulary.properties.lowercase
    good &= vocabulary.properties.lengths >= _LONG
    rows, witnesses = [], []
    for row in np.flatnonzero(good)[:_CANDIDATES].tolist():
        witness = subject.witness(row)
        if witness is not None and witness != text_of(vocabulary, row):
            rows.append(row)
            witnesses.append(witness)
    return Table(
        "carried",
        "Tokens that their own text does not produce, and one that does",
        {"token": tuple(vocabulary.displays(rows)), "witness": tuple(witnesses)},
    )


def _never_given(
    subject: Subject, found: Reachability, rows: NDArray[np.int64]
) -> Iterable[Finding]:
    if not len(rows):
        return
    causes = Counter(obstacle.cause for obstacle in found.obstacles.values()).most_common()
    shares = ", ".join(f"{count:,} {cause}" for cause, count in causes)
    message = (
        f"{len(rows):,} content tokens are never produced ({shares}), such as "
        f"{subject.vocabulary.display(int(rows[0]))}."
    )
    yield NEVER_GIVEN.found(message, subject.vocabulary.ids[rows].tolist())


def _undecided(subject: Subject, rows: NDArray[np.int64]) -> Iterable[Finding]:
    if len(rows):
        message = (
            f"{len(rows):,} content tokens were met in no text tried, such as "
            f"{subject.vocabulary.display(int(rows[0]))}."
        )
        yield UNDECIDED.found(message, subject.vocabulary.ids[rows].tolist())
