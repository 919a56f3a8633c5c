"""The recipes of CONTRIBUTING.md: their code, put where they say, passes the checks they name."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
RECIPES = {
    title: section
    for title, section in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
    if title.startswith("Add ")
}

MODULE = re.compile(r"`([\w/]+\.py)`:\n\n```python\n(.*?)^```$", re.M | re.S)
"""A file, and the name that the sentence before it gives it."""

CHANGES = re.compile(r"^```diff\n(.*?)^```$", re.M | re.S)
COMMANDS = re.compile(r"^```bash\n(.*?)^```$", re.M | re.S)
REGISTRATION = re.compile(
    r'^```toml\n\[project\.entry-points\."(.+)"\]\n(\w+ = "([\w.]+):(\w+)")\n```$', re.M
)


def apply(changes: str, folder: Path) -> None:
    """Apply a diff whose hunks are known by their text: `+++ FILE`, and `@@` between hunks."""
    for name, hunks in re.findall(r"^\+\+\+ ([^\n]+)\n(.*?)(?=^\+\+\+ |\Z)", changes, re.M | re.S):
        file = folder / name
        text = file.read_text("utf-8")
        for hunk in hunks.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            before = "\n" + "".join(line[1:] for line in lines if line[0] != "+").removesuffix("\n")
            after = "\n" + "".join(line[1:] for line in lines if line[0] != "-").removesuffix("\n")
            assert text.count(before) == 1, f"{name} has no one place for:\n{hunk}"
            text = text.replace(before, after)
        file.write_text(text, "utf-8")


def test_there_is_a_recipe_for_each_kind() -> None:
    kinds = ["an analyzer", "a loader", "a corpus metric", "a command"]
    assert list(RECIPES) == [f"Add {kind}" for kind in kinds]
    for section in RECIPES.values():
        assert MODULE.findall(section) or CHANGES.findall(section)
        assert len(COMMANDS.findall(section)) == 1
    assert all(len(MODULE.findall(RECIPES[f"Add {kinds[index]}"])) == 1 for index in (0, 1, 3))
    assert TEXT.count("```python") == sum(len(MODULE.findall(each)) for each in RECIPES.values())


@pytest.mark.parametrize("title", RECIPES)
def test_what_is_registered_is_there(title: str) -> None:
    """A recipe's entry point names the module of the recipe, and what that defines."""
    for _, line, module, attribute in REGISTRATION.findall(RECIPES[title]):
        ((file, code),) = MODULE.findall(RECIPES[title])
        assert Path(file).stem == module.rpartition(".")[2]
        assert re.search(rf"^(def )?{attribute}\b", code, re.M), line


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which somebody has followed every recipe."""
    folder = tmp_path_factory.mktemp("contributing") / "tokstat"
    ignored = shutil.ignore_patterns("__pycache__", "crashers")
    for name in ("tokstat", "tests", "docs", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("README.md", "CONTRIBUTING.md", "mkdocs.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    for section in RECIPES.values():
        for file, code in MODULE.findall(section):
            assert not (folder / file).exists()
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(code, "utf-8")
        for changes in CHANGES.findall(section):
            apply(changes, folder)
    (_, line, module, _) = REGISTRATION.findall(RECIPES["Add a loader"])[0]
    package = module.partition(".")[0]
    (folder / package / "__init__.py").write_text('"""A distribution of one\'s own."""\n')
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[tokstat.loaders]\n{line.replace(chr(34), '')}\n")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("title", RECIPES)
def test_its_commands_succeed(title: str, project: Path) -> None:
    """They are run as they stand, with this Python and the copy's tokstat."""
    programs = Path(sys.executable).parent
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    for name in ("ruff", "mypy", "bash"):
        if shutil.which(name, path=path) is None:
            pytest.skip(f"no {name}: pip install 'tokstat-toolkit[lint]'")
    (commands,) = COMMANDS.findall(RECIPES[title])
    script = f'set -eo pipefail\ntokstat() {{ python -m tokstat "$@"; }}\n{commands}'
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        check=False,
        cwd=project,
        encoding="utf-8",
        env={**os.environ, "PATH": path, "PYTHONPATH": str(project), "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
