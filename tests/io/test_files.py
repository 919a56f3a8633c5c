"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tokstat.io.files import replace_file


class HalfWritten:
    """A file whose disk is full, or whose user stops, after half of the data."""

    def __init__(self, handle: int, error: BaseException) -> None:
        self._handle, self._error = handle, error

    def __enter__(self) -> HalfWritten:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def write(self, data: bytes) -> int:
        os.write(self._handle, data[: len(data) // 2])
        raise self._error


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    return path


@pytest.mark.parametrize("data", [b"", b"after", bytes(range(256)) * 1000])
@pytest.mark.parametrize("name", ["file", "new", "名前 with a blank"])
def test_the_data_are_there_and_nothing_else(file: Path, name: str, data: bytes) -> None:
    path = file.with_name(name)
    replace_file(path, data)
    assert path.read_bytes() == data
    assert {each.name for each in file.parent.iterdir()} == {"file", name}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("name", ["file", "new"])
def test_a_failure_in_the_middle_leaves_what_was_there(
    file: Path, name: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fdopen", lambda handle, _mode: HalfWritten(handle, error))
    with pytest.raises(type(error)):
        replace_file(file.with_name(name), b"after")
    assert [*file.parent.iterdir()] == [file]
    assert file.read_bytes() == b"before"


def test_a_failure_at_the_end_leaves_what_was_there(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        replace_file(file, b"after")
    assert [*file.parent.iterdir()] == [file]
    assert file.read_bytes() == b"before"


def test_the_system_refuses(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "absent" / "file", tmp_path / "folder"):
        with pytest.raises(OSError, match=path.name):
            replace_file(path, b"")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("target", ["file", "absent"])
def test_a_link_stays_one(file: Path, target: str) -> None:
    folder = file.parent / "elsewhere"
    folder.mkdir()
    link = folder / "link"
    link.symlink_to(f"../{target}")
    replace_file(link, b"after")
    assert link.readlink() == Path(f"../{target}")
    assert file.with_name(target).read_bytes() == b"after"
    assert [*folder.iterdir()] == [link]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_permissions_are_those_of_any_new_file(file: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        replace_file(file, b"after")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask
