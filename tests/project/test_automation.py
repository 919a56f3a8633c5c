"""action.yml, the pre-commit hook and docs/gate.md, run as far as one machine can."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tokstat.gate.settings import read_settings

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
PAGE = (ROOT / "docs/gate.md").read_text("utf-8")

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def project(tmp_path: Path, bert_json: bytes) -> Path:
    """A folder with a tokenizer that has one finding, an info, TS103."""
    folder = tmp_path / "project"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "tokenizer.json").write_bytes(bert_json)
    return folder


# The action.


@dataclass(frozen=True)
class Runner:
    """Run an action's steps as the runner of GitHub does: bash -e, a temporary folder, inputs."""

    project: Path
    folder: Path

    def run(self, step: dict[str, Any], **inputs: str) -> subprocess.CompletedProcess[str]:
        given = {name: spec["default"] for name, spec in ACTION["inputs"].items()} | inputs
        environment = {
            name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda match: given[match[1]], value)
            for name, value in step.get("env", {}).items()
        }
        assert "${{" not in step["run"]  # an input written into the script would be run
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.project,
            env={
                **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                **environment,
                "RUNNER_TEMP": str(self.folder),
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_STEP_SUMMARY": str(self.summary),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def summary(self) -> Path:
        return self.folder / "summary.md"


@pytest.fixture
def runner(project: Path, tmp_path: Path) -> Runner:
    folder = tmp_path / "runner"
    folder.mkdir()
    return Runner(project, folder)


@pytest.fixture
def installed(runner: Runner) -> Runner:
    """A runner on which a script that runs this checkout stands where tokstat is installed."""
    script = runner.folder / "tokstat" / "bin" / "tokstat"
    script.parent.mkdir(parents=True)
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m tokstat "$@"\n')
    script.chmod(0o755)
    return runner


INSTALL, INSPECT = ACTION["runs"]["steps"]


@needs_bash
def test_the_action_checks_a_lock(installed: Runner) -> None:
    spec = "model/tokenizer.json"
    assert (
        run_entry("tokstat lock", spec, "-o", "my lock", folder=installed.project).returncode == 0
    )
    given = {"spec": spec, "lock": "my lock", "options": "--analyzer composition"}
    assert installed.run(INSPECT, **given).returncode == 0
    data = json.loads((installed.project / spec).read_bytes())
    (installed.project / spec).write_text(json.dumps({**data, "decoder": None}))
    done = installed.run(INSPECT, **given)
    assert done.returncode == 1
    assert "::error file=model/tokenizer.json,title=decoder::" in done.stdout


@needs_bash
def test_the_action_annotates_and_writes_a_summary(installed: Runner) -> None:
    spec = "model/tokenizer.json"
    done = installed.run(
        INSPECT, spec=spec, options="--max whole_word_ratio=0.5 --fail-on info --select TS103"
    )
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first.startswith("::notice file=model/tokenizer.json,title=TS103::")
    assert second.startswith("::error file=model/tokenizer.json,title=whole_word_ratio::")
    assert "21,256 of 26,702" in second
    assert installed.summary.read_text("utf-8").startswith("# model/tokenizer.json")
    assert "## Gate" in installed.summary.read_text("utf-8")


@needs_bash
def test_the_action_passes_and_leaves_the_summary_alone(installed: Runner) -> None:
    done = installed.run(INSPECT, spec="model/tokenizer.json", summary="false")
    assert done.returncode == 0
    assert not installed.summary.exists()


@pytest.mark.slow
@needs_bash
def test_the_action_takes_the_settings(installed: Runner) -> None:
    text = 'spec = "model/tokenizer.json"\nignore = ["TS1", "TS7", "TS9"]\nfail-on = "info"\n'
    (installed.project / "tokstat.toml").write_text(text)
    done = installed.run(INSPECT)
    assert (done.returncode, done.stdout) == (0, "")
    assert "gate passed" in done.stderr


@needs_bash
def test_inputs_of_the_action_are_no_commands(installed: Runner) -> None:
    """A spec is one word, and options are words: whatever a shell would make of them."""
    for inputs in (
        {"spec": '"; touch taken; echo "'},
        {"spec": "$(touch taken)"},
        {"spec": "--version"},
        {"spec": "model/tokenizer.json", "options": "; touch taken"},
        {"spec": "model/tokenizer.json", "options": "$(touch taken) *"},
    ):
        done = installed.run(INSPECT, summary="false", **inputs)
        assert done.returncode == 2, (inputs, done.stdout)
        assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in installed.project.iterdir()] == ["model"]


@pytest.mark.slow
@needs_bash
def test_the_action_installs_tokstat(runner: Runner) -> None:
    """A wheel of this checkout and what it needs, from PyPI, into an environment of its own."""
    done = runner.run(INSTALL)
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip("PyPI cannot be reached")
    assert done.returncode == 0, done.stderr
    program = "import tokstat; print(tokstat.__file__)"
    python = runner.folder / "tokstat" / "bin" / "python"
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    where = subprocess.run(
        [python, "-c", program],
        cwd=runner.project,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(runner.folder))
    done = runner.run(INSPECT, spec="model/tokenizer.json", options="--fail-on info")
    assert done.returncode == 1, done.stderr
    assert "title=TS103" in done.stdout


