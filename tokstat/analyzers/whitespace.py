"""Tokens of white space, and what it costs to indent a line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.text.unicode import visible
from tokstat.tokenizer.single_words import count_tokens

RUNS = {"blanks": " ", "tabs": "\t", "newlines": "\n"}
"""What runs of one character are called."""

BLANK_TOKENS = MetricType(
    "indentation_tokens",
    "tokens",
    "tokens of any kind that are white space, two characters or more",
    source=OWN,
)
LONGEST = {
    name: MetricType(
        f"longest_run_of_{name}",
        "characters",
        f"length of the longest token of {name} alone",
        source=OWN,
    )
    for name in RUNS
}

DEPTH = 16
INDENTATION_COST = MetricType(
    "indentation_cost",
    "tokens",
    f"tokens that {DEPTH} blanks before a line's first word add to it",
    source=OWN,
)

COSTLY_INDENTATION = Rule(
    "TS903",
    "info",
    "Blanks at the start of a line cost a token each",
    "Where blanks have few tokens of several, indented text (code, tables, YAML) takes most of "
    "its tokens for blanks. Codex added tokens for runs of blanks to GPT-3's vocabulary, and took "
    "30 % fewer tokens for code (arXiv 2107.03374).",
    "If your text is indented, add tokens for runs of blanks, indent with tabs, or choose a "
    "vocabulary with longer runs; for prose there is nothing to do.",
    source="Chen et al. 2021, arXiv 2107.03374",
)

COSTLY = DEPTH // 2
_EXAMPLES = 8
_INDENTS = (
    *((f"{blanks} blanks", " " * blanks) for blanks in (2, 4, 8, 16, 32)),
    *((f"{tabs} tabs", "\t" * tabs) for tabs in (1, 2, 4)),
)


@analyzer(
    "whitespace",
    title="White space and indentation",
    metrics=(BLANK_TOKENS, *LONGEST.values(), INDENTATION_COST),
    rules=(COSTLY_INDENTATION,),
)
def whitespace(subject: Subject) -> Result:
    """List the runs of white space that are tokens, and encode an indented line.

    Added tokens count, as many vocabularies keep their runs there. What an indent costs is the
    difference in tokens of two lines with and without it: none where a tokenizer drops white space.
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
            BLANK_TOKENS.value(sum(len(text) > 1 for text in texts)),
            *(LONGEST[name].value(max(lengths, default=0)) for name, lengths in runs.items()),
            INDENTATION_COST.value(costs[f"{DEPTH} blanks"]),
        ),
        tables=(
            Table(
                "runs",
                "Lengths of white space that are one token",
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
        findings=tuple(_findings(costs[f"{DEPTH} blanks"])),
    )


def _costs(subject: Subject) -> dict[str, int]:
    """Count the tokens that each indent adds to a line behind another one."""
    lines = ["a\na", *(f"a\n{indent}a" for _, indent in _INDENTS)]
    plain, *indented = count_tokens(subject.tokenizer, lines)
    return {name: count - plain for (name, _), count in zip(_INDENTS, indented, strict=True)}


def _ranges(numbers: Sequence[int]) -> str:
    """Write increasing numbers with a dash for those in between: 1-4, 8."""
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
    return [COSTLY_INDENTATION.found(f"{DEPTH} blanks before a line add {cost} tokens to it.")]
