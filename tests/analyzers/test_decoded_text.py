"""Spaces that clean-up deletes, and offsets that include one; shown with the libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tokenizers

from tests.cases import broken_flags as cases
from tests.cases.made import findings_of, write_case
from tokstat.words.lexicon import Lexicon


@pytest.mark.slow
def test_clean_up_deletes_spaces_in_transformers(tmp_path: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    write_case(tmp_path, "unigram", cases.clean_up_of_a_tokenizer_that_keeps_spaces)
    loaded: Any = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    ids = loaded("they do n't", add_special_tokens=False)["input_ids"]
    assert loaded.decode(ids, clean_up_tokenization_spaces=False) == "they do n't"
    assert loaded.decode(ids) == "they don't"


@pytest.mark.parametrize("family", ["byte-level", "byte-level-prefix"])
def test_offsets_include_the_space(family: str, tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path / "a", family, cases.offsets_with_the_space)
    write_case(tmp_path / "b", family, cases.offsets_without_the_space)
    text = "hello world"
    for folder, begins in (("a", True), ("b", False)):
        backend = tokenizers.Tokenizer.from_file(str(tmp_path / folder / "tokenizer.json"))
        spans = [text[start:end] for start, end in backend.encode(text).offsets]
        assert any(span.startswith(" ") for span in spans) == begins
        assert bool(findings_of(tmp_path / folder, "decoded_text", english)) == begins
