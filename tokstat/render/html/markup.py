"""Elements of HTML and SVG; text that was not built here is escaped."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import TypeAlias

from tokstat.text.visible import visible_line


class Html(str):
    """Hold markup of this module, which is not escaped again."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"
"""The content of an element: markup, text, a number, several of these, or None."""

Attribute: TypeAlias = str | int | float | bool | None

_VOID = frozenset({"meta", "link", "input", "wbr", "circle", "line", "path", "rect"})

NOTHING = Html("")

_CODE = re.compile(r"`([^`]+)`")

_JOINTS = re.compile(r"(?<=[/_.])(?=\w)")
"""Where a name may be broken: between its words, which browsers take for one word."""


def element(tag: str, *children: Child, **attributes: Attribute) -> Html:
    """Build an element: `element("p", text, class_="note", aria_label="…")`.

    Attributes that are None or False are left out, True ones have no value. `_` becomes `-`, and is
    removed at the end of a name.
    """
    head = tag + "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{head}>" if tag in ("meta", "link", "input", "wbr") else f"<{head}/>")
    return Html(f"<{head}>{join(children)}</{tag}>")


def join(children: Child) -> Html:
    """Join markup and texts, with the texts escaped."""
    if children is None:
        return NOTHING
    if isinstance(children, Html):
        return children
    if isinstance(children, str):
        return Html(escape(children))
    if isinstance(children, int):
        return Html(str(children))
    return Html("".join(map(join, children)))


def breakable(name: str) -> Child:
    """Let a browser break a name or path between its words, so that it need not within one."""
    first, *others = _JOINTS.split(name)
    return [first, *((Html("<wbr>"), part) for part in others)]


def with_code(text: str) -> Child:
    """Set in the font of code what stands between backticks."""
    parts = _CODE.split(text)
    return [element("code", part) if at % 2 else part for at, part in enumerate(parts)]


def escape(text: str) -> str:
    """Escape a text for an element or a quoted attribute.

    Controls, bidi overrides and lone surrogates show as escapes; markup becomes references.
    """
    return html.escape(visible_line(text), quote=True)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    if isinstance(value, float):
        value = f"{value:.2f}".rstrip("0").rstrip(".")
    return f' {name}="{escape(str(value))}"'


def data_block(data: object, **attributes: Attribute) -> Html:
    """Write data as ASCII JSON that no HTML parser takes for markup."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    head = "".join(_attribute(name, value) for name, value in attributes.items())
    return Html(f'<script type="application/json"{head}>{text}</script>')


def to_ascii(markup: Html) -> str:
    """Write non-ASCII characters as references, so that a wrongly guessed encoding does no harm."""
    return markup.encode("ascii", "xmlcharrefreplace").decode("ascii")
