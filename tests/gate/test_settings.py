"""Settings files: found upwards, read whole, and refused by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.errors import SettingsError
from tokstat.gate.settings import Settings, find_settings, read_settings

FULL = """
spec = "model/tokenizer.json"
lang = ["en", "de"]
lexicon = "words.tsv"
select = ["TS3", "TS5"]
ignore = ["TS501"]
fail-on = "warning"
baseline = "saved.json"
lock = "tokenizer.lock.json"

[min]
whole_word_ratio = 0.6
content_tokens = 30000

[max]
fragment_ratio = 0.2
"""


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def in_pyproject(text: str) -> str:
    body = text.replace("[min]", "[tool.tokstat.min]").replace("[max]", "[tool.tokstat.max]")
    return f'[project]\nname = "x"\n\n[tool.other]\nspec = 5\n\n[tool.tokstat]\n{body}'


@pytest.mark.parametrize("name", ["tokstat.toml", "pyproject.toml", "other.toml"])
def test_every_key_is_read(tmp_path: Path, name: str) -> None:
    text = in_pyproject(FULL) if name == "pyproject.toml" else FULL
    path = write(tmp_path, name, text)
    assert read_settings(path) == Settings(
        source=str(path),
        spec="model/tokenizer.json",
        lang="en,de",
        lexicon=tmp_path / "words.tsv",
        select=("TS3", "TS5"),
        ignore=("TS501",),
        fail_on="warning",
        minimum={"whole_word_ratio": 0.6, "content_tokens": 30000},
        maximum={"fragment_ratio": 0.2},
        baseline=tmp_path / "saved.json",
        lock=tmp_path / "tokenizer.lock.json",
    )


def test_a_spec_that_exists_is_taken_from_the_folder_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "tokstat.toml", FULL)
    write(tmp_path / "model", "tokenizer.json", "{}")
    assert read_settings(path).spec == str(tmp_path / "model" / "tokenizer.json")


def test_a_spec_of_this_folder_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "tokstat.toml", FULL)
    write(tmp_path / "model", "tokenizer.json", "{}")
    monkeypatch.chdir(tmp_path)
    assert find_settings(tmp_path).spec == "model/tokenizer.json"


def test_the_nearest_folder_with_settings_counts(tmp_path: Path) -> None:
    write(tmp_path, "tokstat.toml", 'lang = "de"')
    write(tmp_path / "a", "pyproject.toml", '[tool.tokstat]\nlang = "fr"')
    write(tmp_path / "a/b", "pyproject.toml", '[project]\nname = "tokstat-user"')
    (tmp_path / "a/b/c").mkdir()
    assert find_settings(tmp_path / "a/b/c").lang == "fr"
    assert find_settings(tmp_path / "a").lang == "fr"
    assert find_settings(tmp_path).lang == "de"


def test_where_no_folder_has_settings_there_are_none(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "this is [no TOML, and none of our business")
    (tmp_path / "tokstat.toml").mkdir()
    assert find_settings(tmp_path) == Settings()


def test_an_empty_file_ends_the_search(tmp_path: Path) -> None:
    write(tmp_path, "tokstat.toml", 'lang = "de"')
    write(tmp_path / "a", "tokstat.toml", "")
    assert find_settings(tmp_path / "a") == Settings(source=str(tmp_path / "a" / "tokstat.toml"))


BAD_VALUES = {
    "spec": "5",
    "lang": "[]",
    "purpose": '"encoding"',
    "lexicon": "''",
    "select": "'TS3'",
    "ignore": "[3]",
    "fail-on": "true",
    "min": "0.5",
    "max": "{ whole_word_ratio = '0.5' }",
    "baseline": "['a', 'b']",
}


@pytest.mark.parametrize(("key", "value"), BAD_VALUES.items())
def test_a_value_of_the_wrong_type_names_file_and_key(tmp_path: Path, key: str, value: str) -> None:
    path = write(tmp_path, "tokstat.toml", f"{key} = {value}\n")
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    assert caught.value.problem.startswith(f"{path}: {key} is ")


def test_a_truth_value_is_no_limit(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="min"):
        read_settings(write(tmp_path, "tokstat.toml", "min = { whole_word_ratio = true }"))


@pytest.mark.parametrize(
    ("name", "text", "near"),
    [
        ("tokstat.toml", "fail_on = 'info'", "fail-on"),
        ("tokstat.toml", "minimum = {}", "min"),
        ("pyproject.toml", "[tool.tokstat]\nbase-line = 'a'", "baseline"),
    ],
)
def test_an_unknown_key_names_file_key_and_what_is_near(
    tmp_path: Path, name: str, text: str, near: str
) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    assert str(path) in caught.value.problem
    assert near in caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b"lang = ",
        b"\xff\xfe",
        b"a = " + b"[" * 100_000,
        b"lang = 'en'\nlang = 'de'",
        b"\x00",
        b"min.a.b.c = 1",
    ],
    ids=["cut off", "not UTF-8", "deeply nested", "a key twice", "a null byte", "nested limits"],
)
def test_what_is_no_settings_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "tokstat.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsError, match=r"tokstat\.toml"):
        find_settings(tmp_path)


@pytest.mark.parametrize("text", ["tool = 5\n# tokstat", "[tool]\ntokstat = 5"])
def test_a_pyproject_without_the_table_is_refused_if_asked_for(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="tokstat"):
        read_settings(write(tmp_path, "pyproject.toml", text))


def test_two_files_in_one_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "tokstat.toml", FULL)
    write(tmp_path, "pyproject.toml", in_pyproject(FULL))
    with pytest.raises(SettingsError, match="Both"):
        find_settings(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml"):
        read_settings(tmp_path / "absent.toml")
