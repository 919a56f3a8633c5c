"""The embedding matrix of a model, resized for an edited tokenizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokstat.editing.edit import NEW, Edit
from tokstat.errors import EditError, MissingExtraError, OutputError, reason_of
from tokstat.io.limits import require_plain_folder
from tokstat.model.embedding_matrices import require_safetensors
from tokstat.model.transformers_library import from_transformers
from tokstat.text.wording import counted
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Tokenizer

_TOLERANCE = 1e-4
_WORDS = 32
"""Words of the vocabulary for which a model's output is compared."""


def load_model(folder: Path) -> Any:
    """Load a transformers model with the head that it was saved with.

    Raises:
        MissingExtraError: torch is not installed, or transformers cannot be imported.
        EditError: there is no model that transformers can load without remote code.
    """
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            f"Resizing a model needs {error.name}, which is not installed",
            "Run: pip install 'tokstat-toolkit[repair]'",
        ) from error
    logging = from_transformers("utils").logging
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    auto = from_transformers("AutoConfig")
    require_model_folder(folder)
    require_plain_folder(folder)
    try:
        require_safetensors(folder)
        config = auto.from_pretrained(folder, trust_remote_code=False)
        loader = from_transformers(*(config.architectures or [])[:1], "AutoModel")
        return loader.from_pretrained(folder, trust_remote_code=False, use_safetensors=True)
    except Exception as error:  # of transformers, safetensors, or the system
        raise EditError(
            f"The model in {folder} cannot be loaded: {reason_of(error)}",
            "Give the folder of a transformers model with its weights.",
        ) from error


def require_model_folder(folder: Path) -> None:
    """Raise EditError if there is no such folder."""
    if not folder.is_dir():
        raise EditError(
            f"There is no folder {folder} of a model",
            "Give the folder of a transformers model with its weights.",
        )


def save_model(model: Any, folder: Path) -> None:
    """Write a model. Raises OSError, or OutputError if a library hides that of the system."""
    try:
        model.save_pretrained(folder)
    except OSError:
        raise
    except Exception as error:  # of safetensors, when the disk is full
        raise OutputError(
            f"The model cannot be written: {reason_of(error)}", "Make room on the disk."
        ) from error


def write_model(model: Path, before: Tokenizer, edit: Edit, folder: Path) -> int:
    """Write the resized model, and return for how many texts its output is proven unchanged.

    Raises:
        EditError: as `load_model` and `resize`, or the output for a text without edited tokens has
            changed.
        OutputError: it cannot be written.
    """
    texts = unchanged_texts(before, edit)
    loaded = load_model(model)
    expected = outputs(loaded, [old for old, _ in texts])
    resize(loaded, edit, before)
    save_model(loaded, folder)
    found = outputs(load_model(folder), [new for _, new in texts])
    for one, other in zip(expected, found, strict=True):
        if not np.allclose(one, other, rtol=_TOLERANCE, atol=_TOLERANCE * np.abs(one).max()):
            raise EditError(
                "The model's output for a text without edited tokens has changed",
                "Report this, with the names of the tokenizer and of the model.",
            )
    return len(found)


