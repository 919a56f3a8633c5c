"""Everything in tokstat that reads a file which others made, or which was saved and kept."""

from __future__ import annotations

import importlib.metadata  # noqa: F401  # it cannot be found where only one folder is searched
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

import tokenizers

import tokstat
from tests.fuzz import packing
from tests.fuzz.mutations import BETWEEN_FILES
from tests.fuzz.tokenizer_seeds import word_level
from tokstat import loading
from tokstat.api.reports import FORMATS, Format
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Problems, Reading, read_documents
from tokstat.corpus.reading.sources import divide
from tokstat.corpus.report import make_report
from tokstat.corpus.states import read_all
from tokstat.distillation.embedding_cache import EmbeddingCache
from tokstat.editing.steps import make_interventions
from tokstat.errors import AnalyzerError, MissingExtraError, ReportError, TokstatError
from tokstat.experiments.ladder import read_ladder
from tokstat.gate.policy import parse_limits
from tokstat.gate.settings import read_settings
from tokstat.gate.verdict import GatedReport
from tokstat.io.limits import changed_limits, parse_json
from tokstat.io.plugins import entry_points_of
from tokstat.loading.pieces import UNKNOWN, Conventions, Piece, build_unigram
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.model.embedding_matrices import find_embeddings
from tokstat.render.github.annotations import render_github
from tokstat.render.terminal.ladder import render_ladder
from tokstat.render.terminal.study import render_study
from tokstat.render.verdict import verdict_markdown
from tokstat.results.report import Report
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Origin, Tokenizer
from tokstat.words.lexicon import Lexicon, load_lexicon
from tokstat.wordsim.models import load_model
from tokstat.wordsim.sets import ALL_SETS, parse_set
from tokstat.wordsim.study_results import read_study
from tokstat.wordsim.vectors import read_vectors

TEXT = "the e\u0301 of 漢字 \U0001f600 1234"
CONFIGURATIONS = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")
MODEL_CONFIGURATIONS = ("config.json", "generation_config.json")


@dataclass(frozen=True)
class Parser:
    """Name a file, and say what reads it; `pack` makes such a file of mutated contents."""

    file: str
    read: Callable[[Path], object]
    pack: Callable[[bytes], bytes] | None = None


def attempt(parser: Parser, path: Path, data: bytes) -> TokstatError | None:
    """Have a parser read bytes; return the error by which they are refused in order, else None.

    An extra that is missing is no refusal, and neither is an analyzer's own failure, although
    users are told of both in order.
    """
    path.write_bytes(data)
    try:
        parser.read(path)
    except MissingExtraError:
        raise
    except TokstatError as error:
        if isinstance(error, AnalyzerError) and not isinstance(error.__cause__, TokstatError):
            raise error.__cause__ or error from None
        return error
    return None


def _part(path: Path, *names: str) -> Path:
    """Write the files that a joined one holds, empty where it holds fewer; return the first."""
    parts = path.read_bytes().split(BETWEEN_FILES, len(names) - 1)
    for name, data in zip(names, parts + [b""] * len(names), strict=False):
        (path.parent / name).write_bytes(data)
    return path.parent / names[0]


def _use(tokenizer: Tokenizer) -> None:
    """Ask a tokenizer what every command asks first."""
    assert len(tokenizer.vocabulary) > 0
    encode(tokenizer.backend, TEXT)
    _ = tokenizer.lowercases, tokenizer.unknown_id, tokenizer.scheme


def _tokenizer(path: Path) -> None:
    _use(loading.load(path))


def _vocab_txt(path: Path) -> None:
    _tokenizer(_part(path, "vocab.txt", "tokenizer_config.json"))


def _vocab_json(path: Path) -> None:
    _tokenizer(_part(path, "vocab.json", "merges.txt", "tokenizer_config.json"))


def _charsmap(path: Path) -> None:
    pieces = [Piece("<unk>", 0.0, UNKNOWN), Piece("▁", -1.0, 1), Piece("é", -1.0, 1)]
    backend = build_unigram(pieces, Conventions(charsmap=path.read_bytes()), str(path))
    encode(backend, TEXT)


@cache
def _some_tokenizer() -> bytes:
    return word_level()[0]


@cache
def _some_backend() -> tokenizers.Tokenizer:
    return parse_tokenizer_json(_some_tokenizer(), "small")


@cache
def _lexicon(folder: Path) -> Lexicon:
    path = folder / "few words.tsv"
    path.write_text("the\t100\nof\t50\none\t20\nnaïve\t7\n1\t1\n", "utf-8")
    return load_lexicon(path=path)


