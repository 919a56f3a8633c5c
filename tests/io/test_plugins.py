"""A second distribution with an analyzer, built and installed by pip, and what breaks one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.needs import need
from tests.small_tokenizers import written
from tokstat.analyzers.registry import all_analyzers

ROOT = Path(__file__).parents[2]

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "tokstat-vowels"
version = "1.0"

[project.entry-points."tokstat.analyzers"]
vowels = "tokstat_vowels:vowels"

[tool.hatch.build.targets.wheel]
include = ["tokstat_vowels.py"]
"""

MODULE = '''\
"""Tokens without a vowel."""

import numpy as np

from tokstat.analyzers import MetricType, Result, Rule, Subject, analyzer

VOWELLESS = MetricType(
    "vowelless_ratio",
    "ratio",
    "ASCII words without a, e, i, o, u or y, over alphabetic tokens",
    "made for a test",
)
NO_VOWEL = Rule(
    "VW101",
    "error",
    "Tokens without a vowel",
    "Nobody can say them.",
    "Buy a vowel.",
    "a game show",
)


@analyzer("vowels", title="Vowels", metrics=(VOWELLESS,), rules=(NO_VOWEL,))
def vowels(subject: Subject) -> Result:
    """Count tokens that have no vowel."""
    vocabulary = subject.vocabulary
    rows = vocabulary.alphabetic_rows
    texts = ((row, vocabulary.texts[row]) for row in rows.tolist())
    bare = [row for row, text in texts if text.isascii() and not set("aeiouyAEIOUY") & set(text)]
    ids = vocabulary.ids[bare].tolist()
    return Result(
        metrics=(VOWELLESS.ratio(len(ids), len(rows)),),
        findings=(NO_VOWEL.found(f"{len(ids)} tokens have no vowel.", ids),) if ids else (),
    )
'''


