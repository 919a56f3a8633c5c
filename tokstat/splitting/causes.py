"""Causes that keep a word from being one token, each with its sentence and what undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tokstat.splitting.forms import Form
from tokstat.text.wording import agreed

CauseKind = Literal[
    "leading_space",
    "neighbour",
    "added_token",
    "normalizer",
    "pre_tokenizer",
    "too_long",
    "unknown_characters",
    "not_in_vocabulary",
    "merge_order",
    "no_merges",
    "better_path",
    "not_replayed",
]


@dataclass(frozen=True)
class Cause:
    """Hold one thing that keeps a word from being one token.

    - `sentence`: the cause, `remedy`: what undoes it, as an imperative.
    - `part`: the type of the part of the pipeline, or the added token.
    - `number`: the place of that part among the parts of its component.
    - `merges`: the merges that build the token, in the order in which they must come.
    """

    kind: CauseKind
    sentence: str
    remedy: str
    part: str = ""
    number: int = -1
    merges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Merge:
    """Hold a merge as it is shown: its rank, and both sides in readable form."""

    rank: int
    left: str
    right: str

    def __str__(self) -> str:
        return f"merge {self.rank:,} `{self.left} {self.right}`"


def leading_space(whole: Form, alone: Form | None, before: str) -> Cause:
    """Only with a space before it is the word one token; `before` is the character there now."""
    if before and not before.isspace():
        problem = f"The word follows `{before}` without a space."
    elif alone is None or not alone.is_token:
        problem = f"{alone} is not a token." if alone else "The word alone is not a token."
    else:
        problem = f"{alone} is a token that the word alone does not become."
    return Cause(
        "leading_space",
        f"{problem} {whole} is a token, and needs a space before it.",
        "Put a space before the word.",
    )


def neighbour(word: str, beside: str) -> Cause:
    """What stands beside the word is split together with it."""
    shown = f"`{beside}`" if beside else "the text"
    return Cause(
        "neighbour",
        f"`{word}` is split together with {shown} beside it.",
        "Put a space on each side of the word.",
    )


def added_token(content: str, number: int) -> Cause:
    """An added token is taken out of the word before all else."""
    return Cause(
        "added_token",
        f"The added token `{content}` ({number:,}) splits the word.",
        f"Let `{content}` match whole words only (single_word), or remove it.",
        part=content,
    )


def normalizer(part: str, number: int, old: str, new: str, whole: Form | None) -> Cause:
    """The normalizer changes the word, which would be one token unchanged."""
    unchanged = f" {whole} is a token." if whole else ""
    return Cause(
        "normalizer",
        f"The normalizer ({part}) changes `{old}` to `{new}`.{unchanged}",
        f"Drop {part} from the normalizer.",
        part=part,
        number=number,
    )


def pre_tokenizer(part: str, number: int, left: str, right: str) -> Cause:
    """The pre-tokenizer splits the word between two characters."""
    odd = next((each for each in (right, left) if not each.isalpha()), "")
    where = f"at `{odd}`" if odd else f"between `{left}` and `{right}`"
    return Cause(
        "pre_tokenizer",
        f"The pre-tokenizer ({part}) splits the word {where}.",
        f"Replace {part} by a part that does not split {where}.",
        part=part,
        number=number,
    )


def too_long(length: int, most: int) -> Cause:
    """WordPiece reads no word of so many characters."""
    return Cause(
        "too_long",
        f"The word has {length:,} characters, and the model reads at most {most:,}.",
        f"Set max_input_chars_per_word to {length:,} or more.",
    )


def spacing(part: str, number: int, word: str) -> Cause:
    """The normalizer puts spaces into the word."""
    return Cause(
        "normalizer",
        f"The normalizer ({part}) puts spaces between the characters of `{word}`.",
        f"Drop {part} from the normalizer.",
        part=part,
        number=number,
    )


def not_in_vocabulary(wanted: Form, others: tuple[Form, ...], changed: str) -> Cause:
    """The word is no token in the form in which it reaches the model; some `others` may be."""
    found = ", ".join(map(str, others))
    rest = f". {found} {agreed(len(others), 'is', 'are')}." if others else " in any form."
    return Cause(
        "not_in_vocabulary", f"{_as_changed(wanted, changed)} is not a token{rest}", _adding(wanted)
    )


def unknown_characters(wanted: Form, character: str, becomes: str, changed: str) -> Cause:
    """The word is no token, and neither is a character of it."""
    return Cause(
        "unknown_characters",
        f"{_as_changed(wanted, changed)} is not a token. Its character `{character}` has no token"
        f" either, and becomes {becomes}.",
        _adding(wanted),
    )


def _as_changed(wanted: Form, changed: str) -> str:
    return f"{wanted} (`{changed}`, normalized)" if changed else str(wanted)


def _adding(wanted: Form) -> str:
    return f"Add the token {wanted.quoted} to the vocabulary."


def merge_order(
    whole: Form, first: Merge, needed: Merge, merges: tuple[tuple[str, str], ...]
) -> Cause:
    """Merges of a lower rank join the parts of the token with others."""
    return Cause(
        "merge_order",
        f"M{str(first)[1:]} comes before {needed}, which {whole} needs.",
        f"Move the merges of {whole.quoted} before {first}.",
        merges=merges,
    )


def no_merges(whole: Form, parts: tuple[str, ...]) -> Cause:
    """No merges build the token."""
    return Cause(
        "no_merges",
        f"{whole} is a token, and no merges build it.",
        f"Add merges that join {' '.join(f'`{part}`' for part in parts)}.",
    )


def better_path(whole: Form, score: float, tokens: tuple[str, ...], best: float) -> Cause:
    """Unigram finds a path of a higher score than the token."""
    path = "|".join(tokens)
    return Cause(
        "better_path",
        f"`{path}` scores {best:.2f}, above {whole} with {score:.2f}.",
        f"Raise the score of {whole.quoted} above {best:.2f}.",
    )


def not_replayed(reason: str) -> Cause:
    """A part of the tokenizer cannot be replayed."""
    return Cause(
        "not_replayed",
        f"The cause is unknown: {reason}.",
        "Look at the steps that can be replayed: `tokstat encode --steps`.",
    )


_OF_SEVERAL: Mapping[CauseKind, tuple[str, str]] = {
    "leading_space": (
        "are one token only with a space before them",
        "Put a space before each word.",
    ),
    "neighbour": (
        "are split together with what stands beside them",
        "Put a space on each side of each word.",
    ),
    "added_token": (
        "are split by the added token `{part}`",
        "Let `{part}` match whole words only (single_word), or remove it.",
    ),
    "normalizer": (
        "are changed by the normalizer ({part})",
        "Drop {part} from the normalizer.",
    ),
    "pre_tokenizer": (
        "are split by the pre-tokenizer ({part})",
        "Replace {part} by a part that does not split them.",
    ),
    "too_long": (
        "have more characters than the model reads",
        "Raise max_input_chars_per_word to the length of the longest.",
    ),
    "unknown_characters": (
        "have no token, and neither do some of their characters",
        "Add each word as a token to the vocabulary.",
    ),
    "not_in_vocabulary": (
        "have no token in the form in which they reach the model",
        "Add each word as a token to the vocabulary.",
    ),
    "merge_order": (
        "are tokens, but earlier merges join their parts with others",
        "Move the merges of each before those.",
    ),
    "no_merges": ("are tokens, but no merges build them", "Add the merges that build each."),
    "better_path": (
        "are tokens, but a split of each scores higher",
        "Raise the score of each above that of its split.",
    ),
    "not_replayed": (
        "have an unknown cause, as a part of the tokenizer cannot be replayed",
        "Look at the steps that can be replayed: `tokstat encode --steps`.",
    ),
}


def of_several(kind: CauseKind, part: str) -> tuple[str, str]:
    """Return what a kind of cause does to several words, after their number, and the remedy."""
    problem, remedy = _OF_SEVERAL[kind]
    return problem.replace("{part}", part), remedy.replace("{part}", part)
