"""Frames, flags and lengths that are broken; other files of this folder have other defects.

Each defect is put into tokenizers of two families, and mended again in its clean twin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cases.broken import Edit, cases
from tests.cases.drafts import Draft

CHAT = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' "
    "+ message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
)
"""The template of ChatML."""


def in_families(
    *families: str, codes: tuple[str, ...] = (), lang: str = "en"
) -> Callable[[Edit], Edit]:
    """Register an edit for several families; without codes it is a clean twin of another one."""
    return cases(families, *codes, lang=lang)


def role(draft: Draft, name: str, content: str, **flags: bool) -> int:
    """Add a special token with a row, and name it for a role."""
    number = draft.add_row(content, special=True, **flags)
    draft.tokenizer_config[f"{name}_token"] = content
    draft.special_tokens_map[f"{name}_token"] = content
    return number


def template(draft: Draft, single: list[str], pair_type: int = 0) -> None:
    """Set a post-processor that puts special tokens around $A, and gives $B a type id."""
    ids = {token["content"]: token["id"] for token in draft.tokenizer["added_tokens"]}

    def piece(name: str, type_id: int) -> dict[str, Any]:
        if name.startswith("$"):
            return {"Sequence": {"id": name[1:], "type_id": type_id}}
        return {"SpecialToken": {"id": name, "type_id": type_id}}

    pieces = [piece(name, 0) for name in single]
    draft.tokenizer["post_processor"] = {
        "type": "TemplateProcessing",
        "single": pieces,
        "pair": [*pieces, piece("$B", pair_type)],
        "special_tokens": {
            name: {"id": name, "ids": [ids[name]], "tokens": [name]}
            for name in single
            if not name.startswith("$")
        },
    }


# The frame.


@in_families("wordpiece", "byte-level", "unigram", codes=("TS681",))
def cls_and_sep_that_nothing_inserts(draft: Draft) -> None:
    draft.generation_config = {}  # which only a model that generates text has
    role(draft, "cls", "<cls>")
    role(draft, "sep", "<sep>")


@in_families("wordpiece", "byte-level")
def cls_and_sep_that_are_inserted(draft: Draft) -> None:
    cls_and_sep_that_nothing_inserts(draft)
    template(draft, ["<cls>", "$A", "<sep>"])


@in_families("wordpiece", "byte-level")
def cls_and_sep_of_a_causal_model(draft: Draft) -> None:
    cls_and_sep_that_nothing_inserts(draft)
    draft.config["architectures"] = ["GPT2LMHeadModel"]


@in_families("metaspace-prefix", "byte-level", codes=("TS681",))
def begin_of_text_that_nothing_inserts(draft: Draft) -> None:
    role(draft, "bos", "<bos>")
    draft.tokenizer_config["add_bos_token"] = True


@in_families("metaspace-prefix", "byte-level", codes=("TS681",))
def end_of_text_that_the_template_leaves_out(draft: Draft) -> None:
    begin_of_text_that_nothing_inserts(draft)
    role(draft, "eos", "<eos>")
    draft.tokenizer_config["add_eos_token"] = True
    template(draft, ["<bos>", "$A"])


@in_families("metaspace-prefix", "byte-level")
def begin_and_end_of_text_that_are_inserted(draft: Draft) -> None:
    end_of_text_that_the_template_leaves_out(draft)
    template(draft, ["<bos>", "$A", "<eos>"])


@in_families("wordpiece", "byte-level-prefix", codes=("TS684",))
def type_ids_of_a_model_with_one_type(draft: Draft) -> None:
    cls_and_sep_that_nothing_inserts(draft)
    template(draft, ["<cls>", "$A", "<sep>"], pair_type=1)
    draft.config["type_vocab_size"] = 1


@in_families("wordpiece", "byte-level-prefix")
def type_ids_of_a_model_with_two_types(draft: Draft) -> None:
    type_ids_of_a_model_with_one_type(draft)
    draft.config["type_vocab_size"] = 2


@in_families("wordpiece", "unigram")
def type_ids_of_a_model_that_ignores_them(draft: Draft) -> None:
    type_ids_of_a_model_with_one_type(draft)
    draft.config["type_vocab_size"] = 0


# Lengths.


@in_families("byte-level-prefix", "unigram", codes=("TS683",))
def length_that_counts_the_positions_of_padding(draft: Draft) -> None:
    draft.config |= {"model_type": "roberta", "max_position_embeddings": 514}
    draft.tokenizer_config["model_max_length"] = 514


@in_families("byte-level-prefix", "unigram")
def length_without_the_positions_of_padding(draft: Draft) -> None:
    length_that_counts_the_positions_of_padding(draft)
    draft.tokenizer_config["model_max_length"] = 514 - draft.special["id"] - 1


@in_families("wordpiece", "continuation", codes=("TS683",))
def length_beyond_the_positions(draft: Draft) -> None:
    draft.config["max_position_embeddings"] = 512
    draft.tokenizer_config["model_max_length"] = 513


@in_families("wordpiece", "continuation")
def length_of_the_positions(draft: Draft) -> None:
    length_beyond_the_positions(draft)
    draft.tokenizer_config["model_max_length"] = 512


@in_families("metaspace-prefix", "byte-level")
def length_beyond_the_positions_of_a_model_that_computes_them(draft: Draft) -> None:
    draft.config |= {"model_type": "llama", "max_position_embeddings": 256}


@in_families("wordpiece", "byte-level", codes=("TS683", "TS602"))
def stored_truncation_beyond_the_positions(draft: Draft) -> None:
    draft.config["max_position_embeddings"] = 512
    draft.tokenizer["truncation"] = {
        "direction": "Right",
        "max_length": 513,
        "strategy": "LongestFirst",
        "stride": 0,
    }


# Flags of added tokens.


@in_families("byte-level", "metaspace-prefix", codes=("TS682",))
def end_of_a_turn_that_swallows_the_line_end(draft: Draft) -> None:
    draft.add_row("<|im_start|>", special=True)
    role(draft, "eos", "<|im_end|>", rstrip=True)
    draft.tokenizer_config["chat_template"] = CHAT


@in_families("byte-level", "metaspace-prefix")
def end_of_a_turn_that_keeps_the_line_end(draft: Draft) -> None:
    end_of_a_turn_that_swallows_the_line_end(draft)
    draft.tokenizer["added_tokens"][-1]["rstrip"] = False


@in_families("wordpiece")
def end_of_a_turn_where_line_ends_have_no_token(draft: Draft) -> None:
    end_of_a_turn_that_swallows_the_line_end(draft)


@in_families("byte-level-prefix", "unigram", codes=("TS682",))
def mask_that_leaves_the_space_before_it(draft: Draft) -> None:
    draft.generation_config = {}  # which only a model that generates text has
    role(draft, "mask", "<mask>")


@in_families("byte-level-prefix", "unigram")
def mask_that_takes_the_space_before_it(draft: Draft) -> None:
    draft.generation_config = {}  # which only a model that generates text has
    role(draft, "mask", "<mask>", lstrip=True)


@in_families("wordpiece", "continuation")
def mask_of_a_tokenizer_that_drops_spaces(draft: Draft) -> None:
    draft.generation_config = {}  # which only a model that generates text has
    role(draft, "mask", "<mask>")


@in_families("metaspace-prefix", codes=("TS682",))
def normalized_token_after_a_prefix(draft: Draft) -> None:
    """LLaMA 2's files had it: `a</s>` has no end of text, as `▁</s>` is looked for."""
    role(draft, "eos", "</s>", normalized=True)


