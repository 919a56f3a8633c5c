"""Tokens of white space, and the cost of indentation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.text.visible import visible
from tokstat.text.wording import counted
from tokstat.tokenizer.single_words import count_tokens

RUNS = {"spaces": " ", "tabs": "\t", "newlines": "\n"}
"""The name of a run of each character."""

WHITESPACE_TOKENS = MetricType(
    "indentation_tokens",
    "tokens",
    "tokens of any kind that are two or more characters of white space",
    source=OWN,
)
LONGEST = {
    run: MetricType(name, "characters", f"length of the longest token of {run} alone", source=OWN)
    for run, name in zip(
        RUNS,
        ("longest_run_of_spaces", "longest_run_of_tabs", "longest_run_of_newlines"),
        strict=True,
    )
}

DEPTH = 16
INDENTATION_COST = MetricType(
    "indentation_cost",
    "tokens",
    f"tokens that an indent of {DEPTH} spaces adds to a line",
    source=OWN,
)

COSTLY_INDENTATION = Rule(
    "TS903",
    "info",
    "Indentation costs a token per space",
    "The vocabulary has few tokens for runs of spaces, so most tokens of indented text (code, "
    "tables, YAML) are spaces. Codex added tokens for runs of spaces to GPT-3's vocabulary, and "
    "code took 30% fewer tokens (arXiv 2107.03374).",
    "For indented text, choose a vocabulary with tokens for runs of spaces, add such tokens, or "
    "indent with tabs. For prose, do nothing.",
    source="Chen et al. 2021, arXiv 2107.03374",
)

COSTLY = DEPTH // 2
_EXAMPLES = 8
_INDENTS = (
    *((f"{spaces} spaces", " " * spaces) for spaces in (2, 4, 8, 16, 32)),
    *((counted(tabs, "tab"), "\t" * tabs) for tabs in (1, 2, 4)),
)


@analyzer(
    "whitespace",
    title="White space and indentation",
    metrics=(WHITESPACE_TOKENS, *LONGEST.values(), INDENTATION_COST),
    rules=(COSTLY_INDENTATION,),
)
def whitespace(subject: Subject) -> Result:
    """List the runs of white space that are tokens, and count the tokens of an indent.

    Added tokens count, as many vocabularies keep their runs there. The cost of an indent is the
    difference in tokens between a line with it and the line without it. It is 0 where a tokenizer
    drops white space.
    """
    vocabulary = subject.vocabulary
    rows = np.flatnonzero(vocabulary.properties.blank).tolist()
    texts = [text for row in rows if (text := vocabulary.texts[row])]
    runs = {
        name: sorted({len(text) for text in texts if not text.strip(character)})
        for name, character in RUNS.items()
    }
    others = list(
        dict.fromkeys(text for text in texts if all(text.strip(each) for each in RUNS.values()))
    )
    costs = _costs(subject)
    return Result(
        metrics=(
            WHITESPACE_TOKENS.value(sum(len(text) > 1 for text in texts)),
            *(LONGEST[name].value(max(lengths, default=0)) for name, lengths in runs.items()),
            INDENTATION_COST.value(costs[f"{DEPTH} spaces"]),
        ),
        tables=(
            Table(
                "runs",
                "Lengths of whitespace tokens",
                {
                    "of": (*runs, "mixed and others"),
                    "tokens": (*(len(lengths) for lengths in runs.values()), len(others)),
                    "lengths": (
                        *map(_ranges, runs.values()),
                        " ".join([visible(text) for text in others if len(text) > 1][:_EXAMPLES]),
                    ),
                },
            ),
            Table(
                "indentation",
                "Tokens that an indent adds to a line",
                {"indent": tuple(costs), "tokens": tuple(costs.values())},
            ),
        ),
        findings=tuple(_findings(costs[f"{DEPTH} spaces"])),
    )


def _costs(subject: Subject) -> dict[str, int]:
    """Count the tokens that each indent adds to a line after another one."""
    lines = ["a\na", *(f"a\n{indent}a" for _, indent in _INDENTS)]
    plain, *indented = count_tokens(subject.tokenizer, lines)
    return {name: count - plain for (name, _), count in zip(_INDENTS, indented, strict=True)}


def _ranges(numbers: Sequence[int]) -> str:
    """Write increasing numbers as ranges: 1-4, 8."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join("-".join(map(str, span)) for span in spans)


def _findings(cost: int) -> list[Finding]:
    if cost < COSTLY:
        return []
    message = f"An indent of {DEPTH} spaces adds {counted(cost, 'token')} to a line."
    return [COSTLY_INDENTATION.found(message)]
