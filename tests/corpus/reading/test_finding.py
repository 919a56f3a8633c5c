"""Files are found, each once, and what is left out of a folder is listed with the reason."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tokstat.corpus.reading.finding import find_files, require_groups
from tokstat.errors import CorpusError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "b.txt": b"x",
        "a.jsonl": b"{}",
        "below/c.csv.gz": b"x",
        "below/main.py": b"print()\n",
        "page.html": "<p>schön".encode(),
        "run.log": b"12:00 started\n",
        "README": b"Read me.\n",
        "dump.gz": gzip.compress(b"a line\n"),
        "cut": b"x" * ((1 << 16) - 1) + "ö".encode(),
        "image.png": b"\x89PNG\r\n\x1a\n\0\0",
        "latin1.py": "# schön".encode("latin-1"),
        "wide.dat": "text".encode("utf-16"),
        "packed.tar.gz": gzip.compress(b"name\0\0\0"),
        "damaged.log.gz": b"no gzip",
        "nothing.log": b"",
        ".hidden.txt": b"x",
        ".git/config": b"x",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "again").symlink_to(tmp_path / "below")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "absent")
    return tmp_path


def test_a_folder_gives_all_its_text_and_tells_what_it_leaves_out(folder: Path) -> None:
    found = find_files([str(folder)])
    names = [str(Path(path).relative_to(folder)) for path in found.files]
    text = "README a.jsonl b.txt below/c.csv.gz below/main.py cut dump.gz page.html run.log"
    assert names == text.split()
    reasons = {str(Path(path).relative_to(folder)): reason for path, reason in found.left_out}
    left_out = ".git .hidden.txt again broken.txt damaged.log.gz image.png latin1.py nothing.log"
    assert sorted(reasons) == [*left_out.split(), "packed.tar.gz", "pipe.txt", "wide.dat"]
    assert "UTF-16" in reasons["wide.dat"]
    assert reasons["image.png"] == reasons["latin1.py"] == "it is not UTF-8 text"
    walked = {path for path in folder.rglob("*") if not path.is_dir() and ".git" not in path.parts}
    assert len(walked) == len(names) + len(reasons.keys() - {".git", "again"})


def test_patterns_and_repeated_files(folder: Path) -> None:
    (folder / "again").unlink()
    one, two = str(folder / "a.jsonl"), str(folder / "below" / "c.csv.gz")
    assert find_files([str(folder / "**" / "*.[cj]*")]).files == (one, two)
    text = str(folder / "b.txt")
    assert find_files([text, str(folder / "*.txt"), "-", f"file://{text}"]).files[0] == text
    below = find_files([str(folder / "b*")]).files
    assert {text, two} < {*below}, "a folder that a pattern names is read as a folder"
    for nothing in (str(folder / "absent.txt"), str(folder / "*.md"), "file:///absent/*"):
        with pytest.raises(CorpusError, match=r"absent|md"):
            find_files([nothing])


def test_one_file_under_many_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Path("link.txt").symlink_to("b.txt")
    names = ["b.txt", str(folder / "b.txt"), "link.txt", f"file://{folder}/b.txt", "below/../b.txt"]
    assert find_files(names).files == ("b.txt",)


def test_plain_text_has_no_groups(folder: Path) -> None:
    found = find_files([str(folder)], "lang")
    assert {Path(path).suffix for path in found.files} == {".jsonl", ".gz"}
    assert dict(found.left_out)[str(folder / "b.txt")] == "plain text has no field 'lang'"
    named = find_files([str(folder / "b.txt")], "lang")
    for format_ in (None, "text"):
        with pytest.raises(CorpusError, match=r"b\.txt"):
            require_groups(named.files, format_, "lang")
    require_groups(named.files, "jsonl", "lang")
    require_groups(found.files, None, "lang")


def test_urls_of_unknown_suffixes_are_left_out(folder: Path) -> None:
    found = find_files([f"file://{folder}/below"])
    assert found.files == (f"file://{folder}/below/c.csv.gz",)
    assert [path for path, _ in found.left_out] == [f"file://{folder}/below/main.py"]
