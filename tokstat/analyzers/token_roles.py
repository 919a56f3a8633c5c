"""Roles of tokens (pad, eos, …): whether the ids and texts that the files give can be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, Table, analyzer
from tokstat.analyzers.files import rows_of
from tokstat.model.folder import ROLES, TOKEN_FILES, ModelFolder, added_tokens, named_roles, text_of
from tokstat.text.wording import agreed, counted, listed, quoted
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import TOKENIZER_JSON

PAD_IS_EOS = Rule(
    "TS661",
    "info",
    "The pad token is the EOS token",
    "Collators mask the pad id in the labels, and with it each EOS token. A model trained like "
    "that does not learn to stop. Code that finds the end of a text by its pad id stops too early.",
    "Before training, set another pad token: `tokenizer.pad_token = TOKEN`, one that no text has, "
    "and its id in config.json. To encode and generate, nothing needs to change.",
    OWN,
)
NO_PAD = Rule(
    "TS662",
    "info",
    "No pad token",
    'transformers refuses to encode texts of unequal length as one batch: "Asking to pad but the '
    'tokenizer does not have a padding token".',
    "Set pad_token in tokenizer_config.json to a token that no text has, and pad_token_id in "
    "config.json to its id.",
    OWN,
    by_purpose={"encoder": "warning"},
)
IMPOSSIBLE_ID = Rule(
    "TS663",
    "error",
    "A role's id is not an id of the model",
    "The id is negative, beyond the embedding matrix, or not a whole number. Looking it up raises "
    "an index error, or on a GPU an assertion that names no token.",
    "Set it to the id of the tokenizer's token, or to null.",
    OWN,
)
PLAIN_TEXT = Rule(
    "TS664",
    "warning",
    "A role's token is ordinary text of the vocabulary",
    "The token was learned from text, and is not an added token. The tokenizers library splits its "
    "text like any other. transformers makes it an added token, and so gives a text other ids.",
    "Add it to added_tokens in tokenizer.json with its id and special true: "
    "`tokenizer.add_special_tokens([TOKEN])` of the tokenizers library, then save.",
    OWN,
)
OTHER_SPECIAL = Rule(
    "TS665",
    "warning",
    "Files disagree on whether a token is special",
    "Decoding with skip_special_tokens leaves special tokens out. The tokenizers library goes by "
    "tokenizer.json, transformers by tokenizer_config.json. So one shows the token to users, and "
    "the other does not.",
    "Write the same `special` into both files. Control tokens are special.",
    OWN,
)

_ID_FILES = ("config.json", "generation_config.json")
_ROLES = (*ROLES, "decoder_start")
_WITHOUT_PAD = (
    "PreTrainedTokenizerFast",
    "PreTrainedTokenizer",
    "TokenizersBackend",
    "GPT2Tokenizer",
    "GPT2TokenizerFast",
    "LlamaTokenizer",
    "LlamaTokenizerFast",
)
"""Classes of transformers that name no pad token where the files name none."""

_USUAL_PADS = ("[PAD]", "<pad>", "<|pad|>", "<|padding|>", "<|endoftext|>")
"""Pad tokens that the other classes name."""


@analyzer(
    "token_roles",
    title="Roles of tokens",
    rules=(PAD_IS_EOS, NO_PAD, IMPOSSIBLE_ID, PLAIN_TEXT, OTHER_SPECIAL),
)
def token_roles(subject: Subject) -> Result:
    """Check each role's token and ids against the vocabulary and the size of the model.

    Roles (bos, eos, unk, sep, pad, cls, mask) come from special_tokens_map.json,
    tokenizer_config.json, config.json and generation_config.json. The table shows them.
    """
    folder = subject.tokenizer.model_folder
    if folder is None:
        return Result()
    named = named_roles(folder)
    return Result(
        tables=tuple(_table(subject, folder, named)),
        findings=(
            *_pad(subject, folder, named),
            *_impossible_ids(subject, folder),
            *_plain_text(subject, folder, named),
            *_other_special(subject, folder),
        ),
    )


def stated_ids(folder: ModelFolder) -> Iterator[tuple[str, str, Any]]:
    """Yield the file, the key and each value of a role's id, one for each of a list."""
    for name in _ID_FILES:
        content = folder.configuration(name)
        inner = content.get("text_config")
        for prefix, part in (("", content), ("text_config.", inner)):
            if not isinstance(part, dict):
                continue
            for role in _ROLES:
                value = part.get(f"{role}_token_id")
                for each in value if isinstance(value, list) else [value]:
                    if each is not None:
                        yield name, f"{prefix}{role}_token_id", each


def ids_of_model(subject: Subject, folder: ModelFolder) -> int:
    """Return one more than the highest id that the model, or else the vocabulary, has."""
    ids = subject.vocabulary.ids
    return rows_of(folder) or (int(ids[-1]) + 1 if len(ids) else 0)


def is_possible(value: Any, most: int) -> bool:
    """Return whether a value is an id of a model with so many."""
    return type(value) is int and 0 <= value < most


