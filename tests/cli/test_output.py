"""What stdout shows where its encoding lacks our signs."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from tests.cli.running import as_process, run
from tokstat.cli.output import write


def written(
    text: str, encoding: str, monkeypatch: pytest.MonkeyPatch, *, prose: bool = True
) -> str:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    write(text, None, prose=prose)
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "→ ·the 66.2% − 20.9% … 中"),
        ("cp1252", "> ·the 66.2% - 20.9% … \\u4e2d"),
        ("latin-1", "> ·the 66.2% - 20.9% ... \\u4e2d"),
        ("ascii", "> _the 66.2% - 20.9% ... \\u4e2d"),
    ],
)
def test_our_signs_have_stand_ins(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert written("→ ·the 66.2% − 20.9% … 中", encoding, monkeypatch) == shown


def test_data_has_escapes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written("·the→", "ascii", monkeypatch, prose=False) == "\\xb7the\\u2192"


def test_characters_beyond_the_basic_plane_and_lone_surrogates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert written("\U0001f600\ud800→", "cp1252", monkeypatch) == "\\U0001f600\\ud800>"
    assert written("\ud800→", "utf-8", monkeypatch) == "\\ud800→"


SLOW_ENCODINGS = [
    pytest.param(name, marks=pytest.mark.slow) for name in ("latin-1", "cp1252", "utf-8")
]


@pytest.mark.parametrize("encoding", ["ascii", *SLOW_ENCODINGS])
def test_any_terminal_encoding_will_do(spec: str, encoding: str) -> None:
    done = as_process(["inspect", spec], PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert b"21,256 of 26,702" in done.stdout
    done.stdout.decode(encoding)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "SPEC", "--json"],
        pytest.param(["inspect", "SPEC", "-v"], marks=pytest.mark.slow),
        ["--version"],
        ["inspect", "--help"],
    ],
)
def test_a_full_disk_is_no_finding(spec: str, arguments: list[str]) -> None:
    line = [spec if each == "SPEC" else each for each in arguments]
    with Path("/dev/full").open("wb") as full:
        done = as_process(line, stdout=full)
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
