"""List the patterns of the pre-tokenizers that GGUF files name in `tokenizer.ggml.pre`.

The name is llama.cpp's name for the source model's pre-tokenizer. The patterns come from the
source models' tokenizer.json, because llama.cpp's regular expressions lack features and differ.
The first pattern splits the text, the second splits the resulting pieces, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tokstat.loading.encodings import KIMI, LLAMA3, O200K, QWEN2, QWEN35

Alphabet = Literal["bytes", "marked spaces", "words"]


@dataclass(frozen=True)
class PreTokenizer:
    """Define how a text is split into pieces before merges apply.

    `takes_whole` tells whether a piece that is a token is not merged from parts. `composes` tells
    whether the text is first normalized to NFC. `alphabet` tells what tokens are written in:
    bytes, or characters with a mark for spaces or none. `is_llama_cpps` tells whether the pattern
    is taken from llama.cpp, and the source's normalizer unknown.
    """

    patterns: tuple[str, ...]
    takes_whole: bool = False
    composes: bool = False
    alphabet: Alphabet = "bytes"
    is_llama_cpps: bool = False


GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_TEKKEN = O200K.replace(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?", "").replace("{1,3}", "")
_CASED = r"\p{Lu}\p{Ll}\p{Lt}"
_DEEPSEEK_V3 = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

_GROUPS: Mapping[PreTokenizer, str] = {
    PreTokenizer((GPT2,)): (
        "gpt-2 phi-2 jina-es jina-de jina-v2-es jina-v2-de jina-v1-en jina-v2-code roberta-bpe"
        " exaone4 trillion granite-docling jais mellum"
    ),
    PreTokenizer((GPT2,), composes=True): "mpt olmo modern-bert",
    PreTokenizer((r"\p{N}", GPT2)): ("starcoder refact smollm codeshell exaone minerva-7b mellum2"),
    PreTokenizer((r"\p{N}", GPT2), composes=True): "command-r",
    PreTokenizer((LLAMA3,), takes_whole=True): (
        "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 glm4"
    ),
    PreTokenizer((LLAMA3,)): "dbrx smaug-bpe chatglm-bpe",
    PreTokenizer((QWEN2,), composes=True): "qwen2 deepseek-r1-qwen stablelm2 megrez",
    PreTokenizer((QWEN2,)): "hunyuan solar-open grok-2",
    PreTokenizer((QWEN35,), composes=True): "qwen35",
    PreTokenizer((O200K,)): "gpt-4o llama4 kanana2 minimax-m2",
    PreTokenizer((_TEKKEN,), takes_whole=True): "tekken",
    PreTokenizer((r"\p{N}{1,3}", r"[一-龥\u3040-ゟ゠-ヿ]+", _DEEPSEEK_V3)): (
        "deepseek-v3 hunyuan-dense joyai-llm"
    ),
    PreTokenizer(
        (
            r"[\r\n]",
            rf"\s?[{_CASED}]+",
            r"\s?[!-/:-~！-／：-～‘-‟\u3000-。]+",
            r"\s+\z",
            r"[一-龥ࠀ-一가-\ud7ff]+",
            r"\p{N}",
        )
    ): "deepseek-llm",
    PreTokenizer((r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", r"[一-龥ࠀ-一가-\ud7ff]+", r"\p{N}")): (
        "deepseek-coder"
    ),
    PreTokenizer((r"[\p{P}$+<=>^~|`]+", GPT2, r"[0-9][0-9][0-9]")): "falcon",
    PreTokenizer((r" ?[^(\s|.,!?…。，、।۔،)]+",)): "bloom poro-chat gpt3-finnish",
    PreTokenizer((r" ?[^(\s|.,!?…。，、।۔،)]+", r"\p{N}")): "viking",
}

_DIGITS_FROM_THE_RIGHT = r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))"
_TAIL = r"|\s*[\r\n]+|\s+(?!\S)|\s+"
_SPACES = "".join(rf"|\s{{{1 << power}}}(?!\S)" for power in range(9, 1, -1))
_HAN_AND_KANA = r"[一-龥\u3040-ゟ゠-ヿ]+"
_ASIAN = (
    r"[一-\u9fff㐀-\u4dbf豈-\ufaff\u3040-ゟ゠-ヿ･-\uff9f\u2f00-\u2fdfเ-\u0e7f\u0e80-\u0eff"
    r"ក-\u17ffက-\u109fꩠ-\uaa7fꧠ-\ua9ff가-\ud7afᄀ-ᇿ]+"
)
_WITHOUT_CONTRACTIONS = QWEN2.split("|", 7)[-1]

_BY_LLAMA_CPP: Mapping[tuple[str, ...], str] = {
    (GPT2,): "gigachat a.x-4.0",
    (LLAMA3,): "jina-v5-nano",
    (r"\p{N}{1,3}", LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}+")): "minicpm5",
    (LLAMA3.removesuffix(r"|\s+(?!\S)|\s+") + _SPACES + r"|\s{1,2}(?!\S)|\s",): "jais-2",
    (QWEN2,): "kormo f2llmv2",
    (r"[^\n]+|\n+", QWEN2): "laguna",
    (_WITHOUT_CONTRACTIONS,): "ufakzeka",
    (QWEN2.replace(r"[^\s\p{L}\p{N}]+[\r\n]*", r"[^\s\p{L}\p{N}\r\n]+"),): "seed-coder",
    (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]|\s+(?!\S)|\s+",
    ): "bailingmoe bailingmoe2 llada-moe",
    (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+",
    ): "exaone-moe",
    (O200K,): "talkie granite-embed-multi-97m",
    (r"\d{1,3}(?=(?:\d{3})*\b)", O200K): "tiny_aya cohere2moe",
    (
        r"[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + _HAN_AND_KANA,
        O200K.replace("{1,3}", ""),
    ): "youtu",
    (_DIGITS_FROM_THE_RIGHT,): "superbpe",
    (r"\p{N}{1,3}", _HAN_AND_KANA, _DEEPSEEK_V3): "hy_v4",
    (
        r"\p{N}{1,3}",
        _HAN_AND_KANA,
        _DEEPSEEK_V3.replace(r"[\r\n]*|\s*[\r\n]+", r"|[\r\n]"),
        r"\p{N}",
    ): "spark2_5",
    (_DIGITS_FROM_THE_RIGHT, _ASIAN, _DEEPSEEK_V3): "afmoe",
    (KIMI,): "kimi-k2",
    (
        r"<sentinel:[0-9]+>",
        r"IMGIMG[A-I]{1,4}Z",
        r"[\t\n]|    |  ",
        r"\p{N}",
        r"[\p{P}!-/:-@\[-`{-~]",
        GPT2,
    ): "chameleon",
}
"""Patterns by llama.cpp's sources (src/llama-vocab.cpp, November 2026), as these quote the source
model's where they do, and no source model was read."""

