"""Read the configurations and embeddings beside a tokenizer, each on first use.

A damaged file raises no error here, because the lint reports it as a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokstat.errors import DataError, LimitError, SourceNotFoundError
from tokstat.io.files import read_json_object

if TYPE_CHECKING:
    from tokstat.model.adapter import Adapter
    from tokstat.model.embedding_matrices import Embeddings

CONFIGURATIONS = (
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "config.json",
    "generation_config.json",
    "adapter_config.json",
)
"""Files that describe the tokenizer, and may contradict it."""

TOKEN_FILES = ("special_tokens_map.json", "tokenizer_config.json")
"""Files that name tokens by role; the later one wins, as in transformers."""

ROLES = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")

MOST_BYTES = 32 << 20
"""Larger configurations are not read. The largest known ones have a few MiB of added tokens."""


@dataclass(frozen=True, eq=False)
class ModelFolder:
    """Hold the contents of one folder's files; `broken` lists the files that cannot be read."""

    path: Path

    def configuration(self, name: str) -> Mapping[str, Any]:
        """Return the content of one of `CONFIGURATIONS`, empty if it is absent or damaged."""
        content = self._read.get(name)
        return content if isinstance(content, dict) else {}

    @cached_property
    def special_tokens(self) -> dict[str, str]:
        """The file that names each special token, by the token's text."""
        return {text: name for name in TOKEN_FILES for text in _named(self.configuration(name))}

    @property
    def embeddings(self) -> Embeddings | None:
        """The embedding matrices, None unless complete weights are in safetensors files."""
        return None if isinstance(self._weights, DataError) else self._weights

    @property
    def damaged(self) -> set[str]:
        """The names of the `CONFIGURATIONS` that cannot be read."""
        return {name for name, found in self._read.items() if isinstance(found, DataError)}

    @property
    def adapter(self) -> Adapter | None:
        """The adapter whose tokenizer this is, None without one."""
        return None if isinstance(self._adapter, DataError) else self._adapter

    @property
    def broken(self) -> list[str]:
        """The problems of existing files that cannot be read, one sentence each."""
        found = [*self._read.values(), self._weights, self._adapter]
        return [error.problem for error in found if isinstance(error, DataError)]

    @cached_property
    def _read(self) -> dict[str, dict[str, Any] | DataError]:
        return {
            name: _read(self.path / name) for name in CONFIGURATIONS if _is_there(self.path, name)
        }

    @cached_property
    def _adapter(self) -> Adapter | DataError | None:
        from tokstat.model.adapter import read_adapter

        try:
            return read_adapter(self)
        except DataError as error:
            return error
        except LimitError as error:
            return DataError(error.problem, error.hint)

    @cached_property
    def _weights(self) -> Embeddings | DataError | None:
        from tokstat.model.embedding_matrices import find_embeddings

        try:
            return find_embeddings(self.path)
        except SourceNotFoundError:  # a Hub cache may contain an index without its shards
            return None
        except DataError as error:
            return error
        except LimitError as error:
            return DataError(error.problem, error.hint)


def roles(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the token of each role (bos, pad, …) that a configuration names."""
    texts = {role: text_of(content.get(f"{role}_token")) for role in ROLES}
    return {role: text for role, text in texts.items() if text}


def named_roles(folder: ModelFolder) -> dict[str, str]:
    """Return the token of each role that the tokenizer's files name."""
    return {
        role: text
        for name in TOKEN_FILES
        for role, text in roles(folder.configuration(name)).items()
    }


def added_tokens(folder: ModelFolder) -> dict[str, dict[str, Any]]:
    """Return by text the added tokens that tokenizer_config.json and added_tokens.json list.

    Each has the fields that tokenizer_config.json gives it.
    """
    decoder = folder.configuration("tokenizer_config.json").get("added_tokens_decoder")
    entries = decoder.values() if isinstance(decoder, dict) else ()
    fields = {text_of(each): each for each in entries if isinstance(each, dict) and text_of(each)}
    return {**{text: {} for text in folder.configuration("added_tokens.json")}, **fields}


def text_of(token: Any) -> str:
    """Return a token's text, "" if it has none. Files store a text, or an object with one."""
    content = token.get("content") if isinstance(token, dict) else token
    return content if isinstance(content, str) else ""


def _named(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield every special token that a file names."""
    yield from roles(content).values()
    for key in ("additional_special_tokens", "extra_special_tokens"):
        more = content.get(key)
        tokens = more.values() if isinstance(more, dict) else more
        if isinstance(more, (dict, list)):
            yield from filter(None, map(text_of, tokens or ()))


def _is_there(folder: Path, name: str) -> bool:
    try:
        return (folder / name).exists()
    except OSError:
        return False


def _read(path: Path) -> dict[str, Any] | DataError:
    try:
        return read_json_object(path, MOST_BYTES)
    except DataError as error:
        return error
    except LimitError as error:  # an unreadable file beside the tokenizer is only a finding
        return DataError(error.problem, error.hint)
