"""The reference values of the case, from the library and from a plain recount of the files."""

import itertools
import json
import lzma
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import regex
import wordfreq

from tests.conftest import BUNDLED
from tokstat.api.inspection import inspect
from tokstat.results.report import Report
from tokstat.tokenizer.single_words import single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True)
class Counts:
    """What the definitions count."""

    content: int
    alphabetic: int
    whole_words: int
    casing_duplicates: int
    space_duplicates: int
    near_duplicates: int
    partial: int


REFERENCE = {
    "answerdotai/ModernBERT-base": Counts(49_768, 45_121, 22_662, 9_436, 8_620, 15_495, 484),
    "google-bert/bert-base-uncased": Counts(29_523, 28_066, 21_256, 0, 2_434, 2_434, 0),
    "openai-community/gpt2": Counts(49_912, 47_243, 27_839, 10_885, 7_702, 16_349, 344),
}

RATIOS = {
    "answerdotai/ModernBERT-base": (0.5170, 0.1896),
    "google-bert/bert-base-uncased": (0.7960, 0.0),
    "openai-community/gpt2": (0.5924, 0.2181),
}
"""Whole words over in-script tokens, and casing duplicates over content tokens."""

WORDSIM_COVERAGE = {
    "answerdotai/ModernBERT-base": (0.2235, 0.5376),
    "google-bert/bert-base-uncased": (0.5638, 0.5638),
    "openai-community/gpt2": (0.2089, 0.5679),
}
"""Words of WordSim that are one token, bare and spaced."""

WORD_COLUMNS = {
    "rw": (0, 1),
    "men": (0, 1),
    "simLex": (1, 2),
    "rel353": (1, 2),
    "simverb_3500": (2, 3),
    "mturk_771": (1, 2),
    "card_660": (0, 1),
}


def counted(report: Report) -> Counts:
    """Return what tokstat counts."""

    def count(name: str) -> int:
        value = report.metric(name).value
        assert isinstance(value, int)
        return value

    whole_words = report.metric("whole_word_ratio").numerator
    assert whole_words is not None
    return Counts(
        content=count("content_tokens"),
        alphabetic=count("alphabetic_tokens"),
        whole_words=whole_words,
        casing_duplicates=count("casing_duplicates"),
        space_duplicates=count("space_duplicates"),
        near_duplicates=count("near_duplicates"),
        partial=count("partial_tokens"),
    )


def ratios_of(report: Report) -> tuple[float, float]:
    ratios = [report.metric(name) for name in ("whole_word_ratio", "casing_duplicate_ratio")]
    values = [ratio.value for ratio in ratios if ratio.value is not None]
    fractions = [(ratio.numerator or 0) / (ratio.denominator or 0) for ratio in ratios]
    assert values == fractions
    return round(values[0], 4), round(values[1], 4)


def gpt2_bytes() -> dict[str, int]:
    """Map characters to bytes as GPT-2's own code does."""
    codes = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    extra = [byte for byte in range(256) if byte not in codes]
    characters = [*map(chr, codes), *(chr(256 + place) for place in range(len(extra)))]
    return dict(zip(characters, [*codes, *extra], strict=True))


def plain_rows(content: dict[str, Any]) -> Iterable[tuple[bool, str | None]]:
    """Read (starts a word, text or None) of every token that is not added or a placeholder."""
    added = {token["id"] for token in content["added_tokens"]}
    to_byte = gpt2_bytes()
    for token, index in content["model"]["vocab"].items():
        if index in added or regex.fullmatch(r"\[unused\d+\]", token):
            continue
        if content["model"]["type"] == "WordPiece":
            inside = token.startswith("##") and token != "##"
            yield not inside, token[2:] if inside else token
            continue
        surface = bytes(to_byte[character] for character in token)
        starts = surface[:1] == b" " and surface.strip() != b"" and surface[1:2].strip() != b""
        try:
            yield starts, (surface[1:] if starts else surface).decode()
        except UnicodeDecodeError:
            yield starts, None


def known_words() -> tuple[set[str], set[str]]:
    """Return the known English words, and those that are 2% of all words that begin with them."""
    frequencies = {
        word: frequency
        for word, frequency in wordfreq.get_frequency_dict("en").items()
        if frequency > 0.999e-7 and not regex.search(r"(?V1)[\p{L}--\p{Latin}]", word)
    }
    words = sorted(frequencies)
    sums = [0.0, *itertools.accumulate(frequencies[word] for word in words)]
    found = set()
    for place, word in enumerate(words):
        beginning = sums[bisect_right(words, word + "\U0010ffff")] - sums[place]
        if frequencies[word] >= 0.02 * beginning:
            found.add(word)
    return set(words), found


def recounted(content: dict[str, Any]) -> Counts:
    """Count from a tokenizer.json alone."""
    rows = list(plain_rows(content))
    words = [
        (starts, text) for starts, text in rows if text and regex.fullmatch(r"[\p{L}\p{M}]+", text)
    ]
    known, often_alone = known_words()
    bare = {text for starts, text in words if not starts}
    spaced = {text for starts, text in words if starts}
    return Counts(
        content=sum(text is not None for _, text in rows),
        alphabetic=len(words),
        whole_words=sum(
            starts and len(text) > 1 and text.lower() in (known if text.isupper() else often_alone)
            for starts, text in words
        ),
        casing_duplicates=len(words) - len({(starts, text.lower()) for starts, text in words}),
        space_duplicates=len(bare & spaced),
        near_duplicates=len(words) - len({text.lower() for _, text in words}),
        partial=sum(text is None for _, text in rows),
    )


def bundled_json(name: str) -> dict[str, Any]:
    folder = files("tokstat") / "data" / "tokenizers"
    entry = json.loads((folder / "index.json").read_text("utf-8"))[BUNDLED[name]]
    content: dict[str, Any] = json.loads(lzma.decompress((folder / entry["file"]).read_bytes()))
    return content


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_tokenizers(name: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(f"{name}_report")
    assert counted(report) == REFERENCE[BUNDLED[name]]
    assert ratios_of(report) == RATIOS[BUNDLED[name]]


def test_upstream_tokenizers(upstream: Tokenizer) -> None:
    report = inspect(upstream)
    assert counted(report) == REFERENCE[upstream.origin.spec]
    assert ratios_of(report) == RATIOS[upstream.origin.spec]


@pytest.mark.parametrize("name", BUNDLED)
def test_recount_of_bundled_tokenizers(name: str) -> None:
    assert recounted(bundled_json(name)) == REFERENCE[BUNDLED[name]]


def test_recount_of_upstream_tokenizers(upstream: Tokenizer) -> None:
    content = json.loads(Path(upstream.origin.source).read_text("utf-8"))
    assert recounted(content) == REFERENCE[upstream.origin.spec]


def wordsim_words(folder: Path) -> list[str]:
    """Read the distinct words of all seven sets."""
    rows = [
        (line.split("\t"), columns)
        for name, columns in WORD_COLUMNS.items()
        for line in (folder / f"{name}.txt").read_text("utf-8").splitlines()
    ]
    return sorted({row[column].replace("_", " ") for row, columns in rows for column in columns})


def test_coverage_of_wordsim(upstream: Tokenizer, shared: Path) -> None:
    words = wordsim_words(shared / "wordsim")
    assert len(words) == 6_438
    bare = single_token_words(upstream, words, "bare").mean()
    spaced = single_token_words(upstream, words, "spaced").mean()
    assert (round(bare, 4), round(spaced, 4)) == WORDSIM_COVERAGE[upstream.origin.spec]
