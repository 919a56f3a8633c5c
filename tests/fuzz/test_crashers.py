"""Inputs that the fuzzer found to crash a parser, and its own mutations."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import tokstat
from tests.conftest import word_level_json
from tests.fuzz.mutations import Seeds, mutated
from tests.fuzz.parsers import PARSERS, attempt
from tests.fuzz.seeds import seeds
from tests.fuzz.tokenizer_seeds import unigram
from tests.hostile import hostile_report
from tokstat.errors import InvalidTokenizerError, LexiconError, ReportError, TokstatError
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.words.lexicon import load_lexicon

SEEDS = (word_level_json("one", "two"), b"plain 12 text\n")


def test_a_prefix_that_is_a_number() -> None:
    model = {"type": "BPE", "vocab": {"a": 0}, "merges": [], "continuing_subword_prefix": 7}
    content = {**json.loads(word_level_json("one")), "model": model}
    with pytest.raises(TokstatError):
        parse_tokenizer_json(json.dumps(content).encode(), "tokenizer.json")


def _merging(right: str, *fields: str) -> bytes:
    """Return a BPE with the merge of "a" and another token, and these fields, as they stand."""
    vocab = f'"vocab": {{"a": 0, "{right}": 1, "aa": 2, "12345678": 3}}'
    model = ", ".join(('"type": "BPE"', vocab, f'"merges": [["a", "{right}"]]', *fields))
    content = {**json.loads(word_level_json("one")), "model": "MODEL"}
    return json.dumps(content).replace('"MODEL"', f"{{{model}}}").encode()


CUT = _merging("é", '"continuing_subword_prefix": "#"')
CUTS = {
    "plain": CUT,
    "a longer prefix": _merging("cé", '"continuing_subword_prefix": "##"'),
    "an escaped key": _merging("é", r'"continuing_subword_prefi\u0078": "#"'),
    "an escaped underscore": _merging("é", r'"continuing\u005Fsubword_prefix": "#"'),
    "an escaped value": _merging("é", r'"continuing_subword_prefix" : "\u0023"'),
    "a key there twice": _merging("é", *(f'"continuing_subword_prefix": "{x}"' for x in ("", "#"))),
    "cut off": CUT[:-1],
    "something behind it": CUT + b"}",
    "no text behind it": CUT + b"\xff",
    "a second model": CUT[:-1] + b', "model": {"type": "BPE", "vocab": {}, "merges": []}}',
}
"""Each makes tokenizers 0.23.3 abort the process that loads it: half a letter, quoted as text."""


@pytest.mark.parametrize("data", CUTS.values(), ids=CUTS)
def test_a_prefix_that_cuts_a_character(data: bytes) -> None:
    with pytest.raises(InvalidTokenizerError):
        parse_tokenizer_json(data, "tokenizer.json")


@pytest.mark.parametrize(("right", "prefix"), [("éa", "é"), ("##a", "##")])
def test_a_prefix_that_cuts_no_character(right: str, prefix: str) -> None:
    data = _merging(right, f'"continuing_subword_prefix": "{prefix}"')
    assert parse_tokenizer_json(data, "tokenizer.json").get_vocab_size() == 4


def test_a_denominator_without_its_numerator(tmp_path: Path) -> None:
    data = json.loads(hostile_report().to_json())
    metrics = [metric for section in data["sections"] for metric in section["metrics"]]
    metric = next(metric for metric in metrics if metric["denominator"])
    metric["numerator"] = None
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ReportError):
        tokstat.load_report(path)


@pytest.mark.parametrize("count", ["9" * 5000, "\u0663", "1_000", "-1", "1.5"])
def test_a_count_that_is_no_ordinary_number(count: str, tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text(f"word\t{count}\n", "utf-8")
    with pytest.raises(LexiconError):
        load_lexicon(path=path)


CRASHERS = sorted(file for file in (Path(__file__).parent / "crashers").glob("*/*"))
"""Found by `tests.fuzz`, in a folder for each parser; each made one crash, hang or fill memory."""


def folder_of(parser: str) -> str:
    """Return the folder of a parser's crashers."""
    words = "".join(letter if letter.isalnum() else " " for letter in parser)
    return "-".join(words.lower().split())


@pytest.mark.parametrize("file", CRASHERS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_crasher_is_read_or_refused_in_order(file: Path, tmp_path: Path) -> None:
    (parser,) = (each for name, each in PARSERS.items() if folder_of(name) == file.parent.name)
    path = tmp_path / parser.file
    path.parent.mkdir(exist_ok=True)
    error = attempt(parser, path, file.read_bytes())
    assert error is None or (error.problem and error.hint)


@pytest.mark.parametrize("written", [r"precompiled_charsmap", r"precompiled_charsma\u0070"])
def test_normalization_rules_that_declare_more_than_there_is(written: str) -> None:
    rules = f'{{"type": "Precompiled", "{written}": "{"a" * 40}"}}'
    data = word_level_json("one").replace(b'"normalizer":null', f'"normalizer":{rules}'.encode())
    assert rules.encode() in data
    with pytest.raises(InvalidTokenizerError, match=r"1,771,742,825.*\b26\b"):
        parse_tokenizer_json(data, "tokenizer.json")


def test_sound_normalization_rules() -> None:
    for data in (unigram()[0], unigram()[0].replace(b"precompiled", rb"\u0070recompiled")):
        backend = parse_tokenizer_json(data, "tokenizer.json")
        assert backend.normalizer.normalize_str("e\u0301\uff21") == "\u00e9A"


@pytest.mark.parametrize("name", PARSERS)
def test_every_parser_reads_its_seeds(
    name: str, all_seeds: dict[str, Seeds], tmp_path: Path
) -> None:
    parser, known = PARSERS[name], all_seeds[name]
    path = tmp_path / parser.file
    path.parent.mkdir(exist_ok=True)
    packed = [parser.pack(each) for each in known.contents if parser.pack is not None]
    assert bool(packed) == (parser.pack is not None)
    refused = [attempt(parser, path, data) for data in (*known.small, *packed)]
    assert [str(error) for error in refused if error and name != "edit"] == []


def test_packed_contents_are_what_the_libraries_write(all_seeds: dict[str, Seeds]) -> None:
    for name, magic in (
        ("GGUF", b"GGUF"),
        ("corpus, gzip", b"\x1f\x8b"),
        ("corpus, xz", b"\xfd7z"),
    ):
        pack = PARSERS[name].pack
        assert pack is not None
        assert all(pack(each).startswith(magic) for each in all_seeds[name].contents)


@pytest.fixture(scope="module")
def all_seeds() -> dict[str, Seeds]:
    return seeds()


def test_the_same_seed_gives_the_same_inputs() -> None:
    runs = [
        [mutated(Seeds(SEEDS), draw) for _ in range(300)] for draw in map(random.Random, (1, 1, 2))
    ]
    assert runs[0] == runs[1] != runs[2]
    assert len(set(runs[0])) > 200
