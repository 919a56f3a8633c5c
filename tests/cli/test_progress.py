"""Progress is for terminals alone, and knows the rate and the time left."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

import tokstat
from tests.conftest import Run
from tokstat.analyzers.registry import get_analyzers
from tokstat.cli import progress
from tokstat.wordsim.sets import ALL_SETS
from tokstat.wordsim.store import load_sets

Bar = Callable[[int, int], None] | None


def with_stderr(*, terminal: bool) -> SimpleNamespace:
    """Stand in for the module sys, whose stderr is a terminal or none."""
    return SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: terminal))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until a test moves it; stderr is a terminal."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(progress, "sys", with_stderr(terminal=True))
    return now


@pytest.mark.parametrize("bar", [progress.bar, progress.byte_bar])
def test_what_is_no_terminal_sees_nothing(
    bar: Callable[[], Bar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "sys", with_stderr(terminal=False))
    assert bar() is None


def test_texts_are_counted_by_the_second(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    show = progress.bar()
    assert show is not None
    clock[0] += 2
    show(1000, 5000)
    shown = capsys.readouterr().err
    assert "1,000 of 5,000" in shown
    assert "500 texts/s" in shown
    assert "8 s left" in shown
    assert not shown.endswith("\n")
    show(5000, 5000)
    assert capsys.readouterr().err.endswith("\n")


def test_a_new_count_has_a_new_start(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    show = progress.bar()
    assert show is not None
    clock[0] += 10
    show(1000, 1000)
    show(0, 400)
    clock[0] += 1
    capsys.readouterr()
    show(100, 400)
    assert "100 texts/s, 3 s left" in capsys.readouterr().err


def test_bytes_are_counted_in_megabytes(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    show = progress.byte_bar()
    assert show is not None
    clock[0] += 4
    show(20_000_000, 60_000_000)
    shown = capsys.readouterr().err
    assert "20 of 60 MB" in shown
    assert "5.0 MB/s" in shown
    assert "8 s left" in shown


def on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, patience: float, *, terminal: bool = True
) -> StringIO:
    """Let stderr be a terminal, or none, that keeps what is written."""
    stderr = StringIO()
    monkeypatch.setattr(stderr, "isatty", lambda: terminal)
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr(progress, "_PATIENCE", patience)
    monkeypatch.setattr(progress, "_INTERVAL", 0.01)
    return stderr


def wait_for(text: str, stderr: StringIO) -> None:
    for _ in range(1000):
        if text in stderr.getvalue():
            return
        time.sleep(0.01)
    pytest.fail(f"no {text!r} in {stderr.getvalue()!r}")


def test_what_takes_long_tells_its_steps_and_leaves_no_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stderr = on_a_terminal(monkeypatch, 0.01)
    logger = logging.getLogger("tokstat.api.somewhere")
    level = logging.getLogger("tokstat").level
    with progress.telling():
        logger.info("first of %d steps", 2)
        wait_for("\rfirst of 2 steps … 0 s", stderr)
        logger.info("the\nsecond" + " and more" * 100)
        wait_for("second and more", stderr)
    lines = stderr.getvalue().split("\r")
    assert lines[-1] == ""
    assert lines[-2].strip() == ""
    assert len(lines[-2]) >= len(lines[-3].rstrip())
    assert max(map(len, lines)) < shutil.get_terminal_size().columns
    assert "\n" not in stderr.getvalue()
    assert logging.getLogger("tokstat").level == level
    assert logging.getLogger("tokstat").handlers == []


def test_what_is_quick_or_no_terminal_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = on_a_terminal(monkeypatch, 60)
    with progress.telling():
        pass
    assert stderr.getvalue() == ""
    stderr = on_a_terminal(monkeypatch, 0, terminal=False)
    with progress.telling():
        time.sleep(0.05)
    assert stderr.getvalue() == ""


def test_an_interruption_ends_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = on_a_terminal(monkeypatch, 0.01)

    @progress.telling()
    def interrupted() -> None:
        wait_for("starting", stderr)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert stderr.getvalue().endswith("\r")


def test_inspect_names_what_it_does(
    monkeypatch: pytest.MonkeyPatch, bert_json: bytes, tmp_path: Path
) -> None:
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    found: list[str] = []
    monkeypatch.setattr(progress._Step, "emit", lambda _, record: found.append(record.getMessage()))
    on_a_terminal(monkeypatch, 60)
    with progress.telling():
        tokstat.inspect(tmp_path, analyzers=["coverage", "casing"])
    titles = [each.title for each in get_analyzers(["coverage", "casing"])]
    assert found[0] == f"loading {tmp_path}"
    assert {line.partition(": ")[2] for line in found[1:]} == {*titles}


def test_the_line_of_steps_ends_where_bytes_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both are written over the line before, so that they may not alternate."""
    stderr = on_a_terminal(monkeypatch, 0.01)
    with progress.telling() as end:
        wait_for("starting", stderr)
        show = progress.byte_bar(end)
        assert show is not None
        show(1_000_000, 2_000_000)
        counted = stderr.getvalue()
        time.sleep(0.1)
        show(2_000_000, 2_000_000)
    assert stderr.getvalue().startswith(counted)
    assert "starting" not in stderr.getvalue()[len(counted) :]


