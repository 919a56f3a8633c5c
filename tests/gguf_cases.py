"""GGUF files of every kind, real and made, to be read by tokstat and by llama.cpp."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import models, pre_tokenizers, trainers

from tests import gguf_files
from tests.samples import sample
from tokstat.loading.gguf_patterns import PRE_TOKENIZERS
from tokstat.loading.pieces import CONTROL, NORMAL, UNKNOWN, UNUSED, USER_DEFINED

Write = Callable[[Path], Path]
"""A function that writes the file of a case at a path."""

TEXTS = (
    *sample(),
    "हिन्दी में लिखा हुआ पाठ और किसी परिवार",
    "বাংলা সমস্যা তিন মানে",
    "ÀÉÎabc ÉTÉété straßeSTRASSE ΑΒΓαβγ ПРИВЕТпривет ǅabc",
    "it's IT'S 'S 'Ll x'd 1234567 12 345,678",
    "a  b   c\n\n  d\t\te \r\n f",
    "x" * 40 + " " * 40 + "x",
)


@cache
def sensitive() -> tokenizers.Tokenizer:
    """Train byte-level BPE that no pattern held back, so that each split changes its ids."""
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=6000,
        min_frequency=1,
        show_progress=False,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    backend.train_from_iterator(TEXTS, trainer)
    return backend


def _named(pre: str) -> Write:
    return lambda path: gguf_files.from_tokenizer_json(path, sensitive(), pre)


@cache
def _marked() -> tuple[list[str], list[str]]:
    """Return the tokens and merges of BPE that marks spaces, as Gemma 4's."""
    backend = tokenizers.Tokenizer(models.BPE())
    lines = tokenizers.Regex(r"\n+")
    backend.pre_tokenizer = pre_tokenizers.Split(lines, "isolated")
    trainer = trainers.BpeTrainer(vocab_size=2000, show_progress=False)
    texts = (text.replace(" ", "▁") for text in sample(count=60) if "\0" not in text)
    backend.train_from_iterator(texts, trainer)
    merges = json.loads(backend.to_str())["model"]["merges"]
    ids = backend.get_vocab()
    return ["<unk>", *_BYTES, *sorted(ids, key=ids.__getitem__)], list(map(" ".join, merges))


def _marked_spaces(model: str, pre: str) -> Write:
    def write(path: Path) -> Path:
        tokens, merges = _marked()
        kinds = [UNKNOWN, *[6] * 256, *[NORMAL] * (len(tokens) - 257)]
        values = {"pre": pre} if pre else {}
        return gguf_files.write(
            path, model, tokens, merges=merges, token_type=kinds, bos_token_id=0, **values
        )

    return write


def _sentencepiece(**options: Any) -> Write:
    from tests.sentencepiece_models import train

    return lambda path: gguf_files.from_sentencepiece(path, train(**options))


def _made(model: str, tokens: Sequence[str], **values: Any) -> Write:
    return lambda path: gguf_files.write(path, model, tokens, **values)


def _wordpiece(*words: str, **values: Any) -> Write:
    tokens = ["[UNK]", "[CLS]", "[SEP]", *words]
    kinds = [UNKNOWN, CONTROL, CONTROL, *[NORMAL] * len(words)]
    values = {"unknown_token_id": 0, "bos_token_id": 1, "seperator_token_id": 2, **values}
    return _made("bert", tokens, token_type=kinds, **values)


_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_LETTERS = ["▁", *"abcdefgh", "ab", "▁ab", "[1]"]
_SPM = ["<unk>", "<s>", "</s>", *_BYTES, *_LETTERS]
_SPM_KINDS = [UNKNOWN, CONTROL, CONTROL, *[6] * 256, *[NORMAL] * len(_LETTERS)]
_SPM_SCORES = [-float(number) for number in range(len(_SPM))]
_UGM = ["<pad>", "</s>", "<unk>", *_LETTERS]
_UGM_KINDS = [CONTROL, CONTROL, UNKNOWN, *[NORMAL] * len(_LETTERS)]
_UGM_SCORES = [-float(number) for number in range(len(_UGM))]
_BPE = ["<|endoftext|>", *sorted(pre_tokenizers.ByteLevel.alphabet()), "ab", "Ġa"]
_T5 = {"bos_token_id": 0, "eos_token_id": 1, "unknown_token_id": 2}

