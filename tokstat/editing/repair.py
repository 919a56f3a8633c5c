"""An edited tokenizer on disk, tested to load and to encode as expected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tokenizers

from tokstat.editing.carried import carry_over, copy_own, require_own
from tokstat.editing.edit import NEW, Edit
from tokstat.editing.embeddings import load_model, outputs, resize, save_model
from tokstat.errors import EditError, MissingExtraError, reason_of
from tokstat.io.files import new_folder
from tokstat.model.transformers_library import from_transformers, without_warnings
from tokstat.results.report import SCHEMA_VERSION
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Tokenizer

SAMPLE = (
    "The tiger crossed the river at dawn.",
    "Tigers, TIGERS and the Bengal tiger: 3,890 of them in 2016!",
    "  def area(radius):\n\treturn 3.14 * radius ** 2\n",
    "naïve café — Übung, 東京タワー, Привет мир, مرحبا, 😀🏽",
)
"""Texts that both libraries must encode in the same way."""

_KEPT_SETTINGS = (
    "model_max_length",
    "model_input_names",
    "padding_side",
    "truncation_side",
    "clean_up_tokenization_spaces",
    "chat_template",
)

_TOLERANCE = 1e-4
_WORDS = 32
"""Words of the vocabulary for which a model's output is compared."""

_TEMPLATE = "chat_template.jinja"

_ROLES = {
    "unk_token": ("[UNK]", "<unk>"),
    "cls_token": ("[CLS]",),
    "sep_token": ("[SEP]",),
    "pad_token": ("[PAD]", "<pad>"),
    "mask_token": ("[MASK]", "<mask>"),
    "bos_token": ("<s>", "<bos>", "<|begin_of_text|>", "<|endoftext|>"),
    "eos_token": ("</s>", "<eos>", "<|end_of_text|>", "<|endoftext|>"),
}
"""Usual names of special tokens, for a tokenizer without configuration."""


