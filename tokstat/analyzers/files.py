"""Damaged files beside a tokenizer, and sizes that disagree with its vocabulary."""

from __future__ import annotations

import sys
from typing import Any

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.model.folder import ModelFolder
from tokstat.text.wording import agreed, counted

BROKEN_FILE = Rule(
    "TS603",
    "error",
    "A file beside the tokenizer is damaged",
    "transformers reads the file with the tokenizer or the model. It fails on a damaged file, or "
    "ignores it.",
    "Download or write the file again.",
    source=OWN,
)
TOO_FEW_ROWS = Rule(
    "TS604",
    "error",
    "Tokens without an embedding row",
    "The first text with such a token raises an index error, or on a GPU an assertion that names "
    "no token. Usually tokens were added and the model was not resized.",
    "Resize the model with `model.resize_token_embeddings(len(tokenizer))`, or remove the tokens.",
    source=OWN,
)
SPARE_ROWS = Rule(
    "TS605",
    "info",
    "Embedding rows without a token",
    "Matrices are often padded to a multiple of 64 or 128 for speed. The spare rows are never "
    "trained. A model that samples from all rows can return an id that decodes to nothing.",
    "Resize the embeddings to the vocabulary, unless the padding is intended.",
    source=OWN,
)
OTHER_ROWS = Rule(
    "TS606",
    "error",
    "config.json and the weights disagree on the vocabulary size",
    "The model is built from config.json, so the weights' embedding matrix does not fit into it.",
    "Set vocab_size in config.json to the number of rows of the embedding matrix.",
    source=OWN,
)
ENDLESS = Rule(
    "TS611",
    "info",
    "model_max_length is not set",
    "transformers writes 1e30 where no limit was set. truncation=True then truncates nothing, and "
    "texts longer than the model's context fail or harm its output.",
    "Set model_max_length in tokenizer_config.json to the model's context length.",
    source=OWN,
)

_ENDLESS_LENGTH = 1_000_000_000
_NESTED = ("text_config", "llm_config", "language_config", "decoder")
"""Keys under which multimodal models keep the configuration of their language model."""


@analyzer(
    "files",
    title="Files beside the tokenizer",
    rules=(BROKEN_FILE, TOO_FEW_ROWS, SPARE_ROWS, OTHER_ROWS, ENDLESS),
)
def files(subject: Subject) -> Result:
    """Compare the vocabulary with config.json, tokenizer_config.json and the embedding matrix.

    Only the header of safetensors weights is read. A tokenizer without a folder, or whose file has
    an unusual name, has no such files.
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
            have = agreed(len(beyond), "has", "have")
            message = (
                f"{counted(len(beyond), 'token')} {have} no row: ids go up to {needed - 1:,}, and "
                f"{name} has room for {size:,}."
            )
            found.append(TOO_FEW_ROWS.found(message, beyond))
    if sizes and (spare := list(sizes.values())[-1] - needed) > 0:
        have = agreed(spare, "has", "have")
        message = (
            f"{counted(spare, 'row')} of {list(sizes)[-1]} {have} no token "
            f"(the vocabulary needs {needed:,})."
        )
        found.append(SPARE_ROWS.found(message))
    if matrix is not None and configured not in (None, matrix.shape[0]):
        message = (
            f"vocab_size in config.json is {configured:,}, and {matrix.name} has "
            f"{counted(matrix.shape[0], 'row')}."
        )
        found.append(OTHER_ROWS.found(message))
    return found


def rows_of(folder: ModelFolder) -> int | None:
    """Return how many ids the model has room for, None where no file says so."""
    if folder.embeddings:
        return folder.embeddings.input.shape[0]
    return _vocab_size(folder.configuration("config.json"))


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