@in_families("wordpiece", "end-of-word", codes=("TS682",))
def normalized_special_token_in_lower_case(draft: Draft) -> None:
    role(draft, "eos", "[EOS]", normalized=True)


@in_families("metaspace-prefix", "wordpiece", "end-of-word")
def special_token_that_is_not_normalized(draft: Draft) -> None:
    role(draft, "eos", "[EOS]")


@in_families("byte-level", "wordpiece", "unigram", codes=("TS687",))
def added_letters_that_tear_words(draft: Draft) -> None:
    draft.add_row("tio")


@in_families("byte-level", "wordpiece")
def added_letters_that_are_a_word_of_their_own(draft: Draft) -> None:
    draft.add_row("tio", single_word=True)


@in_families("byte-level", "wordpiece")
def added_word_that_is_in_no_other(draft: Draft) -> None:
    draft.add_row("tokstat")


# Decoding and offsets.


@in_families("byte-level", "metaspace-prefix", codes=("TS685",))
def clean_up_of_a_tokenizer_that_keeps_spaces(draft: Draft) -> None:
    draft.tokenizer_config["clean_up_tokenization_spaces"] = True


@in_families("wordpiece", "continuation")
def clean_up_of_a_tokenizer_that_drops_spaces(draft: Draft) -> None:
    clean_up_of_a_tokenizer_that_keeps_spaces(draft)


@in_families("byte-level", "byte-level-prefix", codes=("TS686",))
def offsets_with_the_space(draft: Draft) -> None:
    draft.config["architectures"] = ["RobertaForMaskedLM"]
    draft.tokenizer["post_processor"] = {
        "type": "ByteLevel",
        "add_prefix_space": True,
        "trim_offsets": False,
        "use_regex": True,
    }


@in_families("byte-level", "byte-level-prefix", codes=("TS686",))
def offsets_that_nothing_trims(draft: Draft) -> None:
    draft.config["architectures"] = ["ModernBertForMaskedLM"]


@in_families("byte-level", "byte-level-prefix")
def offsets_without_the_space(draft: Draft) -> None:
    offsets_with_the_space(draft)
    draft.tokenizer["post_processor"]["trim_offsets"] = True


@in_families("byte-level", "byte-level-prefix")
def offsets_of_a_causal_model(draft: Draft) -> None:
    offsets_with_the_space(draft)
    draft.config["architectures"] = ["GPT2LMHeadModel"]
