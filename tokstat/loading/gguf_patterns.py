"""List the patterns of the pre-tokenizers that GGUF files name in `tokenizer.ggml.pre`.

The name is llama.cpp's name for the source model's pre-tokenizer. The patterns come from the
source models' tokenizer.json, because llama.cpp's regular expressions lack features and differ.
The first pattern splits the text, the second splits the resulting pieces, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tokstat.loading.encodings import LLAMA3, O200K, QWEN2, QWEN35


@dataclass(frozen=True)
class PreTokenizer:
    """Define how a text is split into pieces before merges apply.

    `takes_whole` tells whether a piece that is a token is not merged from parts. `composes` tells
    whether the text is first normalized to NFC.
    """

    patterns: tuple[str, ...]
    takes_whole: bool = False
    composes: bool = False


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
        "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 glm4 glm5"
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

PRE_TOKENIZERS: Mapping[str, PreTokenizer] = {
    name: pre_tokenizer for pre_tokenizer, names in _GROUPS.items() for name in names.split()
}
"""Every known pre-tokenizer by its name."""
