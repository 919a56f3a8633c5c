"""English names of languages, by their codes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tokstat.io.files import PACKAGED_DATA


@cache
def language_names() -> dict[str, Any]:
    """Return the packaged names: `english` and `own` by code, and `also` other names' codes."""
    content: dict[str, Any] = json.loads((PACKAGED_DATA / "language_names.json").read_text("utf-8"))
    return content


def language_name(code: str) -> str | None:
    """Return the English name of a language code (CLDR), or None for an unknown one."""
    name: str | None = language_names()["english"].get(code)
    return name


def named(*codes: str) -> str:
    """Name languages in English: "German, Polish and Russian". What has no name stays as it is."""
    names = [language_name(code) or code for code in codes]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
