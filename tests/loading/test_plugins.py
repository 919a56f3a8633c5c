"""Loaders of other distributions, installed by pip from a wheel that is made here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import word_level_json

PLUGIN = """
import hashlib
from pathlib import Path

import tokenizers
from tokenizers import models, pre_tokenizers

from tokstat.errors import SourceNotFoundError
from tokstat.loading.plugins import Loader
from tokstat.tokenizer.tokenizer import Origin, Tokenizer


def load(spec, name):
    path = Path(name)
    if not path.is_file():
        raise SourceNotFoundError(f"No word list {name!r}", "Give a file.")
    data = path.read_bytes()
    vocab = {word: index for index, word in enumerate(["[UNK]", *data.decode().split()])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    digest = hashlib.sha256(data).hexdigest()
    return Tokenizer(backend, Origin(spec, name, None, digest, "word list", (path.name,)))


words = Loader("words", load, (".words",))
hub = Loader("hf", load)
shouting = Loader("WORDS", load)
broken = Loader("broken", lambda spec, name: 1 / 0)
silent = Loader("silent", lambda spec, name: None)
number = 5
"""


def install(folder: Path, *entries: str) -> Path:
    """Make a wheel that registers these entry points, and have pip install it into a folder."""
    wheel = folder / "made_loader-1.0-py3-none-any.whl"
    info = "made_loader-1.0.dist-info"
    points = "".join(f"{name} = made_loader:{name}\n" for name in entries)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("made_loader.py", PLUGIN)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: made-loader\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/entry_points.txt", f"[tokstat.loaders]\n{points}")
        archive.writestr(f"{info}/RECORD", "")
    site = folder / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*command, "--no-index", "--no-deps", "--target", str(site), str(wheel)],
        check=True,
        capture_output=True,
    )
    return site


def inspect(
    site: Path, spec: str, command: str = "tokens", *more: str
) -> subprocess.CompletedProcess[str]:
    program = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "from tokstat.cli.main import main\n"
        f"sys.argv = {['tokstat', command, spec, *more]!r}\nmain()"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=site.parent,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = install(tmp_path_factory.mktemp("good"), "words", "broken", "silent")
    (site.parent / "mine.words").write_text("one two three")
    return site


@pytest.mark.parametrize("spec", ["words:mine.words", "mine.words", "./mine.words"])
def test_an_installed_loader_is_used(spec: str, site: Path) -> None:
    done = inspect(site, spec)
    assert done.returncode == 0, done.stderr
    assert "three" in done.stdout


@pytest.mark.parametrize("spec", ["words:mine.words", "words:list.txt", "mine.words"])
def test_corpus_takes_what_inspect_takes(spec: str, site: Path) -> None:
    shutil.copyfile(site.parent / "mine.words", site.parent / "list.txt")
    (site.parent / "text.md").write_text("one two\n")
    done = inspect(site, spec, "corpus", "text.md", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tokenizers"][0]["spec"] == spec


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ("words:absent", "No word list 'absent'"),
        ("broken:it", "division by zero"),
        ("silent:it", "returned no tokenizer"),
        ("others:it", "others:it"),
    ],
)
def test_what_a_loader_refuses_is_one_line(spec: str, names: str, site: Path) -> None:
    done = inspect(site, spec)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert names in line


@pytest.mark.parametrize("entry", ["hub", "shouting", "number", "absent"])
def test_a_bad_loader_is_named(entry: str, site: Path, tmp_path: Path) -> None:
    """And it stops only what might be its own."""
    copy = shutil.copytree(site, tmp_path / "site")
    (points,) = copy.glob("*.dist-info/entry_points.txt")
    points.write_text(f"[tokstat.loaders]\n{entry} = made_loader:{entry}\n")
    (tmp_path / "tokenizer.json").write_bytes(word_level_json("one"))
    program = (
        f"import sys; sys.path.insert(0, {str(copy)!r})\n"
        "from tokstat.errors import LoaderError\n"
        "from tokstat.loading import load\n"
        "load('tokenizer.json')\n"
        "try:\n    load('words:mine.words')\n"
        "except LoaderError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    (line,) = done.stdout.splitlines()
    assert f"made_loader:{entry}" in line
