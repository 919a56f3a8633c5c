"""Rank files and named encodings, held to tiktoken."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest
import tiktoken
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loading.agreement import TEXTS, differences, ids_of
from tests.samples import sample
from tests.small_tokenizers import byte_level_bpe
from tokstat.errors import InvalidTokenizerError, SourceNotFoundError, SpecError
from tokstat.loading import load
from tokstat.loading.encodings import ENCODINGS, Encoding
from tokstat.loading.ranks import build_from_ranks, to_oniguruma
from tokstat.tokenizer.decoding import byte_alphabet

PATTERNS = {encoding.pattern: encoding.name for encoding in ENCODINGS.values()}


@pytest.fixture(scope="module")
def ranks() -> dict[bytes, int]:
    """Ranks of a small trained vocabulary, as tiktoken would store them."""
    alphabet = byte_alphabet()
    vocab = byte_level_bpe(prefix=False).get_vocab(with_added_tokens=False)
    tokens = sorted(vocab, key=vocab.__getitem__)
    tokens.remove("<|endoftext|>")
    as_bytes = [bytes(map(alphabet.__getitem__, token)) for token in tokens]
    return {token: rank for rank, token in enumerate(as_bytes)}


def rank_file(ranks: Mapping[bytes, int]) -> bytes:
    lines = [b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in ranks.items()]
    return b"".join(lines)


def in_tiktoken(
    ranks: Mapping[bytes, int], pattern: str, special: Mapping[str, int]
) -> tiktoken.Encoding:
    return tiktoken.Encoding(
        "test", pat_str=pattern, mergeable_ranks=dict(ranks), special_tokens=dict(special)
    )


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.get)
def test_encodes_as_tiktoken(pattern: str, ranks: dict[bytes, int]) -> None:
    special = {"<|endoftext|>": len(ranks) + 7}
    reference = in_tiktoken(ranks, pattern, special)
    backend = build_from_ranks(ranks, pattern, special, "test")
    texts = [*sample(), "a<|endoftext|>b", " <|endoftext|> "]
    assert differences(backend, lambda t: reference.encode(t, allowed_special="all"), texts) == []


@given(text=TEXTS)
@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base", "r50k_base"])
def test_encodes_any_text_as_tiktoken(name: str, ranks: dict[bytes, int], text: str) -> None:
    reference, backend = _pair(name, ranks)
    assert ids_of(backend, text) == reference.encode(text, disallowed_special=())


_PAIRS: dict[str, tuple[tiktoken.Encoding, tokenizers.Tokenizer]] = {}


def _pair(name: str, ranks: dict[bytes, int]) -> tuple[tiktoken.Encoding, tokenizers.Tokenizer]:
    if name not in _PAIRS:
        pattern = ENCODINGS[name].pattern
        _PAIRS[name] = in_tiktoken(ranks, pattern, {}), build_from_ranks(ranks, pattern, {}, "")
    return _PAIRS[name]


@given(runs=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 6)), max_size=30))
@settings(max_examples=300, deadline=None)
def test_joins_as_tiktoken_does_in_runs(runs: list[tuple[str, int]]) -> None:
    """Repetitions are where several cuts of one token, and several tokens, compete."""
    tokens = [bytes([byte]) for byte in range(256)]
    tokens += [b"aa", b"ab", b"bb", b"aaa", b"aab", b"abb", b"aaaa", b"abab", b"aabb", b"aaaaaa"]
    ranks = {token: rank for rank, token in enumerate(tokens)}
    text = "".join(letter * count for letter, count in runs)
    backend = build_from_ranks(ranks, r"\w+", {}, "test")
    assert ids_of(backend, text) == in_tiktoken(ranks, r"\w+", {}).encode(text)


def test_text_that_the_pattern_skips_is_lost(ranks: dict[bytes, int]) -> None:
    """As in tiktoken, which looks for matches and passes over the rest."""
    backend = build_from_ranks(ranks, r"[a-z]+", {}, "test")
    reference = in_tiktoken(ranks, r"[a-z]+", {})
    assert ids_of(backend, "one, two!") == reference.encode("one, two!")
    assert backend.decode(ids_of(backend, "one, two!")) == "onetwo"


@pytest.mark.parametrize(
    ("pattern", "rewritten"),
    [
        (r"\s++$|a", r"\s++\z|a"),
        (r"^a[$^]\$", r"\Aa[$^]\$"),
        (r"\p{N}{1,3}+|b", r"\p{N}{1,3}|b"),
        (r"\p{L}++x", r"\p{L}++x"),
        (r"[\]$]+$", r"[\]$]+\z"),
    ],
)
def test_patterns_mean_the_same_to_oniguruma(pattern: str, rewritten: str) -> None:
    assert to_oniguruma(pattern) == rewritten


def test_a_pattern_that_would_mean_another_is_refused() -> None:
    with pytest.raises(ValueError, match="branch"):
        to_oniguruma(r"\p{N}{1,3}+x")


def test_file_of_a_known_name(ranks: dict[bytes, int], tmp_path: Path) -> None:
    path = tmp_path / "r50k_base.tiktoken"
    path.write_bytes(rank_file(ranks))
    for spec in (path, tmp_path, f"tiktoken:{path}", str(path)):
        loaded = load(spec)
        assert loaded.origin.loader == "tiktoken ranks, pattern of r50k_base"
        assert loaded.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert loaded.origin.files == ("r50k_base.tiktoken",)
        assert loaded.origin.notes == ()
    assert loaded.vocabulary[50_256].kind == "special"
    assert len(loaded.vocabulary) == len(ranks) + 1
    for token, rank in ranks.items():
        assert loaded.vocabulary[rank].surface == token


def test_an_unknown_file_is_read_with_a_note(ranks: dict[bytes, int], tmp_path: Path) -> None:
    path = tmp_path / "mine.model"
    path.write_bytes(rank_file(ranks))
    loaded = load(path)
    assert loaded.origin.loader == "tiktoken ranks, pattern of cl100k_base"
    assert len(loaded.origin.notes) == 1
    named = load(f"tiktoken:{path}@qwen")
    assert named.origin.loader == "tiktoken ranks, pattern of qwen"
    assert named.origin.notes == ()
    assert ids_of(named.backend, "e\u0301") == ids_of(named.backend, "é")
    assert ids_of(loaded.backend, "e\u0301") != ids_of(loaded.backend, "é")


@pytest.fixture
def cache(ranks: dict[bytes, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """tiktoken's cache with one small encoding, `tiny`."""
    data = rank_file(ranks)
    tiny = Encoding(
        "tiny", hashlib.sha256(data).hexdigest(), "https://example.org/tiny", r"\S+|\s+", {}
    )
    monkeypatch.setitem(ENCODINGS, "tiny", tiny)
    path = tmp_path / "cache" / hashlib.sha1(tiny.url.encode()).hexdigest()
    path.parent.mkdir()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("variable", "inside"),
    [("TIKTOKEN_CACHE_DIR", "cache"), ("DATA_GYM_CACHE_DIR", "cache"), ("TMPDIR", "")],
)
def test_named_encoding_in_the_cache(
    variable: str, inside: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.tempdir", None)
    if not inside:
        cache.parent.rename(cache.parent.with_name("data-gym-cache"))
    monkeypatch.setenv(variable, str(cache.parents[1] / inside))
    loaded = load("tiktoken:tiny")
    assert loaded.origin.loader == "tiktoken ranks, pattern of tiny"
    assert loaded.origin.spec == "tiktoken:tiny"


def test_named_encoding_that_is_not_there(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache.parent))
    with pytest.raises(SourceNotFoundError, match="cl100k_base") as caught:
        load("tiktoken:cl100k_base")
    assert "cl100k_base.tiktoken" in caught.value.hint
    with pytest.raises(SourceNotFoundError) as caught:
        load("tiktoken:gpt2")  # of which tiktoken keeps two files of another format
    assert "get_encoding('r50k_base')" in caught.value.hint
    with pytest.raises(SourceNotFoundError, match="llama3"):
        load("tiktoken:llama3")
    for spec in ("tiktoken:", "tiktoken:cl200k@qwen"):
        with pytest.raises(SpecError):
            load(spec)
    with pytest.raises(SpecError) as misspelt:
        load("tiktoken:cl100k")
    assert "tiktoken:cl100k_base?" in misspelt.value.hint


def test_damaged_file_in_the_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache.parent))
    cache.write_bytes(cache.read_bytes()[:-20])
    with pytest.raises(InvalidTokenizerError, match="SHA-256"):
        load("tiktoken:tiny")
    assert cache.is_file()


def test_the_table_of_encodings_is_tiktokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, patterns, special tokens, addresses and hashes, as the installed library has them."""
    from tiktoken_ext import openai_public

    asked: list[tuple[str, str | None]] = []

    def record(url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        asked.append((url, expected_hash))
        return {}

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", record)
    for name, construct in openai_public.ENCODING_CONSTRUCTORS.items():
        if name == "gpt2":  # made of two files of another format, with the same tokens
            assert ENCODINGS[name].special == {"<|endoftext|>": 50_256}
            continue
        theirs, ours = construct(), ENCODINGS[name]
        assert asked.pop() == (ours.url, ours.sha256)
        assert theirs["pat_str"] == ours.pattern
        twice = {"<|reserved_200018|>"}  # another name of <|endofprompt|>
        special = {t: i for t, i in theirs["special_tokens"].items() if t not in twice}
        assert special == ours.special
