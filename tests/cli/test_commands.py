"""The commands on a good tokenizer: what goes to stdout, to a file, and the exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tokstat.cli.main import cli, main
from tokstat.io.limits import NAMES


@pytest.fixture
def spec(tmp_path: Path, bert_json: bytes) -> str:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(bert_json)
    return str(file)


SLOW_ENCODINGS = [
    pytest.param(name, marks=pytest.mark.slow) for name in ("latin-1", "cp1252", "utf-8")
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def as_process(
    arguments: list[str], stdout: Any = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    program = "from tokstat.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, **environment},
    )


def test_inspect_prints_a_report(spec: str) -> None:
    result = run("inspect", spec)
    assert result.exit_code == 0
    assert "21,660 of 29,523" in result.stdout


def test_json_is_the_only_thing_on_stdout(spec: str) -> None:
    inspect = ("inspect", spec, "--analyzer", "composition")
    result = run(*inspect, "--json")
    assert json.loads(result.stdout)["tokenizer"]["spec"] == spec
    assert result.stdout == run(*inspect, "--format", "json").stdout


@pytest.mark.parametrize(
    ("format_", "start"), [("json", "{"), ("markdown", "# "), ("terminal", "/")]
)
def test_output_goes_whole_into_a_file(spec: str, tmp_path: Path, format_: str, start: str) -> None:
    target = tmp_path / "out" / "report"
    target.parent.mkdir()
    chosen = ("--analyzer", "composition")
    result = run("inspect", spec, *chosen, "--format", format_, "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text("utf-8").startswith(start)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(("level", "code"), [("info", 1), ("warning", 1), ("error", 0), (None, 0)])
def test_findings_set_the_exit_status_if_asked_to(spec: str, level: str | None, code: int) -> None:
    """BERT has no error; a warning, of tokens that no text can produce; and infos."""
    options = () if level is None else ("--fail-on", level)
    chosen = ("--analyzer", "composition", "--analyzer", "reachability")
    assert run("inspect", spec, *chosen, *options).exit_code == code


def test_one_analyzer_alone(spec: str) -> None:
    result = run("inspect", spec, "--json", "--analyzer", "casing")
    assert [section["analyzer"] for section in json.loads(result.stdout)["sections"]] == ["casing"]


@pytest.mark.parametrize("encoding", ["ascii", *SLOW_ENCODINGS])
def test_any_terminal_encoding_will_do(spec: str, encoding: str) -> None:
    done = as_process(["inspect", spec], PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert b"21,660 of 29,523" in done.stdout
    done.stdout.decode(encoding)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("option", ["--json", pytest.param("-v", marks=pytest.mark.slow)])
def test_a_full_disk_is_no_finding(spec: str, option: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = as_process(["inspect", spec, option], stdout=full)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_has_gone_is_no_finding(spec: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = as_process(["inspect", spec, "--json"], stdout=pipe)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_link_is_followed_and_a_pipe_written_to(spec: str, tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    inspect = ("inspect", spec, "--analyzer", "composition", "--json")
    assert run(*inspect, "-o", str(link)).exit_code == 0
    assert link.is_symlink()
    assert target.read_text().startswith("{")
    assert run(*inspect, "-o", os.devnull).exit_code == 0
    assert Path(os.devnull).is_char_device()


def test_tokens_as_text_csv_and_json(spec: str) -> None:
    filters = ("tokens", spec, "--kind", "special")
    text, as_csv, as_json = run(*filters), run(*filters, "--csv"), run(*filters, "--json")
    assert len(text.stdout.splitlines()) == 5
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [row["token"] for row in rows] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert json.loads(as_json.stdout)["columns"]["id"] == [0, 100, 101, 102, 103]


def test_tokens_are_not_csv_and_json_at_once(spec: str) -> None:
    assert run("tokens", spec, "--csv", "--json").exit_code == 2


def test_help_names_every_command_and_the_version_is_the_package_s() -> None:
    assert {"inspect", "tokens"} <= set(run("--help").stdout.split())
    import tokstat

    assert tokstat.__version__ in run("--version").stdout


def test_help_names_every_limit() -> None:
    shown = "".join(run("--help").stdout.split())  # lines break at hyphens, too
    assert [name for name in NAMES if name not in shown] == []


@pytest.fixture(scope="module")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled files that `tokstat explain` needs."""
    folder = tmp_path_factory.mktemp("bytecode")
    done = explain(folder)
    assert done.returncode == 0, done.stderr
    return folder


def explain(bytecode: Path) -> subprocess.CompletedProcess[bytes]:
    arguments = ["explain", "TS101", "--json"]
    return as_process(arguments, PYTHONPYCACHEPREFIX=str(bytecode), PYTHONDONTWRITEBYTECODE="")


@pytest.mark.parametrize("size", [20, 50])
def test_a_compiled_file_that_is_cut_off_is_no_ctrl_c(bytecode: Path, size: int) -> None:
    (file,) = bytecode.rglob("tokstat/analyzers/explanations.*.pyc")
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    done = explain(bytecode)
    file.write_bytes(whole)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().split("\n", 1)[1].splitlines()
    assert "__pycache__" in line


def test_another_early_end_of_a_file_is_shown_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def end(*_: object) -> None:
        raise EOFError("no more")

    monkeypatch.setattr("tokstat.explain", end)
    monkeypatch.setattr("sys.argv", ["tokstat", "explain", "TS101"])
    with pytest.raises(EOFError, match="no more"):
        main()
