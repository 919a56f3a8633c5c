"""Words of texts, counted with and without a space before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.errors import CorpusError
from tokstat.experiments.word_counts import count_words


def test_a_word_after_a_space_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text('The tiger, a "tiger" (2 Tigers).\nthe tiger\n', "utf-8")
    (tmp_path / "more.jsonl").write_text('{"text": "a naïve tiger"}\n', "utf-8")
    assert count_words([str(tmp_path)]) == {
        "The": 1,
        " tiger": 3,
        " a": 1,
        "tiger": 1,
        " Tigers": 1,
        "the": 1,
        "a": 1,
        " naïve": 1,
    }


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"tiger \xff\n")
    with pytest.raises(CorpusError, match=r"text\.txt"):
        count_words([str(path)])
    with pytest.raises(CorpusError, match="names no text file"):
        count_words([str(tmp_path / "nothing")])