# pre-commit.


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(project: Path) -> Path:
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    return project


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_the_hook_runs_on_files_of_tokenizers(hook: dict[str, Any]) -> None:
    names = ["tokenizer.json", "a/b/tokenizer_config.json", "vocab.txt", "merges.txt", "a/x.gguf"]
    names += ["special_tokens_map.json", "added_tokens.json", "tekken.json", "a/tokenizer.model"]
    assert all(re.search(hook["files"], name) for name in names)
    assert bool(re.search(hook["files"], "config.json")) == (hook["id"] == "tokstat-diff")
    for name in ("config.yaml", "tokenizer.py", "model.safetensors", "vocab.md", "README.md"):
        assert not re.search(hook["files"], name)


def run_entry(entry: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a hook's entry as pre-commit does: its words, then the arguments, without a shell."""
    program, *words = entry.split()
    assert program == "tokstat"
    return subprocess.run(
        [sys.executable, "-m", "tokstat", *words, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hook_s_entry_runs(project: Path) -> None:
    hook, _ = HOOKS
    done = run_entry(hook["entry"], "model/tokenizer.json", "--fail-on", "info", folder=project)
    assert done.returncode == 1, done.stderr
    assert "gate failed" in done.stdout
    (project / "tokstat.toml").write_text('spec = "model/tokenizer.json"')
    assert run_entry(hook["entry"], folder=project).returncode == 0


def test_the_hook_of_a_lock_runs(project: Path) -> None:
    _, hook = HOOKS
    lock, spec = "tokenizer.lock.json", "model/tokenizer.json"
    assert run_entry("tokstat lock", spec, "-o", lock, folder=project).returncode == 0
    assert run_entry(hook["entry"], lock, spec, folder=project).returncode == 0
    data = json.loads((project / spec).read_bytes())
    (project / spec).write_text(json.dumps({**data, "normalizer": None}))
    done = run_entry(hook["entry"], lock, spec, folder=project)
    assert (done.returncode, "BertNormalizer" in done.stdout) == (1, True)


@pytest.fixture(scope="session")
def pre_commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pre-commit in an environment of its own, as it is no part of the tests' own."""
    folder = tmp_path_factory.mktemp("pre-commit")
    venv.create(folder, with_pip=True)
    install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "pre-commit"]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"pre-commit cannot be installed: {done.stderr[-200:]}")
    return folder / "bin" / "pre-commit"


def run_pre_commit(
    pre_commit: Path, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    unset = ("PYTHONPATH", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    return subprocess.run(
        [pre_commit, *arguments],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name not in unset},
            "PATH": path,
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit-home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@needs_git
@needs_bash
def test_pre_commit_runs_the_documented_local_hook(
    pre_commit: Path, repository: Path, installed: Runner
) -> None:
    (text,) = (block for block in blocks("yaml") if "repo: local" in block)
    config = yaml.safe_load(text)
    (hook,) = config["repos"][0]["hooks"]
    tokstat = installed.folder / "tokstat" / "bin" / "tokstat"
    hook["entry"] = hook["entry"].replace("tokstat", str(tokstat), 1)
    (repository / "tokenizer.json").write_bytes(
        (repository / "model" / "tokenizer.json").read_bytes()
    )
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(repository, "add", "--all")
    done = run_pre_commit(pre_commit, repository, "run", "--all-files")
    assert done.returncode == 1, done.stdout
    assert "TS103" in done.stdout
    git(repository, "rm", "--quiet", "--cached", "tokenizer.json")
    done = run_pre_commit(pre_commit, repository, "run", "--all-files")
    assert done.returncode == 0, done.stdout
    assert "Skipped" in done.stdout


@pytest.mark.slow
@needs_git
def test_pre_commit_installs_and_runs_the_hook(pre_commit: Path, repository: Path) -> None:
    """From a repository with the files of this checkout, as users take it from one."""
    origin = repository.parent / "origin"
    origin.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, origin)
    shutil.copytree(
        ROOT / "tokstat", origin / "tokstat", ignore=shutil.ignore_patterns("__pycache__")
    )
    git(origin, "init", "--quiet")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "first")
    hook = {"id": "tokstat", "args": ["model/tokenizer.json", "--fail-on", "info"]}
    config = {"repos": [{"repo": str(origin), "rev": "HEAD", "hooks": [hook]}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(repository, "add", "--all")
    done = run_pre_commit(pre_commit, repository, "run", "--all-files")
    assert "gate failed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1
    (repository / "tokstat.toml").write_text('ignore = ["TS1", "TS7", "TS9"]\n')
    done = run_pre_commit(pre_commit, repository, "run", "--all-files")
    assert done.returncode == 0, done.stdout


# The page.


def test_the_settings_of_the_page_are_read(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "tokstat.toml").write_text(text)
    settings = read_settings(tmp_path / "tokstat.toml")
    assert settings.minimum == {"coverage_spaced": 0.6}
    assert settings.fail_on == "warning"


@pytest.mark.slow
def test_the_commands_of_the_page_run_in_their_order(project: Path) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) >= 3
    for command in commands:
        done = run_entry(command, folder=project / "model")
        assert done.returncode == 0, (command, done.stderr)
    assert json.loads((project / "model" / "baseline.json").read_text())["gate"]["passed"]


def test_the_page_s_workflow_gives_inputs_that_the_action_has() -> None:
    (text,) = (block for block in blocks("yaml") if "jobs:" in block)
    steps = yaml.safe_load(text)["jobs"]["tokenizer"]["steps"]
    (used,) = (step for step in steps if "tokstat" in step["uses"])
    assert used["with"].keys() <= ACTION["inputs"].keys()
    assert all(spec["description"] for spec in ACTION["inputs"].values())


@pytest.mark.slow
def test_the_python_of_the_page_runs() -> None:
    (block,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", block],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("False\n[0.517")
