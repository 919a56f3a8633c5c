"""What transformers makes of vocab.txt, or vocab.json with merges.txt, by the tokenizer's class.

The files alone do not tell how a text is split, what is lower-cased, nor which tokens are special.
The class does, which the folder's configuration names. The table follows transformers 4.57
(`convert_slow_tokenizer` and the classes' own defaults), and the tests compare the ids. Classes
that transformers itself cannot convert are refused by their name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["wordpiece", "tokens", "gpt2", "qwen2", "clip", "end of word"]

_BERT_ROLES = {"unk": "[UNK]", "sep": "[SEP]", "pad": "[PAD]", "cls": "[CLS]", "mask": "[MASK]"}
_ROBERTA_ROLES = {
    "bos": "<s>",
    "eos": "</s>",
    "unk": "<unk>",
    "sep": "</s>",
    "pad": "<pad>",
    "cls": "<s>",
    "mask": "<mask>",
}
_END = "<|endoftext|>"


@dataclass(frozen=True)
class SlowClass:
    """Describe a class: how it splits, the default text of each role, and its template.

    `single` and `pair` name roles and the two texts A and B, each with its type id after a colon.
    `roberta` tells whether the template is RoBERTa's processor, which also trims offsets.
    `strips_before_mask` tells whether the mask takes the space before it.
    """

    kind: Kind
    roles: Mapping[str, str]
    single: str = ""
    pair: str = ""
    roberta: bool = False
    strips_before_mask: bool = False
    lowercases: bool = True
    prefix_space: bool = False
    has_bos_option: bool = False


_BERT = SlowClass("wordpiece", _BERT_ROLES, "cls:0 A:0 sep:0", "cls:0 A:0 sep:0 B:1 sep:1")
_ROBERTA = SlowClass(
    "gpt2",
    _ROBERTA_ROLES,
    "cls:0 A:0 sep:0",
    "cls:0 A:0 sep:0 sep:0 B:0 sep:0",
    roberta=True,
    strips_before_mask=True,
)
_GPT2 = SlowClass("gpt2", {"unk": _END, "bos": _END, "eos": _END}, has_bos_option=True)

_GROUPS: tuple[tuple[str, SlowClass], ...] = (
    (
        "Bert ConvBert DistilBert DPRReader DPRQuestionEncoder DPRContextEncoder Electra LayoutLM"
        " LayoutLMv2 Lxmert MobileBert Realm RetriBert SqueezeBert",
        _BERT,
    ),
    (
        "MPNet",
        SlowClass(
            "wordpiece",
            {**_ROBERTA_ROLES, "unk": "[UNK]"},
            "cls:0 A:0 sep:0",
            "cls:0 A:0 sep:0 sep:0 B:1 sep:1",
            strips_before_mask=True,
        ),
    ),
    (
        "Funnel",
        SlowClass(
            "wordpiece",
            {**_ROBERTA_ROLES, "sep": "<sep>", "cls": "<cls>"},
            "cls:2 A:0 sep:0",
            "cls:2 A:0 sep:0 B:1 sep:1",
        ),
    ),
    (
        "Esm",
        SlowClass(
            "tokens",
            {
                "unk": "<unk>",
                "cls": "<cls>",
                "pad": "<pad>",
                "mask": "<mask>",
                "eos": "<eos>",
            },
            "cls:0 A:0 eos:0",
            "cls:0 A:0 eos:0 B:0 eos:0",
        ),
    ),
    ("GPT2 CodeGen", _GPT2),
    ("Roberta Bart LED Longformer Mvp", _ROBERTA),
    (
        "LayoutLMv3",
        SlowClass(
            "gpt2",
            _ROBERTA_ROLES,
            _ROBERTA.single,
            _ROBERTA.pair,
            roberta=True,
            strips_before_mask=True,
            prefix_space=True,
        ),
    ),
    (
        "Blenderbot",
        SlowClass("gpt2", _ROBERTA_ROLES, "A:0 eos:0", strips_before_mask=True),
    ),
    (
        "Deberta",
        SlowClass(
            "gpt2",
            {**_BERT_ROLES, "bos": "[CLS]", "eos": "[SEP]"},
            "cls:0 A:0 sep:0",
            "cls:0 A:0 sep:0 B:1 sep:1",
            strips_before_mask=True,
        ),
    ),
    ("Qwen2", SlowClass("qwen2", {"unk": _END, "eos": _END, "pad": _END})),
    (
        "CLIP",
        SlowClass(
            "clip",
            {"unk": _END, "bos": "<|startoftext|>", "eos": _END, "pad": _END},
            "bos:0 A:0 eos:0",
            "bos:0 A:0 eos:0 eos:0 B:0 eos:0",
            roberta=True,
        ),
    ),
    ("OpenAIGPT", SlowClass("end of word", {"unk": "<unk>"})),
    (
        "Herbert",
        SlowClass(
            "end of word",
            {**_ROBERTA_ROLES, "eos": ""},
            "cls:0 A:0 sep:0",
            "cls:0 A:0 sep:0 B:1 sep:1",
            lowercases=False,
        ),
    ),
)

CLASSES: Mapping[str, SlowClass] = {
    f"{name}Tokenizer": each for names, each in _GROUPS for name in names.split()
}
"""Every class that is built here, by its name without the `Fast` at its end."""

_OF_MODEL_TYPES = {
    "bart": "Bart",
    "bert": "Bert",
    "blenderbot": "Blenderbot",
    "clip": "CLIP",
    "codegen": "CodeGen",
    "convbert": "ConvBert",
    "ctrl": "CTRL",
    "data2vec-text": "Roberta",
    "deberta": "Deberta",
    "distilbert": "DistilBert",
    "electra": "Electra",
    "ernie": "Bert",
    "ernie_m": "ErnieM",
    "esm": "Esm",
    "flaubert": "Flaubert",
    "fsmt": "FSMT",
    "funnel": "Funnel",
    "gpt2": "GPT2",
    "gpt_bigcode": "GPT2",
    "gpt_neo": "GPT2",
    "herbert": "Herbert",
    "layoutlm": "LayoutLM",
    "layoutlmv2": "LayoutLMv2",
    "layoutlmv3": "LayoutLMv3",
    "led": "LED",
    "longformer": "Longformer",
    "luke": "Luke",
    "lxmert": "Lxmert",
    "markuplm": "MarkupLM",
    "mobilebert": "MobileBert",
    "mpnet": "MPNet",
    "mvp": "Mvp",
    "nezha": "Bert",
    "openai-gpt": "OpenAIGPT",
    "opt": "GPT2",
    "phobert": "Phobert",
    "qdqbert": "Bert",
    "qwen2": "Qwen2",
    "qwen2_moe": "Qwen2",
    "roberta": "Roberta",
    "roberta-prelayernorm": "Roberta",
    "roc_bert": "RoCBert",
    "roformer": "RoFormer",
    "splinter": "Splinter",
    "squeezebert": "SqueezeBert",
    "tapas": "Tapas",
    "visual_bert": "Bert",
    "wav2vec2": "Wav2Vec2CTC",
    "whisper": "Whisper",
    "xlm": "XLM",
}
"""The class that transformers takes for a model type, where no file names a class."""

CONVERTED = ("MarkupLMTokenizer", "SplinterTokenizer", "WhisperTokenizer")
"""Classes that transformers converts and tokstat does not; they are left to it."""

_GENERIC = ("PreTrainedTokenizer", "TokenizersBackend", "AutoTokenizer")


def class_of(config: Mapping[str, Any], model_config: Mapping[str, Any]) -> str:
    """Return the name of the tokenizer's class without its `Fast`, "" where no file leads to one.

    As in transformers, tokenizer_config.json comes first, then config.json, then the model's type.
    """
    for content in (config, model_config):
        name = content.get("tokenizer_class")
        if isinstance(name, str) and name:
            plain = name.removesuffix("Fast")
            if plain not in _GENERIC:
                return plain
    kind = model_config.get("model_type")
    known = _OF_MODEL_TYPES.get(kind) if isinstance(kind, str) else None
    return f"{known}Tokenizer" if known else ""
