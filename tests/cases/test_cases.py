"""Each broken tokenizer gives its codes and no others; clean ones give none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import tests.cases.broken_words  # it registers cases, and imports broken_flags, which does
import tests.cases.files_beside  # noqa: F401  # it registers cases, and imports folders
from tests.cases.broken import CASES, CLEAN, Case
from tests.cases.drafts import FAMILIES, draft
from tokstat.analyzers.registry import get_analyzers
from tokstat.analyzers.subject import Subject
from tokstat.loading.local import load_path
from tokstat.words.lexicon import Lexicon, load_lexicon

LINT = (
    *("pipeline", "files", "special_tokens", "written_ids"),
    *("chat_template", "token_roles", "loadability", "neighbours", "trained_rows"),
    *("frame", "lengths", "added_tokens", "decoded_text", "training", "lost_words"),
)
OTHERS = {"TS101", "TS102", "TS104", "TS701", "TS721", "TS722", "TS723"}


def codes(folder: Path, lexicon: Lexicon, *more: str) -> set[str]:
    subject = Subject(load_path("made", folder), lexicon)
    sections = [each(subject) for each in get_analyzers([*LINT, "composition", *more])]
    assert not [section.skipped for section in sections if section.skipped]
    found = {finding.code for section in sections for finding in section.findings}
    return {code for code in found if code in OTHERS or code.startswith("TS6")}


def names(cases: Mapping[str, Case]) -> list[Any]:
    slow = [pytest.mark.slow]
    return [
        pytest.param(name, marks=slow if case.is_further else []) for name, case in cases.items()
    ]


@pytest.mark.parametrize("name", names(CASES))
def test_broken(name: str, tmp_path: Path, english: Lexicon) -> None:
    case = CASES[name]
    made = draft(case.family)
    case.edit(made)
    made.write(tmp_path)
    more = ["reachability"] if "TS701" in case.codes or (not case.codes and "," not in name) else []
    lexicon = english if case.lang == "en" else load_lexicon([case.lang])
    assert codes(tmp_path, lexicon, *more) == case.codes


@pytest.mark.parametrize("name", names(CLEAN))
def test_clean_twin(name: str, tmp_path: Path, english: Lexicon) -> None:
    made = draft(CLEAN[name].family)
    CLEAN[name].edit(made)
    made.write(tmp_path)
    assert codes(tmp_path, english) == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_clean(family: str, tmp_path: Path, english: Lexicon) -> None:
    draft(family).write(tmp_path)
    # A vocabulary of words alone lacks most of the frequent ones, however well it is made.
    assert codes(tmp_path, english) == ({"TS722"} if family == "word-level" else set())


def test_every_rule_of_the_lint_has_a_case() -> None:
    rules = {rule.code for each in get_analyzers(LINT) for rule in each.rules}
    assert rules <= {code for case in CASES.values() for code in case.codes}
