"""Values of settings in short, the same in every format; JSON is written as people name it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from tokstat.text.visible import shortened, visible, visible_line

_BEFORE_CHANGE = 12
"""Characters shown before the first difference of long texts."""

_LONGEST = 40
"""Most characters of one setting among several, such as a pattern."""

_NAMED = 8
_LONGEST_NAME = 24
"""Tokens of a list, and characters of one."""


def value_text(value: Any, most: int = _LONGEST) -> str:
    """Write a value on one line: "true", "1,000", "[CLS] $A [SEP]", "lstrip, special".

    `most` is the number of characters of one setting among several.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, str):
        return "" if value == "{}" else visible_line(_plain(value, most))
    return "" if value is None else str(value)


def distinct_texts(values: Sequence[Any], longest: int) -> list[str]:
    """Write values so that different ones have different texts, of `longest` characters or so."""
    shown: dict[Any, str] = {}

    def write(alike: Sequence[Any], forms: Sequence[Callable[[Any], str]]) -> None:
        by_text: dict[str, list[Any]] = {}
        for value, text in zip(alike, cut_alike([*map(forms[0], alike)], longest), strict=True):
            shown[value] = text
            by_text.setdefault(text, []).append(value)
        rest = forms if len(by_text) > 1 and forms[0] is not value_text else forms[1:]
        for same in by_text.values():
            if len(same) > 1 and rest:
                write(same, rest)

    write(list(dict.fromkeys(values)), (value_text, _in_full, str))
    return [shown[value] for value in values]


def _in_full(value: Any) -> str:
    return value_text(value, most=sys.maxsize)


def cut_alike(texts: Sequence[str], longest: int) -> list[str]:
    """Return texts in full where all are short, or else what stands around the first difference."""
    if max(map(len, texts), default=0) <= longest:
        return list(texts)
    pairs = enumerate(zip(*texts, strict=False))
    differing = (place for place, characters in pairs if len(set(characters)) > 1)
    first = next(differing, min(map(len, texts)))
    start = max(0, first - _BEFORE_CHANGE)
    dots = "…" if start else ""
    return [dots + shortened(text[start:], longest) for text in texts]


def _plain(text: str, most: int) -> str:
    """Write JSON of a template, steps, a token or flags in short; return any other text as it is.

    `[CLS] $A [SEP]`; `Split (…) + ByteLevel`; `[SEP], id 102`; `lstrip, special`.
    """
    if not text.startswith(("[", "{")):
        return text
    try:
        value = json.loads(text)
        return _list(value, most) if isinstance(value, list) else _object(value, most)
    except (ValueError, TypeError, AttributeError, KeyError, StopIteration, RecursionError):
        return text


def _list(value: list[Any], most: int) -> str:
    if not value:
        return "none"
    if all("type" in each for each in value):
        return " + ".join(_step(each, most) for each in value)
    return _template(value)


def _object(value: dict[str, Any], most: int) -> str:
    keys = value.keys()
    if keys == {"id", "token"}:
        number = value["id"]
        return f"{value['token']}, " + ("no id" if number is None else f"id {number:,}")
    if keys == {"count", "tokens"}:
        names = [shortened(visible(name), _LONGEST_NAME) for name in value["tokens"][:_NAMED]]
        more = [] if value["count"] == len(names) else ["…"]
        return f"{value['count']:,}: {' '.join([*names, *more])}" if names else "none"
    if "single_word" in keys:
        return ", ".join(flag for flag, is_set in value.items() if is_set) or "no flags"
    if "type" in keys:
        return _step(value, most)
    if {"single", "pair"} <= keys:
        return f"{_template(value['single'])}; pairs {_template(value['pair'])}"
    if keys <= {"Regex", "String"}:
        return str(next(iter(value.values())))
    return ", ".join(f"{name} {' '.join(map(str, each['ids']))}" for name, each in value.items())


def _step(step: dict[str, Any], most: int) -> str:
    """Write a step or a model: its type, and the settings that are set."""
    if step["type"] == "TemplateProcessing":
        return f"{_template(step['single'])}; pairs {_template(step['pair'])}"
    found = [
        name if value is True else f"{name} {_setting(value, most)}"
        for name, value in step.items()
        if name != "type" and value is not None and value is not False and value != ""
    ]
    return f"{step['type']} ({', '.join(found)})" if found else str(step["type"])


def _setting(value: Any, most: int) -> str:
    if isinstance(value, dict) and len(value) == 1:
        return _setting(next(iter(value.values())), most)
    if isinstance(value, list):
        return " ".join(map(str, value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = shortened(text, most)
    return f'"{shown}"' if " " in shown else shown


def _template(value: list[Any]) -> str:
    parts = [next(iter(each.items())) for each in value]
    return " ".join(
        f"${part['id']}" if kind == "Sequence" else part["id"] for kind, part in parts
    ) + _types([part["type_id"] for _, part in parts])


def _types(ids: list[int]) -> str:
    return f" (type ids {' '.join(map(str, ids))})" if any(ids) else ""
