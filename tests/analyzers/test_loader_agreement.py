"""What transformers makes of a folder is compared with its tokenizer.json as written."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.small_tokenizers import SMALL
from tokstat.analyzers.loader_agreement import STRESS, loader_agreement
from tokstat.analyzers.subject import Options, Subject
from tokstat.loading.local import load_path
from tokstat.results.report import Section
from tokstat.words.lexicon import Lexicon

SINGLE_DIGITS = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "Digits", "individual_digits": True},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
    ],
}

Compare = Callable[..., Section]


@pytest.fixture
def compare(tmp_path: Path, english: Lexicon) -> Compare:
    def run(family: str, tokenizer_class: str | None, **parts: Any) -> Section:
        content = {**json.loads(SMALL[family]().to_str()), **parts}
        (tmp_path / "tokenizer.json").write_text(json.dumps(content))
        config = {"tokenizer_class": tokenizer_class} if tokenizer_class else {}
        (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
        subject = Subject(load_path("made", tmp_path), english, Options(deep=True))
        return loader_agreement(subject)

    return run


def test_a_file_that_is_read_as_it_is(compare: Compare) -> None:
    section = compare("byte-level", "PreTrainedTokenizerFast", pre_tokenizer=SINGLE_DIGITS)
    assert section.skipped is None
    assert section.findings == ()
    agreeing = section.metric("agreeing_texts")
    assert agreeing.numerator == agreeing.denominator
    assert (agreeing.denominator or 0) > len(STRESS) + 64


@pytest.mark.skipif(
    version("transformers") < "5", reason="before 5, the class left the pre-tokenizer as it was"
)
def test_a_class_that_replaces_the_pre_tokenizer(compare: Compare) -> None:
    """GPT2Tokenizer knows only its own: numbers are no longer split into digits."""
    section = compare("byte-level", "GPT2Tokenizer", pre_tokenizer=SINGLE_DIGITS)
    (finding,) = section.findings
    assert finding.code == "TS640"
    assert finding.message.rsplit(": ", 1)[1] == "pre_tokenizer."
    assert "pre_tokenizer" in section.table("differing_parts").columns["part"]
    (row,) = section.table("first_difference").rows()
    text = row[0].strip("'")
    assert len(text) == 2
    assert text.strip().isdigit()
    agreeing = section.metric("agreeing_texts")
    assert 0 < (agreeing.numerator or 0) < (agreeing.denominator or 0)


def test_other_special_tokens(compare: Compare) -> None:
    """LlamaTokenizer puts <s> before a text; this file does not."""
    section = compare("metaspace-prefix", "LlamaTokenizer")
    codes = [finding.code for finding in section.findings]
    assert codes in (["TS640"], ["TS641"])


def test_what_cannot_be_compared_is_skipped(
    tmp_path: Path, english: Lexicon, bert_json: bytes
) -> None:
    alone = tmp_path / "bert-5.json"
    alone.write_bytes(bert_json)
    section = loader_agreement(Subject(load_path("x", alone), english, Options(deep=True)))
    assert section.skipped
    named = tmp_path / "tokenizer.json"
    named.write_bytes(bert_json)
    (tmp_path / "tokenizer_config.json").write_text("{")
    section = loader_agreement(Subject(load_path("x", named), english, Options(deep=True)))
    assert section.skipped is not None
    assert "transformers" in section.skipped
    section = loader_agreement(Subject(load_path("x", named), english))
    assert section.skipped == "it runs only with --deep"
