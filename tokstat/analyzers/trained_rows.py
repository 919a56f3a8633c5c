"""Added tokens that the weights, or the adapter, have no trained rows for."""

from __future__ import annotations

from pathlib import Path

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.analyzers.files import rows_of
from tokstat.model.adapter import Adapter
from tokstat.model.folder import ModelFolder
from tokstat.text.wording import agreed, counted, listed, quoted

UNTRAINED = Rule(
    "TS673",
    "error",
    "Added tokens without trained rows",
    "A token needs a row in the embedding matrix to be read, and one in the output matrix to be "
    "written. Without them, its first use raises an index error. Or the model is resized, and the "
    "row is random.",
    "Train the rows: `LoraConfig(…, modules_to_save=['embed_tokens', 'lm_head'])`, or "
    "`trainable_token_indices=IDS`. Or remove the tokens, and use those of the base model.",
    OWN,
)


@analyzer("trained_rows", title="Rows of added tokens", rules=(UNTRAINED,))
def trained_rows(subject: Subject) -> Result:
    """Check that every token has a row in the output matrix, and in the adapter beside it.

    An adapter (adapter_config.json) of added tokens must save the embedding, or train their rows.
    Which tokens were added is known where the base model is a folder on this machine. For other
    base models, all tokens outside the model's vocabulary count, and the finding is a note.
    """
    folder = subject.tokenizer.model_folder
    if folder is None:
        return Result()
    found = _short_output(subject, folder)
    if folder.adapter is not None:
        found += _adapter(subject, folder.adapter)
    return Result(findings=tuple(found))


def _short_output(subject: Subject, folder: ModelFolder) -> list[Finding]:
    matrices = folder.embeddings
    if matrices is None or matrices.short_output is None:
        return []
    head, matrix = matrices.short_output, matrices.input
    ids = subject.vocabulary.ids
    lacking = ids[ids >= head.shape[0]]
    if not len(lacking):
        return []
    message = (
        f"{head.name} has {counted(head.shape[0], 'row')}, and {matrix.name} {matrix.shape[0]:,}. "
        f"The model can never write {counted(len(lacking), 'token')}."
    )
    hint = "Resize both matrices: `model.resize_token_embeddings(len(tokenizer))`, then train them."
    return [UNTRAINED.found(message, lacking, hint=hint)]


def _adapter(subject: Subject, adapter: Adapter) -> list[Finding]:
    ids = subject.vocabulary.ids
    base = _rows_of_base(adapter)
    added = subject.tokenizer.outside_ids if base is None else ids[ids >= base].tolist()
    if adapter.rows is not None:
        added = ids[ids >= adapter.rows].tolist()
        has = f"the embedding of the adapter has {counted(adapter.rows, 'row')}"
    else:
        has = "the adapter trains no row of the embedding"
        if adapter.trained:
            has = f"the adapter trains {counted(len(adapter.trained), 'row')} of the embedding"
    lacking = [number for number in added if number not in adapter.trained]
    if not lacking:
        return []
    tokens = subject.vocabulary.displays_of_ids(lacking)
    are = agreed(len(lacking), "is", "are")
    message = f"{counted(len(lacking), 'token')} {are} without a row: {has}. {listed(tokens)}."
    if base is None and adapter.rows is None:
        message = (
            f"{counted(len(lacking), 'token')} {are} outside of the model's vocabulary, and {has}. "
            f"If they were added to {quoted(adapter.base)}, they are untrained: {listed(tokens)}."
        )
        return [UNTRAINED.found(message, lacking, severity="info")]
    return [UNTRAINED.found(message, lacking)]


def _rows_of_base(adapter: Adapter) -> int | None:
    """Return the rows of a base model that is a folder of this machine."""
    try:
        base = Path(adapter.base)
        return rows_of(ModelFolder(base)) if adapter.base and base.is_dir() else None
    except (OSError, ValueError):  # the name is too long, or has a null byte
        return None
