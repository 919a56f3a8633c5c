"""Special tokens and ids on which a model's files disagree."""

from __future__ import annotations

from typing import Any

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.analyzers.token_roles import ids_of_model, is_possible, stated_ids
from tokstat.model.folder import ModelFolder, named_roles, roles, text_of
from tokstat.text.wording import agreed, counted, quoted
from tokstat.tokenizer.tokenizer import Tokenizer

ABSENT = Rule(
    "TS607",
    "error",
    "A special token that is not in the vocabulary",
    "transformers adds the token after the last id when it loads the tokenizer. The model has no "
    "embedding row for that id, or only a padding row that was never trained.",
    "Name a token of the vocabulary, or add this one and resize the embeddings.",
    source=OWN,
)
OTHER_TEXT = Rule(
    "TS608",
    "warning",
    "Two files name different special tokens",
    "tokenizer_config.json and special_tokens_map.json both assign roles to tokens. Which file "
    "wins depends on the version of transformers.",
    "Write the same token into both files, or remove special_tokens_map.json.",
    source=OWN,
)
OTHER_ID = Rule(
    "TS609",
    "warning",
    "config.json and the tokenizer give a special token different ids",
    "The model stops, pads or masks by the id in its configuration, and the tokenizer uses "
    "another. Generation then does not end, or the model attends to padding.",
    "Set the id in config.json and generation_config.json to that of the tokenizer's token.",
    source=OWN,
)
OTHER_ADDED_ID = Rule(
    "TS610",
    "error",
    "Two files give an added token different ids",
    "transformers uses the ids in tokenizer_config.json or added_tokens.json, and the tokenizers "
    "library those in tokenizer.json. The same text then gets different ids.",
    "Load the tokenizer that the model was trained with, and save all its files again.",
    source=OWN,
)

_EXAMPLES = 6
_DIGITS = 18
"""Most digits of an id that is compared, far more than any vocabulary's ids have."""


@analyzer(
    "special_tokens",
    title="Special tokens",
    rules=(ABSENT, OTHER_TEXT, OTHER_ID, OTHER_ADDED_ID),
)
def special_tokens(subject: Subject) -> Result:
    """Compare the vocabulary's special and added tokens with those that other files name.

    The other files are tokenizer_config.json, special_tokens_map.json, added_tokens.json,
    config.json and generation_config.json. An id is compared only where both sides have one.
    """
    folder = subject.tokenizer.model_folder
    if folder is None:
        return Result()
    return Result(
        findings=(
            *_absent(subject.tokenizer, folder),
            *_other_texts(folder),
            *_other_ids(subject, folder),
            *_other_added_ids(subject.tokenizer, folder),
        )
    )


def _absent(tokenizer: Tokenizer, folder: ModelFolder) -> list[Finding]:
    """Find named tokens that are neither in the vocabulary nor in a list of added tokens."""
    listed = {text for added in _added(folder).values() for text in added}
    lacking: dict[str, list[str]] = {}
    for text, name in folder.special_tokens.items():
        if tokenizer.id_of(text) is None and text not in listed:
            lacking.setdefault(name, []).append(text)
    return [
        ABSENT.found(
            f"{name} names {', '.join(map(repr, texts[:_EXAMPLES]))}, and the vocabulary has no "
            f"such {agreed(len(texts), 'token', 'tokens')}."
        )
        for name, texts in lacking.items()
    ]


def _other_texts(folder: ModelFolder) -> list[Finding]:
    first = roles(folder.configuration("tokenizer_config.json"))
    second = roles(folder.configuration("special_tokens_map.json"))
    return [
        OTHER_TEXT.found(
            f"The {role} token is {first[role]!r} in tokenizer_config.json, and {second[role]!r}"
            " in special_tokens_map.json."
        )
        for role in first.keys() & second.keys()
        if first[role] != second[role]
    ]


def _other_ids(subject: Subject, folder: ModelFolder) -> list[Finding]:
    """Compare ids that the model has; others are a finding of their own (TS663)."""
    named, most = named_roles(folder), ids_of_model(subject, folder)
    stated: dict[str, dict[str, list[Any]]] = {}
    for name, key, value in stated_ids(folder):
        if is_possible(value, most) and "." not in key:
            role = key.removesuffix("_token_id")
            stated.setdefault(role, {}).setdefault(name, []).append(value)
    found = []
    for role, by_file in stated.items():
        text = named.get(role)
        actual = subject.tokenizer.id_of(text) if text else None
        if text and actual is not None:
            found += [
                OTHER_ID.found(
                    f"The {role} token {quoted(text)} has id {actual:,}; {name} has "
                    f"{_written(values)}.",
                    (actual,),
                )
                for name, values in by_file.items()
                if actual not in values
            ]
        elif text is None and len(by_file) > 1:
            (first, ours), (second, theirs) = by_file.items()
            if not set(ours) & set(theirs):
                message = (
                    f"The {role} id is {_written(ours)} in {first}, and {_written(theirs)} in "
                    f"{second}."
                )
                found.append(OTHER_ID.found(message, (*ours, *theirs)))
    return found


def _written(values: list[Any]) -> str:
    return str(values[0] if len(values) == 1 else values)


def _other_added_ids(tokenizer: Tokenizer, folder: ModelFolder) -> list[Finding]:
    found = []
    for name, stated in _added(folder).items():
        others = {
            text: number for text, number in stated.items() if tokenizer.id_of(text) != number
        }
        if others:
            some = ", ".join(
                f"{text!r} has id {number:,} there and {_number(tokenizer.id_of(text))} in the "
                "vocabulary"
                for text, number in list(others.items())[:_EXAMPLES]
            )
            differ = agreed(len(others), "differs", "differ")
            message = f"{counted(len(others), 'token')} of {name} {differ}: {some}."
            found.append(OTHER_ADDED_ID.found(message, sorted(others.values())))
    return found


def _number(number: int | None) -> str:
    return "none" if number is None else f"{number:,}"


def _is_id(number: object) -> bool:
    return type(number) is int and 0 <= number < 10**_DIGITS


def _added(folder: ModelFolder) -> dict[str, dict[str, int]]:
    """Return the ids of added tokens by file and text; malformed entries are ignored."""
    listed = folder.configuration("added_tokens.json")
    decoder = folder.configuration("tokenizer_config.json").get("added_tokens_decoder")
    pairs = decoder.items() if isinstance(decoder, dict) else ()
    return {
        "added_tokens.json": {text: number for text, number in listed.items() if _is_id(number)},
        "tokenizer_config.json": {
            text_of(token): int(number)
            for number, token in pairs
            if number.isdecimal() and len(number) <= _DIGITS and text_of(token)
        },
    }