def unchanged_texts(before: Tokenizer, edit: Edit) -> list[tuple[list[int], list[int]]]:
    """Return texts whose tokens are all unchanged, each as its ids before and after."""
    vocabulary = before.vocabulary
    words = [
        text
        for text, starts in zip(vocabulary.texts, vocabulary.starts_word.tolist(), strict=True)
        if text and starts and text.strip().isalpha()
    ]
    few = words[:: max(1, len(words) // _WORDS)]
    found = []
    for text in (*few, " ".join(few)):
        old = encode(before.backend, text, special=True)
        new = encode(edit.tokenizer.backend, text, special=True)
        if len(new) and edit.sources[new].tolist() == list(old):
            found.append((list(old), list(new)))
    return found


def outputs(model: Any, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
    """Return a model's last hidden state for each text of ids, shape (ids, width).

    Texts of one length are a batch, as a run costs about as much for many of them as for one.
    """
    import torch

    encoder = model.get_encoder() if model.config.is_encoder_decoder else model
    base = getattr(encoder, encoder.base_model_prefix or "", encoder)
    base.eval()
    batches: dict[int, list[int]] = {}
    for number, ids in enumerate(texts):
        batches.setdefault(len(ids), []).append(number)
    found: dict[int, NDArray[np.float32]] = {}
    with torch.inference_mode():
        for numbers in batches.values():
            batch = torch.tensor([list(texts[number]) for number in numbers])
            hidden = base(input_ids=batch).last_hidden_state.float().numpy()
            found.update(zip(numbers, hidden, strict=True))
    return [found[number] for number in range(len(texts))]


def resize(model: Any, edit: Edit, before: Tokenizer) -> None:
    """Resize a model's embeddings for an edited tokenizer, in place.

    Kept tokens keep their rows. A new token gets the mean of the rows that its text was split into
    before. Rows beyond the tokenizer's ids, which pad a matrix to a round size, are removed. The
    output matrix, its bias, and the special ids of the configuration change accordingly.

    Raises:
        EditError: the model has fewer rows than the tokenizer had ids.
    """
    import torch

    rows = model.get_input_embeddings().weight.shape[0]
    highest = int(edit.sources.max())
    if highest >= rows:
        raise EditError(
            f"The model has {counted(rows, 'embedding')}, but the tokenizer ids up to {highest:,}",
            "Give the model that belongs to this tokenizer.",
        )
    tables = [model.get_input_embeddings()]
    head = model.get_output_embeddings()
    if head is not None:
        tables.append(head)
    old = [
        {name: tensor.detach().clone() for name, tensor in table.named_parameters()}
        for table in tables
    ]
    padding = model.get_input_embeddings().padding_idx
    model.resize_token_embeddings(len(edit.sources), mean_resizing=False)
    tables = [model.get_input_embeddings(), model.get_output_embeddings()][: len(old)]
    kept = np.flatnonzero(edit.sources != NEW)
    pieces = _pieces_of_new(edit, before)
    with torch.no_grad():
        for table, parameters in zip(tables, old, strict=True):
            for name, tensor in table.named_parameters():
                if len(parameters[name]) != rows:
                    continue  # a parameter without a row for each token
                tensor[kept] = parameters[name][edit.sources[kept]]
                for row, sources in pieces.items():
                    tensor[row] = parameters[name][sources].mean(dim=0)
    ids = {int(edit.sources[new]): new for new in kept.tolist()}
    model.get_input_embeddings().padding_idx = ids.get(padding)
    _renumber(model, ids)


def _pieces_of_new(edit: Edit, before: Tokenizer) -> dict[int, list[int]]:
    """Map every new id to the old ids that its text was split into."""
    vocabulary = edit.tokenizer.vocabulary
    result = {}
    for row in np.flatnonzero(edit.sources[vocabulary.ids] == NEW).tolist():
        text = vocabulary.surface(row).decode("utf-8", "replace")
        if before.adds_leading_space:  # the tokenizer adds one itself
            text = text.removeprefix(" ")
        result[int(vocabulary.ids[row])] = encode(before.backend, text) or [0]
    return result


def _renumber(model: Any, ids: Mapping[int, int]) -> None:
    """Update the special ids in a model's configuration; those of removed tokens become None."""
    configs = [model.config, getattr(model, "generation_config", None)]
    if model.config.get_text_config() is not model.config:
        configs.append(model.config.get_text_config())
    for config in filter(None, configs):
        for name, value in list(vars(config).items()):
            if not name.endswith("_token_id"):
                continue
            if isinstance(value, int):
                setattr(config, name, ids.get(value))
            elif isinstance(value, list):
                setattr(config, name, [ids[each] for each in value if each in ids])
