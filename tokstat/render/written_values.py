"""Values of settings in short, the same in every format; JSON is written as people name it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from tokstat.text.visible import shortened, visible, visible_line

_BEFORE_CHANGE = 12
"""Characters shown before the first difference of long texts."""

_LONGEST = 40
"""Most characters of one setting among several, such as a pattern."""

_IN_FULL = sys.maxsize

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
    """Write values so that different ones have different texts, of `longest` characters or so.

    Settings that are false, empty or absent are left out of a step, and count as equal.
    """
    shown: dict[Any, str] = {}

    def write(alike: Sequence[Any], most: int) -> None:
        texts = cut_alike([value_text(value, most) for value in alike], longest)
        by_text: dict[str, list[Any]] = {}
        for value, text in zip(alike, texts, strict=True):
            shown[value] = text
            by_text.setdefault(text, []).append(value)
        for same in by_text.values():
            if len(same) > 1 and (len(same) < len(alike) or most != _IN_FULL):
                write(same, _IN_FULL)

    write(list(dict.fromkeys(values)), max(_LONGEST, longest * 3 // 4))
    return [shown[value] for value in values]


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
        return _tokens(value["count"], value["tokens"], most)
    if "single_word" in keys:
        return ", ".join(flag for flag, is_set in value.items() if is_set) or "no flags"
    if "type" in keys:
        return _step(value, most)
    if {"single", "pair"} <= keys:
        return f"{_template(value['single'])}; pairs {_template(value['pair'])}"
    if keys <= {"Regex", "String"}:
        ((kind, pattern),) = value.items()
        return f"{kind} {pattern}" if most == _IN_FULL else str(pattern)
    if not any(isinstance(each, dict) and "ids" in each for each in value.values()):
        return ", ".join(_settings(value, most))
    return _special_tokens(value)


def _special_tokens(value: dict[str, Any]) -> str:
    return ", ".join(f"{name} {' '.join(map(str, each['ids']))}" for name, each in value.items())


def _tokens(count: int, tokens: list[str], most: int) -> str:
    longest, named = (most, most) if most == _IN_FULL else (_LONGEST_NAME, _NAMED)
    names = [shortened(visible(name), longest) for name in tokens[:named]]
    more = [] if count == len(names) else ["…"]
    return f"{count:,}: {' '.join([*names, *more])}" if names else "none"


def _step(step: dict[str, Any], most: int) -> str:
    """Write a step or a model: its type, and the settings that are set."""
    if step["type"] == "TemplateProcessing":
        text = f"{_template(step['single'])}; pairs {_template(step['pair'])}"
        return (
            f"{text}, ids {_special_tokens(step['special_tokens'])}" if most == _IN_FULL else text
        )
    found = _settings(step, most)
    return f"{step['type']} ({', '.join(found)})" if found else str(step["type"])


def _settings(step: dict[str, Any], most: int) -> list[str]:
    """Write the settings that are set."""
    return [
        name if value is True else f"{name} {_setting(value, most)}"
        for name, value in step.items()
        if name != "type" and value is not None and value is not False and value != ""
    ]


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
