"""List the pattern and the special tokens of known encodings, which rank files lack.

The SHA-256 of a published file identifies its encoding. Patterns and special tokens are those of
the publisher's library: tiktoken, llama-models, openai-whisper, and Qwen's tokenization code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_BLOB = "https://openaipublic.blob.core.windows.net/encodings/"

_R50K = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
_CL100K = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_BEFORE = r"[^\r\n\p{L}\p{N}]?"
O200K = "|".join(
    [
        rf"{_BEFORE}{_UPPER}*{_LOWER}+{_CONTRACTION}?",
        rf"{_BEFORE}{_UPPER}+{_LOWER}*{_CONTRACTION}?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)


def _words_of(letters: str, digits: str) -> str:
    """Return the pattern that Llama 3 and Qwen share, apart from their letters and digits."""
    return (
        rf"{_CONTRACTION}|{_BEFORE}{letters}+|{digits}| ?[^\s{letters.strip('[]')}\p{{N}}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


LLAMA3 = _words_of(r"\p{L}", r"\p{N}{1,3}")
QWEN2 = _words_of(r"\p{L}", r"\p{N}")
KIMI = "|".join(
    [
        r"[\p{Han}]+",
        rf"{_BEFORE}[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}&&[^\p{{Han}}]]*"
        rf"[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}&&[^\p{{Han}}]]+{_CONTRACTION}?",
        rf"{_BEFORE}[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}&&[^\p{{Han}}]]+"
        rf"[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}&&[^\p{{Han}}]]*{_CONTRACTION}?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
QWEN35 = _words_of(r"[\p{L}\p{M}]", r"\p{N}")


@dataclass(frozen=True)
class Encoding:
    """Describe an encoding: its file, pattern and special tokens.

    `sha256` is the digest of its published file, and `url` the address from which tiktoken
    downloads that file, empty if it comes with a model. `special` maps special tokens to ids.
    """

    name: str
    sha256: str
    url: str
    pattern: str
    special: Mapping[str, int]
    composes: bool = False
    """Whether its library first normalizes texts to NFC."""


_END, _PROMPT = "<|endoftext|>", "<|endofprompt|>"
_MIDDLE = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")


def _numbered(start: int, *names: str) -> dict[str, int]:
    """Number names from `start` on."""
    return {name: index for index, name in enumerate(names, start)}


def _marked(*names: str) -> list[str]:
    return [f"<|{name}|>" for name in names]


def _reserved(start: int, count: int, stem: str = "") -> list[str]:
    return _marked(*(f"{stem}reserved_special_token_{i}" for i in range(start, start + count)))


def _harmony() -> dict[str, int]:
    names = {
        199_998: "startoftext",
        199_999: "endoftext",
        200_002: "return",
        200_003: "constrain",
        200_005: "channel",
        200_006: "start",
        200_007: "end",
        200_008: "message",
        200_012: "call",
        200_018: "endofprompt",  # tiktoken also calls it reserved_200018
    }
    return {
        f"<|{names.get(index, f'reserved_{index}')}|>": index for index in range(199_998, 201_088)
    }


_LLAMA3_SPECIAL = [
    *_marked("begin_of_text", "end_of_text"),
    *_reserved(0, 2),
    *_marked("finetune_right_pad_id", "step_id", "start_header_id", "end_header_id"),
    *_marked("eom_id", "eot_id", "python_tag", "image"),
    *_reserved(2, 244),
]

_LLAMA4_SPECIAL = [
    *_marked("begin_of_text", "end_of_text", "fim_prefix", "fim_middle", "fim_suffix"),
    *_marked("header_start", "header_end", "eom", "eot", "step"),
    *_reserved(0, 6, "text_post_train_"),
    *_marked("python_start", "python_end", "finetune_right_pad"),
    *_reserved(8, 61, "text_post_train_"),
    *_marked("image_start", "image_end"),
    *_reserved(0, 2, "vision_"),
    *_marked("tile_x_separator", "tile_y_separator"),
    *_reserved(2, 4, "vision_"),
    *_marked("image"),
    *_reserved(6, 1, "vision_"),
    *_marked("patch"),
    *_reserved(7, 1041, "vision_"),
    *_reserved(0, 8, "reasoning_"),
    *_marked("reasoning_thinking_start", "reasoning_thinking_end"),
]

_QWEN35_SPECIAL = [
    *_marked("endoftext", "im_start", "im_end", "object_ref_start", "object_ref_end"),
    *_marked("box_start", "box_end", "quad_start", "quad_end", "vision_start", "vision_end"),
    *_marked("vision_pad", "image_pad", "video_pad"),
    *("<tool_call>", "</tool_call>"),
    *_marked("fim_prefix", "fim_middle", "fim_suffix", "fim_pad", "repo_name", "file_sep"),
    *("<tool_response>", "</tool_response>", "<think>", "</think>"),
    *_marked("audio_start", "audio_end"),
    *("<tts_pad>", "<tts_text_bos>", "<tts_text_eod>", "<tts_text_bos_single>"),
    *_marked("audio_pad"),
]

_R50K_FILE = (
    "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    _BLOB + "r50k_base.tiktoken",
)
_P50K_FILE = (
    "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    _BLOB + "p50k_base.tiktoken",
)
_CL100K_FILE = (
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    _BLOB + "cl100k_base.tiktoken",
)
_O200K_FILE = (
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    _BLOB + "o200k_base.tiktoken",
)
# These files come with a model, and tiktoken does not download them.
_LLAMA3_FILE = ("82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55", "")
_LLAMA4_FILE = ("d0bdbaf59b0762c8c807617e2d8ea51420eb1b1de266df2495be755c8e0ed6ed", "")
_QWEN_FILE = ("b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186", "")
_WHISPER_FILE = ("b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126", "")
_QWEN35_FILE = ("8dde380a6405e935f5de16a99eb61c824f3f814dd1ed298784c72babb7a03cdd", "")

ENCODINGS: Mapping[str, Encoding] = {
    encoding.name: encoding
    for encoding in (
        Encoding("r50k_base", *_R50K_FILE, _R50K, {_END: 50_256}),
        # GPT-2's two files have the same tokens and ids as the file of r50k_base.
        Encoding("gpt2", *_R50K_FILE, _R50K, {_END: 50_256}),
        Encoding("p50k_base", *_P50K_FILE, _R50K, {_END: 50_256}),
        Encoding("p50k_edit", *_P50K_FILE, _R50K, {_END: 50_256, **_numbered(50_281, *_MIDDLE)}),
        Encoding(
            "cl100k_base",
            *_CL100K_FILE,
            _CL100K,
            {**_numbered(100_257, _END, *_MIDDLE), _PROMPT: 100_276},
        ),
        Encoding("o200k_base", *_O200K_FILE, O200K, {_END: 199_999, _PROMPT: 200_018}),
        Encoding("o200k_harmony", *_O200K_FILE, O200K, _harmony()),
        # The ids of Whisper's other special tokens depend on the number of its languages.
        Encoding(
            "whisper",
            *_WHISPER_FILE,
            _R50K,
            _numbered(50_257, _END, *_marked("startoftranscript")),
        ),
        Encoding("llama3", *_LLAMA3_FILE, LLAMA3, _numbered(128_000, *_LLAMA3_SPECIAL)),
        Encoding(
            "llama4",
            *_LLAMA4_FILE,
            O200K,
            _numbered(200_000, *_LLAMA4_SPECIAL, *_reserved(0, 2048 - len(_LLAMA4_SPECIAL))),
        ),
        Encoding(
            "qwen",
            *_QWEN_FILE,
            QWEN2,
            _numbered(
                151_643,
                *_marked("endoftext", "im_start", "im_end"),
                *_marked(*(f"extra_{index}" for index in range(205))),
            ),
            composes=True,
        ),
        Encoding(
            "qwen3.5",
            *_QWEN35_FILE,
            QWEN35,
            _numbered(248_044, *_QWEN35_SPECIAL),
            composes=True,
        ),
    )
}
"""Every known encoding by its name."""


def encoding_of_file(sha256: str) -> Encoding | None:
    """Return the encoding of a published rank file, None for an unknown file."""
    return next((each for each in ENCODINGS.values() if each.sha256 == sha256), None)
