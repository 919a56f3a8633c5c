"""Explanations as text: a list of all, or some in full."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from tokstat.render.terminal.text import wrapped
from tokstat.results.explanations import Explanation, to_dict


def to_json(explanations: Iterable[Explanation]) -> str:
    """Write explanations as JSON."""
    return json.dumps(to_dict(explanations), allow_nan=False) + "\n"


def to_list(explanations: Iterable[Explanation]) -> str:
    """Write one line each, with an analyzer's metrics and findings below it."""
    explanations = list(explanations)
    width = max((len(each.name) for each in explanations), default=0) + 4
    lines = []
    for each in explanations:
        if each.kind in ("analyzer", "command"):
            lines.append(f"\n{each.name:<{width}}{each.title}")
        else:
            title = f"{each.severity}: {each.title}" if each.kind == "finding" else each.title
            lines.append(f"  {each.name:<{width - 2}}{title}")
    return "\n".join(lines).lstrip("\n") + "\n"


def to_text(explanations: Iterable[Explanation], width: int) -> str:
    """Write explanations in full, in lines of at most `width` columns."""
    return "\n".join("\n".join(_lines(each, width)) + "\n" for each in explanations)


def _lines(each: Explanation, width: int) -> Iterator[str]:
    yield from wrapped(f"{each.name}: {_what_it_is(each)}", width)
    yield from wrapped(each.title, width)
    parts = (
        ("", each.meaning),
        ("needs", ", ".join(each.needs)),
        ("what to do", each.what_to_do),
        ("source", each.source),
        ("see also", ", ".join(each.related)),
    )
    for label, text in parts:
        if text:
            yield ""
            yield from _paragraphs(f"{label}: {text}" if label else text, width)


def _what_it_is(each: Explanation) -> str:
    plug_in = "" if each.module.startswith("tokstat.") else f", by {each.module}"
    if each.kind in ("analyzer", "command"):
        return f"{each.kind}{plug_in}"
    detail = each.severity if each.kind == "finding" else each.unit
    whose = "command" if each.analyzer in ("corpus", "inspect") else "analyzer"
    return f"{each.kind} ({detail}) of {whose} {each.analyzer}{plug_in}"


def _paragraphs(text: str, width: int) -> Iterator[str]:
    """Wrap paragraphs, with an empty line between them; lists keep their lines."""
    for place, paragraph in enumerate(text.split("\n\n")):
        if place:
            yield ""
        if "\n- " in f"\n{paragraph}":
            yield from paragraph.splitlines()
        else:
            yield from wrapped(paragraph, width)