MADE: Mapping[str, Write] = {
    "gpt2, no merges": _made("gpt2", _BPE, pre="gpt-2"),
    "gpt2, no name of a pattern": _made("gpt2", _BPE, merges=["a b", "Ġ a"]),
    "gpt2, unknown pattern": _made("gpt2", _BPE, merges=["a b"], pre="gpt-77"),
    "gpt2, a token twice": _made("gpt2", [*_BPE, "ab"], merges=["a b"], pre="gpt-2"),
    "gpt2, an empty token": _made("gpt2", [*_BPE, ""], merges=["a b"], pre="gpt-2"),
    "gpt2, longer types": _made(
        "gpt2", _BPE, merges=["a b"], pre="gpt-2", token_type=[CONTROL, *[NORMAL] * 300]
    ),
    "gpt2, fewer types": _made("gpt2", _BPE, merges=["a b"], pre="gpt-2", token_type=[NORMAL] * 9),
    "gpt2, a merge of no token": _made("gpt2", _BPE, merges=["a b", "a c"], pre="gpt-2"),
    "gpt2, a space before a text": _made(
        "gpt2", _BPE, merges=["a b", "Ġ a"], pre="gpt-2", add_space_prefix=True
    ),
    "gpt2, user-defined": _made(
        "gpt2",
        [*_BPE, "<tool>", "xyz"],
        merges=["a b"],
        pre="gpt-2",
        token_type=[CONTROL, *[NORMAL] * (len(_BPE) - 1), USER_DEFINED, USER_DEFINED],
    ),
    "gpt2, unused": _made(
        "gpt2", _BPE, merges=["a b"], pre="gpt-2", token_type=[*[NORMAL] * 257, UNUSED, NORMAL]
    ),
    "gemma4, a token across lines": _made(
        "gemma4",
        ["<pad>", "<eos>", "<bos>", "<unk>", *_BYTES, "a", "b", "\n", "a\n", "\n\n"],
        merges=["a \n", "\n \n"],
        bos_token_id=2,
    ),
    "gpt2, a token with NUL": _made("gpt2", [*_BPE, "x\0y"], merges=["a b"], pre="gpt-2"),
    "llama, whole scores": _made(
        "llama", _SPM, scores=list(map(int, _SPM_SCORES)), token_type=_SPM_KINDS
    ),
    "llama, no scores": _made("llama", _SPM, token_type=_SPM_KINDS),
    "llama, no types": _made("llama", _SPM, scores=_SPM_SCORES),
    "llama, longer arrays": _made(
        "llama", _SPM, scores=[*_SPM_SCORES, -1.0], token_type=[*_SPM_KINDS, NORMAL]
    ),
    "llama, fewer scores": _made("llama", _SPM, scores=_SPM_SCORES[:9], token_type=_SPM_KINDS),
    "llama, no space before a text": _made(
        "llama", _SPM, scores=_SPM_SCORES, token_type=_SPM_KINDS, add_space_prefix=False
    ),
    "llama, no space twice": _made(
        "llama", _SPM, scores=_SPM_SCORES, token_type=_SPM_KINDS, remove_extra_whitespaces=True
    ),
    "llama, an invalid type": _made(
        "llama", _SPM, scores=_SPM_SCORES, token_type=[*_SPM_KINDS[:-1], 9]
    ),
    "llama, spaces as user-defined": _made(
        "llama",
        [*_SPM, "  ", "    ", "<tool>"],
        scores=[*_SPM_SCORES, -500.0, -501.0, -502.0],
        token_type=[*_SPM_KINDS, USER_DEFINED, USER_DEFINED, USER_DEFINED],
    ),
    "llama, marks as user-defined": _made(
        "llama",
        [*_SPM, "▁▁", "▁▁▁▁", "<tool>"],
        scores=[*_SPM_SCORES, -500.0, -501.0, -502.0],
        token_type=[*_SPM_KINDS, USER_DEFINED, USER_DEFINED, USER_DEFINED],
    ),
    "t5, no scores": _made("t5", _UGM, token_type=_UGM_KINDS, **_T5),
    "t5, whole scores": _made(
        "t5", _UGM, scores=list(map(int, _UGM_SCORES)), token_type=_UGM_KINDS, **_T5
    ),
    "t5, unknown by type alone": _made(
        "t5",
        ["<unk>", "</s>", "<pad>", *_LETTERS],
        scores=_UGM_SCORES,
        token_type=[UNKNOWN, CONTROL, CONTROL, *[NORMAL] * len(_LETTERS)],
    ),
    "t5, no types": _made("t5", _UGM, scores=_UGM_SCORES, **_T5),
    "t5, spaces kept": _made(
        "t5",
        _UGM,
        scores=_UGM_SCORES,
        token_type=_UGM_KINDS,
        add_space_prefix=True,
        remove_extra_whitespaces=False,
        **_T5,
    ),
    "t5, no space twice": _made(
        "t5",
        _UGM,
        scores=_UGM_SCORES,
        token_type=_UGM_KINDS,
        add_space_prefix=True,
        remove_extra_whitespaces=True,
        **_T5,
    ),
    "t5, user-defined": _made(
        "t5",
        [*_UGM, "bc", "xyz"],
        scores=[*_UGM_SCORES, -50.0, -50.0],
        token_type=[*_UGM_KINDS, USER_DEFINED, USER_DEFINED],
        **_T5,
    ),
    "bert, [1] and ##[1]": _wordpiece("▁[1]", "[1]", "▁a", "b", "▁[", "▁1", "▁]"),
    "bert, a number in brackets alone": _wordpiece("▁a", "b", "[unused0]", "▁[", "▁]"),
    "bert, no key for case, no capital": _wordpiece("▁a", "b", "▁e", "e"),
    "bert, no key for case, capitals": _wordpiece("▁a", "b", "▁E", "E", "▁e", "▁é"),
    "bert, cased": _wordpiece("▁a", "b", "▁E", "E", "▁e", "▁é", **{"normalizer.lowercase": False}),
    "bert, lower case, accents": _wordpiece(
        *("▁a", "b", "▁e", "▁é", "é"),
        **{"normalizer.lowercase": True, "normalizer.strip_accents": False},
    ),
    "no model": _made("no_vocab", ["a"]),
    "rwkv": _made("rwkv", ["a", "b"]),
}
"""Small files by hand, most of them with something that is missing or too much."""

