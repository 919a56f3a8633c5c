"""Write a conversation as the chat template beside a tokenizer does.

A template is a program that came with the model. It runs in jinja2's sandbox, with the settings of
transformers (`transformers.utils.chat_template_utils`, 4.57), and in a process of its own, which
has little memory and little time: the sandbox bounds neither.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokstat.model.folder import ModelFolder

SECONDS = 10
MEMORY = 1 << 30
MOST_CHARACTERS = 1_000_000

_CONFIGURATION = "tokenizer_config.json"
_TEMPLATE_FILE = "chat_template.jinja"
_MOST_BYTES = 4 << 20
_REJECTED = 3
_NO_JINJA = 4
_NO_TEMPLATE = 5


@dataclass(frozen=True)
class Conversation:
    """Hold the messages of a conversation, and what else its file gives to the template.

    `more` may have `tools`, `documents`, `add_generation_prompt` and names of the template's own.
    """

    messages: tuple[Mapping[str, Any], ...]
    more: Mapping[str, Any] = field(default_factory=dict)


def read_conversation(path: Path) -> Conversation:
    """Read a JSON file: a list of messages, or an object with `messages`.

    Raises:
        EncodingError: the file cannot be read, or holds no messages.
    """
    from tokstat.errors import EncodingError, LimitError, reason_of
    from tokstat.io.limits import parse_json

    hint = 'Give a JSON list such as [{"role": "user", "content": "Hello"}].'
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise EncodingError(f"{path} has more than {_MOST_BYTES:,} bytes", hint)
        content = parse_json(data, str(path))
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
    from tokstat.errors import EncodingError, MissingExtraError
    from tokstat.model.folder import text_of

    template = _template(folder, conversation) if folder is not None else None
    if folder is None or template is None:
        raise EncodingError(
            f"There is no chat template beside {name}",
            f"Give a model's folder with {_TEMPLATE_FILE}, or chat_template in {_CONFIGURATION}.",
        )
    tokens = {
        key: text
        for file in ("special_tokens_map.json", _CONFIGURATION)
        for key, value in folder.configuration(file).items()
        if key.endswith("_token") and (text := text_of(value))
    }
    given = {
        "add_generation_prompt": False,
        "tools": None,
        "documents": None,
        **tokens,
        **conversation.more,
        "messages": list(conversation.messages),
    }
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(Path(__file__))],
            input=json.dumps({"template": template, "given": given}).encode(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise EncodingError(
            f"The chat template of {name} takes longer than {SECONDS} s", "Correct its loops."
        ) from error
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == _NO_JINJA:
        raise MissingExtraError("jinja2 is not installed, which writes chat templates", _INSTALL)
    if done.returncode == _NO_TEMPLATE:
        raise EncodingError(
            f'The chat template of {name} is no valid template: "{said}"', "Correct its syntax."
        )
    if done.returncode == _REJECTED:
        raise EncodingError(
            f'The chat template of {name} rejects the conversation: "{said}"',
            "Change the conversation as the template demands.",
        )
    if done.returncode:
        raise EncodingError(
            f"The chat template of {name} takes too much memory or time", "Correct its loops."
        )
    return done.stdout.decode("utf-8", "surrogatepass")


_INSTALL = 'Run: pip install "tokstat-toolkit[chat]"'


def _template(folder: ModelFolder, conversation: Conversation) -> str | None:
    """Return the template that transformers would take: a file of its own wins."""
    try:
        with (folder.path / _TEMPLATE_FILE).open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8")
    except (OSError, ValueError):  # most models have none
        pass
    written = folder.configuration(_CONFIGURATION).get("chat_template")
    if isinstance(written, list):
        named = {each["name"]: each["template"] for each in written if isinstance(each, dict)}
        wants_tools = bool(conversation.more.get("tools")) and "tool_use" in named
        written = named.get("tool_use" if wants_tools else "default")
    return written if isinstance(written, str) else None


# What follows runs in the process of its own.


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit holds there, too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _render(template: str, given: Mapping[str, Any]) -> str:
    from datetime import datetime

    from jinja2 import nodes
    from jinja2.exceptions import TemplateError
    from jinja2.ext import Extension
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Generation(Extension):
        """Take `{% generation %}` as a mark without an effect on the text."""

        tags = {"generation"}  # noqa: RUF012

        def parse(self, parser: Any) -> Any:
            line = next(parser.stream).lineno
            body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return nodes.Scope(body, lineno=line)

    def raise_exception(message: str) -> None:
        raise TemplateError(message)

    def tojson(
        value: Any,
        ensure_ascii: bool = False,
        indent: Any = None,
        separators: Any = None,
        sort_keys: bool = False,
    ) -> str:
        return json.dumps(
            value,
            ensure_ascii=ensure_ascii,
            indent=indent,
            separators=separators,
            sort_keys=sort_keys,
        )

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    parts, size = [], 0
    for part in environment.from_string(template).generate(**given):
        size += len(part)
        if size > MOST_CHARACTERS:
            raise TemplateError(f"it writes more than {MOST_CHARACTERS:,} characters")
        parts.append(part)
    return "".join(parts)


def _main() -> int:
    data = json.loads(sys.stdin.buffer.read())
    try:
        import jinja2
    except ImportError:
        return _NO_JINJA
    _limit_resources()
    try:
        text = _render(data["template"], data["given"])
    except MemoryError:
        return 1
    except Exception as error:  # a template may raise whatever Python can
        line = " ".join((str(error) or type(error).__name__).split()).rstrip(".")
        sys.stderr.buffer.write(line[:300].encode("utf-8", "replace"))
        return _NO_TEMPLATE if isinstance(error, jinja2.TemplateSyntaxError) else _REJECTED
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
