"""What the files beside a tokenizer add to it: roles, settings and chat templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tokstat.model.folder import TOKEN_FILES, ModelFolder, text_of, tokens_without_role
from tokstat.model.written_templates import chosen_templates
from tokstat.tokenizer.tokenizer import Tokenizer

_ID_FILES = ("config.json", "generation_config.json")

MORE_TOKENS = "additional_special_tokens"
"""The start of the names of tokens without a role, among the roles."""

SETTINGS = "tokenizer_config.json"
"""The part of that file's settings; one that a file leaves out has the default of its class."""

_SETTINGS = (
    "add_bos_token",
    "add_eos_token",
    "add_prefix_space",
    "clean_up_tokenization_spaces",
    "do_lower_case",
    "model_max_length",
    "padding_side",
    "split_special_tokens",
    "truncation_side",
)
"""Settings of tokenizer_config.json that change what a model reads; the others do not count."""

_NO_LIMIT = 10**18
"""transformers writes a larger model_max_length where there is none."""

Contents = Mapping[str, Mapping[str, Any]]


def configured(tokenizer: Tokenizer) -> Contents:
    """Return by part what each file adds; a part is absent where there is no file for it.

    A folder without any of these files, or a file that stands alone, has no such part.
    """
    folder = tokenizer.model_folder
    if folder is None:
        return {}
    parts: dict[str, Mapping[str, Any]] = {}
    named = {key: text for name in TOKEN_FILES for key, text in _tokens(folder, name).items()}
    templates = {name: each.text for name, each in chosen_templates(folder).items()}
    more = [
        text for name in TOKEN_FILES for text in tokens_without_role(folder.configuration(name))
    ]
    if named or more:  # without any, the class of the tokenizer has its own roles
        parts["roles"] = {
            key: {"token": text, "id": tokenizer.id_of(text)}
            for key, text in (*sorted(named.items()), *_numbered(more))
        }
    if templates or any(folder.configuration(name) for name in TOKEN_FILES):
        parts[SETTINGS] = dict(_settings(folder))
        parts["chat template"] = templates
    for name in _ID_FILES:
        if found := dict(_ids(folder.configuration(name))):
            parts[f"roles in {name}"] = found
    return parts


def _tokens(folder: ModelFolder, name: str) -> dict[str, str]:
    content = folder.configuration(name)
    found = {key: text_of(content[key]) for key in content if key.endswith("_token")}
    return {key: text for key, text in found.items() if text}


def _numbered(tokens: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each distinct token a key, whatever file names it, and in whichever order."""
    for text in sorted(set(tokens)):
        yield f"{MORE_TOKENS} {text}", text


def _settings(folder: ModelFolder) -> Iterator[tuple[str, Any]]:
    content = folder.configuration(SETTINGS)
    for key in _SETTINGS:
        value = content.get(key)
        is_limit = isinstance(value, (int, float)) and value < _NO_LIMIT
        if value is not None and (is_limit or not isinstance(value, (int, float))):
            yield key, value


def _ids(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the ids of roles; models of text and images keep theirs in `text_config`."""
    inner = content.get("text_config")
    for key, value in content.items():
        if key.endswith("_token_id") and value is not None:
            yield key, value
    for key, value in (inner if isinstance(inner, dict) else {}).items():
        if key.endswith("_token_id") and value is not None:
            yield f"text_config.{key}", value
