"""Words by themselves have the tokens of the whole text, at the same places."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings, strategies
from tokenizers import AddedToken, models, normalizers, pre_tokenizers

from tests.conftest import load_known, wrap
from tests.corpus.adversarial import TEXTS, texts
from tests.needs import need
from tests.sentencepiece_models import train
from tests.small_tokenizers import SMALL, training_text
from tokstat.corpus.counting import words_alone as module
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.words_alone import words_alone
from tokstat.errors import EncodingError
from tokstat.tokenizer.tokenizer import Tokenizer

NORMALIZERS = {
    **{
        f"bert-{clean:d}{chinese:d}{accents}{lower:d}": normalizers.BertNormalizer(
            clean, chinese, accents, lower
        )
        for clean in (True, False)
        for chinese in (True, False)
        for accents in (True, False, None)
        for lower in (True, False)
    },
    "lower": normalizers.Lowercase(),
    "nfd": normalizers.NFD(),
    "nfkd": normalizers.NFKD(),
    "accents": normalizers.StripAccents(),
}
PRE_TOKENIZERS = {
    "bert": pre_tokenizers.BertPreTokenizer(),
    "blanks": pre_tokenizers.WhitespaceSplit(),
    "punctuation": pre_tokenizers.Punctuation(),
    "punctuation-removed": pre_tokenizers.Punctuation("removed"),
    "digits": pre_tokenizers.Digits(individual_digits=True),
}
ADDED = (
    AddedToken("[MASK]", lstrip=True, normalized=False),
    AddedToken("the", single_word=True, normalized=True),
    AddedToken("É", normalized=True),
    AddedToken("É", normalized=False),
    AddedToken(" 汉", normalized=True),
    AddedToken("a b", rstrip=True, normalized=True),
)


def unigram(*parts: normalizers.Normalizer) -> tokenizers.Tokenizer:
    """Return a small Unigram tokenizer with the pipeline of XLM-R."""
    backend = SMALL["unigram"]()
    backend.normalizer = normalizers.Sequence(list(parts)) if parts else None
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    return backend


def rules_of_nmt_nfkc() -> bytes:
    """Return the rules that XLM-R, T5 and others normalize with."""
    schema = need("sentencepiece.sentencepiece_model_pb2")
    model = train(model_type="unigram", normalization_rule_name="nmt_nfkc", vocab_size=1000)
    rules: bytes = schema.ModelProto.FromString(model).normalizer_spec.precompiled_charsmap
    return rules


@pytest.mark.parametrize("charsmap", [False, True], ids=["plain", "charsmap"])
@pytest.mark.parametrize("examples", [10, pytest.param(500, marks=pytest.mark.slow)])
def test_random_texts_of_a_unigram(examples: int, charsmap: bool) -> None:
    parts = [normalizers.Precompiled(rules_of_nmt_nfkc())] if charsmap else []
    backend = unigram(*parts)
    backend.add_tokens([AddedToken("<pad>", normalized=True), AddedToken("[MASK]", lstrip=True)])
    tokenizer = wrap(backend, "unigram")

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), deadline=None)
    @given(given_texts=strategies.lists(texts, max_size=12))
    def random_texts(given_texts: list[str]) -> None:
        check(tokenizer, given_texts)

    check(tokenizer, [*TEXTS, *(piece for text in TEXTS for piece in text.split(" ") if piece)])
    random_texts()


def test_parts_of_words_are_asked_once_and_encoded_as_in_the_word() -> None:
    """Most pieces of ordinary text are not left out, and have the tokens of the whole."""
    words = " ".join(training_text()[:20]).split()[:1000]
    joints = ("-", ",", ".", "(", "/", "'", ":", "…")
    pieces = [f" {one}{joints[n % 8]}{other}" for n, (one, other) in enumerate(pairwise(words))]
    assert 0 < check(wrap(unigram(), "unigram"), pieces) < len(pieces) / 2


def check(tokenizer: Tokenizer, pieces: list[str]) -> int:
    """Hold pieces against the library, and return how many were left out."""
    encoder = words_alone(tokenizer)
    assert encoder is not None
    found, left = encoder.encode(Names(pieces))
    for number, piece in enumerate(pieces):
        stretch = slice(*found.bounds[number : number + 2])
        places = zip(found.starts[stretch].tolist(), found.ends[stretch].tolist(), strict=True)
        mine = (found.ids[stretch].tolist(), list(places))
        alone = tokenizer.backend.encode(piece, add_special_tokens=False)
        assert mine == (([], []) if number in left else (alone.ids, alone.offsets)), piece
    return len(left)


RANDOM = {
    "parts": strategies.lists(strategies.sampled_from(list(NORMALIZERS)), max_size=3),
    "steps": strategies.lists(
        strategies.sampled_from(list(PRE_TOKENIZERS)), min_size=1, max_size=3
    ),
    "added": strategies.lists(strategies.sampled_from(range(len(ADDED))), max_size=2, unique=True),
    "longest": strategies.sampled_from([3, 100]),
    "given_texts": strategies.lists(texts, max_size=6),
}


def check_random_pipeline(
    parts: list[str], steps: list[str], added: list[int], longest: int, given_texts: list[str]
) -> None:
    backend = SMALL["wordpiece"]()
    model = backend.model
    model.max_input_chars_per_word = longest
    backend.model = model
    backend.normalizer = normalizers.Sequence([NORMALIZERS[name] for name in parts])
    backend.pre_tokenizer = pre_tokenizers.Sequence([PRE_TOKENIZERS[name] for name in steps])
    if not parts:
        backend.normalizer = None
    backend.add_tokens([ADDED[number] for number in added])
    check(wrap(backend, "random"), [*given_texts, *TEXTS, "a\u0301\u0323 \u0315\u0300b c"])


@pytest.mark.parametrize("examples", [15, pytest.param(150, marks=pytest.mark.slow)])
def test_random_pipelines(examples: int) -> None:
    check = given(**RANDOM)(check_random_pipeline)
    settings(max_examples=examples, suppress_health_check=list(HealthCheck))(check)()


@pytest.mark.parametrize("step", [1, 1 << 17])
def test_few_pieces_are_left_out(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STEP", step)
    pieces = [piece for text in TEXTS for piece in text.split(" ") if piece]
    left = check(load_known("wordpiece"), pieces)
    assert 0 < left < len(pieces) / 2


ALIKE = (range(0x3500, 0x9F00), range(0xAD00, 0xD700), range(0xE000, 0xF800))
"""Ideographs, Hangul and private characters, which are many of one kind."""


@pytest.mark.slow
def test_each_character_between_letters() -> None:
    codes = [code for code in range(0x1FC00) if not any(code in alike for alike in ALIKE)]
    pieces = [f"a{chr(code)}b 1" for code in codes if not 0xD800 <= code < 0xE000]
    tokenizer = load_known("wordpiece")
    encoder = words_alone(tokenizer)
    assert encoder is not None
    found, left = encoder.encode(Names(pieces))
    known = np.delete(np.arange(len(pieces)), left).tolist()
    texts = [pieces[number] for number in known]
    alone = tokenizer.backend.encode_batch(texts, add_special_tokens=False)
    assert found.ids.tolist() == [token for each in alone for token in each.ids]
    spans = np.array([span for each in alone for span in each.offsets])
    assert np.array_equal(np.stack([found.starts, found.ends], 1), spans)


def test_words_that_tokens_do_not_spell_are_left_out() -> None:
    """A model that is none of the known kinds, with a token that stands for another word."""
    tokenizer = load_known("wordpiece")
    encoder = words_alone(tokenizer)
    assert encoder is not None
    encoder._lengths[:] = 1
    _, left = encoder.encode(Names(["a", "indecipherable"]))
    assert left.tolist() == [1]


@pytest.mark.parametrize("name", ["byte-level", "unigram", "metaspace", "wordpiece-spaces"])
def test_other_pipelines_are_refused(name: str) -> None:
    backend = SMALL["wordpiece" if name == "wordpiece-spaces" else name]()
    if name == "wordpiece-spaces":
        backend.normalizer = normalizers.Sequence([normalizers.NFC()])
    assert words_alone(wrap(backend, name)) is None


def test_a_failure_is_an_encoding_error() -> None:
    """Without its unknown token, a word list fails on an unknown word."""
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0}, "[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    encoder = words_alone(wrap(backend, "words"))
    assert encoder is not None
    with pytest.raises(EncodingError):
        encoder.encode(Names(["a", "b"]))


@pytest.mark.parametrize("pieces", [[], ["\x00"], ["\x00", "\u0301"], [" "]])
def test_no_words_at_all(pieces: list[str]) -> None:
    assert check(load_known("wordpiece"), pieces) == 0


def test_marks_that_are_sorted_are_left_out() -> None:
    """Canonical order puts the dot below (U+0323) before the acute accent."""
    vocabulary = {"a": 0, "##\u0323": 1, "##\u0301": 2, "[UNK]": 3}
    backend = tokenizers.Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.NFD()
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    assert backend.encode("a\u0301\u0323").ids == [0, 1, 2]
    assert check(wrap(backend, "marks"), ["a\u0301\u0323", "a\u0323", "a"]) == 2
