"""Unreachable tokens, and the component that makes each unreachable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.reachability.search import Reachability, State
from tokstat.reachability.witnesses import encode_all, text_of, texts_of
from tokstat.text.wording import agreed, counted

_SOURCE = "Land and Bartolo 2024, arXiv 2405.05417"

UNREACHABLE = MetricType(
    "unreachable_tokens",
    "tokens",
    "tokens that no text can produce, by an argument over all texts",
    _SOURCE,
)
NOT_FOUND = MetricType(
    "not_found_tokens",
    "tokens",
    "content tokens with neither a text that produces them nor a proof that none does",
    source=OWN,
)
HIDDEN = MetricType(
    "unseen_partial_tokens",
    "tokens",
    "tokens of kinds byte and partial that no tested character produces",
    source=OWN,
)

NEVER_GIVEN = Rule(
    "TS701",
    "warning",
    "Tokens that no text can produce",
    "Whatever is written, the tokenizer never returns these ids. Their embeddings keep what they "
    "were initialised with, cost memory, and can be sampled by a model that has never seen them "
    "(Land and Bartolo 2024, arXiv 2405.05417). An added token is split off before all else, also "
    "inside words, so a token that contains one is shadowed. BPE starts from characters and only "
    "merges, so a token that no merge builds has no merge path: it was written into the vocabulary "
    "alone, or a conversion forgot that it belongs among the added tokens (<|im_start|>, <table>).",
    "List them: `tokstat tokens SPEC --finding TS701`. Drop the added tokens that shadow them, or "
    "set single_word on words. Add the missing merges. Give the other ids to tokens that you add.",
    source=OWN,
    least_share=0.02,
)
UNDECIDED = Rule(
    "TS702",
    "info",
    "Tokens not found in any text",
    "The search found no text that produces these tokens, and no proof that there is none. Either "
    "a component cannot be analysed, or the token needs an unusual context.",
    "Look for them in your own text before you rely on them: `tokstat tokens SPEC --finding TS702` "
    "lists them.",
    source=OWN,
)

_REMEDIES = {
    "shadowed by an added token": "Drop the added tokens that shadow them, or set single_word on "
    "words.",
    "no merge path": "Add the missing merges.",
}
"""What to do about tokens by the cause that makes them unreachable, where something can be done."""

_EXAMPLES = 4
_CANDIDATES = 16
_LONG = 4


@analyzer(
    "reachability",
    title="Reachability of tokens",
    needs=("content tokens",),
    metrics=(UNREACHABLE, NOT_FOUND, HIDDEN),
    rules=(NEVER_GIVEN, UNDECIDED),
)
def reachability(subject: Subject) -> Result:
    """Search for a text that produces each token, or for a proof that none does.

    A content token is reachable if the encoding of some text contains it, alone or within a word.
    It is unreachable if an argument over all texts proves that none does; the argument names the
    component at fault. It is not found if neither holds. Tokens that are parts of characters are
    looked for in characters that contain their bytes, and unreachable only if no merge builds them.
    Special tokens, other added ones and placeholders are not tested. docs/reachability.md describes
    how, model by model.
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
    """List the causes and components of unreachable tokens, the largest group first."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, obstacle in sorted(found.obstacles.items()):
        # Dozens of added tokens shadow runs of spaces, each its own run: one row for all of them.
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
    shown = iter(vocabulary.displays_of_ids([number for ids in given for number in ids]))
    return Table(
        "unreachable",
        "Unreachable tokens and what their text produces instead",
        {
            "id": tuple(vocabulary.ids[some].tolist()),
            "token": tuple(vocabulary.displays(some)),
            "cause": tuple(obstacles[row].cause for row in some),
            "component": tuple(obstacles[row].component for row in some),
            "instead": tuple("|".join(islice(shown, len(ids))) for ids in given),
        },
    )


def _carried(subject: Subject) -> Table:
    """List some tokens that only another text than their own produces, with such a text."""
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
        "Tokens that their own text does not produce, with a text that does",
        {"token": tuple(vocabulary.displays(rows)), "witness": tuple(witnesses)},
    )


def _never_given(
    subject: Subject, found: Reachability, rows: NDArray[np.int64]
) -> Iterable[Finding]:
    if not len(rows):
        return
    causes = Counter(obstacle.cause for obstacle in found.obstacles.values()).most_common()
    shares = ", ".join(f"{cause} {count:,}" for cause, count in causes)
    by_cause = f"by cause: {shares}" if len(causes) > 1 else f"cause: {causes[0][0]}"
    message = (
        f"{counted(len(rows), 'token')} {agreed(len(rows), 'is', 'are')} never produced "
        f"({by_cause}), such as {subject.vocabulary.display(int(rows[0]))}."
    )
    given = {cause for cause, _ in causes}
    hint = [
        "List them: `tokstat tokens SPEC --finding TS701`.",
        *(remedy for cause, remedy in _REMEDIES.items() if cause in given),
        "Tokens that you add can take their ids.",
    ]
    yield NEVER_GIVEN.found(message, subject.vocabulary.ids[rows].tolist(), hint=" ".join(hint))


def _undecided(subject: Subject, rows: NDArray[np.int64]) -> Iterable[Finding]:
    if len(rows):
        message = (
            f"{counted(len(rows), 'content token')} {agreed(len(rows), 'was', 'were')} not found "
            f"in any tested text, such as {subject.vocabulary.display(int(rows[0]))!r}."
        )
        yield UNDECIDED.found(message, subject.vocabulary.ids[rows].tolist())
