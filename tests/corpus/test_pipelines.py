"""Cuts of tokenizers put together at random: whatever is not refused is exact."""

from __future__ import annotations

import json
from functools import cache

import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings, strategies
from tokenizers import AddedToken, Regex, normalizers, pre_tokenizers

from tests.conftest import wrap
from tests.corpus.adversarial import TEXTS, odd_texts
from tests.corpus.safe_cuts.test_derivation import in_parts, whole
from tests.small_tokenizers import written
from tokstat.corpus.safe_cuts.derivation import derive_cut
from tokstat.corpus.safe_cuts.pre_tokenizers import GPT2
from tokstat.tokenizer.tokenizer import Tokenizer

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
GPT4O_END = r"\p{L}+(?i:'s|'t)?|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
POSSESSIVE = (
    r"[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
)

NORMALIZERS = {
    "nfc": normalizers.NFC(),
    "nfd": normalizers.NFD(),
    "nfkc": normalizers.NFKC(),
    "nfkd": normalizers.NFKD(),
    "lower": normalizers.Lowercase(),
    "accents": normalizers.StripAccents(),
    "nmt": normalizers.Nmt(),
    "bert": normalizers.BertNormalizer(),
    "bert-cased": normalizers.BertNormalizer(clean_text=False, lowercase=False),
    "prepend": normalizers.Prepend("▁"),
    "mark": normalizers.Replace(" ", "▁"),
    "runs": normalizers.Replace(Regex(" {2,}"), " "),
    "white": normalizers.Replace(Regex(r"\s+"), " "),
    "lines": normalizers.Replace("\n", " "),
    "quotes": normalizers.Replace("''", '"'),
    "drop": normalizers.Replace(Regex("[.,]"), ""),
    "strip": normalizers.Strip(),
    "strip-right": normalizers.Strip(left=False),
}
PRE_TOKENIZERS = {
    "bytes": pre_tokenizers.ByteLevel(add_prefix_space=False),
    "bytes-prefix": pre_tokenizers.ByteLevel(add_prefix_space=True),
    "bytes-only": pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    "metaspace": pre_tokenizers.Metaspace(),
    "metaspace-first": pre_tokenizers.Metaspace(prepend_scheme="first"),
    "metaspace-never": pre_tokenizers.Metaspace(prepend_scheme="never", split=False),
    "words": pre_tokenizers.Whitespace(),
    "blanks": pre_tokenizers.WhitespaceSplit(),
    "bert": pre_tokenizers.BertPreTokenizer(),
    "digits": pre_tokenizers.Digits(individual_digits=True),
    "numbers": pre_tokenizers.Digits(),
    "punctuation": pre_tokenizers.Punctuation(),
    "punctuation-joined": pre_tokenizers.Punctuation("merged_with_previous"),
    "gpt2": pre_tokenizers.Split(Regex(GPT2), "isolated"),
    "gpt2-removed": pre_tokenizers.Split(Regex(GPT2), "removed", invert=True),
    "llama3": pre_tokenizers.Split(Regex(LLAMA3), "isolated"),
    "gpt4o-end": pre_tokenizers.Split(Regex(GPT4O_END), "removed", invert=True),
    "possessive": pre_tokenizers.Split(Regex(POSSESSIVE), "isolated"),
    "three-digits": pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
    "words-only": pre_tokenizers.Split(Regex(r"\w+"), "removed", invert=True),
    "at-blanks": pre_tokenizers.Split(" ", "merged_with_previous"),
    "before-blanks": pre_tokenizers.Split(" ", "merged_with_next"),
    "greedy": pre_tokenizers.Split(Regex(r"\S+\s*"), "isolated"),
    "lines": pre_tokenizers.Split(Regex(r"[^\n]+|\n"), "isolated"),
    "scripts": pre_tokenizers.UnicodeScripts(),
}
ADDED = (
    AddedToken("[MASK]", lstrip=True, normalized=False),
    AddedToken("[PAD]", rstrip=True, normalized=True),
    AddedToken("<s>", rstrip=True, normalized=False),
    AddedToken("b1", single_word=True, normalized=False),
    AddedToken("the", single_word=True, normalized=True),
    AddedToken("<W>", single_word=True, lstrip=True, rstrip=True, normalized=True),
    AddedToken("  ", normalized=False),
    AddedToken("\n\n", normalized=True),
    AddedToken(" \n", normalized=False),
    AddedToken("a b", normalized=False),
    AddedToken("x.", normalized=True),
    AddedToken(".", lstrip=True, normalized=False),
    AddedToken("É", normalized=True),
)
MODELS = ("byte-level", "wordpiece", "metaspace", "metaspace-prefix", "unigram", "end-of-word")


