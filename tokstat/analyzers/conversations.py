"""The conversations that the lint renders by each chat template, and what is seen in their text.

A template may reject a conversation, as many take no system message and no tools. So several are
tried, the richest first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tokenizers

from tokstat.model.chat_template import Conversation, Rendering
from tokstat.model.written_templates import TOOL_USE, WrittenTemplate
from tokstat.tokenizer.encoding import encode_batch

SYSTEM = "You are a helpful assistant."
QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."
_THANKS = "Thank you!"

_SYSTEM = {"role": "system", "content": SYSTEM}
_USER = {"role": "user", "content": QUESTION}
_ASSISTANT = {"role": "assistant", "content": ANSWER}
_LAST = {"role": "user", "content": _THANKS}

_TOOL = {
    "type": "function",
    "function": {
        "name": "find_capital",
        "description": "Find the capital of a country.",
        "parameters": {
            "type": "object",
            "properties": {"country": {"type": "string", "description": "Its name."}},
            "required": ["country"],
        },
    },
}
_CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {
            "id": "call00001",
            "type": "function",
            "function": {"name": "find_capital", "arguments": {"country": "France"}},
        }
    ],
}
_RESULT = {"role": "tool", "name": "find_capital", "tool_call_id": "call00001", "content": "Paris"}

CONVERSATIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "system, user, assistant, user": (_SYSTEM, _USER, _ASSISTANT, _LAST),
    "user, assistant, user": (_USER, _ASSISTANT, _LAST),
    "user, assistant": (_USER, _ASSISTANT),
    "user": (_USER,),
}
"""Conversations without tools by the roles that they have, the richest first."""

WITH_TOOLS = "user, assistant, tool"
TURNS = "user, assistant"

_TEXTS = (SYSTEM, QUESTION, ANSWER, _THANKS)

_MARKER = re.compile(r"<\|[^<>|\s]{1,64}\|>|<｜[^<>\s]{1,64}｜>|(?<!<)</?[a-z]+(?:_[a-z_]+)>(?!>)")
"""Texts that only stand for themselves: tags without an underscore may be meant as text."""


@dataclass(frozen=True)
class Marker:
    """Hold a marker that a template writes, and the ids that it is split into."""

    text: str
    ids: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class EncodedText:
    """Hold a rendered text, its ids, and the span of characters of each."""

    text: str
    ids: Sequence[int]
    spans: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, backend: tokenizers.Tokenizer, text: str, *, special: bool = False) -> EncodedText:
        """Encode a text. Raises EncodingError."""
        (found,) = encode_batch(backend, [text], special=special)
        return cls(text, found.ids, found.offsets)

    def markers(self) -> list[Marker]:
        """Return the markers outside of the messages that are not one token each."""
        own = self.text
        for each in sorted(_TEXTS, key=len, reverse=True):
            own = own.replace(each, "\0" * len(each))
        found: dict[str, Marker] = {}
        for match in _MARKER.finditer(own):
            start, end = match.span()
            over = [
                token
                for token, (first, last) in zip(self.ids, self.spans, strict=True)
                if first < end and last > start
            ]
            if len(over) != 1:
                found.setdefault(match[0], Marker(match[0], tuple(over)))
        return list(found.values())

    def ids_after(self, part: str) -> list[int]:
        """Return the ids of the text after the last occurrence of a part."""
        at = self.text.rfind(part)
        if at < 0:
            return []
        end = at + len(part)
        return [
            token
            for token, (first, last) in zip(self.ids, self.spans, strict=True)
            if first >= end or (first < end < last)
        ]


def jobs_of(template: WrittenTemplate) -> list[tuple[str, Conversation]]:
    """Return the conversations that a template is tried on, by the roles that they have."""
    more = {"tools": [_TOOL]} if template.name == TOOL_USE else {}
    found = [(roles, Conversation(each, more)) for roles, each in CONVERSATIONS.items()]
    if "tool" in template.text:
        with_tools = Conversation((_USER, _CALL, _RESULT), {"tools": [_TOOL]})
        found.append((WITH_TOOLS, with_tools))
    return found


def failure_of(found: Sequence[Rendering]) -> Rendering | None:
    """Return why a template does not work: it runs away on one conversation, or fails on all.

    The last one says why, as it asks least of the template.
    """
    for each in found:
        if each.kind in ("runaway", "syntax"):
            return each
    if any(each.text is not None for each in found):
        return None
    return found[-1]
