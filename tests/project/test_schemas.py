"""What tokstat saves is as the published JSON Schemas state."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

import tokstat
from tests.conftest import Run, load_known, wrap
from tests.experiments.test_smallest_fix import FIX
from tests.hostile import hostile_comparison, hostile_report
from tests.needs import need
from tests.small_tokenizers import SMALL
from tests.tools.schemas import name_of, schemas
from tokstat.api.encoding import explain_all, replay_all
from tokstat.cli.main import cli
from tokstat.experiments.by_teacher import (
    LaddersByTeacher,
    MissingTeacher,
    StudiesByTeacher,
    packaged_ladders,
)
from tokstat.experiments.grid import packaged_grid
from tokstat.experiments.study_link import link_study
from tokstat.render.terminal.tables import to_json
from tokstat.results.report import SCHEMA_VERSION, Report
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.study_results import packaged_study

FOLDER = Path(__file__).parents[2] / "docs" / "schema"
KINDS = (
    *("report", "comparison", "corpus", "difference", "encode", "lock", "rank", "study"),
    *("data", "explain", "link", "morphology", "repair", "segmentations", "tokens", "whatif"),
    *("decode", "wordsim"),
)


@cache
def validator(kind: str) -> Any:
    library = need("jsonschema")
    schema = json.loads((FOLDER / name_of(kind)).read_text("utf-8"))
    library.Draft202012Validator.check_schema(schema)
    return library.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def saved(
    modernbert: Tokenizer, bert: Tokenizer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """One result of each kind, as its JSON has it."""
    folder = tmp_path_factory.mktemp("saved")
    words = folder / "words.tsv"
    words.write_text("Tigers\tTiger|s\nswimming\tswim|ing\n", "utf-8")
    small = wrap(SMALL["wordpiece"](), "small")
    results = {
        "report": tokstat.inspect(modernbert, analyzers=["casing", "coverage"]),
        "comparison": tokstat.compare(bert, modernbert, analyzers=["casing", "coverage"]),
        "corpus": tokstat.measure_corpus([bert, modernbert], texts=["Tigers swim.", "\x00"]),
        "difference": tokstat.diff(*(wrap(SMALL[name](), name) for name in sorted(SMALL)[:2])),
        "encode": tokstat.encode([bert, modernbert], ["Tigers swim.", "\ud7ff\t"], classes=True),
        "lock": tokstat.lock(modernbert),
        "study": packaged_study(),
        "link": tokstat.link_published(),
        "repair": tokstat.repair(small, folder / "repaired", prefix_space=True),
        "whatif": packaged_ladders(),
    }
    tables = {
        "rank": tokstat.rank("de"),
        "tokens": tokstat.select_tokens(bert, contains="tiger"),
        "data": tokstat.list_data(),
        "segmentations": tokstat.list_segmentations(),
        "morphology": tokstat.morphology(bert, words),
    }
    score = tokstat.evaluate_wordsim(lambda words: [[len(word), 1.0] for word in words])
    lists = {
        "explain": ("explanations", [vars(each) for each in tokstat.explain()]),
        "decode": ("decoded", [tokstat.decode_ids(bert, [101, 102]).to_dict()]),
        "wordsim": ("models", [score.to_dict()]),
    }
    made = {kind: result.to_json() for kind, result in results.items()}
    made |= {kind: to_json(table) for kind, table in tables.items()}
    for kind, (name, found) in lists.items():
        made[kind] = json.dumps({"schema_version": SCHEMA_VERSION, name: found})
    return {kind: json.loads(text) for kind, text in made.items()}


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


def test_all_kinds_of_a_command_are_valid() -> None:
    ladders = packaged_ladders()
    missing = (MissingTeacher("none", "there is no file"),)
    for result in (ladders.ladders[0], LaddersByTeacher(ladders.ladders, missing), FIX):
        validator("whatif").validate(json.loads(result.to_json()))
    validator("study").validate(json.loads(packaged_grid().to_json()))


@pytest.mark.slow
def test_the_correlations_of_a_study_are_valid() -> None:
    validator("link").validate(json.loads(link_study(packaged_study()).to_json()))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("decode", ("encode", "google-bert/bert-base-uncased", "--decode", "101 102")),
        ("explain", ("explain", "TS501", "corpus")),
        ("tokens", ("tokens", "google-bert/bert-base-uncased", "--sample", "3")),
        ("data", ("data", "list")),
        ("segmentations", ("data", "segmentations")),
        ("link", ("link", "--published")),
    ],
    ids=["decode", "explain", "tokens", "data", "segmentations", "link"],
)
def test_what_a_command_writes_is_valid(kind: str, words: tuple[str, ...], run: Run) -> None:
    validator(kind).validate(json.loads(run(*words, "--json").stdout))


def test_tokens_with_reachability_are_valid(bert: Tokenizer) -> None:
    found = tokstat.select_tokens(bert, reachability="unreachable")
    validator("tokens").validate(json.loads(to_json(found)))
    assert "cause" in found.columns


def _commands(group: click.Group, name: str = "tokstat") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, f"{name} {each}")
        else:
            yield f"{name} {each}", command


def test_every_command_with_json_has_a_schema() -> None:
    titles = [validator(kind).schema["title"] for kind in KINDS]
    known = {
        name
        for name, command in _commands(cli)
        if any("--json" in each.opts for each in command.params)
    }
    assert len(known) >= 15
    lacking = {
        name for name in known if not any(title.startswith(f"What `{name} ") for title in titles)
    }
    assert lacking == set()


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