@cache
def spanning() -> str:
    """A model some of whose tokens have a space inside, after one character only."""
    content = json.loads(written("metaspace"))
    for left, right in (("a", "▁"), ("a▁", "the"), ("▁", "\n")):
        for token in (left, right, left + right):
            content["model"]["vocab"].setdefault(token, len(content["model"]["vocab"]))
        content["model"]["merges"].append([left, right])
    return json.dumps(content)


RANDOM = {
    "model": strategies.sampled_from((*MODELS, "spanning")),
    "normalizer": strategies.lists(strategies.sampled_from(list(NORMALIZERS)), max_size=3),
    "pre_tokenizer": strategies.lists(strategies.sampled_from(list(PRE_TOKENIZERS)), max_size=3),
    "keep": strategies.booleans(),
    "added": strategies.lists(strategies.sampled_from(range(len(ADDED))), max_size=2, unique=True),
    "texts": strategies.lists(odd_texts, max_size=4),
    "joint": strategies.sampled_from(["", " ", "\n", "  ", "\n\n", "."]),
}


def check_random_tokenizer(
    model: str,
    normalizer: list[str],
    pre_tokenizer: list[str],
    keep: bool,
    added: list[int],
    texts: list[str],
    joint: str,
) -> None:
    backend = tokenizers.Tokenizer.from_str(spanning() if model == "spanning" else written(model))
    if not keep:
        parts = [NORMALIZERS[name] for name in normalizer]
        backend.normalizer = normalizers.Sequence(parts)
        steps = [PRE_TOKENIZERS[name] for name in pre_tokenizer]
        backend.pre_tokenizer = pre_tokenizers.Sequence(steps)
    backend.add_tokens([ADDED[number] for number in added])
    tokenizer = wrap(backend, "random")
    cut = derive_cut(tokenizer)
    if cut.refused is None:
        for text in (*texts, joint.join(TEXTS), joint.join(TEXTS[::-1])):
            expected = whole_or_panic(tokenizer, text)
            assert expected is None or in_parts(tokenizer, cut, text) == expected


@pytest.mark.parametrize(
    "examples",
    [
        60,
        pytest.param(500, marks=pytest.mark.slow),
        pytest.param(20_000, marks=pytest.mark.exhaustive),
    ],
)
def test_random_tokenizers(examples: int) -> None:
    check = given(**RANDOM)(check_random_tokenizer)
    settings(max_examples=examples, suppress_health_check=list(HealthCheck))(check)()


def whole_or_panic(tokenizer: Tokenizer, text: str) -> list[int] | None:
    """Encode a text, or return None where the library panics.

    So it does between tokens that strip what is right and left of them.
    """
    try:
        return whole(tokenizer, text)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return None


@pytest.mark.parametrize(
    ("model", "refused"),
    [("byte-level", False), ("metaspace", False), ("unigram", False), ("spanning", False)],
)
def test_usual_tokenizers_are_cut(model: str, refused: bool) -> None:
    backend = tokenizers.Tokenizer.from_str(spanning() if model == "spanning" else written(model))
    assert (derive_cut(wrap(backend, model)).refused is not None) == refused
