"""Saved counts of a folder: each part of the input counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.corpus.counting.state import Counts, Group, Identity, TextCounts, TokenCounts
from tokstat.corpus.states import read_states, save_state
from tokstat.errors import OutputError, StateError

TOKENIZERS = (Identity("one", "a"),)
NOTHING = Counts(TOKENIZERS, "unicode")


def counted(*parts: str) -> Counts:
    """Return counts of one document for each part."""
    group = Group(TextCounts(len(parts)), (TokenCounts(),))
    return Counts(TOKENIZERS, "unicode", {"": group}, units=frozenset(parts))


def test_states_of_different_parts_are_added(tmp_path: Path) -> None:
    for parts in ("a", "b"):
        save_state(counted(parts), tmp_path / "new" / "folder")
    assert read_states(tmp_path / "new" / "folder", NOTHING) == counted("a", "b")


def test_of_states_that_share_a_part_the_larger_one_counts(tmp_path: Path) -> None:
    for parts in ("ab", "b", "bc", "d"):
        save_state(counted(*parts), tmp_path)
    assert read_states(tmp_path, NOTHING) == counted("a", "b", "d")


def test_a_file_is_one_state(tmp_path: Path) -> None:
    save_state(counted("a"), tmp_path)
    (path,) = tmp_path.iterdir()
    assert read_states(path, NOTHING) == counted("a")


def test_an_absent_folder_holds_nothing_or_is_an_error(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    assert read_states(absent, NOTHING, may_be_absent=True) == NOTHING
    with pytest.raises(StateError, match="absent"):
        read_states(absent, NOTHING)


def test_counts_of_another_definition_of_words_are_refused(tmp_path: Path) -> None:
    save_state(counted("a"), tmp_path)
    with pytest.raises(StateError, match="letters"):
        read_states(tmp_path, Counts(TOKENIZERS, "letters"))


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(OutputError, match="file"):
        save_state(counted("a"), path)
