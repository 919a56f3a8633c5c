"""What tokstat saves is as the published JSON Schemas state."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.conftest import load_known, wrap
from tests.hostile import hostile_comparison, hostile_report
from tests.needs import need
from tests.small_tokenizers import SMALL
from tests.tools.schemas import name_of, schemas
from tokstat.api.encoding import explain_all, replay_all
from tokstat.experiments.by_teacher import MissingTeacher, StudiesByTeacher
from tokstat.render.terminal.tables import to_json
from tokstat.results.report import SCHEMA_VERSION, Report
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.study_results import packaged_study

FOLDER = Path(__file__).parents[2] / "docs" / "schema"
KINDS = ("report", "comparison", "corpus", "difference", "encode", "lock", "rank", "study")


@cache
def validator(kind: str) -> Any:
    library = need("jsonschema")
    schema = json.loads((FOLDER / name_of(kind)).read_text("utf-8"))
    library.Draft202012Validator.check_schema(schema)
    return library.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def saved(modernbert: Tokenizer, bert: Tokenizer) -> dict[str, dict[str, Any]]:
    """One result of each kind, as its JSON has it."""
    results = {
        "report": tokstat.inspect(modernbert, analyzers=["casing", "coverage"]),
        "comparison": tokstat.compare(bert, modernbert, analyzers=["casing", "coverage"]),
        "corpus": tokstat.measure_corpus([bert, modernbert], texts=["Tigers swim.", "\x00"]),
        "difference": tokstat.diff(*(wrap(SMALL[name](), name) for name in sorted(SMALL)[:2])),
        "encode": tokstat.encode([bert, modernbert], ["Tigers swim.", "\ud7ff\t"], classes=True),
        "lock": tokstat.lock(modernbert),
        "study": packaged_study(),
    }
    made = {kind: json.loads(result.to_json()) for kind, result in results.items()}
    return made | {"rank": json.loads(to_json(tokstat.rank("de")))}


@pytest.mark.parametrize("name", sorted({*SMALL, "modernbert"}))
def test_causes_and_steps_are_valid(name: str) -> None:
    tokenizer = load_known(name)
    texts = ["Enchantments, they (swim)", "the \U0001f9ff"]
    splits = tokstat.encode(tokenizer, texts)
    data = json.loads(splits.to_json())
    data["why"] = [each.to_dict() for each in explain_all([tokenizer], splits.splits)]
    data["steps"] = [
        each.to_dict() for each in replay_all([tokenizer], splits.splits, special=True)
    ]
    data = json.loads(json.dumps(data))
    validator("encode").validate(data)
    assert data["why"][0]["words"]
    data["why"][0]["words"][0]["cause_kind"] = "nothing"
    assert not validator("encode").is_valid(data)


def test_studies_of_several_teachers_are_valid() -> None:
    studies = StudiesByTeacher((packaged_study(),), (MissingTeacher("none", "there is no file"),))
    data = json.loads(studies.to_json())
    validator("study").validate(data)
    assert not validator("study").is_valid({**data, "missing": ["none"]})


def test_the_schemas_on_disk_are_those_of_the_classes() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == schemas()
    assert len(schemas()) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_is_valid(kind: str, saved: dict[str, dict[str, Any]]) -> None:
    validator(kind).validate(saved[kind])


def test_a_whole_report_is_valid(modernbert_report: Report) -> None:
    validator("report").validate(json.loads(modernbert_report.to_json()))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SMALL))
def test_reports_of_small_tokenizers_are_valid(name: str) -> None:
    report = tokstat.inspect(wrap(SMALL[name](), name))
    validator("report").validate(json.loads(report.to_json()))


@pytest.mark.slow
def test_hostile_results_and_a_gate_are_valid(bert: Tokenizer) -> None:
    validator("report").validate(json.loads(hostile_report().to_json()))
    validator("comparison").validate(json.loads(hostile_comparison().to_json()))
    report = tokstat.inspect(bert, analyzers=["casing", "coverage"])
    gated = tokstat.check(
        report, tokstat.make_policy(fail_on="info", maximum={"whole_word_ratio": 0.1})
    )
    validator("report").validate(json.loads(gated.to_json()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_more_less_or_of_another_type_is_refused(
    kind: str, saved: dict[str, dict[str, Any]]
) -> None:
    for name in saved[kind]:
        less = {key: value for key, value in saved[kind].items() if key != name}
        assert not validator(kind).is_valid(less)
        assert not validator(kind).is_valid({**saved[kind], name: object()})
    assert not validator(kind).is_valid({**saved[kind], "surplus": 1})
    version = {"lock": "tokstat_lock"}.get(kind, "schema_version")
    assert not validator(kind).is_valid({**saved[kind], version: SCHEMA_VERSION + 1})


def test_a_wrong_cell_or_severity_is_refused(saved: dict[str, dict[str, Any]]) -> None:
    for change in ("cell", "severity"):
        data = copy.deepcopy(saved["report"])
        if change == "cell":
            tables = (table for section in data["sections"] for table in section["tables"])
            next(iter(next(tables)["columns"].values()))[0] = []
        else:
            findings = (each for section in data["sections"] for each in section["findings"])
            next(findings)["severity"] = "fatal"
        assert not validator("report").is_valid(data)
