"""`tokstat compare`: formats, files, and one line for each spec that fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import as_process, run
from tests.comparison.changed_tokenizers import BESIDE, write_folder
from tests.conftest import word_level_json
from tokstat.comparison.comparison import Comparison


@pytest.fixture
def specs(tmp_path: Path) -> list[str]:
    paths = []
    for name, words in {"one": ["the", "cat"], "two": ["the", "dog", "Dog"]}.items():
        path = tmp_path / name / "tokenizer.json"
        path.parent.mkdir()
        path.write_bytes(word_level_json(*words))
        paths.append(str(path))
    return paths


def test_json_is_a_comparison(specs: list[str]) -> None:
    result = run("compare", *specs, "--json")
    assert result.exit_code == 0
    comparison = Comparison.from_json(result.stdout)
    assert comparison.labels == ("one", "two")
    assert comparison.score("content_tokens").values == (3, 4)  # with [UNK]
    assert comparison.score("content_tokens").changes == (0, 1)
    assert comparison.surfaces.shared == ((3, 2), (2, 4))
    assert [found.only_examples for found in comparison.words] == [("cat",), ("dog",)]
    assert json.loads(result.stdout)["surfaces"]["jaccard"][0][1] == 0.4
    assert result.stdout == run("compare", *specs, "--format", "json").stdout


@pytest.mark.parametrize(
    ("format_", "start"), [("markdown", "# one, two"), ("terminal", "All are about equal")]
)
def test_output_goes_whole_into_a_file(
    specs: list[str], tmp_path: Path, format_: str, start: str
) -> None:
    target = tmp_path / "report"
    result = run("compare", *specs, "--format", format_, "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text("utf-8").startswith(start)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("out.html", "<!DOCTYPE html>"),
        ("out.json", '{"schema_version"'),
        ("out.md", "# one, two"),
        ("out.txt", "All are about equal"),
    ],
)
def test_the_name_of_the_output_says_the_format(
    specs: list[str], tmp_path: Path, name: str, start: str
) -> None:
    assert run("compare", *specs, "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_the_page_is_what_the_saved_comparison_renders_to(specs: list[str], tmp_path: Path) -> None:
    saved, direct, later = (tmp_path / name for name in ("c.json", "direct.html", "later.html"))
    assert run("compare", *specs, "-o", str(saved)).exit_code == 0
    assert run("compare", *specs, "--format", "html", "-o", str(direct)).exit_code == 0
    assert run("render", str(saved), "-o", str(later)).exit_code == 0
    assert direct.read_bytes() == later.read_bytes()
    assert run("compare", *specs, "--format", "html").stdout == direct.read_text("ascii")


def test_verbose_has_more(specs: list[str]) -> None:
    brief, verbose = run("compare", *specs), run("compare", *specs, "-v")
    assert "content_tokens" not in brief.stdout
    assert "content_tokens" in verbose.stdout


def test_an_own_lexicon_has_no_rank(specs: list[str], tmp_path: Path) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("the\t100\ncat\t10\n")
    result = run("compare", *specs, "--lexicon", str(words), "--json")
    comparison = Comparison.from_json(result.stdout)
    assert comparison.lexicon.languages == ("words.tsv",)
    assert not any(rank for score in comparison.scores for rank in score.ranks)
    assert "RANK" not in run("compare", *specs, "--lexicon", str(words)).stdout


@pytest.mark.parametrize("name", ["roles", "chat template"])
@pytest.mark.parametrize("format_", ["terminal", "markdown", "html", "json"])
def test_folders_show_what_their_files_change(name: str, format_: str, tmp_path: Path) -> None:
    data = word_level_json("[CLS]", "[SEP]", "[PAD]", "[MASK]", "the")
    write_folder(tmp_path / "old", data)
    write_folder(tmp_path / "new", data, **BESIDE[name])
    folders = [str(tmp_path / "old"), str(tmp_path / "new")]
    shown = run("compare", *folders, "--format", format_).stdout
    told = {"roles": ("eos_token", "[SEP]", "[PAD]"), "chat template": ("Hello", "Hi")}[name]
    for text in told:
        assert text in shown.replace("\\", "").replace("<wbr>", "")
    assert ("tokstat diff" in shown) == (format_ != "json")


def test_a_lock_leads_to_diff(specs: list[str], tmp_path: Path) -> None:
    lock = str(tmp_path / "one.lock.json")
    assert run("lock", specs[0], "-o", lock).exit_code == 0
    done = as_process(["compare", lock, specs[1]])
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"tokstat diff {lock}" in done.stderr.decode()


@pytest.mark.parametrize("bad", [[], ["{"], ["missing"]])
def test_failures_are_one_line_and_exit_status_2(
    specs: list[str], bad: list[str], tmp_path: Path
) -> None:
    arguments = [specs[0]]
    for content in bad:
        path = tmp_path / "bad" / "tokenizer.json"
        path.parent.mkdir()
        if content != "missing":
            path.write_text(content)
        arguments.append(str(path))
    done = as_process(["compare", *arguments])
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert arguments[-1] in line or line.startswith(
        "tokstat: A comparison needs 2 to 20 tokenizers, and got 1"
    )