def test_the_next_step_is_shown_after_texts_were_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = on_a_terminal(monkeypatch, 0.01)
    logger = logging.getLogger("tokstat.distillation.somewhere")
    with progress.telling() as hold:
        show = progress.bar(hold)
        assert show is not None
        show(400, 400)
        logger.info("measuring")
        wait_for("measuring", stderr)
        logger.info("a library's bar", extra={"shows_itself": True})
        shown = stderr.getvalue()
        time.sleep(0.05)
    assert stderr.getvalue() == shown
    assert shown.endswith("\r")


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        (("encode", "SPEC", "--text", "they swim", "--why"), ["loading", "splitting", "finding"]),
        (("encode", "SPEC", "--text", "they swim", "--steps"), ["loading", "splitting", "replay"]),
        pytest.param(
            ("repair", "SPEC", "-o", "out", "--decase"),
            ["loading", "changing"],
            marks=pytest.mark.slow,
        ),
        (("morphology", "SPEC", "--segmentations", "words.tsv"), ["loading", "splitting"]),
        (("wordsim", "vectors.txt"), ["loading the model", "measuring"]),
        (("corpus", "SPEC", "vectors.txt"), ["loading"]),
        pytest.param(
            ("link",),
            ["correlating published scores", "correlating the scores of the study"],
            marks=pytest.mark.slow,
        ),
    ],
    ids=lambda each: "-".join(each[:1]),
)
def test_commands_that_may_take_long_tell_their_steps(
    arguments: tuple[str, ...],
    steps: list[str],
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    bert_json: bytes,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    (tmp_path / "words.tsv").write_text("swimming\tswim|ming\n")
    words = [word for each in load_sets(ALL_SETS)[0] for word in each.words]
    lines = [f"{word} {place % 7} {place % 5}" for place, word in enumerate(dict.fromkeys(words))]
    (tmp_path / "vectors.txt").write_text("\n".join(lines) + "\n")
    found: list[str] = []

    @contextmanager
    def telling() -> Iterator[Callable[[], None]]:
        logger, step = logging.getLogger("tokstat"), progress._Step()
        monkeypatch.setattr(step, "emit", lambda record: found.append(record.getMessage()))
        logger.addHandler(step)
        logger.setLevel(logging.INFO)
        yield lambda: None
        logger.removeHandler(step)
        logger.setLevel(logging.NOTSET)

    monkeypatch.setattr(progress, "telling", telling)
    outcome = run(*(str(tmp_path) if each == "SPEC" else each for each in arguments))
    assert outcome.code == 0, outcome.stderr
    assert len(found) == len(steps)
    assert all(line.startswith(step) for line, step in zip(found, steps, strict=True)), found
