"""The tokens that the post-processor puts around a text, and the type ids that it gives."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tokenizers import Encoding

from tokstat.analyzers import Finding, Result, Rule, Subject, Table, analyzer
from tokstat.model.folder import ModelFolder, named_roles
from tokstat.model.written_templates import written_templates
from tokstat.text.wording import agreed, counted, listed
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode, encode_batch
from tokstat.tokenizer.tokenizer import TOKENIZER_JSON, Tokenizer

NOT_INSERTED = Rule(
    "TS681",
    "warning",
    "Tokens that a model expects around a text are not inserted",
    "The configuration asks for the tokens, and the post-processor of tokenizer.json inserts "
    "none. A model reads its answer from [CLS], or was trained with its first token. Without it, "
    "the output is worse, and there is no error. transformers 5 takes the post-processor as it is "
    "written. In transformers 4 some classes, such as LlamaTokenizer, insert the tokens by "
    "themselves, so the version decides.",
    "Set the post-processor of tokenizer.json to a TemplateProcessing that inserts them.",
    source="measured with transformers 4.57 and 5.24",
)
TYPE_IDS = Rule(
    "TS684",
    "error",
    "Type ids without an embedding row",
    "The post-processor gives the second text of a pair a type id that the model has no row for. "
    "The first pair then raises an index error.",
    "Set every type_id in the post-processor of tokenizer.json to 0, or train the model with more "
    "types and raise type_vocab_size.",
    source="measured with transformers 4.57 and 5.24",
)


@analyzer("frame", title="Tokens around a text", rules=(NOT_INSERTED, TYPE_IDS))
def frame(subject: Subject) -> Result:
    """Compare what the post-processor inserts with what the configuration asks for.

    An empty text is encoded with its special tokens. tokenizer_config.json asks for tokens by
    add_bos_token and add_eos_token, unless its chat template writes the first token. A model that
    is not an LLM asks for them by naming both a cls and a sep token. Type ids are those written in
    the post-processor, and type_vocab_size is the one of config.json.
    """
    tables = (_shown(subject.tokenizer),)
    folder = subject.tokenizer.model_folder
    if folder is None or subject.tokenizer.origin.loader != TOKENIZER_JSON:
        return Result(tables=tables)
    return Result(
        tables=tables,
        findings=(*_not_inserted(subject, folder), *_type_ids(subject.tokenizer, folder)),
    )


def _shown(tokenizer: Tokenizer) -> Table:
    """Show the tokens around a text, which is an ellipsis: `[CLS] … [SEP]`."""
    (found,) = encode_batch(tokenizer.backend, ["a"], special=True)
    marks = [
        token if inserted else "…"
        for token, inserted in zip(found.tokens, found.special_tokens_mask, strict=True)
    ]
    frame = " ".join(mark for mark, _ in groupby(marks)) or "…"
    return Table("frame", "Tokens around a text", {"frame": (frame,)})


def _not_inserted(subject: Subject, folder: ModelFolder) -> Iterator[Finding]:
    tokenizer = subject.tokenizer
    named = named_roles(folder)
    ids = {role: tokenizer.id_of(text) for role, text in named.items()}
    known = {role: named[role] for role, number in ids.items() if number is not None}
    asked = _asked_for(folder, known, frames=subject.purpose != "llm")
    if not asked:
        return
    inserted = set(encode(tokenizer.backend, "", special=True))
    lacking = {role: why for role, why in asked.items() if ids[role] not in inserted}
    # Some models insert only one of cls and sep, by design.
    if lacking.keys() == {"cls"} or lacking.keys() == {"sep"}:
        return
    if lacking:
        texts = dict.fromkeys(named[role] for role in lacking)
        (given,) = encode_batch(tokenizer.backend, ["a"], special=True)
        message = (
            f"{' and '.join(dict.fromkeys(lacking.values()))}, and the post-processor inserts "
            f"{'other tokens' if inserted else 'nothing'}: 'a' gets the ids {given.ids}, "
            f"without {listed(tuple(texts))}."
        )
        numbers = sorted({number for role in lacking if (number := ids[role]) is not None})
        yield NOT_INSERTED.found(message, numbers, hint=_template(lacking, named, given))


def _asked_for(folder: ModelFolder, known: dict[str, str], *, frames: bool) -> dict[str, str]:
    """Return the roles that a model expects around a text, each with the reason.

    `known` has the tokens of roles, `frames` whether a model expects its cls and sep token.
    """
    config = folder.configuration("tokenizer_config.json")
    asked: dict[str, str] = {
        role: f"tokenizer_config.json sets add_{role}_token"
        for role in ("bos", "eos")
        if config.get(f"add_{role}_token") is True and role in known
    }
    if "bos" in asked and any(
        "bos_token" in each.text or known["bos"] in each.text for each in written_templates(folder)
    ):
        del asked["bos"]  # the chat template writes it itself
    if frames and {"cls", "sep"} <= known.keys():
        asked |= dict.fromkeys(("cls", "sep"), "The configuration names a cls and a sep token")
    return asked


def _template(lacking: dict[str, str], named: dict[str, str], given: Encoding) -> str:
    """Say which template inserts the tokens that are lacking, and those that are there."""
    own = given.special_tokens_mask.index(0) if 0 in given.special_tokens_mask else 0
    special = [
        token if flag else "$A"
        for token, flag in zip(given.tokens, given.special_tokens_mask, strict=True)
    ]
    before = [*(named[role] for role in ("bos", "cls") if role in lacking), *special[:own]]
    after = [*special[own + 1 :], *(named[role] for role in ("sep", "eos") if role in lacking)]
    single = " ".join([*dict.fromkeys(before), "$A", *dict.fromkeys(after)])
    return (
        f"Run: `tokstat repair SPEC --frame '{single}' -o FOLDER`. Or set the post-processor of "
        "tokenizer.json to a TemplateProcessing with that for its single."
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