def _inspected(path: Path, *analyzers: str) -> Report:
    report = tokstat.inspect(path, lexicon=_lexicon(path.parent), analyzers=analyzers or None)
    assert not report.failures, report.failures
    return report


def _configurations(path: Path) -> None:
    _part(path, *CONFIGURATIONS, *MODEL_CONFIGURATIONS)
    files = ("tokenizer.json",)
    origin = Origin("small", "small", None, "0", "small", files, folder=path.parent, is_models=True)
    tokenizer = Tokenizer(_some_backend(), origin)
    asked = ("files", "special_tokens")
    report = tokstat.inspect(tokenizer, lexicon=_lexicon(path.parent), analyzers=asked)
    assert not report.failures, report.failures


def _embeddings(path: Path) -> None:
    found = find_embeddings(path)
    if found is not None and found.input.shape[0] < 10_000:
        for _ in found.input.blocks(64):
            pass


def _index(path: Path) -> None:
    _embeddings(_part(path, "model.safetensors.index.json", "model-1-of-1.safetensors").parent)


def _static_model(path: Path) -> None:
    _part(path, "tokenizer.json", "config.json", "model.safetensors")
    model = load_model(path.parent)
    model.embed(["the", "of"])
    model.unknown_words(["the", "of"])


def _result(path: Path) -> None:
    """Read a saved result of any command, and show every other one in some format."""
    found = tokstat.load_result(path)
    formats: tuple[Format, ...] = (*("json", "terminal", "markdown") * 2, "html")  # rarely: slow
    number = path.stat().st_size % (2 * len(formats))
    if number < len(formats):
        tokstat.render_report(found, formats[number], width=80)


def _gated(path: Path) -> None:
    """Read a saved report with a verdict, and show the verdict in every way."""
    try:
        data = parse_json(path.read_bytes(), str(path))
    except ValueError as error:
        raise ReportError(str(error), "") from error
    gated = GatedReport.from_dict(data if isinstance(data, dict) else {})
    render_github(gated)
    verdict_markdown(gated.verdict)


def _baseline(path: Path) -> None:
    report = _inspected_once(path.parent)
    tokstat.check(report, tokstat.make_policy(baseline=path, fail_on="info"))


@cache
def _inspected_once(folder: Path) -> Report:
    place = folder / "tokenizer.json"
    place.write_bytes(_some_tokenizer())
    return _inspected(place, "composition", "whole_words", "casing")


def _settings(path: Path) -> None:
    tokstat.make_policy(settings=read_settings(path))


def _limits(path: Path) -> None:
    """Read what options and an environment variable may hold."""
    texts = path.read_bytes().decode("utf-8", "surrogateescape").split()
    for read in (changed_limits, parse_limits):
        for text in texts:
            with suppress(TokstatError):
                read([text])


def _words_to_add(path: Path) -> None:
    make_interventions(add_words=path, lexicon=_lexicon(path.parent))


def _word_sets(path: Path) -> None:
    data = path.read_bytes()
    parse_set(ALL_SETS[len(data) % len(ALL_SETS)], data, str(path))


def _vectors(path: Path) -> None:
    read_vectors(path, {"the", "of"})


def _ladder(path: Path) -> None:
    ladder = read_ladder(path)
    render_ladder(ladder)
    ladder.to_json()


def _study(path: Path) -> None:
    study = read_study(path)
    render_study(study)
    study.to_csv()


def _embedding_cache(path: Path) -> None:
    """Read a file under the name that the cache gives its own."""
    folder = path.parent / "tokstat"
    with patch.dict(os.environ, XDG_CACHE_HOME=str(path.parent)):
        name = _name_of_cache(path.parent)
        for file in folder.iterdir():
            file.unlink()
        (folder / name).write_bytes(path.read_bytes())
        with closing(EmbeddingCache("0" * 64, "mean", 4)) as cached:
            cached.read(["the", "of"])


@cache
def _name_of_cache(folder: Path) -> str:
    EmbeddingCache("0" * 64, "mean", 4).close()
    (file,) = (folder / "tokstat").glob("*.sqlite")
    return file.name


def _entry_points(path: Path) -> None:
    """Look for plug-ins in the one folder that is mutated."""
    before = sys.path[:]
    sys.path[:] = [str(path.parents[1])]
    try:
        entry_points_of("tokstat.loaders")
    finally:
        sys.path[:] = before


def _documents(**how: object) -> Callable[[Path], None]:
    """Return what reads a file of text whole, and again in parts of a few bytes."""
    reading = Reading(group="meta.lang", **how)  # type: ignore[arg-type]

    def read(path: Path) -> None:
        for size in (1 << 20, 40):
            units = divide([str(path)], [reading.division_of(str(path))], size)
            for _ in read_documents([part for unit in units for part in unit], reading, Problems()):
                pass

    return read


