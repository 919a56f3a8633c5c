"""Whether the files beside a tokenizer are whole, and their sizes agree with its vocabulary."""

from __future__ import annotations

import sys
from typing import Any

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.model.folder import ModelFolder

BROKEN_FILE = Rule(
    "TS603",
    "error",
    "A file beside the tokenizer is damaged",
    "transformers reads it with the tokenizer or the model, and fails on it or ignores it.",
    "Fetch or write the file again.",
    source=OWN,
)
TOO_FEW_ROWS = Rule(
    "TS604",
    "error",
    "Tokens without an embedding row",
    "An id beyond the embedding matrix is an index error in the first text that has it, and on a "
    "GPU an assertion that names no token. Usually tokens were added and the model not resized.",
    "Resize the model's embeddings (resize_token_embeddings), or remove the tokens.",
    source=OWN,
)
SPARE_ROWS = Rule(
    "TS605",
    "info",
    "Embedding rows without a token",
    "Matrices are often padded to a multiple of 64 or 128 for speed. The rows are never trained, "
    "and a model that samples over all of them can give an id that decodes to nothing.",
    "Nothing, if the padding is meant; else resize the embeddings to the vocabulary.",
    source=OWN,
)
OTHER_ROWS = Rule(
    "TS606",
    "error",
    "config.json and the weights disagree on the vocabulary's size",
    "The model is built from config.json, and the matrix of the weights does not fit into it.",
    "Write the number of rows of the embedding matrix into vocab_size of config.json.",
    source=OWN,
)
ENDLESS = Rule(
    "TS611",
    "info",
    "No true model_max_length",
    "transformers writes 1e30 where nobody said how long a text may be. truncation=True then cuts "
    "nothing, and texts longer than the model's positions fail in the model or harm its output.",
    "Set model_max_length in tokenizer_config.json to the model's context length.",
    source=OWN,
)

_ENDLESS_LENGTH = 1_000_000_000
_NESTED = ("text_config", "llm_config", "language_config", "decoder")
"""Where models that also see or hear keep the configuration of their language model."""


@analyzer(
    "files",
    title="Files beside the tokenizer",
    rules=(BROKEN_FILE, TOO_FEW_ROWS, SPARE_ROWS, OTHER_ROWS, ENDLESS),
)
def files(subject: Subject) -> Result:
    """Compare the vocabulary with config.json, tokenizer_config.json and the embedding matrix.

    Of safetensors weights only the header is read. A tokenizer that lies alone, or under a name
    other than tokenizer.json, has no such files.
    """
    folder = subject.tokenizer.model_folder
    if folder is None:
        return Result()
    return Result(
        findings=(
            *(BROKEN_FILE.found(f"{problem}.") for problem in folder.broken),
            *_sizes(subject, folder),
            *_endless(folder),
        )
    )


def _sizes(subject: Subject, folder: ModelFolder) -> list[Finding]:
    needed = int(subject.vocabulary.ids[-1]) + 1
    configured = _vocab_size(folder.configuration("config.json"))
    matrix = folder.embeddings.input if folder.embeddings else None
    sizes = {}
    if configured is not None:
        sizes["vocab_size of config.json"] = configured
    if matrix is not None:
        sizes[f"the matrix {matrix.name}"] = matrix.shape[0]
    found = []
    for name, size in sizes.items():
        if size < needed:
            beyond = subject.vocabulary.ids[subject.vocabulary.ids >= size]
            message = f"Ids go up to {needed - 1:,}, and {name} has room for {size:,}."
            found.append(TOO_FEW_ROWS.found(message, beyond))
    if sizes and (spare := list(sizes.values())[-1] - needed) > 0:
        message = f"{spare:,} rows of {list(sizes)[-1]} have no token ({needed:,} ids are used)."
        found.append(SPARE_ROWS.found(message))
    if matrix is not None and configured not in (None, matrix.shape[0]):
        message = (
            f"config.json says {configured:,} rows, and {matrix.name} has {matrix.shape[0]:,}."
        )
        found.append(OTHER_ROWS.found(message))
    return found


def _vocab_size(config: Any) -> int | None:
    for part in (config, *(config.get(name) for name in _NESTED)):
        size = part.get("vocab_size") if isinstance(part, dict) else None
        if type(size) is int:
            return size
    return None


def _endless(folder: ModelFolder) -> list[Finding]:
    length = folder.configuration("tokenizer_config.json").get("model_max_length")
    if not isinstance(length, (int, float)) or length < _ENDLESS_LENGTH:
        return []
    return [ENDLESS.found(f"model_max_length is {min(length, sys.float_info.max):.0e}.")]
