"""Changes come in the order in which they must be made, and words to add from three sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.editing.steps import make_interventions
from tokstat.errors import EditError
from tokstat.words.lexicon import Lexicon


def test_changes_come_in_the_order_in_which_they_must_be_made(english: Lexicon) -> None:
    steps = make_interventions(
        add_words=300, drop=["fragment", "affix"], decase=True, prefix_space=True, lexicon=english
    )
    assert [step.name for step in steps] == [
        *("leading_blank", "decase", "drop_fragment", "drop_affix", "add_words")
    ]
    assert "300" in steps[-1].title
    assert make_interventions(lexicon=english) == []


def test_words_of_a_file_are_added(tmp_path: Path, english: Lexicon) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeffxylem\n\n  zebrafish \n", "utf-8")
    (step,) = make_interventions(add_words=path, lexicon=english)
    assert "words.txt" in step.title


@pytest.mark.parametrize("content", [None, b"", b"\n \n", b"\xff\n"])
def test_a_file_without_words_is_refused(
    content: bytes | None, tmp_path: Path, english: Lexicon
) -> None:
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EditError, match=r"words\.txt"):
        make_interventions(add_words=path, lexicon=english)
