"""Reachability against brute force: every string over a small alphabet, and many texts."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pytest
import tokenizers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, models, normalizers, pre_tokenizers

from tests.conftest import BUNDLED, load_known, wrap
from tests.small_tokenizers import SMALL, training_text
from tokstat.analyzers.subject import Subject
from tokstat.reachability.round_trip import generated_texts
from tokstat.reachability.search import STATES, Reachability, find_reachability
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon

ALPHABET = "abB1. "

GPT_2 = r"'s|'t| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
GPT_4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}]*[\p{Ll}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}]+|\p{N}|[^\s\p{L}\p{N}]+|\s+"
)


def strings(alphabet: str, longest: int) -> list[str]:
    return [
        "".join(letters)
        for length in range(1, longest + 1)
        for letters in product(alphabet, repeat=length)
    ]


def ids_met(backend: tokenizers.Tokenizer, texts: Sequence[str]) -> set[int]:
    encodings = backend.encode_batch_fast(list(texts), add_special_tokens=False)
    return {token for encoding in encodings for token in encoding.ids}


def ids_in(found: Reachability, tokenizer: Tokenizer, state: str) -> set[int]:
    rows = np.flatnonzero(found.states == STATES.index(state))
    return set(tokenizer.vocabulary.ids[rows].tolist())


def shown(tokenizer: Tokenizer, ids: set[int]) -> list[str]:
    return sorted(tokenizer.vocabulary[token].token for token in ids)


# Tiny tokenizers, drawn at random, of every family and with any pipeline.

WORDS = st.text("abB1.", min_size=1, max_size=3)


@st.composite
def bpe(draw: st.DrawFn, first: str = "", last: str = "") -> models.BPE:
    """Draw merges of merges, in any order, and tokens that none of them makes."""
    begin = [*"abB1.▁"]
    inside = [first + letter for letter in begin] if first else begin
    symbols = {*begin, *inside}
    if last:
        symbols |= {symbol + last for symbol in symbols}
    merges: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(0, 8))):
        left = draw(st.sampled_from(sorted(symbols)))
        right = draw(st.sampled_from(sorted(symbols)))
        joined = left + right.removeprefix(first)
        fits = not (last and left.endswith(last)) and (not first or right.startswith(first))
        if fits and len(joined) <= 3 + len(first) + len(last) and (left, right) not in merges:
            merges.append((left, right))
            symbols.add(joined)
    symbols |= set(draw(st.lists(WORDS, max_size=3)))
    vocab = {token: index for index, token in enumerate(["<unk>", *sorted(symbols)])}
    options = {"continuing_subword_prefix": first, "end_of_word_suffix": last}
    if draw(st.booleans()):
        options["unk_token"] = "<unk>"
    return models.BPE(
        vocab,
        draw(st.permutations(merges)),
        ignore_merges=draw(st.booleans()) and not first and not last,
        **{name: value for name, value in options.items() if value},
    )


@st.composite
def wordpiece(draw: st.DrawFn) -> models.WordPiece:
    tokens = draw(st.sets(st.builds(str.__add__, st.sampled_from(["", "##"]), WORDS), max_size=12))
    vocab = {token: index for index, token in enumerate(["[UNK]", *sorted(tokens)])}
    longest = draw(st.sampled_from([2, 100]))
    return models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=longest)


@st.composite
def unigram(draw: st.DrawFn) -> models.Unigram:
    pieces = draw(st.lists(st.text("abB1.▁", min_size=1, max_size=3), max_size=12, unique=True))
    scores = st.integers(-9, -1).map(float)
    return models.Unigram([("<unk>", 0.0), *((piece, draw(scores)) for piece in pieces)], 0, False)


@st.composite
def word_level(draw: st.DrawFn) -> models.WordLevel:
    words = draw(st.sets(WORDS, max_size=10))
    vocab = {word: index for index, word in enumerate(["[UNK]", *sorted(words)])}
    return models.WordLevel(vocab, unk_token="[UNK]")


NORMALIZERS = st.sampled_from(
    [
        None,
        None,
        normalizers.Lowercase(),
        normalizers.NFKC(),
        normalizers.BertNormalizer(),
        normalizers.Replace(" ", "▁"),
        normalizers.Replace("b", ""),
        normalizers.Replace(Regex(r"\d"), "b"),
        normalizers.Sequence([normalizers.Lowercase(), normalizers.Replace("a", "B")]),
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        normalizers.Strip(),
    ]
)
PRE_TOKENIZERS = st.sampled_from(
    [
        None,
        pre_tokenizers.Whitespace(),
        pre_tokenizers.WhitespaceSplit(),
        pre_tokenizers.BertPreTokenizer(),
        pre_tokenizers.Metaspace(prepend_scheme="never"),
        pre_tokenizers.Metaspace(prepend_scheme="always"),
        pre_tokenizers.Punctuation(),
        pre_tokenizers.Split(Regex(GPT_2), "isolated"),
        pre_tokenizers.Split(Regex(GPT_4O), "removed", invert=True),
        pre_tokenizers.Split("a", "merged_with_next"),
        pre_tokenizers.Split(Regex("(?<=b)a"), "isolated"),
        pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(True)]),
    ]
)
ADDED = st.lists(
    st.builds(
        AddedToken,
        st.text("abB1. ", min_size=1, max_size=2).filter(str.strip),
        single_word=st.booleans(),
        normalized=st.booleans(),
    ),
    max_size=2,
)


@st.composite
def pipelines(draw: st.DrawFn) -> Tokenizer:
    """Draw a tokenizer: any model behind any normalizer and pre-tokenizer."""
    model = draw(
        bpe() | bpe(first="##") | bpe(last="</w>") | wordpiece() | unigram() | word_level()
    )
    backend = tokenizers.Tokenizer(model)
    marked = getattr(model, "end_of_word_suffix", None) or getattr(
        model, "continuing_subword_prefix", None
    )
    if (normalizer := draw(NORMALIZERS)) is not None:
        backend.normalizer = normalizer
    if (pre_tokenizer := draw(PRE_TOKENIZERS)) is not None:
        backend.pre_tokenizer = pre_tokenizer
    assume(not (marked and "▁" in f"{backend.normalizer}{backend.pre_tokenizer}"))
    backend.add_tokens(draw(ADDED))
    return wrap(backend, "drawn")


@pytest.mark.parametrize(
    ("longest", "examples"),
    [
        (4, 60),
        pytest.param(5, 250, marks=pytest.mark.slow),
        pytest.param(5, 5000, marks=pytest.mark.exhaustive),
    ],
)
def test_every_string_over_a_small_alphabet(longest: int, examples: int) -> None:
    texts = strings(ALPHABET, longest)

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    @given(pipelines())
    def check(tokenizer: Tokenizer) -> None:
        check_every_string(tokenizer, texts)

    check()


def check_every_string(tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    found = find_reachability(tokenizer)
    met = ids_met(tokenizer.backend, texts)
    unreachable = ids_in(found, tokenizer, "unreachable")
    assert not met & unreachable, shown(tokenizer, met & unreachable)
    content = set(tokenizer.vocabulary.ids[tokenizer.vocabulary.content].tolist())
    missed = met & content - ids_in(found, tokenizer, "reachable")
    # Nor is what a piece needs on both sides for an added token of the same text not to be taken,
    # which minds words: `##.` in `a..a`.
    added = tokenizer.backend.get_added_tokens_decoder().values()
    guarded = {token.content for token in added if token.single_word}
    missed = {each for each in missed if tokenizer.vocabulary[each].text not in guarded}
    # What looks behind is not foreseen, nor that `B1` comes of `a1` alone.
    pipeline = f"{tokenizer.backend.normalizer}{tokenizer.backend.pre_tokenizer}"
    unforeseen = "?<=" in pipeline or 'content="B"' in pipeline
    assert unforeseen or not missed, shown(tokenizer, missed)
    for row in found.rows("reachable").tolist():
        witness = found.witness(row)
        assert witness is not None
        ids = tokenizer.backend.encode(witness, add_special_tokens=False).ids
        assert tokenizer.vocabulary.ids[row] in ids


# Tokenizers of every family: trained small ones, the packaged pair, and (slow) real ones.


@pytest.fixture(scope="module")
def found(tokenizer: Tokenizer) -> Reachability:
    return find_reachability(tokenizer)


def many_texts(tokenizer: Tokenizer) -> list[str]:
    """Real text, odd text, every token between others, and characters of all of Unicode."""
    vocabulary = tokenizer.vocabulary
    chance = random.Random(5)
    tokens = [text for text in vocabulary.texts if text]
    chance.shuffle(tokens)
    mixed = [
        chance.choice(["", " ", "\n", "a", "ж", "1", "!"]).join(tokens[at : at + 6])
        for at in range(0, len(tokens), 6)
    ]
    codes = [chance.randrange(0x20, 0x20000) for _ in range(20_000)]
    characters = [chr(code) for code in codes if not 0xD800 <= code < 0xE000]
    odd = ["".join(characters[at : at + 5]) for at in range(0, len(characters), 5)]
    return [*training_text(), *generated_texts(4000), *mixed, *odd]


def test_every_witness_produces_its_token(tokenizer: Tokenizer, found: Reachability) -> None:
    rows = found.rows("reachable")
    assert len(rows) > 0.9 * tokenizer.vocabulary.content.sum()
    if len(rows) > 5000:
        rows = np.random.default_rng(3).choice(rows, 5000, replace=False)
    for row in rows.tolist():
        witness = found.witness(row)
        assert witness is not None
        ids = tokenizer.backend.encode(witness, add_special_tokens=False).ids
        assert tokenizer.vocabulary.ids[row] in ids, (tokenizer.vocabulary.tokens[row], witness)


def test_no_text_meets_an_unreachable_token(tokenizer: Tokenizer, found: Reachability) -> None:
    met = ids_met(tokenizer.backend, many_texts(tokenizer))
    assert len(met) > len(tokenizer.vocabulary) / 4
    assert not met & ids_in(found, tokenizer, "unreachable")
    assert not met & ids_in(found, tokenizer, "not found")
    assert all(found.witness(row) is None for row in found.rows("unreachable").tolist())


def test_every_token_has_one_state_and_the_unreachable_a_cause(
    tokenizer: Tokenizer, found: Reachability
) -> None:
    vocabulary = tokenizer.vocabulary
    tested = found.states != STATES.index("untested")
    parts = vocabulary.kind("byte") | vocabulary.kind("partial")
    assert (tested == (vocabulary.content | parts)).all()
    assert set(found.rows("unreachable").tolist()) == set(found.obstacles)
    assert vocabulary.content[found.rows("unreachable")].all()
    assert vocabulary.content[found.rows("not found")].all()
    assert parts[found.rows("partial")].all()


@pytest.fixture(scope="module", params=list(SMALL))
def small(request: pytest.FixtureRequest) -> tuple[Tokenizer, Reachability]:
    tokenizer = load_known(request.param)
    return tokenizer, find_reachability(tokenizer)


def test_no_string_meets_an_unreachable_token(small: tuple[Tokenizer, Reachability]) -> None:
    """Texts drawn at random, and shrunk if one were to meet such a token."""
    tokenizer, found = small
    forbidden = ids_in(found, tokenizer, "unreachable")

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=40))
    def check(text: str) -> None:
        assert not ids_met(tokenizer.backend, [text]) & forbidden

    check()


# What is known about real vocabularies.

KNOWN = {
    "answerdotai/ModernBERT-base": (221, {"shadowed by an added token"}),
    "google-bert/bert-base-uncased": (337, {"normalizer", "pre-tokenizer"}),
    "openai-community/gpt2": (0, set()),
}


def test_upstream_tokenizers(upstream: Tokenizer) -> None:
    found = find_reachability(upstream)
    count, causes = KNOWN[upstream.origin.spec]
    assert len(found.rows("unreachable")) == len(found.obstacles) == count
    assert {obstacle.cause for obstacle in found.obstacles.values()} == causes
    assert len(found.rows("not found")) == 0


def test_packaged_tokenizers(modernbert: Tokenizer, bert: Tokenizer) -> None:
    for tokenizer in (modernbert, bert):
        found = find_reachability(tokenizer)
        count, causes = KNOWN[BUNDLED[tokenizer.origin.spec]]
        assert len(found.obstacles) == count
        assert {obstacle.cause for obstacle in found.obstacles.values()} == causes


def test_runs_of_blanks_are_shadowed_by_added_tokens(modernbert: Tokenizer) -> None:
    found = find_reachability(modernbert)
    vocabulary = modernbert.vocabulary
    for row, obstacle in found.obstacles.items():
        assert "  " in (vocabulary.texts[row] or "")
        assert obstacle.component.startswith("added token ··")


def test_a_continuation_is_found_within_a_word(bert: Tokenizer, english: Lexicon) -> None:
    subject = Subject(bert, english)
    row = bert.vocabulary.tokens.index("##icles")
    assert subject.witness(row) == "cuticles"
    assert subject.witness(bert.vocabulary.tokens.index("vehicles")) == "vehicles"
    assert subject.witness(bert.vocabulary.tokens.index("##!")) is None


def cause_of(backend: tokenizers.Tokenizer, token: str) -> tuple[str, str] | None:
    tokenizer = wrap(backend, "made")
    obstacle = find_reachability(tokenizer).obstacles.get(tokenizer.vocabulary.tokens.index(token))
    return None if obstacle is None else (obstacle.cause, obstacle.component)


def bpe_of(merges: str, *more: str) -> models.BPE:
    """Make a model of merges written as `a+b ab+c`, and more tokens without one."""
    pairs = [(left, right) for left, _, right in (each.partition("+") for each in merges.split())]
    joined = [left + right for left, right in pairs]
    letters = {letter for token in (*joined, *more) for letter in token}
    tokens = dict.fromkeys(("<unk>", *sorted(letters), *joined, *more))
    vocab = {token: index for index, token in enumerate(tokens)}
    return models.BPE(vocab, pairs, unk_token="<unk>")


@pytest.mark.parametrize(
    ("merges", "more", "token", "cause"),
    [
        ("a+b ab+c", "", "abc", None),
        ("a+b ab+c", "bca", "bca", "no merge path"),
        ("a+b b+c ab+c a+bc", "", "abc", None),
        ("b+c a+b ab+c", "", "abc", "better segmentation"),
        ("b+c a+b ab+c abc+d", "", "abcd", "better segmentation"),
        ("a+b xy+c", "xy", "xyc", "no merge path"),
    ],
)
def test_merge_paths(merges: str, more: str, token: str, cause: str | None) -> None:
    found = cause_of(tokenizers.Tokenizer(bpe_of(merges, *more.split())), token)
    assert found == (None if cause is None else (cause, "model: BPE"))


def test_ignored_merges_need_a_piece_of_their_own() -> None:
    model = bpe_of("a+b", "bca")
    model.ignore_merges = True
    backend = tokenizers.Tokenizer(model)
    assert cause_of(backend, "bca") is None
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("[ab]|c+"), "isolated")
    assert cause_of(backend, "bca") == ("pre-tokenizer", "pre-tokenizer: Split")


def test_what_stands_apart_is_merged_where_characters_are_dropped() -> None:
    """Without an unknown token BPE passes over what it cannot spell."""
    backend = tokenizers.Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")]))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("a(?=b)"), "isolated")
    found = find_reachability(wrap(backend, "made"))
    witness = found.witness(2)
    assert witness is not None
    assert "ab" not in witness


def test_a_piece_listed_twice() -> None:
    pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -1.0), ("ab", -1.5), ("ab", -1.5)]
    tokenizer = wrap(tokenizers.Tokenizer(models.Unigram(pieces, 0, False)), "made")
    found = find_reachability(tokenizer)
    causes = {obstacle.cause for obstacle in found.obstacles.values()}
    assert causes == {"duplicate bytes"}
    assert len(found.obstacles) == 1


@pytest.mark.parametrize(
    ("score", "cause"), [(-1.9, None), (-2.0, None), (-2.1, "better segmentation")]
)
def test_a_better_path(score: float, cause: str | None) -> None:
    pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -1.0), ("ab", score)]
    found = cause_of(tokenizers.Tokenizer(models.Unigram(pieces, 0, False)), "ab")
    assert (found and found[0]) == cause


def test_words_longer_than_wordpiece_reads() -> None:
    vocab = {token: index for index, token in enumerate(["[UNK]", "a", "##b", "abc", "##bc"])}
    model = models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=2)
    assert cause_of(tokenizers.Tokenizer(model), "abc") == ("too long", "model: WordPiece")
    assert cause_of(tokenizers.Tokenizer(model), "##bc") == ("too long", "model: WordPiece")
    assert cause_of(tokenizers.Tokenizer(model), "##b") is None


def knowing(*words: str) -> tokenizers.Tokenizer:
    vocab = {word: index for index, word in enumerate(["[UNK]", *words])}
    return tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))


@pytest.mark.parametrize(
    ("normalizer", "word", "blamed"),
    [
        (normalizers.Lowercase(), "Ab", "Lowercase"),
        (normalizers.Lowercase(), "ab", None),
        (normalizers.NFC(), "e\u0301", "NFC"),
        (normalizers.NFKC(), "ﬁ", "NFKC"),
        (normalizers.NFD(), "é", "NFD"),
        (normalizers.Replace("b", "c"), "ab", "Replace"),
        (normalizers.Sequence([normalizers.Lowercase(), normalizers.NFD()]), "Ab", "Lowercase"),
        # What NFKC makes of TELEPHONE SIGN comes behind the lower-casing.
        (normalizers.Sequence([normalizers.Lowercase(), normalizers.NFKC()]), "TEL", None),
        (normalizers.BertNormalizer(), "a的", "BertNormalizer"),
    ],
)
def test_normalizers(normalizer: normalizers.Normalizer, word: str, blamed: str | None) -> None:
    backend = knowing(word)
    backend.normalizer = normalizer
    expected = None if blamed is None else ("normalizer", f"normalizer: {blamed}")
    assert cause_of(backend, word) == expected


def test_a_source_is_found_behind_the_normalizer() -> None:
    backend = knowing("TEL")
    backend.normalizer = normalizers.Sequence([normalizers.Lowercase(), normalizers.NFKC()])
    found = find_reachability(wrap(backend, "made"))
    assert found.witness(1) == "℡"


@pytest.mark.parametrize(
    ("pre_tokenizer", "word", "blamed"),
    [
        (pre_tokenizers.Whitespace(), "a.", "Whitespace"),
        (pre_tokenizers.WhitespaceSplit(), "a.", None),
        (pre_tokenizers.Digits(individual_digits=True), "12", "Digits"),
        (pre_tokenizers.Split(Regex(GPT_4O), "isolated"), "aB", "Split"),
        (pre_tokenizers.Split(Regex(GPT_4O), "isolated"), "Ba", None),
        (
            pre_tokenizers.Sequence(
                [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()]
            ),
            "a.",
            "Punctuation",
        ),
    ],
)
def test_pre_tokenizers(
    pre_tokenizer: pre_tokenizers.PreTokenizer, word: str, blamed: str | None
) -> None:
    backend = knowing(word)
    backend.pre_tokenizer = pre_tokenizer
    expected = None if blamed is None else ("pre-tokenizer", f"pre-tokenizer: {blamed}")
    assert cause_of(backend, word) == expected


def test_what_looks_behind_proves_nothing() -> None:
    backend = knowing("xa")
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("(?<=x)a"), "isolated")
    found = find_reachability(wrap(backend, "made"))
    assert found.rows("not found").tolist() == [1]


@pytest.mark.parametrize("single_word", [True, False])
def test_an_added_token_shadows(single_word: bool) -> None:
    backend = knowing("cab", "a", "c")
    backend.add_tokens([AddedToken("ab", single_word=single_word, normalized=False)])
    found = cause_of(backend, "cab")
    assert (found is None) == single_word
    assert single_word or found == ("shadowed by an added token", "added token ab (id 4)")


def test_a_refused_match_spares_what_it_overlaps() -> None:
    """In `1a.` the added token `1a` is found, as a part of no word refused, and `a` is not seen."""
    backend = tokenizers.Tokenizer(bpe_of("a+.", "1"))
    backend.add_tokens(["a", AddedToken("1a", single_word=True)])
    found = find_reachability(wrap(backend, "made"))
    row = wrap(backend, "made").vocabulary.tokens.index("a.")
    assert row not in found.obstacles
    assert row in ids_met(backend, ["x1a."])


def test_the_byte_of_a_character_with_its_own_token() -> None:
    """`<0x61>` is never called unreachable, though nothing falls back to it."""
    names = [f"<0x{byte:02X}>" for byte in range(256)]
    vocab = {token: index for index, token in enumerate(["<unk>", *names, "a"])}
    model = models.BPE(vocab, [], unk_token="<unk>", byte_fallback=True)
    backend = tokenizers.Tokenizer(model)
    backend.normalizer = normalizers.Replace(" ", "▁")
    tokenizer = wrap(backend, "made")
    found = find_reachability(tokenizer)
    partial = {tokenizer.vocabulary.tokens[row] for row in found.rows("partial").tolist()}
    never = {f"<0x{byte:02X}>" for byte in (0xC0, 0xC1, *range(0xF5, 0x100))}
    assert "<0x61>" in partial
    assert never <= partial
    assert len(partial) < 20


def test_models_that_fail_on_a_text_prove_nothing() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, "b": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    found = find_reachability(wrap(backend, "made"))
    assert len(found.rows("reachable")) == 2


REAL_COUNTS = {
    "claude": 0,
    "clip": 74,
    "deepseek_v3": 0,
    "dolma2": 0,
    "gemma3": 4,
    "gpt2": 0,
    "gpt4o": 0,
    "gptoss": 0,
    "llama3": 0,
    "minilm": 337,
    "mistral": 0,
    "qwen3": 1909,
    "tokenlearn": 7622,
    "wordfreq": 0,
    "wordllama": 0,
}


@pytest.mark.slow
def test_real_tokenizers(real_tokenizer: Tokenizer) -> None:
    found = find_reachability(real_tokenizer)
    assert len(found.rows("unreachable")) == REAL_COUNTS[real_tokenizer.origin.spec]
    assert len(found.rows("not found")) == 0


def without_path(content: dict[str, Any]) -> set[int]:
    """Take every token of a BPE model apart by its merges, until only characters are left."""
    model = content["model"]
    prefix = model["continuing_subword_prefix"] or ""
    suffix = model["end_of_word_suffix"] or ""
    parts: dict[str, list[tuple[str, str]]] = {}
    for left, right in map(tuple, model["merges"]):
        parts.setdefault(left + right[len(prefix) :], []).append((left, right))

    @lru_cache(None)
    def is_built(token: str) -> bool:
        core = token.removeprefix(prefix).removesuffix(suffix)
        if len(core or token) == 1:
            return True
        return any(is_built(left) and is_built(right) for left, right in parts.get(token, ()))

    exempt = {token["content"] for token in content["added_tokens"]} | {model["unk_token"]}
    exempt |= {f"<0x{byte:02X}>" for byte in range(256)}
    return {
        number
        for token, number in model["vocab"].items()
        if token not in exempt and not is_built(token)
    }


@pytest.mark.parametrize(
    "name", [name for name in SMALL if name not in ("wordpiece", "unigram", "word-level")]
)
@pytest.mark.parametrize("drop", [1, 40, 700])
def test_merges_that_are_dropped(name: str, drop: int) -> None:
    """All tokens that no merges build, and no others, have no merge path; so have parts."""
    content = json.loads(SMALL[name]().to_str())
    kept = content["model"]["merges"]
    content["model"]["merges"] = kept[: len(kept) // 2 - drop] + kept[len(kept) // 2 :]
    tokenizer = wrap(tokenizers.Tokenizer.from_str(json.dumps(content)), name)
    ids = tokenizer.vocabulary.ids
    found = find_reachability(tokenizer).obstacles.items()
    unmerged = {int(ids[row]) for row, each in found if each.cause == "no merge path"}
    assert unmerged == without_path(content)


@pytest.mark.parametrize("single_word", [False, True])
def test_a_token_that_an_added_one_shadows(single_word: bool) -> None:
    backend = SMALL["byte-level"]()
    backend.add_tokens([AddedToken("th", single_word=single_word)])
    cause = cause_of(backend, "Ġthe")
    shadowed = ("shadowed by an added token", "added token th (id 452)")
    assert cause == (None if single_word else shadowed)
