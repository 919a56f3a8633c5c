"""What a post-processor does not insert, and type ids without a row; shown with the libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tokenizers

from tests.cases import broken_flags as cases
from tests.cases.drafts import Draft
from tests.cases.made import findings_of, write_case
from tests.needs import need
from tokstat.words.lexicon import Lexicon


def test_the_hint_names_the_template_that_mends_it(tmp_path: Path, english: Lexicon) -> None:
    def mended(draft: Draft) -> None:
        cases.cls_and_sep_that_nothing_inserts(draft)
        cases.template(draft, ["<cls>", "$A", "<sep>"])

    write_case(tmp_path / "a", "wordpiece", cases.cls_and_sep_that_nothing_inserts)
    (found,) = findings_of(tmp_path / "a", "frame", english)
    assert "--frame '<cls> $A <sep>'" in found.hint
    assert found.token_ids == (3000, 3001)
    write_case(tmp_path / "b", "wordpiece", mended)
    assert findings_of(tmp_path / "b", "frame", english) == []
    for folder, framed in (("a", False), ("b", True)):
        backend = tokenizers.Tokenizer.from_file(str(tmp_path / folder / "tokenizer.json"))
        tokens = backend.encode("a").tokens
        assert (tokens[0] == "<cls>" and tokens[-1] == "<sep>") == framed


def test_tokens_that_are_there_stay_in_the_hint(tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path, "byte-level", cases.end_of_text_that_the_template_leaves_out)
    (found,) = findings_of(tmp_path, "frame", english)
    assert "'<bos> $A <eos>'" in found.hint


@pytest.mark.slow
def test_transformers_inserts_nothing_either(tmp_path: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    write_case(tmp_path, "byte-level", cases.begin_of_text_that_nothing_inserts)
    loaded: Any = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    assert loaded.bos_token_id not in loaded("a")["input_ids"]


@pytest.mark.slow
def test_a_type_id_without_a_row_is_an_index_error(tmp_path: Path) -> None:
    torch = need("torch")
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    made = write_case(tmp_path, "wordpiece", cases.type_ids_of_a_model_with_one_type)
    loaded: Any = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    pair = loaded("a", "b", return_tensors="pt", return_token_type_ids=True)
    assert pair["token_type_ids"].max() == 1
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    rows = {"vocab_size": made.config["vocab_size"], "intermediate_size": 8}
    broken = BertModel(BertConfig(type_vocab_size=1, **sizes, **rows))
    with pytest.raises((IndexError, RuntimeError)), torch.no_grad():
        broken(**pair)
    with torch.no_grad():
        BertModel(BertConfig(type_vocab_size=2, **sizes, **rows))(**pair)


def test_a_size_that_is_no_number_is_no_finding(tmp_path: Path, english: Lexicon) -> None:
    def edit(draft: Draft) -> None:
        cases.type_ids_of_a_model_with_one_type(draft)
        draft.config["type_vocab_size"] = "1"
        draft.tokenizer_config["add_bos_token"] = "yes"

    write_case(tmp_path, "wordpiece", edit)
    assert findings_of(tmp_path, "frame", english) == []