def install(source: Path, target: Path) -> Path:
    """Build the distribution with hatchling, and install its wheel, as pip does for a user."""
    if shutil.which("pip", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("this environment has no pip")
    need("hatchling")
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "install", "--quiet", *offline]
    done = subprocess.run(
        [*command, "--target", str(target), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


def make_distribution(folder: Path, module: str, project: str = PROJECT) -> Path:
    folder.mkdir()
    (folder / "pyproject.toml").write_text(project)
    (folder / "tokstat_vowels.py").write_text(module)
    return folder


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the second distribution is installed in."""
    folder = tmp_path_factory.mktemp("plugin")
    return install(make_distribution(folder / "source", MODULE), folder / "site")


@pytest.fixture(scope="module")
def bert_file(tmp_path_factory: pytest.TempPathFactory, bert_json: bytes) -> Path:
    file = tmp_path_factory.mktemp("bert") / "tokenizer.json"
    file.write_bytes(bert_json)
    return file


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("small") / "tokenizer.json"
    file.write_text(written("wordpiece"), "utf-8")
    return file


def tokstat(plugin: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), str(plugin)])
    return subprocess.run(
        [sys.executable, "-m", "tokstat", *arguments],
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def vowelless(bert_json: bytes) -> list[int]:
    """Count from the file itself, with no part of tokstat."""
    vocabulary: dict[str, int] = json.loads(bert_json)["model"]["vocab"]
    texts = {index: token.removeprefix("##") for token, index in vocabulary.items()}
    words = {index: text for index, text in texts.items() if text.isascii() and text.isalpha()}
    return sorted(index for index, text in words.items() if not set("aeiouy") & set(text))


def test_inspect_runs_it_with_the_others(plugin: Path, bert_file: Path, bert_json: bytes) -> None:
    done = tokstat(plugin, "inspect", str(bert_file), "--json", "--select", "VW")
    assert done.returncode == 0, done.stderr
    sections = {each["analyzer"]: each for each in json.loads(done.stdout)["sections"]}
    assert list(sections)[-2:] == ["vowels", "reference_tokenizers"]
    assert len(sections) > 5
    (metric,) = sections["vowels"]["metrics"]
    (finding,) = sections["vowels"]["findings"]
    assert finding["code"] == "VW101"
    assert metric["numerator"] == len(finding["token_ids"])
    assert finding["token_ids"] == vowelless(bert_json)
    assert len(finding["token_ids"]) > 100


@pytest.mark.slow
def test_the_gate_knows_its_code_and_metric(plugin: Path, small_file: Path) -> None:
    run = ("inspect", str(small_file), "--analyzer", "vowels")
    assert tokstat(plugin, *run, "--fail-on", "error").returncode == 1
    assert tokstat(plugin, *run, "--fail-on", "error", "--ignore", "VW1").returncode == 0
    assert tokstat(plugin, *run, "--max", "vowelless_ratio=0.01").returncode == 1
    assert tokstat(plugin, *run, "--max", "vowelless_ratio=0.99").returncode == 0
    assert "vowelless_ratio" in tokstat(plugin, *run, "--max", "vowel_ratio=0.5").stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("VW101", ["Nobody can say them", "Buy a vowel", "a game show", "tokstat_vowels"]),
        ("vowelless_ratio", ["without a, e, i, o, u or y", "made for a test", "ratio"]),
        ("vowels", ["Count tokens that have no vowel", "VW101", "vowelless_ratio"]),
    ],
)
def test_explain_explains_it(plugin: Path, name: str, told: list[str]) -> None:
    done = tokstat(plugin, "explain", name)
    assert done.returncode == 0, done.stderr
    assert all(part in done.stdout for part in told)


def test_explain_lists_what_it_has(plugin: Path) -> None:
    listed = tokstat(plugin, "explain").stdout
    assert all(name in listed for name in ("VW101", "vowelless_ratio", "vowels"))


def test_tokens_lists_its_tokens(plugin: Path, small_file: Path) -> None:
    found = tokstat(plugin, "inspect", str(small_file), "--json", "--analyzer", "vowels")
    ids = json.loads(found.stdout)["sections"][0]["findings"][0]["token_ids"]
    done = tokstat(plugin, "tokens", str(small_file), "--finding", "VW101", "--json")
    assert json.loads(done.stdout)["columns"]["id"] == ids


def test_without_it_nothing_is_there(small_file: Path, tmp_path: Path) -> None:
    assert tokstat(tmp_path, "explain", "VW101").returncode == 2


BROKEN = {
    "a module that raises": "raise RuntimeError('first\\nsecond')",
    "a module that exits": "import sys\nsys.exit(3)",
    "a module of no Python": "def (",
    "a missing module": "import nothing_such_at_all",
    "no such name": "other = 5",
    "no analyzer": "vowels = len",
    "a used id": MODULE.replace('analyzer("vowels"', 'analyzer("casing"'),
    "a used code": MODULE.replace("VW101", "TS101"),
    "a used metric": MODULE.replace("vowelless_ratio", "whole_word_ratio"),
    "a function that raises": MODULE.replace("vocabulary = subject.vocabulary", "1 / 0"),
    "no result": MODULE.replace("    vocabulary = subject.vocabulary", "    return 5"),
    "an undeclared metric": MODULE.replace("metrics=(VOWELLESS,), rules", "rules"),
    "an undeclared code": MODULE.replace(", rules=(NO_VOWEL,)", ""),
    "not a number": MODULE.replace(
        "VOWELLESS.ratio(len(ids), len(rows))", "VOWELLESS.value(1e999)"
    ),
    "a number of numpy": MODULE.replace(
        "VOWELLESS.ratio(len(ids), len(rows))", "VOWELLESS.value(np.int64(5))"
    ),
    "a wrong call of the decorator": MODULE.replace('title="Vowels"', 'titles="Vowels"'),
}


Use = Callable[[str], None]


@pytest.fixture
def use(plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Put another module into the installed distribution, as a bad release would, and see it."""

    def use_module(text: str) -> None:
        site = tmp_path / "site"
        shutil.copytree(plugin, site, ignore=shutil.ignore_patterns("__pycache__"))
        (site / "tokstat_vowels.py").write_text(text)
        monkeypatch.syspath_prepend(site)
        all_analyzers.cache_clear()

    yield use_module
    monkeypatch.undo()
    sys.modules.pop("tokstat_vowels", None)
    all_analyzers.cache_clear()


def test_the_module_of_these_tests_is_good_but_for_its_fault(
    use: Use, run: Run, small_file: Path
) -> None:
    use(MODULE)
    assert run("inspect", str(small_file), "--json", "--analyzer", "vowels").code == 0


@pytest.mark.parametrize("module", BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_one_line(
    use: Use, run: Run, small_file: Path, tmp_path: Path, module: str
) -> None:
    assert module != MODULE
    use(module)
    out = tmp_path / "out.json"
    options = ("--json", "--analyzer", "vowels", "-o", str(out))
    assert "vowels" in run("inspect", str(small_file), *options).refusal
    if out.exists():  # the plug-in loads, and its function fails: the report is kept
        (section,) = json.loads(out.read_text("utf-8"))["sections"]
        assert [finding["code"] for finding in section["findings"]] == ["TS190"]


def test_a_table_that_is_no_json_is_one_line(use: Use, run: Run, small_file: Path) -> None:
    table = "tables=(Table('t', 'T', {'c': (np.int64(5),)}),), metrics=(VOWELLESS.ratio"
    use(
        "from tokstat.results.report import Table\n"
        + MODULE.replace("metrics=(VOWELLESS.ratio", table)
    )
    refusal = run("inspect", str(small_file), "--json", "--analyzer", "vowels").refusal
    assert "JSON" in refusal
