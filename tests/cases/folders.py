"""Broken model folders: templates, roles and classes, in two families each, and clean twins."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tests.cases.broken import cases
from tests.cases.drafts import Draft

TWO = ("byte-level", "wordpiece")
WITH_SPACES = ("byte-level", "metaspace-prefix")

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def chat(draft: Draft, template: Any = CHATML) -> None:
    """Make a chat model of a draft, as it should be."""
    _, end = draft.add_special("<|im_start|>", "<|im_end|>")
    draft.tokenizer_config["eos_token"] = "<|im_end|>"
    draft.tokenizer_config["chat_template"] = template
    draft.generation_config["eos_token_id"] = end
    draft.config["eos_token_id"] = end


def begin(draft: Draft, inserted: str = "<bos>") -> None:
    """Add a BOS token, which the post-processor inserts."""
    (number,) = draft.add_special(inserted)
    draft.tokenizer_config["bos_token"] = inserted
    draft.config["bos_token_id"] = number
    draft.tokenizer["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": inserted, "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {inserted: {"id": inserted, "ids": [number], "tokens": [inserted]}},
    }


# Chat templates.


@cases(TWO)
def chat_model(draft: Draft) -> None:
    chat(draft)


@cases(TWO)
def templates_by_name(draft: Draft) -> None:
    chat(draft, [{"name": "default", "template": CHATML}, {"name": "rag", "template": "{{ x.y }}"}])


@cases(TWO)
def template_that_takes_no_system_message(draft: Draft) -> None:
    reject = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}"
    chat(draft, reject + CHATML)


@cases(TWO, "TS651")
def template_that_does_not_parse(draft: Draft) -> None:
    chat(draft, CHATML.replace("{% endfor %}", ""))


@cases(TWO, "TS651")
def template_that_calls_what_is_not_there(draft: Draft) -> None:
    chat(draft, "{{ messages | flatten_all }}")


@cases(TWO, "TS651")
def template_that_reads_what_it_must_not(draft: Draft) -> None:
    chat(draft, "{{ messages.__class__.__mro__ }}")


@cases(TWO, "TS651")
def template_that_includes_a_file(draft: Draft) -> None:
    chat(draft, "{% include '/etc/passwd' %}")


@cases(TWO, "TS651")
def template_of_a_gigabyte(draft: Draft) -> None:
    chat(draft, "{{ 'a' * 10 ** 9 }}")


@cases(TWO, "TS651")
def templates_as_a_list_of_names(draft: Draft) -> None:
    chat(draft, ["default", "tool_use"])


@cases(TWO, "TS651")
def template_that_is_a_number(draft: Draft) -> None:
    chat(draft, 3)


@cases(WITH_SPACES, "TS652")
def bos_in_the_template_and_in_the_post_processor(draft: Draft) -> None:
    chat(draft, "{{ bos_token }}" + CHATML)
    begin(draft)


@cases(WITH_SPACES)
def bos_in_the_post_processor_alone(draft: Draft) -> None:
    chat(draft)
    begin(draft)


@cases(WITH_SPACES, "TS653")
def chatml_over_a_vocabulary_without_its_markers(draft: Draft) -> None:
    draft.tokenizer_config["chat_template"] = CHATML


@cases(TWO, "TS654")
def end_of_turn_that_no_file_calls_eos(draft: Draft) -> None:
    chat(draft)
    (number,) = draft.add_special("<|endoftext2|>")
    draft.tokenizer_config["eos_token"] = "<|endoftext2|>"
    draft.generation_config["eos_token_id"] = draft.config["eos_token_id"] = number


@cases(TWO)
def end_of_turn_that_generation_config_calls_eos(draft: Draft) -> None:
    end_of_turn_that_no_file_calls_eos(draft)
    number = draft.config["eos_token_id"]
    draft.generation_config["eos_token_id"] = [number, number - 1]


@cases(TWO, "TS655")
def template_file_of_another_version(draft: Draft) -> None:
    chat(draft)
    draft.files["chat_template.jinja"] = CHATML.replace("\n{% endfor", "{% endfor").encode()


@cases(TWO)
def template_file_that_agrees(draft: Draft) -> None:
    chat(draft)
    draft.files["chat_template.jinja"] = f"{CHATML}\n".encode()


@cases(TWO, "TS655")
def named_template_of_another_version(draft: Draft) -> None:
    named = [{"name": "default", "template": CHATML}, {"name": "rag", "template": CHATML}]
    chat(draft, named)
    draft.files["additional_chat_templates/rag.jinja"] = b"{{ messages[0].content }}"


@cases(("byte-level",), "TS655")
def template_of_a_processor(draft: Draft) -> None:
    chat(draft)
    draft.files["chat_template.json"] = json.dumps({"chat_template": "{{ messages }}"}).encode()


# Roles.


@cases(TWO, "TS661")
def pad_token_that_is_eos(draft: Draft) -> None:
    eos(draft)
    draft.tokenizer_config["pad_token"] = "<eos>"
    draft.special_tokens_map["pad_token"] = "<eos>"
    number = draft.config["eos_token_id"]
    draft.config["pad_token_id"] = draft.generation_config["pad_token_id"] = number


@cases(TWO)
def pad_token_of_its_own(draft: Draft) -> None:
    eos(draft)


def eos(draft: Draft) -> None:
    """Add an EOS token, and name it everywhere."""
    (number,) = draft.add_special("<eos>")
    draft.tokenizer_config["eos_token"] = "<eos>"
    draft.config["eos_token_id"] = draft.generation_config["eos_token_id"] = number


@cases(TWO, "TS662")
def no_pad_token(draft: Draft) -> None:
    eos(draft)
    del draft.tokenizer_config["pad_token"], draft.special_tokens_map["pad_token"]
    draft.tokenizer_config["tokenizer_class"] = "PreTrainedTokenizerFast"
    draft.generation_config = {}
    draft.config["pad_token_id"] = None


@cases(TWO, "TS663")
def pad_id_that_is_negative(draft: Draft) -> None:
    draft.config["pad_token_id"] = -1


@cases(TWO, "TS663")
def eos_id_beyond_the_matrix(draft: Draft) -> None:
    eos(draft)
    number = draft.config["eos_token_id"]
    draft.generation_config["eos_token_id"] = [number, number + 100]


@cases(TWO, "TS663")
def id_that_is_an_object(draft: Draft) -> None:
    draft.generation_config["bos_token_id"] = {"id": 1}


@cases(TWO, "TS609")
def eos_that_the_two_configurations_know_otherwise(draft: Draft) -> None:
    draft.config["eos_token_id"] = 5
    draft.generation_config["eos_token_id"] = [6, 7]


@cases(TWO, "TS664")
def separator_that_was_learned_as_text(draft: Draft) -> None:
    number = draft.config["vocab_size"]
    draft.vocab["[SEP]"] = number
    draft.config["vocab_size"] += 1
    assert draft.embeddings is not None
    draft.embeddings = np.concatenate([draft.embeddings, draft.embeddings[:1]])
    draft.tokenizer_config["sep_token"] = "[SEP]"


@cases(TWO)
def separator_that_is_added(draft: Draft) -> None:
    separator_that_was_learned_as_text(draft)
    draft.add_token("[SEP]", draft.vocab["[SEP]"], special=True)


@cases(TWO, "TS665")
def token_that_is_special_in_one_file(draft: Draft) -> None:
    chat(draft)
    first = draft.config["vocab_size"] - 2
    draft.tokenizer["added_tokens"][-2]["special"] = False
    entries = {str(first): {"content": "<|im_start|>", "special": True}}
    draft.tokenizer_config["added_tokens_decoder"] = entries


@cases(TWO, "TS665")
def token_that_is_listed_as_special_and_is_not(draft: Draft) -> None:
    chat(draft)
    draft.tokenizer["added_tokens"][-2]["special"] = False
    draft.special_tokens_map["additional_special_tokens"] = ["<|im_start|>"]


@cases(TWO)
def tokens_that_are_special_in_every_file(draft: Draft) -> None:
    chat(draft)
    first = draft.config["vocab_size"] - 2
    entries = {str(first): {"content": "<|im_start|>", "special": True}}
    draft.tokenizer_config["added_tokens_decoder"] = entries
    draft.special_tokens_map["additional_special_tokens"] = ["<|im_start|>"]


# Loading.


@cases(TWO, "TS671")
def class_of_newer_versions(draft: Draft) -> None:
    draft.tokenizer_config["tokenizer_class"] = "TokenizersBackend"


@cases(TWO, "TS671")
def class_that_was_misspelled(draft: Draft) -> None:
    draft.tokenizer_config["tokenizer_class"] = "LLaMATokenizer"


@cases(TWO)
def class_that_every_version_has(draft: Draft) -> None:
    draft.tokenizer_config["tokenizer_class"] = "PreTrainedTokenizerFast"
    draft.tokenizer_config["extra_special_tokens"] = {}


@cases(TWO, "TS671")
def extra_special_tokens_as_a_list(draft: Draft) -> None:
    draft.tokenizer_config["extra_special_tokens"] = [draft.special["content"]]


@cases(TWO, "TS671")
def code_of_the_models_own(draft: Draft) -> None:
    draft.tokenizer_config["tokenizer_class"] = "OwnTokenizer"
    draft.tokenizer_config["auto_map"] = {"AutoTokenizer": ["own.OwnTokenizer", None]}


@cases(TWO, "TS671")
def role_that_is_a_list(draft: Draft) -> None:
    draft.tokenizer_config["mask_token"] = [draft.special["content"]]


@cases(TWO, "TS671")
def role_that_is_an_object_without_a_type(draft: Draft) -> None:
    draft.tokenizer_config["mask_token"] = {"content": draft.special["content"]}


@cases(TWO)
def role_that_is_null(draft: Draft) -> None:
    draft.tokenizer_config["mask_token"] = None


@cases(TWO, "TS671")
def length_that_is_a_text(draft: Draft) -> None:
    draft.tokenizer_config["model_max_length"] = "512"


@cases(TWO, "TS671")
def added_tokens_decoder_that_is_a_list(draft: Draft) -> None:
    draft.tokenizer_config["added_tokens_decoder"] = []


@cases(TWO, "TS671")
def no_class_and_no_model_type(draft: Draft) -> None:
    del draft.config["model_type"]