NAMED: Mapping[str, Write] = {
    f"gpt2, {name}": _marked_spaces("gpt2", name)
    if pre.alphabet == "marked spaces"
    else _made("gpt2", ["<unk>", "a", "b", "ab", "x"], merges=["a b"], pre=name)
    if pre.alphabet == "words"
    else _named(name)
    for name, pre in PRE_TOKENIZERS.items()
} | {"gemma4": _marked_spaces("gemma4", "")}
"""Every name of a pattern, over a vocabulary that each split shows in."""


def sentencepiece_cases() -> dict[str, Write]:
    """Return SentencePiece models of each kind that the fast tests and the slow ones have."""
    from tests.loading.conftest import OPTIONS
    from tests.loading.test_sentencepiece import KINDS

    return {
        name: partial(_write_model, options=options)
        for name, options in {**OPTIONS, **KINDS}.items()
    }


def _write_model(path: Path, options: Mapping[str, Any]) -> Path:
    return _sentencepiece(**options)(path)


_REAL = {
    "gpt2": "gpt-2",
    "llama3": "llama-bpe",
    "qwen3": "qwen2",
    "gptoss": "gpt-4o",
    "deepseek_v3": "deepseek-v3",
    "dolma2": "dbrx",
    "command_r_plus": "command-r",
    "mistral_nemo": "tekken",
}


def real_cases() -> dict[str, Write]:
    """Return real tokenizers of each type, from packages."""
    from tests.conftest import load_real
    from tests.real_files import fetch_file

    def byte_level(path: Path, name: str) -> Path:
        return gguf_files.from_tokenizer_json(path, load_real(name).backend, _REAL[name])

    def sentencepiece(path: Path, name: str) -> Path:
        return gguf_files.from_sentencepiece(path, fetch_file(name).read_bytes())

    cases: dict[str, Write] = {}
    cases |= {f"{name}, as {pre}": partial(byte_level, name=name) for name, pre in _REAL.items()}
    cases |= {
        f"{name}, as llama": partial(sentencepiece, name=name)
        for name in ("mistral v1", "mistral v3", "mistral v7")
    }
    cases["tokenlearn, as t5"] = lambda path: gguf_files.from_unigram(
        path, load_real("tokenlearn").backend
    )
    cases["minilm, as bert"] = lambda path: gguf_files.from_wordpiece(
        path, load_real("minilm").backend, said=True
    )
    return cases
