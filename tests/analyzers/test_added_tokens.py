"""What flags of added tokens do to a text, shown with the tokenizers library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tokenizers

from tests.cases import broken_flags as cases
from tests.cases.drafts import Draft
from tests.cases.made import findings_of, write_case
from tokstat.words.lexicon import Lexicon


def backend_of(folder: Path) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))


def test_a_line_end_is_swallowed(tmp_path: Path) -> None:
    write_case(tmp_path / "a", "byte-level", cases.end_of_a_turn_that_swallows_the_line_end)
    write_case(tmp_path / "b", "byte-level", cases.end_of_a_turn_that_keeps_the_line_end)
    broken, clean = backend_of(tmp_path / "a"), backend_of(tmp_path / "b")
    assert broken.encode("<|im_end|>\n").ids == broken.encode("<|im_end|>").ids
    assert clean.encode("<|im_end|>\n").ids != clean.encode("<|im_end|>").ids


@pytest.mark.slow
def test_a_chat_loses_its_line_ends_in_transformers(tmp_path: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    write_case(tmp_path, "byte-level", cases.end_of_a_turn_that_swallows_the_line_end)
    loaded: Any = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    chat = [{"role": "user", "content": "Hi"}]
    text = loaded.apply_chat_template(chat, tokenize=False)
    assert text.endswith("<|im_end|>\n")
    assert loaded.decode(loaded(text)["input_ids"]).endswith("<|im_end|>")


def test_without_a_template_nobody_writes_the_line_end(tmp_path: Path, english: Lexicon) -> None:
    def edit(draft: Draft) -> None:
        cases.end_of_a_turn_that_swallows_the_line_end(draft)
        del draft.tokenizer_config["chat_template"]

    write_case(tmp_path, "byte-level", edit)
    assert findings_of(tmp_path, "added_tokens", english) == []


def test_a_space_stays_before_the_mask(tmp_path: Path) -> None:
    write_case(tmp_path / "a", "byte-level-prefix", cases.mask_that_leaves_the_space_before_it)
    write_case(tmp_path / "b", "byte-level-prefix", cases.mask_that_takes_the_space_before_it)
    assert len(backend_of(tmp_path / "a").encode("a <mask>").ids) == 3
    assert len(backend_of(tmp_path / "b").encode("a <mask>").ids) == 2


def test_a_normalized_token_is_missed(tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path, "metaspace-prefix", cases.normalized_token_after_a_prefix)
    (found,) = findings_of(tmp_path, "added_tokens", english)
    (number,) = found.token_ids
    assert number in backend_of(tmp_path).encode("</s>").ids
    assert number not in backend_of(tmp_path).encode("a</s>a").ids


def test_a_normalized_token_is_found_in_another_text(tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path, "wordpiece", cases.normalized_special_token_in_lower_case)
    (found,) = findings_of(tmp_path, "added_tokens", english)
    assert set(found.token_ids) <= set(backend_of(tmp_path).encode("so [eos] is text").ids)


def test_torn_words_are_those_that_get_more_tokens(tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path / "a", "byte-level", cases.added_letters_that_tear_words)
    write_case(tmp_path / "b", "byte-level", lambda draft: None)
    (found,) = findings_of(tmp_path / "a", "added_tokens", english)
    broken, clean = backend_of(tmp_path / "a"), backend_of(tmp_path / "b")
    words = [word for word in english.word_lists[0].top(20_000) if "tio" in word]
    torn = [
        word
        for word in words
        if len(broken.encode(f"the {word}").ids) > len(clean.encode(f"the {word}").ids)
    ]
    assert f"splits {len(torn):,} of" in found.message
