"""Distill teachers with several releases of Model2Vec, and write how each encodes a word.

Run: python -m tests.tools.model2vec_history -o docs/model2vec_history.json [RELEASE...]

Every release gets a virtual environment of its own, with the transformers of its time. PyTorch,
which has gigabytes, is linked from the environment that runs this: it needs the extra `distill`,
and pip gets the rest. The teachers are random-weight ModernBERTs of one layer with the tokenizers
of ModernBERT, GPT-2 and Llama 3: what a word is split into does not depend on weights. Each
tokenizer that a release saves is compared with what `tokstat distill --as` gives. They are equal
if all sections of their JSON are equal that encoding depends on.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import tokstat
from tests.real_tokenizers import fetch
from tokstat.editing.model2vec_releases import as_release
from tokstat.errors import EditError
from tokstat.loading.bundled import load_bundled

RELEASES = {
    "0.3.7": "transformers<5",
    "0.3.8": "transformers<5",
    "0.4.1": "transformers<5",
    "0.5.0": "transformers<5",
    "0.6.0": "transformers<5",
    "0.7.0": "transformers<5",
    "0.8.2": "transformers",
    "": "transformers",
}
"""Requirement of transformers by release; the empty release is the newest."""

TOKENIZERS = {
    "ModernBERT": {
        "unk_token": "[UNK]",
        "pad_token": "[PAD]",
        "mask_token": "[MASK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
    },
    "GPT-2": dict.fromkeys(("unk_token", "bos_token", "eos_token"), "<|endoftext|>"),
    "Llama 3": {
        "unk_token": "<|end_of_text|>",
        "pad_token": "<|reserved_special_token_0|>",
        "bos_token": "<|begin_of_text|>",
    },
}
"""The tokens of the roles in each tokenizer's configuration."""

ENCODING = ("model", "normalizer", "pre_tokenizer", "added_tokens")
"""The sections of tokenizer.json that the encoding without special tokens depends on."""

DISTIL = """
import importlib.metadata, json, sys
from transformers import ModernBertConfig, ModernBertModel
from model2vec.distill import distill

def distilled(folder, size):
    ModernBertModel(ModernBertConfig(vocab_size=size, hidden_size=8, intermediate_size=8,
        num_hidden_layers=1, num_attention_heads=2, pad_token_id=0)).save_pretrained(folder)
    tokenizer = distill(folder, pca_dims=None).tokenizer
    return {
        "release": importlib.metadata.version("model2vec"),
        "transformers": importlib.metadata.version("transformers"),
        "tokenizer": tokenizer.to_str(),
        "model": type(tokenizer.model).__name__,
        "alone": tokenizer.encode("tiger", add_special_tokens=False).tokens,
        "in_text": tokenizer.encode("a tiger", add_special_tokens=False).tokens,
        "beside": tokenizer.encode("tiger, a", add_special_tokens=False).tokens,
    }

found = {}
for name, (folder, size) in json.loads(sys.argv[1]).items():
    try:
        found[name] = distilled(folder, size)
    except Exception as error:
        found[name] = {"error": f"{type(error).__name__}: {error}"}
print("RESULT " + json.dumps(found))
"""


def link_torch(folder: Path) -> None:
    """Fill a folder with links to the installed PyTorch and all that it requires."""
    wanted, found = ["torch"], set[str]()
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        found.add(name)
        try:
            package = distribution(name)
        except PackageNotFoundError:  # it is for another system
            continue
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            link = folder / top
            if not link.exists():
                link.symlink_to(str(package.locate_file(top)))
        required = [each for each in package.requires or () if "extra ==" not in each]
        wanted += [re.split(r"[^\w.-]", each)[0] for each in required]


def history_of(
    release: str, transformers: str, folders: Mapping[str, Path], torch: Path
) -> dict[str, Any]:
    """Distill with one release in an environment of its own, with PyTorch from a folder."""
    with tempfile.TemporaryDirectory() as temporary:
        environment = Path(temporary) / "venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        python = str(environment / "bin" / "python")
        (packages,) = (environment / "lib").glob("python*/site-packages")
        (packages / "torch.pth").write_text(f"{torch}\n", "utf-8")
        # The newest one imports scikit-learn, which its extra `distill` leaves out.
        extras = "distill" if release else "distill,quantization"
        wanted = f"model2vec[{extras}]=={release}" if release else f"model2vec[{extras}]"
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
        subprocess.run([*pip, "--no-compile", wanted, transformers], check=True)
        found = _distil(python, folders)
    row = found["ModernBERT"]
    if "error" in row:
        return {"release": release, "needs": transformers, **row}
    known = str(row["release"])
    reproduced = {name: _compare(known, folders[name], each) for name, each in found.items()}
    beside = {name: each.get("beside") for name, each in found.items()}
    del row["tokenizer"]
    return {**row, "beside": beside, "reproduced": reproduced}


def _distil(python: str, folders: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """Distill the teachers, and return by name what was found, or an error."""
    teachers = {
        name: (str(folder), len(tokstat.load(folder).vocabulary))
        for name, folder in folders.items()
    }
    command = [python, "-c", DISTIL, json.dumps(teachers)]
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            found: dict[str, dict[str, Any]] = json.loads(line.removeprefix("RESULT "))
            return found
    *_, last = done.stderr.strip().splitlines() or [""]
    return {name: {"error": last} for name in folders}


def _compare(release: str, folder: Path, found: Mapping[str, Any]) -> str:
    """Say whether a tokenizer is reproduced: "equal", "both fail" or "different"."""
    try:
        ours = json.loads(as_release(tokstat.load(folder), release).to_json())
    except EditError:
        return "both fail" if "error" in found else "different"
    if "error" in found:
        return "different"
    theirs = json.loads(found["tokenizer"])
    return "equal" if all(ours[name] == theirs[name] for name in ENCODING) else "different"


def write_folders(place: Path) -> dict[str, Path]:
    """Write a folder with each tokenizer and its roles, and return them by name."""
    name = "answerdotai/ModernBERT-base"
    files = {
        "ModernBERT": load_bundled(name, name, "").to_json(),
        "GPT-2": fetch("gpt2").read_text("utf-8"),
        "Llama 3": fetch("llama3").read_text("utf-8"),
    }
    folders = {}
    for name, text in files.items():
        folders[name] = place / name
        folders[name].mkdir()
        (folders[name] / "tokenizer.json").write_text(text, "utf-8")
        configuration = {"tokenizer_class": "PreTrainedTokenizerFast", **TOKENIZERS[name]}
        (folders[name] / "tokenizer_config.json").write_text(json.dumps(configuration), "utf-8")
    return folders


def _version(row: dict[str, Any]) -> list[int]:
    """Order releases by their numbers; the newest, where it failed, has none and is the last."""
    return [int(part) for part in (row["release"] or "999").split(".")]


def main() -> None:
    """Write one row a release, in order; other rows of the file stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", type=Path, required=True)
    parser.add_argument("releases", nargs="*", default=list(RELEASES))
    arguments = parser.parse_args()
    saved = json.loads(arguments.o.read_text("utf-8")) if arguments.o.exists() else []
    rows = {row["release"]: row for row in saved}
    with tempfile.TemporaryDirectory() as temporary:
        torch = Path(temporary) / "torch"
        torch.mkdir()
        link_torch(torch)
        folders = write_folders(Path(temporary))
        for release in arguments.releases:
            row = history_of(release, RELEASES.get(release, "transformers"), folders, torch)
            print(row, file=sys.stderr)
            rows[str(row["release"])] = row
            ordered = sorted(rows.values(), key=_version)
            arguments.o.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