def _compressed(path: Path) -> None:
    """Read a compressed file under the suffix that its first byte asks for."""
    data = path.read_bytes()
    suffix = {0x1F: "gz", 0xFD: "xz", 0x42: "bz2"}.get(data[0] if data else 0, "zst")
    place = path.with_name(f"documents.jsonl.{suffix}")
    place.write_bytes(data)
    _documents()(place)


@cache
def counting_plan() -> Plan:
    """Return what the saved counts are of: one small tokenizer."""
    return Plan.of(
        [Tokenizer(_some_backend(), Origin("small", "small", None, "0", "small", ()))],
        "unicode",
        Reading(),
    )


def _counts(path: Path) -> None:
    plan = counting_plan()
    counts = read_all(path, plan.nothing)
    plan.require_own(counts)
    make_report(counts, plan.tokenizers, plan.refusals).to_json()


def _inspect(path: Path) -> None:
    report = _inspected(path)
    tokstat.render_report(report, FORMATS[path.stat().st_size % len(FORMATS)], width=80)


def _edited(path: Path) -> None:
    from tokstat.editing.interventions import apply_all

    steps = make_interventions(
        prefix_space=True,
        decase=True,
        drop=["fragment"],
        add_words=10,
        lexicon=_lexicon(path.parent),
    )
    _use(apply_all(loading.load(path), steps).tokenizer)


def _counted(path: Path) -> None:
    """Count a text, which is cut where the tokenizer may be seen not to look further."""
    tokstat.measure_corpus([loading.load(path)], texts=[TEXT, "two words, 1234"])


PARSERS: Mapping[str, Parser] = {
    "tokenizer.json, BPE": Parser("tokenizer.json", _tokenizer),
    "tokenizer.json, WordPiece": Parser("tokenizer.json", _tokenizer),
    "tokenizer.json, Unigram": Parser("tokenizer.json", _tokenizer),
    "tokenizer.json, WordLevel": Parser("tokenizer.json", _tokenizer),
    "vocab.txt": Parser("joined", _vocab_txt),
    "vocab.json, merges.txt": Parser("joined", _vocab_json),
    "tiktoken": Parser("m.tiktoken", _tokenizer),
    "tekken": Parser("tekken.json", _tokenizer),
    "SentencePiece": Parser("m.model", _tokenizer, packing.protobuf),
    "charsmap": Parser("charsmap", _charsmap),
    "GGUF": Parser("m.gguf", _tokenizer, packing.gguf),
    "configurations": Parser("joined", _configurations),
    "safetensors": Parser("model.safetensors", _embeddings),
    "safetensors index": Parser("joined", _index),
    "static model": Parser("joined", _static_model),
    "report": Parser("report.json", _result),
    "comparison": Parser("comparison.json", _result),
    "corpus report": Parser("corpus.json", _result),
    "gated report": Parser("gated.json", _gated),
    "baseline": Parser("baseline.json", _baseline),
    "ladder": Parser("ladder.json", _ladder),
    "study": Parser("study.json", _study),
    "saved counts": Parser("a.counts.gz", _counts, packing.gzipped),
    "embedding cache": Parser("cache", _embedding_cache),
    "settings": Parser("tokstat.toml", _settings),
    "pyproject.toml": Parser("pyproject.toml", _settings),
    "limits": Parser("options", _limits),
    "entry points": Parser("plugin-1.dist-info/entry_points.txt", _entry_points),
    "word list": Parser("words.tsv", lambda path: load_lexicon(path=path)),
    "words to add": Parser("words.txt", _words_to_add),
    "word sets": Parser("set.tsv", _word_sets),
    "vectors, text": Parser("v.txt", _vectors),
    "vectors, binary": Parser("v.bin", _vectors),
    "corpus, text": Parser("d.txt", _documents(documents="line")),
    "corpus, JSON lines": Parser("d.jsonl", _documents()),
    "corpus, CSV": Parser("d.csv", _documents()),
    "corpus, TSV": Parser("d.tsv", _documents()),
    "corpus, Parquet": Parser("d.parquet", _documents()),
    "corpus, gzip": Parser("d.bin", _compressed, packing.gzipped),
    "corpus, xz": Parser("d.bin", _compressed, packing.xz),
    "corpus, bzip2": Parser("d.bin", _compressed, packing.bzip2),
    "corpus, Zstandard": Parser("d.bin", _compressed, packing.zstandard),
    "inspect": Parser("tokenizer.json", _inspect),
    "edit": Parser("tokenizer.json", _edited),
    "count": Parser("tokenizer.json", _counted),
}
"""Every parser by name; the last three are whole commands, over what the first ones read."""
