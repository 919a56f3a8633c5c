"""The documentation says what the code does: it is generated from it, or run here."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest

import tokstat
from tests.needs import need
from tests.tools.reference_pages import commands, pages
from tokstat import plots
from tokstat.analyzers.explanations import all_explanations
from tokstat.analyzers.registry import get_analyzers
from tokstat.cli.main import cli
from tokstat.results.explanations import Explanation

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
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


def test_everything_is_explained_with_its_source() -> None:
    """A source is a paper, a library or a measurement that is named, or tokstat's own word."""
    for each in all_explanations():
        require_explained(each)


def require_explained(each: Explanation) -> None:
    assert each.source.strip(), f"{each.name} lacks a source: a paper's, or registry.OWN"
    assert re.search(r"arXiv \d{4}\.\d{5}|RFC \d+|tokstat|measured|seen with", each.source)
    assert len(each.title) > 5
    if each.kind in ("analyzer", "command"):
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


# What the pages show, run or at least parsed.

PAGES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
}

RUN_COMMANDS = """
import json, sys
from tokstat.cli.main import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["tokstat", *arguments]
    try:
        main()
        code = 0
    except SystemExit as done:
        code = done.code or 0
    print("\\0", code, flush=True)
"""


def pages_with(language: str, pattern: str = "") -> list[str]:
    """Name the pages with such blocks."""
    return [
        name
        for name, text in PAGES.items()
        if any(re.search(pattern, block) for block in blocks(text, language))
    ]


def tokstat_commands(text: str) -> list[list[str]]:
    """Return the arguments of each call of tokstat in lines of a shell."""
    lines = text.replace("\\\n", " ").splitlines()
    parts = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]
    found = []
    for words in parts:
        while words:
            end = next((at for at, word in enumerate(words) if word in ("&&", "|")), len(words))
            if words[0] == "tokstat":
                found.append(words[1:end])
            words = words[end + 1 :]
    return found


@pytest.fixture
def project(tmp_path: Path, bert_json: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the pages have it: with a tokenizer.json, and no Hub to be reached."""
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    path = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", pages_with("sh", r"^tokstat|\ntokstat"))
def test_commands_run(name: str, project: Path) -> None:
    """All of a page, one after the other, in one folder; 1 is what a gate may say."""
    found = [each for block in blocks(PAGES[name], "sh") for each in tokstat_commands(block)]
    assert found
    done = subprocess.run(
        [sys.executable, "-c", RUN_COMMANDS, json.dumps(found)],
        input="Tigers swim.\n",  # what a command after a pipe reads
        capture_output=True,
        check=False,
        cwd=project,
        encoding="utf-8",
    )
    codes = re.findall(r"\0 (\d+)", done.stdout)
    assert len(codes) == len(found), done.stderr
    failed = [each for each, code in zip(found, codes, strict=True) if code not in "01"]
    assert not failed, done.stderr


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name == "README.md" else pytest.mark.slow)
        for name in pages_with("python")
        if name != "docs/how_to/notebooks.md"  # tests/project/test_snippets.py runs its cells
    ],
)
def test_python_runs(name: str, project: Path) -> None:
    for block in blocks(PAGES[name], "python"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", block],
            capture_output=True,
            check=False,
            cwd=project,
        )
        assert done.returncode == 0, done.stderr.decode()
        assert name != "README.md" or done.stdout.startswith(b"0.53")


ALL_COMMANDS = [
    command
    for text in PAGES.values()
    for language in ("sh", "console")
    for block in blocks(text, language)
    for command in tokstat_commands(block)
]


def test_commands_parse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those too that need a Hub, data or a model: their options exist and take such values."""
    monkeypatch.chdir(tmp_path)
    for arguments in ALL_COMMANDS:
        parse(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "SPEC", "--beauty"],
        ["inspect", "SPEC", "--fail-on", "never"],
        ["study", "SPEC"],
        ["data", "forget"],
        ["prettify"],
    ],
)
def test_what_does_not_exist_would_be_found(arguments: list[str]) -> None:
    with pytest.raises(click.UsageError):
        parse(arguments)


