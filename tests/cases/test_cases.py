"""Each broken tokenizer gives its codes and no others; clean ones give none."""

from __future__ import annotations

from pathlib import Path

import pytest

import tests.cases.folders  # noqa: F401  # it registers cases
from tests.cases.broken import CASES, CLEAN
from tests.cases.drafts import FAMILIES, draft
from tokstat.analyzers.registry import get_analyzers
from tokstat.analyzers.subject import Subject
from tokstat.loading.local import load_path
from tokstat.words.lexicon import Lexicon

LINT = (
    "pipeline",
    "files",
    "special_tokens",
    "written_ids",
    "chat_template",
    "token_roles",
    "loadability",
    "neighbours",
    "trained_rows",
)
IDS = {"TS101", "TS102", "TS104", "TS701"}


def codes(folder: Path, lexicon: Lexicon, *more: str) -> set[str]:
    subject = Subject(load_path("made", folder), lexicon)
    sections = [each(subject) for each in get_analyzers([*LINT, "composition", *more])]
    assert not [section.skipped for section in sections if section.skipped]
    found = {finding.code for section in sections for finding in section.findings}
    return {code for code in found if code in IDS or code.startswith("TS6")}


@pytest.mark.parametrize("name", CASES)
def test_broken(name: str, tmp_path: Path, english: Lexicon) -> None:
    case = CASES[name]
    made = draft(case.family)
    case.edit(made)
    made.write(tmp_path)
    more = ["reachability"] if case.codes <= {"TS701"} else []
    assert codes(tmp_path, english, *more) == case.codes


@pytest.mark.parametrize("name", CLEAN)
def test_clean_twin(name: str, tmp_path: Path, english: Lexicon) -> None:
    made = draft(CLEAN[name].family)
    CLEAN[name].edit(made)
    made.write(tmp_path)
    assert codes(tmp_path, english) == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_clean(family: str, tmp_path: Path, english: Lexicon) -> None:
    draft(family).write(tmp_path)
    assert codes(tmp_path, english) == set()


def test_every_rule_of_the_lint_has_a_case() -> None:
    rules = {rule.code for each in get_analyzers(LINT) for rule in each.rules}
    assert rules <= {code for case in CASES.values() for code in case.codes}
