"""The table of agreement with morphemes: rows by tokenizer and language, and over all languages."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

import tokstat
from tokstat.api.morphology import ALL, DEFINITIONS, notes_on, read_files
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two languages, of which one has a word that its pieces do not spell."""
    (tmp_path / "eng.tsv").write_text("unkindly\tun|kind|ly\nrunning\trun|ing\n")
    (tmp_path / "deu.tsv").write_text("Verteilung\tVer|teil|ung\nSchönheit\tSchön|heit\n", "utf-8")
    return [str(tmp_path / "eng.tsv"), f"de={tmp_path / 'deu.tsv'}"]


def test_rows_and_the_row_over_all(bert: Tokenizer, files: list[str]) -> None:
    table = tokstat.morphology([bert], files)
    assert tuple(table.columns) == ("tokenizer", "language", *DEFINITIONS)
    english, german, over_all = (dict(zip(table.columns, row, strict=True)) for row in table.rows())
    assert [english["language"], german["language"], over_all["language"]] == ["eng", "de", ALL]
    assert over_all["scored"] == english["scored"] + german["scored"]
    assert (english["misspelled"], german["misspelled"], over_all["misspelled"]) == (1, 0, 1)
    scores = [row["morphscore"] for row in (english, german) if row["morphscore"] is not None]
    assert over_all["morphscore"] == mean(scores)


def test_one_tokenizer_and_one_file(bert: Tokenizer, files: list[str]) -> None:
    table = tokstat.morphology(bert, files[0])
    assert table.columns["language"] == ("eng",)


def test_two_tokenizers(bert: Tokenizer, modernbert: Tokenizer, files: list[str]) -> None:
    table = tokstat.morphology([bert, modernbert], files)
    assert len(table) == 6
    assert len(set(table.columns["tokenizer"])) == 2


def test_a_note_on_words_that_are_misspelled(files: list[str]) -> None:
    (note,) = notes_on(read_files(files))
    assert "running = run|ing" in note


def test_what_can_be_fetched() -> None:
    table = tokstat.list_segmentations()
    assert len(table) == 13
    assert set(table.columns["licence"]) == {"CC BY-SA 3.0"}