_WHOLE = ("minicpm5", "jina-v5-nano", "youtu", "granite-embed-multi-97m")
_MARKED = ("gemma4", "granite-embed-multi-311m", "sarvam-moe")

_LATER = {
    name: PreTokenizer(patterns, takes_whole=name in _WHOLE, is_llama_cpps=True)
    for patterns, names in _BY_LLAMA_CPP.items()
    for name in names.split()
}
_LATER |= {name: PreTokenizer((), alphabet="marked spaces", is_llama_cpps=True) for name in _MARKED}
_LATER["whitespace"] = PreTokenizer((r"\s+",), alphabet="words", is_llama_cpps=True)

PRE_TOKENIZERS: Mapping[str, PreTokenizer] = {
    name: pre_tokenizer for pre_tokenizer, names in _GROUPS.items() for name in names.split()
} | _LATER
"""Every known pre-tokenizer by its name."""

_MARKS = "words with combining marks, as in Hindi or Bengali"
_CASE = "words where a capital follows a small letter"

_APART: Mapping[str, str] = {
    "gpt-4o llama4 kanana2 minimax-m2 tekken talkie": _MARKS,
    "kimi-k2": f"{_MARKS}, and letters beyond U+FFFF",
    "youtu": _CASE,
    "granite-embed-multi-97m": f"{_CASE}, beyond a to z",
    "tiny_aya cohere2moe": f"{_CASE}, and digits beside letters",
    "afmoe": "digits beside other characters than letters",
    "deepseek-llm": "numbers of several digits, rare spaces, and letters beyond U+FFFF",
    "deepseek-coder": "rare spaces",
    "whitespace": "several spaces in a row, at which it stops",
}

SPLIT_APART: Mapping[str, str] = {
    name: what for names, what in _APART.items() for name in names.split()
}
"""What llama.cpp's own pattern splits otherwise than the pattern here, by the pre-tokenizer's name.

`python -m tests.tools.gguf_agreement` compares both.
"""
