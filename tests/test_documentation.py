"""The documentation says what the code does: it is generated from it, or run here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tokstat.analyzers.registry import get_analyzers
from tokstat.cli.main import cli
from tokstat.explanations import Explanation, all_explanations

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/tools/build_docs.py"), "--check"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_every_metric_and_finding_is_defined() -> None:
    page = (ROOT / "docs/definitions.md").read_text("utf-8")
    for analyzer in get_analyzers():
        assert f"(`{analyzer.id}`)" in page
        assert all(f"| `{metric.name}` |" in page for metric in analyzer.metrics)
        assert all(f"### {rule.code}: {rule.title}" in page for rule in analyzer.rules)


@pytest.mark.parametrize("each", all_explanations(), ids=lambda each: each.name)
def test_everything_is_explained_with_its_source(each: Explanation) -> None:
    """A source is a paper, a library or a measurement that is named, or tokstat's own word."""
    assert each.source.strip(), f"{each.name} lacks a source: a paper's, or registry.OWN"
    assert re.search(r"arXiv \d{4}\.\d{5}|RFC \d+|tokstat|measured|seen with", each.source)
    assert len(each.title) > 5
    if each.kind == "analyzer":
        assert each.meaning.splitlines()[0].endswith("."), "the docstring is its documentation"
        assert each.related, "an analyzer declares a metric or a rule"
    elif each.kind == "metric":
        assert each.unit
        assert "\n" not in each.title, "a definition fits one line"
    else:
        assert re.fullmatch(r"TS[1-9]\d{2}", each.name)
        assert each.meaning.endswith("."), "a rationale is a sentence"
        assert each.what_to_do.endswith("."), "a hint is a sentence"


def test_finding_codes_are_unique() -> None:
    codes = [rule.code for analyzer in get_analyzers() for rule in analyzer.rules]
    assert len(codes) == len(set(codes)) >= 8


def test_every_command_is_in_the_readme() -> None:
    assert all(f"tokstat {name}" in README for name in cli.commands)


def test_every_option_has_a_help_text() -> None:
    for command in cli.commands.values():
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), (command.name, parameter.name)


@pytest.mark.parametrize("block", blocks(README, "python"))
def test_python_in_the_readme_runs(block: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block],
        capture_output=True,
        check=False,
        env={**__import__("os").environ, "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"0.45")


@pytest.mark.parametrize(
    "command",
    [
        line.partition("#")[0].strip()
        for block in blocks(README, "sh")
        for line in block.splitlines()
        if line.startswith("tokstat ")
    ],
)
def test_commands_in_the_readme_run(command: str) -> None:
    program = "from tokstat.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *command.split()[1:]],
        capture_output=True,
        check=False,
        env={**__import__("os").environ, "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout


def test_the_analyzer_that_contributing_shows_works() -> None:
    from tests.conftest import BUNDLED
    from tokstat.analyzers.registry import Analyzer
    from tokstat.lexicon import load_lexicon
    from tokstat.loading.bundled import load_bundled
    from tokstat.subject import Subject

    (block,) = blocks(CONTRIBUTING, "python")
    names: dict[str, object] = {}
    exec(compile(block, "CONTRIBUTING.md", "exec"), names)
    repetition = names["repetition"]
    assert isinstance(repetition, Analyzer)
    name = BUNDLED["modernbert"]
    section = repetition(Subject(load_bundled(name, name, ""), load_lexicon()))
    (finding,) = section.findings
    assert section.metric("repeated_tokens").value == len(finding.token_ids) > 100
