"""The tokens that the post-processor puts around a text, and the type ids that it gives."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.analyzers import Finding, Result, Rule, Subject, analyzer
from tokstat.model.folder import ModelFolder, roles
from tokstat.text.wording import agreed, counted, listed
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import TOKENIZER_JSON, Tokenizer

NOT_INSERTED = Rule(
    "TS681",
    "warning",
    "Tokens that a model expects around a text are not inserted",
    "The configuration asks for the tokens, and the post-processor of tokenizer.json inserts "
    "none. A model reads its answer from [CLS], or was trained with its first token. Without it, "
    "the output is worse, and nothing fails. transformers 5 takes the post-processor as it is "
    "written. In transformers 4 some classes, such as LlamaTokenizer, insert the tokens by "
    "themselves, so the version decides.",
    "Set the post-processor of tokenizer.json to a TemplateProcessing that inserts them.",
    source="transformers 4.57 and 5.24; tests/analyzers/test_frame.py",
)
TYPE_IDS = Rule(
    "TS684",
    "error",
    "Type ids without an embedding row",
    "The post-processor gives the second text of a pair a type id that the model has no row for. "
    "The first pair then raises an index error.",
    "Set every type_id in the post-processor of tokenizer.json to 0, or train the model with more "
    "types and raise type_vocab_size.",
    source="transformers 4.57 and 5.24; tests/analyzers/test_frame.py",
)


@analyzer("frame", title="Tokens around a text", rules=(NOT_INSERTED, TYPE_IDS))
def frame(subject: Subject) -> Result:
    """Compare what the post-processor inserts with what the configuration asks for.

    An empty text is encoded with its special tokens. tokenizer_config.json asks for tokens by
    add_bos_token and add_eos_token. A model that is no causal one asks for them by naming both a
    cls and a sep token. Type ids are those written in the post-processor, and type_vocab_size is
    the one of config.json.
    """
    folder = subject.tokenizer.model_folder
    if folder is None or subject.tokenizer.origin.loader != TOKENIZER_JSON:
        return Result()
    return Result(
        findings=(*_not_inserted(subject.tokenizer, folder), *_type_ids(subject.tokenizer, folder))
    )


def _not_inserted(tokenizer: Tokenizer, folder: ModelFolder) -> Iterator[Finding]:
    named = roles(folder.configuration("special_tokens_map.json"))
    named |= roles(folder.configuration("tokenizer_config.json"))
    ids = {role: tokenizer.backend.token_to_id(text) for role, text in named.items()}
    asked = _asked_for(folder, {role for role, number in ids.items() if number is not None})
    if not asked:
        return
    inserted = set(encode(tokenizer.backend, "", special=True))
    lacking = {role: why for role, why in asked.items() if ids[role] not in inserted}
    # Some models insert only one of cls and sep, by design.
    if lacking.keys() == {"cls"} or lacking.keys() == {"sep"}:
        return
    if lacking:
        texts = dict.fromkeys(named[role] for role in lacking)
        given = encode(tokenizer.backend, "a", special=True)
        message = (
            f"{' and '.join(dict.fromkeys(lacking.values()))}, and the post-processor inserts "
            f"{'nothing' if not inserted else 'other tokens'}: 'a' gets the ids {given}, without "
            f"{listed(tuple(texts))}."
        )
        numbers = sorted({number for role in lacking if (number := ids[role]) is not None})
        yield NOT_INSERTED.found(message, numbers, hint=_template(lacking, named))


def _asked_for(folder: ModelFolder, known: set[str]) -> dict[str, str]:
    """Return the roles that a model expects around a text, each with the reason."""
    config = folder.configuration("tokenizer_config.json")
    asked: dict[str, str] = {
        role: f"tokenizer_config.json sets add_{role}_token"
        for role in ("bos", "eos")
        if config.get(f"add_{role}_token") is True and role in known
    }
    if {"cls", "sep"} <= known and not is_causal(folder):
        asked |= dict.fromkeys(("cls", "sep"), "The configuration names a cls and a sep token")
    return asked


def is_causal(folder: ModelFolder) -> bool:
    """Return whether config.json names a model that continues a text."""
    named = folder.configuration("config.json").get("architectures")
    if not isinstance(named, list):
        return False
    return any(str(each).endswith(("ForCausalLM", "LMHeadModel")) for each in named)


def _template(lacking: dict[str, str], named: dict[str, str]) -> str:
    before = [named[role] for role in ("bos", "cls") if role in lacking]
    after = [named[role] for role in ("sep", "eos") if role in lacking]
    single = " ".join([*dict.fromkeys(before), "$A", *dict.fromkeys(after)])
    return (
        f"Set the post-processor of tokenizer.json to a TemplateProcessing whose single is "
        f"{single!r}."
    )


def _type_ids(tokenizer: Tokenizer, folder: ModelFolder) -> Iterator[Finding]:
    size = folder.configuration("config.json").get("type_vocab_size")
    inputs = folder.configuration("tokenizer_config.json").get("model_input_names")
    # A size of 0 stands for a model that ignores type ids, such as DeBERTa.
    if type(size) is not int or size < 1:
        return
    if isinstance(inputs, list) and "token_type_ids" not in inputs:
        return
    given = sorted(number for number in set(_written_type_ids(tokenizer)) if number >= size)
    if given:
        numbers = ", ".join(f"{number:,}" for number in given)
        message = (
            f"The post-processor gives {agreed(len(given), 'type id', 'type ids')} {numbers}, and "
            f"config.json has {counted(size, 'type')} (type_vocab_size)."
        )
        yield TYPE_IDS.found(message)


def _written_type_ids(tokenizer: Tokenizer) -> Iterator[int]:
    for part in components(tokenizer.backend, "post_processor"):
        if part["type"] == "BertProcessing":
            yield from (0, 1)
        for piece in (*part.get("single", ()), *part.get("pair", ())):
            yield from (each["type_id"] for each in piece.values())
