"""Five people's questions are answered by the README's commands, in the first lines."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tools import five_tasks
from tests.tools.five_tasks import ANSWERS, MOST_COMMANDS, PAGE, README, Answer, Run, Task

TASKS = {each.page: each for each in five_tasks.tasks(README.read_text("utf-8"))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    five_tasks.make_folders(tmp_path)
    return tmp_path


@pytest.fixture
def variables(tmp_path: Path) -> Mapping[str, str]:
    """This checkout's command, and no Hub to be reached."""
    if shutil.which("sh") is None:
        pytest.skip("commands are run in a POSIX shell")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}
    return {**five_tasks.here(tmp_path), **offline}


def test_five_questions_have_three_commands_at_most() -> None:
    assert list(TASKS) == list(ANSWERS)
    assert len({each.question for each in TASKS.values()}) == 5
    for page, task in TASKS.items():
        assert 1 <= len(task.commands) == len(ANSWERS[page]) <= MOST_COMMANDS
        assert all(each.startswith("tokstat ") for each in task.commands)


def test_the_times_are_of_these_commands() -> None:
    """The page was written when the README had the commands that it has."""
    text = PAGE.read_text("utf-8")
    part = text.partition("<!-- five tasks -->")[2].partition("<!-- /five tasks -->")[0]
    for task in TASKS.values():
        assert task.question in part
        assert all(f"`{each}`" in part for each in task.commands)


@pytest.mark.slow
@pytest.mark.parametrize("page", TASKS)
def test_a_question_is_answered(page: str, folder: Path, variables: Mapping[str, str]) -> None:
    for command, answer in zip(TASKS[page].commands, ANSWERS[page], strict=True):
        assert five_tasks.run(command, folder, variables).fault(answer) == ""


@pytest.mark.slow
@pytest.mark.parametrize("page", ["diff", "lint"])
def test_a_sound_folder_gets_another_answer(
    page: str, folder: Path, variables: Mapping[str, str]
) -> None:
    shutil.rmtree(folder / "my-model")
    shutil.copytree(folder / "last-release", folder / "my-model")
    for command, answer in zip(TASKS[page].commands, ANSWERS[page], strict=True):
        done = five_tasks.run(command, folder, variables)
        assert done.status == 0, done.errors
        assert done.fault(answer).startswith("status 0")
        assert done.fault(replace(answer, status=0)).startswith("no ")


def test_an_answer_further_down_is_none() -> None:
    lines = [f"line {number}" for number in range(20)]
    run = Run("tokstat", 0, "\n\n".join(lines), "", 0.0, 0.0)
    assert run.fault(Answer(0, "line 1 line 2")) == ""
    assert run.fault(Answer(0, "line 12")) != ""
    assert run.fault(Answer(1, "line 1")) != ""


def test_tasks_are_read_from_a_table_alone() -> None:
    text = "| [Why?](docs/a/b.md) | `tokstat x`<br>`tokstat y z` |\n[Why?](docs/b.md) `tokstat`\n"
    assert five_tasks.tasks(text) == [Task("Why?", "b", ("tokstat x", "tokstat y z"))]
