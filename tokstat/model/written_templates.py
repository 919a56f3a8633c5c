"""The chat templates that a model's files hold, each by its name and file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokstat.io.files import read_json_object
from tokstat.io.limits import read_beside

if TYPE_CHECKING:
    from tokstat.model.folder import ModelFolder

CONFIGURATION = "tokenizer_config.json"
CHAT_TEMPLATE = "chat_template.jinja"
"""The file of the chat template, which older models keep in tokenizer_config.json."""

DEFAULT = "default"
TOOL_USE = "tool_use"

_OF_PROCESSOR = "chat_template.json"
"""Where models of text and images kept theirs."""

_MORE = "additional_chat_templates/*.jinja"
_MOST_BYTES = 4 << 20


@dataclass(frozen=True)
class WrittenTemplate:
    """Hold a chat template: its name, the file that it is in, and its text."""

    name: str
    file: str
    text: str


def written_templates(folder: ModelFolder) -> tuple[WrittenTemplate, ...]:
    """Return every template of a folder; of those of one name transformers takes the last."""
    return (*_of_processor(folder), *_in_configuration(folder), *_files(folder.path))


def chosen_templates(folder: ModelFolder) -> dict[str, WrittenTemplate]:
    """Return the template of each name that transformers takes: a file of its own wins."""
    return {each.name: each for each in written_templates(folder)}


def malformed_template(folder: ModelFolder) -> str | None:
    """Return what is in the place of a template in the configuration, None if all is well."""
    written = folder.configuration(CONFIGURATION).get("chat_template")
    entries = written if isinstance(written, list) else ()
    if any(not _is_named(each) for each in entries):
        return "a list whose entries lack a name or a template"
    if isinstance(written, dict) and not all(isinstance(each, str) for each in written.values()):
        return "an object whose values are not all texts"
    if written is None or isinstance(written, (str, list, dict)):
        return None
    return f"of the type {type(written).__name__}"


def _is_named(each: Any) -> bool:
    return (
        isinstance(each, dict)
        and isinstance(each.get("name"), str)
        and isinstance(each.get("template"), str)
    )


def _in_configuration(folder: ModelFolder) -> Iterator[WrittenTemplate]:
    written = folder.configuration(CONFIGURATION).get("chat_template")
    named: list[tuple[str, Any]] = []
    if isinstance(written, str):
        named = [(DEFAULT, written)]
    elif isinstance(written, dict):
        named = list(written.items())
    elif isinstance(written, list):
        named = [(each["name"], each["template"]) for each in written if _is_named(each)]
    for name, text in named:
        if isinstance(text, str):
            yield WrittenTemplate(name, CONFIGURATION, text)


def _of_processor(folder: ModelFolder) -> Iterator[WrittenTemplate]:
    from tokstat.errors import DataError, LimitError

    path = folder.path / _OF_PROCESSOR
    if not path.is_file():
        return
    try:
        written = read_json_object(path, _MOST_BYTES).get("chat_template")
    except (DataError, LimitError):  # only the processor of a model of images reads it
        return
    if isinstance(written, str):
        yield WrittenTemplate(DEFAULT, _OF_PROCESSOR, written)


def _files(folder: Path) -> Iterator[WrittenTemplate]:
    more = {f"{path.parent.name}/{path.name}": path for path in sorted(folder.glob(_MORE))}
    for file, path in {**more, CHAT_TEMPLATE: folder / CHAT_TEMPLATE}.items():
        text = _read(path)
        if text is not None:
            yield WrittenTemplate(DEFAULT if file == CHAT_TEMPLATE else path.stem, file, text)


def _read(path: Path) -> str | None:
    """Return a file's text; None for most models, which have no such file."""
    from tokstat.errors import LimitError

    try:
        return read_beside(path, _MOST_BYTES).decode("utf-8", "replace")
    except (LimitError, OSError):
        return None