def test_commands_in_hints_can_be_run() -> None:
    for each in all_explanations():
        for command in re.findall(r"`tokstat ([^`]+)`", each.what_to_do):
            parse(shlex.split(command.replace("NUMBER", "1")))


def parse(arguments: list[str]) -> None:
    """Parse without running. Raises UsageError, but not for files that are not here."""
    command: click.Command = cli
    context = click.Context(cli, info_name="tokstat")
    while isinstance(command, click.Group):
        _, found, arguments = command.resolve_command(context, arguments)
        assert found is not None
        command = found
    try:
        command.make_context(command.name, [*arguments], parent=context)
    except click.BadParameter as error:
        is_path = error.param is not None and isinstance(error.param.type, click.Path)
        if not is_path or "does not exist" not in error.message:
            raise


# What the reference has.


def test_every_name_has_a_page() -> None:
    found = pages()
    folders = {
        "analyzer": "analyzers",
        "command": "measures",
        "metric": "metrics",
        "finding": "findings",
    }
    for each in all_explanations():
        page = found[f"reference/{folders[each.kind]}/{each.name}.md"]
        assert page.startswith(f"# {each.name}\n")
        assert f"tokstat explain {each.name}" in page
        assert f"/{each.name}.md)" in found["reference/index.md"]


def test_every_command_and_option_has_its_place() -> None:
    page = pages()["reference/commands.md"]
    sections = dict(re.findall(r"^## tokstat ([a-z ]+)\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    found = dict(commands(cli))
    assert {tuple(name.split()) for name in sections} == set(found)
    for path, command in found.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                for option in (*parameter.opts, *parameter.secondary_opts):
                    assert option in sections[" ".join(path)], (path, option)


def test_every_public_name_is_in_the_reference() -> None:
    page = pages()["reference/python.md"]
    names = re.findall(r"^::: ([\w.]+)$", page, re.M)
    for name in names:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(module), attribute), name
    assert {*tokstat.__all__, *plots.__all__} == {name.rpartition(".")[2] for name in names}


def test_every_page_and_plot_can_be_found() -> None:
    """The navigation names each page of the folder, and the page on plots each plot."""
    text = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]
    named = set(re.findall(r"([\w/]+\.md)$", text, re.M))
    written = {name.removeprefix("docs/") for name in PAGES if name.startswith("docs/")}
    assert {name for name in named if not name.startswith("reference/")} == written
    page = PAGES["docs/how_to/notebooks.md"]
    assert all(f"`{name}`" in page for name in plots.__all__ if name != "save")
    assert all(f"`{path.name}`" in page for path in ROOT.glob("notebooks/*.ipynb"))


def test_links_between_files_lead_somewhere() -> None:
    for name, page in PAGES.items():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page):
            if "reference/" not in target:
                assert ((ROOT / name).parent / target).exists(), (name, target)


@pytest.mark.slow
def test_the_site_builds_and_its_pages_ask_no_network(tmp_path: Path) -> None:
    need("mkdocs")
    need("mkdocstrings")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()
    built = sorted(tmp_path.rglob("*.html"))
    assert len(built) > len(all_explanations())
    for path in built:
        page = path.read_text("utf-8")
        assert not re.search(r"<(?:script|img|iframe)[^>]+src=.?(?:https?:)?//", page), path
        assert not re.search(r"<link[^>]+stylesheet[^>]+href=.?(?:https?:)?//", page), path


def test_the_glossary_is_in_order_and_links_to_definitions() -> None:
    entries = re.findall(
        r"^\*\*(.+?)\.\*\* (.*?)(?=^\*\*|\Z)", PAGES["docs/glossary.md"], re.M | re.S
    )
    terms = [unicodedata.normalize("NFD", term).casefold() for term, _ in entries]
    assert len(terms) > 40
    assert terms == sorted(terms)
    assert [term for term, text in entries if not re.search(r"\]\([^)]+\.md", text)] == []
    for target in re.findall(r"\(reference/\w+/(\w+)\.md\)", PAGES["docs/glossary.md"]):
        assert any(each.name == target for each in all_explanations()), target
