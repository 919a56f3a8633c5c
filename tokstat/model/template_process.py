"""Render chat templates, in a process of its own: `chat_template` runs this file as a program.

A template is a program that came with the model. It runs in jinja2's sandbox, with the settings of
transformers (`transformers.utils.chat_template_utils`, 4.57). The sandbox bounds neither memory nor
time, so the process does. It imports nothing of tokstat, to start fast.

It reads one JSON object: the limits, and `jobs`, each a template and what it is given. For each job
it writes one line of JSON with `text`, or with `kind` (a name of `KINDS`) and `reason`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

KINDS = ("syntax", "rejected", "error", "runaway")
"""Why there is no text: it does not parse, it raises an exception of its own, jinja2 raises one,
or it needs too much memory, time or text."""

NO_JINJA = 4

_LONGEST_REASON = 300


def _limit_resources(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit holds there, too
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


class _RejectedError(Exception):
    """What a template raises by `raise_exception`."""


class _RunawayError(Exception):
    """A template that writes too much."""


def _environment() -> Any:
    from datetime import datetime

    from jinja2 import nodes
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
        raise _RejectedError(message)

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
    return environment


def _text(environment: Any, template: str, given: Mapping[str, Any], most: int) -> str:
    parts, size = [], 0
    for part in environment.from_string(template).generate(**given):
        size += len(part)
        if size > most:
            raise _RunawayError(f"it writes more than {most:,} characters")
        parts.append(part)
    return "".join(parts)


def _result(environment: Any, template: str, given: Mapping[str, Any], most: int) -> dict[str, str]:
    from jinja2.exceptions import TemplateSyntaxError

    try:
        return {"text": _text(environment, template, given, most)}
    except MemoryError:
        return {"kind": "runaway", "reason": "it needs too much memory"}
    except _RunawayError as error:
        return {"kind": "runaway", "reason": str(error)}
    except _RejectedError as error:
        return {"kind": "rejected", "reason": _line(error)}
    except TemplateSyntaxError as error:
        return {"kind": "syntax", "reason": f"line {error.lineno}: {_line(error.message)}"}
    except Exception as error:  # a template may raise whatever Python can
        return {"kind": "error", "reason": _line(error)}


def _line(error: object) -> str:
    return " ".join((str(error) or type(error).__name__).split())[:_LONGEST_REASON]


def main() -> int:
    """Render what stdin asks for."""
    request = json.loads(sys.stdin.buffer.read())
    sys.path.extend(request["path"])
    try:
        environment = _environment()
    except ImportError:
        return NO_JINJA
    _limit_resources(request["seconds"], request["memory"])
    for template, given in request["jobs"]:
        result = _result(environment, template, given, request["characters"])
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
