"""The files that a repair writes beside tokenizer.json: all that it was not asked to change.

Ids are those of the edited tokenizer. Left out are files that hold the old vocabulary once more
(vocab.json, merges.txt, vocab.txt), and settings that only a class of transformers reads: the new
class uses the pipeline of tokenizer.json as written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tokstat.editing.carried import copy_own, require_own
from tokstat.editing.edit import Edit
from tokstat.editing.mends import Mends
from tokstat.model.folder import ModelFolder, text_of
from tokstat.model.written_templates import CHAT_TEMPLATE
from tokstat.tokenizer.tokenizer import Tokenizer

_CONFIGURATION = "tokenizer_config.json"
_MAP = "special_tokens_map.json"
_ADDED = "added_tokens.json"
_GENERATION = "generation_config.json"
_MORE_TEMPLATES = "additional_chat_templates"
_COPIED = (CHAT_TEMPLATE, "chat_template.json")

_OF_CLASSES = {
    "add_bos_token",
    "add_eos_token",
    "add_prefix_space",
    "auto_map",
    "backend",
    "do_basic_tokenize",
    "do_lower_case",
    "legacy",
    "name_or_path",
    "never_split",
    "sp_model_kwargs",
    "special_tokens_map_file",
    "strip_accents",
    "tokenize_chinese_chars",
    "tokenizer_class",
    "tokenizer_file",
    "use_default_system_prompt",
}
"""Settings that ask a class for another pipeline, or that name files and code."""

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


def write_beside(before: Tokenizer, edit: Edit, mends: Mends, folder: Path) -> None:
    """Write the configurations of an edited tokenizer, and copy its chat templates.

    Raises EditError if one of them is a link to somewhere else.
    """
    given = before.model_folder
    after = edit.tokenizer
    if given is not None:
        for name in (_CONFIGURATION, _MAP, _ADDED, _GENERATION):
            require_own(given.path, name)
    _write(folder / _CONFIGURATION, mends.configured(_configuration(given, after)))
    if given is None:
        return
    contents = {
        _MAP: mends.named(_known_roles(given.configuration(_MAP), after)),
        _ADDED: _renumbered(given.configuration(_ADDED), after),
        _GENERATION: mends.numbered(_moved(given.configuration(_GENERATION), edit), after),
    }
    for name, content in contents.items():
        if given.configuration(name):
            _write(folder / name, content)
    for name in _COPIED:
        if (given.path / name).is_file():
            copy_own(given.path, name, folder)
    if (given.path / _MORE_TEMPLATES).is_dir():
        for path in sorted((given.path / _MORE_TEMPLATES).glob("*.jinja")):
            if path.is_file():
                copy_own(given.path, f"{_MORE_TEMPLATES}/{path.name}", folder)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _configuration(given: ModelFolder | None, after: Tokenizer) -> dict[str, Any]:
    """Return a tokenizer_config.json with which transformers loads tokenizer.json unchanged."""
    written = {} if given is None else given.configuration(_CONFIGURATION)
    older = {} if given is None else given.configuration(_MAP)
    kept = {key: value for key, value in written.items() if key not in _OF_CLASSES}
    roles = {role: older[role] for role in _ROLES if role in older}
    config: dict[str, Any] = {"tokenizer_class": "PreTrainedTokenizerFast"}
    config |= _known_roles({**roles, **kept}, after)
    decoder = written.get("added_tokens_decoder")
    if isinstance(decoder, dict):
        config["added_tokens_decoder"] = {
            str(after.id_of(text_of(each))): each
            for each in decoder.values()
            if after.id_of(text_of(each)) is not None
        }
    if not written and not older:
        tokens = after.backend.get_added_tokens_decoder().values()
        special = {token.content for token in tokens if token.special}
        for role, usual in _ROLES.items():
            content = next((name for name in usual if name in special), None)
            config |= {} if content is None else {role: content}
    return config


def _known_roles(content: Mapping[str, Any], after: Tokenizer) -> dict[str, Any]:
    """Return a configuration without the roles whose token the vocabulary lacks."""
    return {
        key: _plain(value) if key in _ROLES else value
        for key, value in content.items()
        if key not in _ROLES or value is None or after.id_of(text_of(value)) is not None
    }


def _plain(value: Any) -> Any:
    """Return a role's token as transformers takes it; the flags stand in tokenizer.json, too."""
    is_marked = isinstance(value, dict) and value.get("__type") == "AddedToken"
    return value if value is None or is_marked else text_of(value)


def _renumbered(content: Mapping[str, Any], after: Tokenizer) -> dict[str, Any]:
    found = {text: after.id_of(text) for text in content}
    return {text: number for text, number in found.items() if number is not None}


def _moved(content: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """Return a configuration with the new ids of the tokens that it names by id."""
    return {
        key: _moved_ids(value, edit) if key.endswith(("_token_id", "_token_ids")) else value
        for key, value in content.items()
    }


def _moved_ids(value: Any, edit: Edit) -> Any:
    if isinstance(value, list):
        return [_moved_ids(each, edit) for each in value]
    if type(value) is not int or value < 0:
        return value
    places = np.flatnonzero(edit.sources == value).tolist()
    return places[0] if places else value
