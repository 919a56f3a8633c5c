"""Write conversations as the chat template beside a tokenizer does.

`template_process` renders them, in a process with little memory and little time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokstat.model.template_process import NO_JINJA
from tokstat.model.written_templates import (
    CHAT_TEMPLATE,
    CONFIGURATION,
    DEFAULT,
    TOOL_USE,
    chosen_templates,
)

if TYPE_CHECKING:
    from tokstat.model.folder import ModelFolder

SECONDS = 10
MEMORY = 1 << 30
MOST_CHARACTERS = 1_000_000

_WAITS = 3
"""A busy machine may take so many times the processor time that is allowed."""

_MOST_BYTES = 4 << 20
_INSTALL = 'Run: pip install "tokstat-toolkit[chat]"'
_PROGRAM = Path(__file__).with_name("template_process.py")


@dataclass(frozen=True)
class Conversation:
    """Hold the messages of a conversation, and what else its file gives to the template.

    `more` may have `tools`, `documents`, `add_generation_prompt` and names of the template's own.
    """

    messages: tuple[Mapping[str, Any], ...]
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendering:
    """Hold the text of a conversation, or why there is none.

    `kind` is one of `template_process.KINDS`, "" where there is a text.
    """

    text: str | None
    kind: str = ""
    reason: str = ""


def read_conversation(path: Path) -> Conversation:
    """Read a JSON file: a list of messages, or an object with `messages`.

    Raises:
        EncodingError: the file cannot be read, or holds no messages.
    """
    from tokstat.errors import EncodingError, LimitError, reason_of
    from tokstat.io.limits import parse_json, read_bounded

    hint = 'Give a JSON list such as [{"role": "user", "content": "Hello"}].'
    try:
        content = parse_json(read_bounded(path, _MOST_BYTES), str(path))
    except OSError as error:
        raise EncodingError(
            f"{path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    except (ValueError, LimitError) as error:
        raise EncodingError(f"{path} holds no conversation: {reason_of(error)}", hint) from error
    more = dict(content) if isinstance(content, dict) else {}
    messages = more.pop("messages", None) if isinstance(content, dict) else content
    if not (isinstance(messages, list) and messages and all(map(_is_message, messages))):
        raise EncodingError(f"{path} holds no messages with a role each", hint)
    return Conversation(tuple(messages), more)


def _is_message(message: object) -> bool:
    return isinstance(message, dict) and isinstance(message.get("role"), str)


def render_chat(folder: ModelFolder | None, conversation: Conversation, name: str) -> str:
    """Return the text of a conversation; `name` is the tokenizer's in messages.

    Raises:
        EncodingError: there is no template, it is no template, it rejects the conversation, or it
            takes too much time, memory or text.
        MissingExtraError: jinja2 is not installed.
    """
    from tokstat.errors import EncodingError

    template = _template(folder, conversation) if folder is not None else None
    if folder is None or template is None:
        raise EncodingError(
            f"There is no chat template beside {name}",
            f"Give a model's folder with {CHAT_TEMPLATE}, or chat_template in {CONFIGURATION}.",
        )
    (found,) = render_all(folder, [(template, conversation)])
    if found.text is not None:
        return found.text
    does, hint = {
        "syntax": ("does not parse", "Correct it at that line."),
        "rejected": ("rejects the conversation", "Change the conversation as the template asks."),
        "error": ("fails on the conversation", "Correct it, or change the conversation."),
        "runaway": ("was stopped", "Correct its loops."),
    }[found.kind]
    raise EncodingError(f'The chat template of {name} {does}: "{found.reason}"', hint)


def render_all(
    folder: ModelFolder, jobs: Sequence[tuple[str, Conversation]]
) -> tuple[Rendering, ...]:
    """Render conversations, each by the text of a template, in one process.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    import subprocess  # most tokenizers have no template

    from tokstat.errors import MissingExtraError

    tokens = _role_tokens(folder)
    request = {
        "path": _places_of_jinja(),
        "seconds": SECONDS,
        "memory": MEMORY,
        "characters": MOST_CHARACTERS,
        "jobs": [(template, _given(tokens, conversation)) for template, conversation in jobs],
    }
    isolated = [sys.executable, "-I", "-S", str(_PROGRAM)]
    code = 0
    try:
        done = subprocess.run(  # noqa: S603
            isolated,
            input=json.dumps(request).encode(),
            capture_output=True,
            check=False,
            timeout=_WAITS * SECONDS,
        )
        written, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as error:
        written = error.stdout or b""
    if code == NO_JINJA:
        raise MissingExtraError("jinja2 is not installed, which renders chat templates", _INSTALL)
    lines = written.rpartition(b"\n")[0]  # the last one may be cut off
    found = [Rendering(**{"text": None, **json.loads(line)}) for line in lines.splitlines()]
    stopped = Rendering(None, "runaway", f"it takes longer than {SECONDS} s, or too much memory")
    return (*found, *[stopped] * (len(jobs) - len(found)))


def _role_tokens(folder: ModelFolder) -> dict[str, str]:
    from tokstat.model.folder import text_of

    return {
        key: text
        for file in ("special_tokens_map.json", CONFIGURATION)
        for key, value in folder.configuration(file).items()
        if key.endswith("_token") and (text := text_of(value))
    }


def _given(tokens: Mapping[str, str], conversation: Conversation) -> dict[str, Any]:
    return {
        "add_generation_prompt": False,
        "tools": None,
        "documents": None,
        **tokens,
        **conversation.more,
        "messages": list(conversation.messages),
    }


def _places_of_jinja() -> list[str]:
    """Return the folders of jinja2 and of what it imports, without importing them here."""
    from importlib.util import find_spec

    specs = [find_spec(name) for name in ("jinja2", "markupsafe")]
    files = [spec.origin for spec in specs if spec is not None and spec.origin]
    return list(dict.fromkeys(str(Path(file).parents[1]) for file in files))


def _template(folder: ModelFolder, conversation: Conversation) -> str | None:
    """Return the template that transformers would take for a conversation."""
    named = chosen_templates(folder)
    wants_tools = bool(conversation.more.get("tools")) and TOOL_USE in named
    found = named.get(TOOL_USE if wants_tools else DEFAULT)
    return None if found is None else found.text
