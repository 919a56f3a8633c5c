"""Scores of the reference tokenizers in every language that wordfreq has a list for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from tokstat.io.files import PACKAGED_DATA

_FILE = PACKAGED_DATA / "reference_languages.json"

LANGUAGE_SCORES = (
    "coverage_bare",
    "coverage_spaced",
    "leading_space_gap",
    "text_fertility",
    "text_characters_per_token",
    "text_unknown_ratio",
)
"""The scores that are measured in every language, in the order of the packaged file."""

Scores = Mapping[str, float | None]


@cache
def language_scores(language: str) -> Mapping[str, Scores]:
    """Return the scores in one language of each reference tokenizer; empty for other languages.

    A score is None where it does not apply to the language.
    """
    content = json.loads(_FILE.read_text("utf-8"))
    return {
        name: dict(zip(content["scores"], row, strict=True))
        for name, row in content["languages"].get(language, {}).items()
    }


def reference_languages() -> tuple[str, ...]:
    """Return the codes of the languages with scores, sorted."""
    return tuple(sorted(json.loads(_FILE.read_text("utf-8"))["languages"]))
