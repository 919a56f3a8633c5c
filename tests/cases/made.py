"""Folders of cases, written where a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cases.drafts import Draft, draft
from tokstat.analyzers.registry import get_analyzers
from tokstat.analyzers.subject import Subject
from tokstat.loading.local import load_path
from tokstat.results.report import Finding
from tokstat.words.lexicon import Lexicon


def write_case(folder: Path, family: str, edit: Callable[[Draft], Any]) -> Draft:
    """Write the files of a family's folder after an edit, and return what they say."""
    made = draft(family)
    edit(made)
    folder.mkdir(parents=True, exist_ok=True)
    made.write(folder)
    return made


def findings_of(folder: Path, analyzer: str, lexicon: Lexicon) -> list[Finding]:
    """Return the findings of one analyzer about a folder."""
    (each,) = get_analyzers([analyzer])
    return list(each(Subject(load_path("made", folder), lexicon)).findings)
