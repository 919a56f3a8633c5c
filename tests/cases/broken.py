"""Broken tokenizers: each case is one edit of a clean folder, and the codes that it must give.

To add a case, write a function that does the damage to a `Draft`, name the family that it starts
from and the codes that must come out, all of them and no others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tests.cases.drafts import Draft

Edit = Callable[[Draft], None]


@dataclass(frozen=True)
class Case:
    """Say from which family an edit starts, and which codes it must give.

    Further families of one edit are for the slow tests. `lang` is the language of the words that
    it is judged by.
    """

    family: str
    codes: frozenset[str]
    edit: Edit
    is_further: bool = False
    lang: str = "en"


CASES: dict[str, Case] = {}


CLEAN: dict[str, Case] = {}
"""Twins of broken ones, which are as they should be."""


def cases(families: Sequence[str], *codes: str, lang: str = "en") -> Callable[[Edit], Edit]:
    """Register an edit of several families; one without codes is a clean twin."""

    def register(edit: Edit) -> Edit:
        for place, family in enumerate(families):
            found = Case(family, frozenset(codes), edit, is_further=place > 0, lang=lang)
            (CASES if codes else CLEAN)[f"{edit.__name__}, {family}"] = found
        return edit

    return register


def case(family: str, *codes: str) -> Callable[[Edit], Edit]:
    """Register an edit under its name."""

    def register(edit: Edit) -> Edit:
        CASES[edit.__name__] = Case(family, frozenset(codes), edit)
        return edit

    return register


# What every text gets.


@case("wordpiece", "TS601")
def padding_to_a_length(draft: Draft) -> None:
    draft.tokenizer["padding"] = {
        "strategy": {"Fixed": 128},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": draft.special["id"],
        "pad_type_id": 0,
        "pad_token": draft.special["content"],
    }


@case("unigram", "TS602")
def truncation(draft: Draft) -> None:
    draft.tokenizer["truncation"] = {
        "direction": "Right",
        "max_length": 128,
        "strategy": "LongestFirst",
        "stride": 0,
    }


# Other files.


@case("wordpiece", "TS603")
def configuration_that_is_cut_off(draft: Draft) -> None:
    draft.files["config.json"] = b'{"vocab_size": 30'


@case("byte-level", "TS603")
def configuration_that_is_a_list(draft: Draft) -> None:
    draft.files["tokenizer_config.json"] = b"[]"


@case("metaspace", "TS603")
def configuration_nested_too_deeply(draft: Draft) -> None:
    draft.files["special_tokens_map.json"] = b"[" * 100_000


@case("byte-level-prefix", "TS603")
def weights_that_claim_an_endless_header(draft: Draft) -> None:
    draft.embeddings = None
    draft.files["model.safetensors"] = b"\xff" * 8 + b"{}"


@case("byte-level-prefix", "TS603")
def weights_that_are_cut_off(draft: Draft) -> None:
    draft.embeddings = None
    header = {"wte.weight": {"dtype": "F32", "shape": [9000, 8], "data_offsets": [0, 288_000]}}
    text = json.dumps(header).encode()
    draft.files["model.safetensors"] = len(text).to_bytes(8, "little") + text + bytes(1000)


@case("metaspace-prefix", "TS604")
def tokens_added_and_the_model_not_resized(draft: Draft) -> None:
    size = draft.config["vocab_size"]
    draft.vocab["<extra>"] = size
    draft.add_token("<extra>", size)


@case("byte-level", "TS604", "TS606")
def matrix_of_another_checkpoint(draft: Draft) -> None:
    assert draft.embeddings is not None
    draft.embeddings = draft.embeddings[:-100]


@case("word-level", "TS605", "TS722")
def padded_matrix(draft: Draft) -> None:
    assert draft.embeddings is not None
    draft.embeddings = np.concatenate([draft.embeddings, draft.embeddings[:72]])
    draft.config["vocab_size"] += 72


@case("unigram", "TS606", "TS605")
def configuration_of_another_checkpoint(draft: Draft) -> None:
    assert draft.embeddings is not None
    draft.embeddings = np.concatenate([draft.embeddings, draft.embeddings[:72]])


@case("wordpiece", "TS607")
def special_token_that_does_not_exist(draft: Draft) -> None:
    draft.tokenizer_config["mask_token"] = {
        "__type": "AddedToken",
        "content": "[MASK]",
        "lstrip": True,
    }


@case("byte-level", "TS607")
def more_special_tokens_that_do_not_exist(draft: Draft) -> None:
    draft.special_tokens_map["additional_special_tokens"] = ["<|im_start|>"]


@case("metaspace-prefix", "TS608")
def another_pad_token_in_the_map(draft: Draft) -> None:
    draft.special_tokens_map["pad_token"] = "<s>"


@case("wordpiece", "TS609")
def another_pad_id_in_the_configuration(draft: Draft) -> None:
    draft.config["pad_token_id"] = draft.special["id"] + 1


@case("byte-level", "TS609")
def another_pad_id_for_generation(draft: Draft) -> None:
    draft.generation_config["pad_token_id"] = [17, 18]


@case("wordpiece", "TS610")
def another_id_in_the_added_tokens_decoder(draft: Draft) -> None:
    draft.tokenizer_config["added_tokens_decoder"] = {"7": {"content": "[CLS]"}}


@case("byte-level", "TS610")
def another_id_in_added_tokens_json(draft: Draft) -> None:
    draft.files["added_tokens.json"] = b'{"<|endoftext|>": 9}'


@case("wordpiece", "TS611")
def endless_texts(draft: Draft) -> None:
    draft.tokenizer_config["model_max_length"] = int(1e30)


# Ids.


@case("byte-level", "TS612", "TS604")
def added_token_with_an_id_far_away(draft: Draft) -> None:
    draft.add_token("<far>", draft.config["vocab_size"] + 100)


@case("wordpiece", "TS613", "TS101")
def token_written_twice(draft: Draft) -> None:
    text = json.dumps(draft.tokenizer, ensure_ascii=False)
    (name, number), (other, _) = list(draft.vocab.items())[1000:1002]
    first, second = json.dumps(name, ensure_ascii=False), json.dumps(other, ensure_ascii=False)
    assert f"{first}: {number}," in text
    draft.files["tokenizer.json"] = text.replace(
        f"{first}: {number},", f"{second}: {number},"
    ).encode()


@case("word-level", "TS101", "TS722")
def token_that_is_missing(draft: Draft) -> None:
    del draft.vocab[list(draft.vocab)[1000]]


@case("wordpiece", "TS104", "TS101")
def two_tokens_of_one_id(draft: Draft) -> None:
    name, other = list(draft.vocab)[1000:1002]
    draft.vocab[name] = draft.vocab[other]


# The pipeline.


@case("wordpiece", "TS614", "TS101")
def unknown_token_that_is_lost(draft: Draft) -> None:
    del draft.vocab["[UNK]"]
    draft.tokenizer["added_tokens"] = draft.tokenizer["added_tokens"][1:]
    draft.tokenizer_config = {"pad_token": "[CLS]"}
    draft.special_tokens_map, draft.config["pad_token_id"] = {}, None
    draft.generation_config = {}


@case("wordpiece", "TS615")
def template_of_another_vocabulary(draft: Draft) -> None:
    draft.tokenizer["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [101], "tokens": ["[CLS]"]}},
    }


@case("metaspace-prefix", "TS616")
def prefix_that_is_lost(draft: Draft) -> None:
    draft.tokenizer["normalizer"] = draft.tokenizer["normalizer"]["normalizers"][1]


@case("byte-level-prefix", "TS616")
def add_prefix_space_that_is_lost(draft: Draft) -> None:
    draft.tokenizer["pre_tokenizer"]["add_prefix_space"] = False


@case("unigram", "TS616")
def metaspace_that_never_prepends(draft: Draft) -> None:
    draft.tokenizer["pre_tokenizer"]["prepend_scheme"] = "never"


@case("byte-level-prefix", "TS617")
def lower_case_over_a_cased_vocabulary(draft: Draft) -> None:
    draft.tokenizer["normalizer"] = {"type": "Lowercase"}


@case("wordpiece", "TS618")
def case_over_a_vocabulary_of_lower_case(draft: Draft) -> None:
    draft.tokenizer["normalizer"]["lowercase"] = False


@case("byte-level", "TS619")
def byte_level_without_a_decoder(draft: Draft) -> None:
    draft.tokenizer["decoder"] = None


@case("wordpiece", "TS619")
def wordpiece_without_a_decoder(draft: Draft) -> None:
    draft.tokenizer["decoder"] = None


@case("unigram", "TS619")
def metaspace_decoder_of_another_mark(draft: Draft) -> None:
    draft.tokenizer["decoder"]["replacement"] = "_"


@case("metaspace-prefix", "TS619")
def byte_fallback_without_its_decoder(draft: Draft) -> None:
    decoders = draft.tokenizer["decoder"]["decoders"]
    draft.tokenizer["decoder"]["decoders"] = [
        part for part in decoders if part["type"] != "ByteFallback"
    ]


@case("end-of-word", "TS619")
def end_of_word_that_is_left(draft: Draft) -> None:
    draft.tokenizer["decoder"] = {"type": "Fuse"}


# Added tokens and merges: their tokens are unreachable.


@case("byte-level", "TS687", "TS701")
def word_as_an_added_token(draft: Draft) -> None:
    draft.add_token("the", draft.vocab["the"])


@case("metaspace")
def added_token_with_the_space_that_a_text_need_not_have(draft: Draft) -> None:
    """A text that starts with the word still produces the token."""
    size = draft.config["vocab_size"]
    draft.vocab[" they"] = size
    draft.add_token(" they", size)
    _resize(draft)


@case("byte-level", "TS701")
def token_written_into_the_vocabulary_alone(draft: Draft) -> None:
    draft.vocab["Ġtokenization"] = draft.config["vocab_size"]
    _resize(draft)


@case("metaspace", "TS701")
def merges_that_are_lost(draft: Draft) -> None:
    del draft.tokenizer["model"]["merges"][2000]


@case("continuation", "TS701")
def merges_of_continuations_that_are_lost(draft: Draft) -> None:
    del draft.tokenizer["model"]["merges"][-1]


@case("end-of-word", "TS701")
def merges_of_word_ends_that_are_lost(draft: Draft) -> None:
    del draft.tokenizer["model"]["merges"][-1]


def _resize(draft: Draft) -> None:
    draft.config["vocab_size"] += 1
    assert draft.embeddings is not None
    draft.embeddings = np.concatenate([draft.embeddings, draft.embeddings[:1]])
