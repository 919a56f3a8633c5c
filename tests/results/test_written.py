"""Every result has the same written forms; the suffix of a file sets the form."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.conftest import load_known
from tests.experiments.test_smallest_fix import FIX
from tests.render.terminal.test_repair import REPORT as REPAIR
from tokstat.experiments.by_teacher import StudiesByTeacher
from tokstat.results.written import Written
from tokstat.splitting.split import split_text
from tokstat.wordsim.evaluation import ModelScore, SetScore
from tokstat.wordsim.statistics import Interval

_SET = SetScore("wordsim353", 50.0, Interval(40.0, 60.0), 353, 437, 300, 400, 0, 0)
SCORE = ModelScore("words", None, Interval(40.0, 60.0), 50.0, (_SET,), ("simlex999",), "words")


@pytest.mark.parametrize(
    ("suffix", "format_"),
    [
        ("json", "json"),
        ("md", "markdown"),
        ("HTML", "html"),
        ("htm", "html"),
        ("csv", "csv"),
        ("txt", "terminal"),
    ],
)
def test_the_suffix_sets_the_format(
    suffix: str, format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Written, "writer", staticmethod(lambda _result, name: name))
    Written().save(tmp_path / f"saved.{suffix}")
    assert (tmp_path / f"saved.{suffix}").read_text("utf-8") == format_


def test_a_split_is_saved_and_is_a_page(tmp_path: Path) -> None:
    split = split_text(load_known("modernbert"), "tiger")
    split.save(tmp_path / "split.json")
    assert "8047" in json.dumps(json.loads((tmp_path / "split.json").read_text("utf-8")))
    assert split.to_html().startswith("<!DOCTYPE html>")
    assert split._repr_mimebundle_().keys() == {"text/plain", "text/markdown", "text/html"}


@cache
def results() -> Mapping[str, Written]:
    """One result of every class, by its name."""
    modernbert, bert = load_known("modernbert"), load_known("bert")
    report = tokstat.inspect(bert, analyzers=["casing"])
    found = [
        report,
        tokstat.check(report, tokstat.make_policy(fail_on="error")),
        tokstat.compare(bert, bert, analyzers=["casing"]),
        tokstat.measure_corpus(bert, texts="a tiger"),
        tokstat.encode(bert, ["a tiger", "two tigers"]),
        tokstat.encode(bert, "a tiger")[0],
        tokstat.decode_ids(bert, [1037, 6816]),
        tokstat.replay_steps(modernbert, "tiger"),
        tokstat.explain_splits(modernbert, "tiger"),
        tokstat.diff(bert, bert),
        tokstat.lock(bert),
        tokstat.read_ladder(),
        tokstat.read_ladders(),
        tokstat.read_grid(),
        tokstat.read_study(),
        StudiesByTeacher((tokstat.read_study(),)),
        tokstat.link_study(),
        tokstat.link_published(),
        SCORE,
        REPAIR,
        FIX,
        tokstat.inspect(modernbert, analyzers=["casing"]).findings,
        report.to_table(),
    ]
    return {type(each).__name__: each for each in found}


NAMES = [
    "Comparison",
    "CorpusReport",
    "Decoded",
    "Difference",
    "Findings",
    "GatedReport",
    "Grid",
    "Ladder",
    "LaddersByTeacher",
    "Lock",
    "ModelScore",
    "PublishedLink",
    "Repair",
    "Report",
    "SmallestFix",
    "SplitCauses",
    "Steps",
    "StudiesByTeacher",
    "Study",
    "StudyLink",
    "Table",
    "TextSplit",
    "TextSplits",
]


def test_every_class_of_results_is_tested() -> None:
    for module in pkgutil.walk_packages(tokstat.__path__, "tokstat."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    assert sorted(each.__name__ for each in Written.__subclasses__()) == NAMES
    assert sorted(results()) == NAMES


OTHERS = {"Tokenizer", "Policy", "Subject", "tuple", "list", "Written"}
"""What public functions return that is no result: what others take, and plain values."""


def test_every_public_function_returns_a_result() -> None:
    for name in tokstat.__all__:
        value = getattr(tokstat, name)
        if callable(value) and not isinstance(value, type):
            known = {*NAMES, *OTHERS, "str", "Result"}
            for kind in value.__annotations__["return"].split(" | "):
                assert kind.partition("[")[0] in known, f"{name} returns {kind}"


@pytest.mark.parametrize("name", NAMES)
def test_every_result_has_every_form(name: str, tmp_path: Path) -> None:
    result: Any = results()[name]
    assert repr(result).startswith(f"<{name}")
    assert len(repr(result)) < 400
    assert "\n" not in repr(result)
    shown = result._repr_mimebundle_()
    assert shown.keys() == {"text/plain", "text/markdown", "text/html"}
    assert result._repr_html_() == shown["text/html"]
    assert "<script" not in shown["text/html"]
    assert " id=" not in shown["text/html"]
    assert shown["text/plain"] == tokstat.render_report(result, width=80)
    page = result.to_html()
    assert page.startswith("<!DOCTYPE html>")
    assert page == tokstat.render_report(result, "html")
    json.loads(result.to_json(), parse_constant=pytest.fail)
    assert result.to_table().columns
    assert list(result.to_frame("polars").columns) == list(result.to_table().columns)
    result.save(tmp_path / "saved.json")
    assert (tmp_path / "saved.json").read_text("utf-8").rstrip() == result.to_json().rstrip()
    if name != "Lock":
        result.save(tmp_path / "saved.md")
        assert (tmp_path / "saved.md").read_text("utf-8") == shown["text/markdown"]


def test_a_result_without_numbers_has_no_table() -> None:
    with pytest.raises(NotImplementedError):
        Written().to_table()
