"""No text of a result, wherever it stands, reaches a terminal, a page or a table as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import tokstat
from tests.conftest import wrap
from tests.experiments.test_smallest_fix import FIX
from tests.render.html.test_markup import Reader
from tests.small_tokenizers import SMALL
from tokstat.api.reports import Format, Result
from tokstat.corpus.reading.documents import Reading
from tokstat.errors import TokstatError
from tokstat.experiments.by_teacher import StudiesByTeacher
from tokstat.experiments.ladder import read_ladder
from tokstat.experiments.study_link import link_study
from tokstat.render.github.annotations import render_github
from tokstat.render.terminal import tables
from tokstat.render.terminal.ladder import render_ladder
from tokstat.render.terminal.published_link import render_link
from tokstat.render.terminal.repair import render_repair
from tokstat.render.terminal.study import render_study, render_study_link
from tokstat.render.terminal.wordsim import render_scores
from tokstat.render.verdict import verdict_lines
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.study_results import read_study

HOSTILE = "\x1b[31m\u202e\x07\nINJECTED<injected>\u2028|[x](javascript:y)\ud800"
HOSTILE += " @octocat octo/repo#7 GH-8 www.evil.invalid http://evil.invalid me@evil.invalid "


class Place(NamedTuple):
    """A field of a class; of a mapping, the values under one key."""

    of: str
    field: str
    key: str | None = None


def places(value: Any, place: Place | None = None) -> Iterator[Place]:
    """Find every place of a result that holds text."""
    if isinstance(value, str) and place is not None:
        yield place
    elif is_dataclass(value):
        for each in fields(value):
            yield from places(getattr(value, each.name), Place(type(value).__name__, each.name))
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from places(held, place._replace(key=str(key)) if place else None)
    elif isinstance(value, (tuple, list)):
        for held in value:
            yield from places(held, place)


def poisoned(value: Any, where: Collection[Place], here: Place | None = None) -> Any:
    """Return a result with the hostile text behind each text of these places."""
    if isinstance(value, str):
        return value + HOSTILE if here in where else value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: poisoned(
                getattr(value, each.name), where, Place(type(value).__name__, each.name)
            )
            for each in fields(value)
            if each.init
        }
        return replace(value, **changed)
    if isinstance(value, Mapping):
        return {
            key: poisoned(held, where, here._replace(key=str(key)) if here else None)
            for key, held in value.items()
        }
    if isinstance(value, (tuple, list)):
        return type(value)(poisoned(held, where, here) for held in value)
    return value


def as_lines(text: str) -> None:
    assert all(character.isprintable() or character == "\n" for character in text)
    assert not [line for line in text.split("\n") if line.startswith("INJECTED")]


def as_markdown(text: str) -> None:
    as_lines(text)
    assert "INJECTED<inj" not in text
    assert "[x](java" not in text
    assert not LINKED_BY_GITHUB.findall(text)


LINKED_BY_GITHUB = re.compile(
    r"@octocat|#7|GH-8|www\.evil|http://evil|me@evil"  # of HOSTILE, where nothing is between
)


def as_page(text: str) -> None:
    assert all(character.isprintable() or character in "\n" for character in text)
    assert text.isascii()
    read = Reader(text)
    assert "injected" not in {tag for tag, _ in read.elements}
    links = [held.get("href") or "" for _, held in read.elements]
    assert not [link for link in links if "javascript:" in link]


def as_json(text: str) -> None:
    assert text.isascii()
    assert "\x1b" not in text


def reread(result: Result, folder: Path) -> Result:
    """Return a result as it is read back from its JSON."""
    path = folder / "saved.json"
    path.write_text(tokstat.render_report(result, "json"), "utf-8")
    return tokstat.load_result(path)


CHECKS = {"terminal": as_lines, "markdown": as_markdown, "html": as_page, "json": as_json}


@pytest.fixture(scope="module")
def one() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "org/one")


@pytest.fixture(scope="module")
def other() -> Tokenizer:
    return wrap(SMALL["wordpiece"](), "org/other")


@pytest.fixture(scope="module")
def saved(
    one: Tokenizer, other: Tokenizer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Return what is read back from JSON that anybody may have written."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in {"en": b"The tiger\n", "de": b"Der Tiger\n", "bad": b"\xff\n"}.items():
        (folder / name).mkdir()
        (folder / name / "text.txt").write_bytes(text)
    files = {name: folder / name / "text.txt" for name in ("en", "de", "bad")}
    reading = Reading(group="folder")
    return {
        "report": tokstat.inspect(one),
        "comparison": tokstat.compare(one, other),
        "corpus": tokstat.measure_corpus([one, other], [*files.values()], reading=reading),
        "parallel corpus": tokstat.measure_corpus(
            [one, other], [files["en"], files["de"]], reading=reading, aligned=True
        ),
    }


def batches(result: Any) -> list[set[Place]]:
    """Return all places at once but those that may be looked up by, and each of these alone."""
    found = set(places(result))
    keys = {
        place
        for place in found
        if place.field in ("name", "severity", "spec") or place.key == "tokenizer"
    }
    return [found - keys, *({key} for key in sorted(keys))]


@pytest.mark.parametrize("format_", CHECKS)
@pytest.mark.parametrize("kind", ["report", "comparison", "corpus", "parallel corpus"])
def test_saved_results(kind: str, format_: Format, saved: dict[str, Any], tmp_path: Path) -> None:
    first, *others = batches(saved[kind])
    assert len(first) > 10
    for where in (first, *others):
        try:
            result = reread(poisoned(saved[kind], where), tmp_path)
            text = tokstat.render_report(result, format_, width=100, verbose=True)
        except TokstatError:
            assert where != first
            continue
        CHECKS[format_](text)
        assert text.count("INJECTED") > len(where) / 2 or where != first


@pytest.fixture(scope="module")
def others(
    one: Tokenizer, other: Tokenizer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Any, Callable[[Any], str]]]:
    """Return results that are shown when they are made, with what writes each as text."""
    study = read_study(Path(str(files("tokstat") / "data" / "study.json")))
    policy = tokstat.make_policy(minimum={"whole_word_ratio": 1}, fail_on="info")
    gated = tokstat.check(tokstat.inspect(one), policy)
    folder = tmp_path_factory.mktemp("repair") / "out"
    tokens = tokstat.select_tokens(other, sample=20)
    return {
        "ladder": (read_ladder(), render_ladder),
        "ladders": (tokstat.read_ladders(), tokstat.render_report),
        "studies": (StudiesByTeacher((study,)), tokstat.render_report),
        "smallest fix": (FIX, tokstat.render_report),
        "trained alike": (tokstat.read_grid(), tokstat.render_report),
        "study": (study, render_study),
        "link of a study": (link_study(study), render_study_link),
        "published link": (tokstat.link_published(), render_link),
        "scores": (tokstat.evaluate_wordsim(lambda words: np.eye(len(words))), scores_text),
        "repair": (tokstat.repair(other, folder, decase=True), render_repair),
        "verdict": (gated.verdict, lambda verdict: "\n".join(verdict_lines(verdict))),
        "annotations": (gated, render_github),
        "tokens": (tokens, tables.to_text),
        "grid": (tokens, tables.to_grid),
    }


def scores_text(score: Any) -> str:
    return render_scores([score])


KINDS = {
    "ladder": 6,
    "ladders": 6,
    "studies": 3,
    "smallest fix": 6,
    "trained alike": 4,
    "study": 4,
    "link of a study": 4,
    "published link": 3,
    "scores": 3,
    "repair": 4,
    "verdict": 5,
    "annotations": 6,
    "tokens": 4,
    "grid": 4,
}
"""How many places with text each has at least."""


@pytest.mark.parametrize("kind", KINDS)
def test_other_results(kind: str, others: dict[str, tuple[Any, Callable[[Any], str]]]) -> None:
    result, render = others[kind]
    found = set(places(result))
    shown = 0
    for place in found:
        try:
            text = render(poisoned(result, {place}))
        except (LookupError, RuntimeError, ValueError):
            continue  # a name that something else is looked up by
        as_lines(text)
        shown += "INJECTED" in text
    assert shown >= KINDS[kind]