@dataclass(frozen=True)
class RepairedScore:
    """Hold one score before and after."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Repair:
    """Hold the changes of a repair and their effect.

    `same_surface` of the `kept` tokens have the same bytes as before; the others were lower-cased.
    `added` counts the tokens of the `words_added`, and their merge steps. `loads_in` names the
    libraries that load the folder and encode a sample as expected. `carried` are the model's files
    that were copied, and `compared` counts texts for which the model's output is the same.
    """

    tokenizer: str
    folder: str
    steps: tuple[str, ...]
    tokens_before: int
    tokens_after: int
    kept: int
    same_surface: int
    removed: int
    renamed: int
    added: int
    words_added: int
    skipped: tuple[tuple[str, str], ...]
    indispensable: int
    stranded: int
    loads_in: tuple[str, ...]
    model: str | None
    carried: tuple[str, ...]
    compared: int
    scores: tuple[RepairedScore, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n"


class Written(NamedTuple):
    """Hold what was proven of a written folder, and which files of the model were copied.

    `loads_in` names the libraries that load it and encode a sample as expected; `compared` counts
    the texts without edited tokens for which the model's output is the same as before.
    """

    loads_in: tuple[str, ...]
    carried: tuple[str, ...] = ()
    compared: int = 0


def write_repair(
    before: Tokenizer, edit: Edit, folder: Path, *, model: Path | None = None, stored: bool = True
) -> Written:
    """Write an edited tokenizer into a new folder, with the resized model if one is given.

    With `stored`, padding and truncation of the file are kept.

    Raises:
        EditError: transformers encodes differently, the model does not fit or gives another output,
            or a file is a link to somewhere else.
        OutputError: the folder exists already, or cannot be written.
    """
    with new_folder(folder) as temporary:
        text = _with_stored(before, edit) if stored else _text(edit.tokenizer.backend)
        (temporary / "tokenizer.json").write_text(text, "utf-8")
        config = _config(before, edit.tokenizer)
        (temporary / "tokenizer_config.json").write_text(json.dumps(config, indent=2), "utf-8")
        given = before.origin.folder
        if given is not None and (given / _TEMPLATE).is_file():
            copy_own(given, _TEMPLATE, temporary)
        carried: tuple[str, ...] = ()
        compared = 0
        if model is not None:
            carried = carry_over(model, temporary)
            compared = _write_model(model, before, edit, temporary)
        return Written(_prove(temporary, edit.tokenizer), carried, compared)


def _write_model(model: Path, before: Tokenizer, edit: Edit, folder: Path) -> int:
    """Write the model, and return the number of texts for which its output is proven equal.

    Raises EditError if the output for a text without edited tokens has changed.
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
        for text, starts in zip(vocabulary.texts, vocabulary.starts_word, strict=True)
        if text and starts and text.strip().isalpha()
    ]
    few = words[:: max(1, len(words) // _WORDS)]
    found = []
    for text in (*SAMPLE, *few, " ".join(few)):
        old = encode(before.backend, text, special=True)
        new = encode(edit.tokenizer.backend, text, special=True)
        if len(new) and edit.sources[new].tolist() == list(old):
            found.append((list(old), list(new)))
    return found


def same_surfaces(before: Tokenizer, edit: Edit) -> int:
    """Count the kept tokens that have the same bytes as before."""
    old, new = before.vocabulary, edit.tokenizer.vocabulary
    count = 0
    for token_id, source in enumerate(edit.sources.tolist()):
        if source != NEW:
            row = int(np.searchsorted(new.ids, token_id))
            source_row = int(np.searchsorted(old.ids, source))
            count += new.surface(row) == old.surface(source_row)
    return count


def _text(backend: tokenizers.Tokenizer) -> str:
    text: str = backend.to_str(pretty=True)
    return text


def _with_stored(before: Tokenizer, edit: Edit) -> str:
    """Return the JSON of the edited tokenizer with the stored padding and truncation."""
    backend = tokenizers.Tokenizer.from_str(edit.tokenizer.to_json())
    if before.stored_truncation is not None:
        backend.enable_truncation(**before.stored_truncation)
    if before.stored_padding is not None:
        padding = {**before.stored_padding}
        moved = np.flatnonzero(edit.sources == padding["pad_id"])
        padding["pad_id"] = int(moved[0]) if len(moved) else 0
        backend.enable_padding(**padding)
    return _text(backend)


def _config(before: Tokenizer, after: Tokenizer) -> dict[str, Any]:
    """Return a tokenizer_config.json with which transformers loads tokenizer.json unchanged."""
    given = _given_config(before)
    config: dict[str, Any] = {"tokenizer_class": "PreTrainedTokenizerFast"}
    config |= {name: given[name] for name in _KEPT_SETTINGS if name in given}
    vocabulary = after.backend.get_vocab(with_added_tokens=True)
    special = {
        token.content
        for token in after.backend.get_added_tokens_decoder().values()
        if token.special
    }
    for role, usual in _ROLES.items():
        named = given.get(role)
        content = named.get("content") if isinstance(named, Mapping) else named
        if content is None and not given:
            content = next((name for name in usual if name in special), None)
        if content in vocabulary:
            config[role] = content
    return config


def _given_config(tokenizer: Tokenizer) -> dict[str, Any]:
    """Read the configuration beside the tokenizer; older ones have a file for special tokens."""
    config: dict[str, Any] = {}
    if tokenizer.origin.folder is None:
        return config
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        require_own(tokenizer.origin.folder, name)
        try:
            found = json.loads((tokenizer.origin.folder / name).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            continue  # inspect reports it; the tokenizer does not need the file
        config |= found if isinstance(found, dict) else {}
    return config


def _prove(folder: Path, tokenizer: Tokenizer) -> tuple[str, ...]:
    """Load the folder with tokenizers and transformers. Raises EditError if they differ."""
    expected = [encode(tokenizer.backend, text, special=True) for text in SAMPLE]
    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.no_padding()
    backend.no_truncation()
    readers: dict[str, Any] = {"tokenizers": lambda text: encode(backend, text, special=True)}
    try:
        with without_warnings():
            fast = from_transformers("PreTrainedTokenizerFast").from_pretrained(str(folder))
    except MissingExtraError:
        raise
    except Exception as error:  # of transformers, whatever it may be
        raise EditError(
            f"transformers cannot load the edited tokenizer: {reason_of(error)}",
            "Make the changes one by one to find the cause.",
        ) from error
    readers["transformers"] = lambda text: fast(text, truncation=False, padding=False)["input_ids"]
    for name, read in readers.items():
        if [list(read(text)) for text in SAMPLE] != expected:
            raise EditError(
                f"{name} encodes a sample differently after the edit",
                "First fix the findings that tokstat inspect SPEC reports for its files.",
            )
    return tuple(readers)
