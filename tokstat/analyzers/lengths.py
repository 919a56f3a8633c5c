"""Lengths of texts that the tokenizer allows, against the positions of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tokstat.analyzers import Finding, Result, Rule, Subject, analyzer
from tokstat.model.folder import ModelFolder
from tokstat.text.wording import agreed, counted

TOO_LONG = Rule(
    "TS683",
    "error",
    "Texts may be longer than the model's positions",
    "The model has a learned row for each position. The tokenizer lets longer texts through, and "
    "the first one raises an index error, or on a GPU an assertion that names no position. Models "
    "such as RoBERTa count positions from pad_token_id + 1, so 514 positions are 512 tokens.",
    "Set model_max_length in tokenizer_config.json, and max_length of a stored truncation, to the "
    "number of tokens that fit.",
    source="measured with transformers 4.57 and 5.24",
)

_AFTER_PADDING = frozenset(
    (
        *("bridgetower", "camembert", "data2vec-text", "ibert", "layoutlmv3", "longformer", "luke"),
        *("markuplm", "mluke", "mpnet", "roberta", "roberta-prelayernorm", "xlm-roberta"),
        *("xlm-roberta-xl", "xmod"),
    )
)
"""Model types whose first position is pad_token_id + 1 (create_position_ids_from_input_ids)."""

_LEARNED = _AFTER_PADDING | {
    *("albert", "bert", "bert-generation", "big_bird", "biogpt", "clip_text_model", "convbert"),
    *("distilbert", "electra", "ernie", "gpt2", "gpt_bigcode", "gpt_neo", "layoutlm"),
    *("megatron-bert", "mobilebert", "nystromformer", "openai-gpt", "opt", "roc_bert", "splinter"),
    *("squeezebert", "visual_bert", "bart", "blenderbot", "blenderbot-small", "mbart", "mvp"),
}
"""Model types with a learned row for each position; the others can go beyond their number."""

_COUNTS = ("max_position_embeddings", "n_positions")
_PADDING = 1
"""pad_token_id of RoBERTa's configuration, where a config.json has none."""

_ENDLESS = 1_000_000_000


@dataclass(frozen=True)
class Positions:
    """Hold how many positions a model has, and how many tokens fit into them."""

    name: str
    count: int
    usable: int


@analyzer("lengths", title="Lengths and positions", rules=(TOO_LONG,))
def lengths(subject: Subject) -> Result:
    """Compare model_max_length and a stored truncation with the positions of config.json.

    Only models with a learned row for each position are checked: others, such as those with rotary
    positions, can read longer texts. A model_max_length that was never set is TS611.
    """
    folder = subject.tokenizer.model_folder
    positions = positions_of(folder) if folder is not None else None
    if folder is None or positions is None:
        return Result()
    stored = subject.tokenizer.stored_truncation or {}
    allowed = {
        "model_max_length in tokenizer_config.json": folder.configuration(
            "tokenizer_config.json"
        ).get("model_max_length"),
        "the truncation stored in tokenizer.json": stored.get("max_length"),
    }
    return Result(findings=tuple(_too_long(allowed, positions)))


def positions_of(folder: ModelFolder) -> Positions | None:
    """Return the learned positions of a model, None where it has none or they are unknown."""
    config = folder.configuration("config.json")
    kind = config.get("model_type")
    if not isinstance(kind, str) or kind not in _LEARNED:
        return None
    if config.get("position_embedding_type", "absolute") != "absolute":
        return None
    name, count = next(
        ((name, value) for name in _COUNTS if type(value := config.get(name)) is int), ("", 0)
    )
    if count < 1:
        return None
    padding = config.get("pad_token_id", _PADDING)
    first = padding + 1 if kind in _AFTER_PADDING and type(padding) is int else 0
    return Positions(name, count, count - first)


def _too_long(allowed: dict[str, object], positions: Positions) -> Iterator[Finding]:
    for name, length in allowed.items():
        if type(length) is not int or not positions.usable < length < _ENDLESS:
            continue
        offset = positions.count - positions.usable
        why = (
            f", and {agreed(offset, 'one is', f'{offset:,} are')} not for tokens" if offset else ""
        )
        message = (
            f"Texts may have {counted(length, 'token')} by {name}, and {positions.usable:,} fit: "
            f"config.json has {counted(positions.count, 'position')} ({positions.name}){why}."
        )
        hint = f"Set {name} to {positions.usable}."
        if "model_max_length" in name:
            hint = f"Run: `tokstat repair SPEC --max-length {positions.usable} -o FOLDER`."
        yield TOO_LONG.found(message, hint=hint)