def _pad(subject: Subject, folder: ModelFolder, named: dict[str, str]) -> list[Finding]:
    id_of = subject.tokenizer.id_of
    pad, eos = named.get("pad"), named.get("eos")
    if pad is not None:
        if pad != eos:
            return []
        number = id_of(pad)
        message = f"pad and eos are both {quoted(pad)}."
        return [PAD_IS_EOS.found(message, [] if number is None else [number])]
    if not named or subject.purpose == "static":  # a static model pads nothing
        return []
    name = folder.configuration("tokenizer_config.json").get("tokenizer_class")
    usual = [each for each in _USUAL_PADS if id_of(each) is not None]
    if name not in _WITHOUT_PAD and usual:
        return []
    unused = [each for each in usual if each not in named.values()]
    hint = (
        f'Write "pad_token": "{unused[0]}" into tokenizer_config.json, and "pad_token_id": '
        f"{id_of(unused[0])} into config.json."
        if unused
        else ""
    )
    return [NO_PAD.found(f"The files name {_listed_roles(named)}, and no pad token.", hint=hint)]


def _listed_roles(named: dict[str, str]) -> str:
    return ", ".join(f"{role} {quoted(text)}" for role, text in named.items())


def _impossible_ids(subject: Subject, folder: ModelFolder) -> list[Finding]:
    rows = rows_of(folder)
    most = ids_of_model(subject, folder)
    wrong = [each for each in stated_ids(folder) if not is_possible(each[2], most)]
    if not wrong:
        return []
    some = "; ".join(f"{key} in {name} is {quoted(str(value))[1:-1]}" for name, key, value in wrong)
    size = f"The model has {counted(most, 'row')}." if rows else f"The last id is {most - 1:,}."
    named = named_roles(folder)
    role = wrong[0][1].rpartition(".")[2].removesuffix("_token_id")
    right = subject.tokenizer.id_of(named[role]) if role in named else None
    value = "null" if right is None else right
    hint = f'Write "{role}_token_id": {value} into {wrong[0][0]}.'
    return [IMPOSSIBLE_ID.found(f"{some}. {size}", hint=hint)]


def _plain_text(subject: Subject, folder: ModelFolder, named: dict[str, str]) -> list[Finding]:
    """Find roles of tokens that are not added; the unknown token need not be one."""
    if subject.tokenizer.origin.files != (TOKENIZER_JSON,):
        return []  # of other formats the loader adds them
    backend = subject.tokenizer.backend
    added = backend.get_added_tokens_decoder()
    elsewhere = added_tokens(folder)
    found: dict[str, int] = {}
    for role, text in named.items():
        number = subject.tokenizer.id_of(text)
        if role == "unk" or number is None or number in added or text in elsewhere:
            continue
        found[text] = number
    if not found:
        return []
    text, number = next(iter(found.items()))
    ids = encode(backend, text)
    split = "|".join(subject.vocabulary.displays_of_ids(ids))
    became = f" Encoded, {quoted(text)} becomes {split}." if ids != [number] else ""
    has = agreed(len(found), "is not an added token", "are not added tokens")
    return [PLAIN_TEXT.found(f"{listed(list(found))} {has}.{became}", found.values())]


def _other_special(subject: Subject, folder: ModelFolder) -> list[Finding]:
    added = subject.tokenizer.backend.get_added_tokens_decoder()
    actual = {token.content: (number, token.special) for number, token in added.items()}
    found: dict[str, tuple[str, bool]] = {}
    for text, fields in added_tokens(folder).items():
        stated = fields.get("special")
        if isinstance(stated, bool) and text in actual and actual[text][1] != stated:
            found[text] = ("tokenizer_config.json", stated)
    for text, name in _more_special(folder).items():
        if text in actual and not actual[text][1]:
            found.setdefault(text, (name, True))
    if not found:
        return []
    text, (name, stated) = next(iter(found.items()))
    is_special = "special" if stated else "not special"
    and_here = "not" if stated else "special"
    message = (
        f"{counted(len(found), 'token')}: {quoted(text)} is {is_special} in {name}, and {and_here} "
        "in tokenizer.json."
    )
    return [OTHER_SPECIAL.found(message, sorted(actual[each][0] for each in found))]


def _more_special(folder: ModelFolder) -> dict[str, str]:
    """Return the tokens listed as special besides those of roles, with their file."""
    found = {}
    for name in TOKEN_FILES:
        for key in ("additional_special_tokens", "extra_special_tokens"):
            value = folder.configuration(name).get(key)
            more = list(value.values()) if isinstance(value, dict) else value
            for each in more if isinstance(more, list) else ():
                if text_of(each):
                    found[text_of(each)] = name
    return found


def _table(subject: Subject, folder: ModelFolder, named: dict[str, str]) -> list[Table]:
    ids: dict[str, list[str]] = {}
    for name, key, value in stated_ids(folder):
        role = key.rpartition(".")[2].removesuffix("_token_id")
        ids.setdefault(role, []).append(f"{value} ({name})")
    order = [role for role in _ROLES if role in named or role in ids]
    if not order:
        return []
    numbers = [subject.tokenizer.id_of(named.get(role, "")) for role in order]
    columns = {
        "role": tuple(order),
        "token": tuple(named.get(role, "") for role in order),
        "id": tuple(numbers),
        "ids_of_the_model": tuple(", ".join(ids.get(role, ())) for role in order),
    }
    return [Table("roles", "Roles of tokens", columns)]
