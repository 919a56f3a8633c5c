"""Distil one ModernBERT with several releases of Model2Vec, and write how each encodes a word.

Run: python -m tests.tools.model2vec_history -o docs/model2vec_history.json [RELEASE...]

Every release gets a virtual environment of its own, with the transformers of its time. PyTorch,
which has gigabytes, is linked from the environment that runs this: it needs the extra `distill`,
and pip gets the rest. The teacher is a random-weight ModernBERT of one layer with the real
tokenizer: what a word is split into does not depend on weights.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

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

DISTIL = """
import importlib.metadata, json, sys
from transformers import ModernBertConfig, ModernBertModel, PreTrainedTokenizerFast
folder = sys.argv[1]
fast = PreTrainedTokenizerFast(tokenizer_file=sys.argv[2], unk_token="[UNK]", pad_token="[PAD]",
    cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
fast.save_pretrained(folder)
ModernBertModel(ModernBertConfig(vocab_size=50368, hidden_size=32, intermediate_size=16,
    num_hidden_layers=1, num_attention_heads=2)).save_pretrained(folder)
from model2vec.distill import distill
model = distill(folder, pca_dims=None)
tokenizer = model.tokenizer
print("RESULT " + json.dumps({
    "release": importlib.metadata.version("model2vec"),
    "transformers": importlib.metadata.version("transformers"),
    "model": type(tokenizer.model).__name__,
    "alone": tokenizer.encode("tiger", add_special_tokens=False).tokens,
    "in_text": tokenizer.encode("a tiger", add_special_tokens=False).tokens,
}))
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


def history_of(release: str, transformers: str, tokenizer: Path, torch: Path) -> dict[str, object]:
    """Distil with one release in an environment of its own, with PyTorch from a folder."""
    with tempfile.TemporaryDirectory() as temporary:
        environment = Path(temporary) / "venv"
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        python = str(environment / "bin" / "python")
        (packages,) = (environment / "lib").glob("python*/site-packages")
        (packages / "torch.pth").write_text(f"{torch}\n", "utf-8")
        # The newest one imports scikit-learn, which its extra `distill` leaves out.
        extras = "distill" if release else "distill,quantization"
        wanted = f"model2vec[{extras}]=={release}" if release else f"model2vec[{extras}]"
        install = [python, "-m", "pip", "install", "--quiet", "--no-compile", wanted, transformers]
        subprocess.run(install, check=True)
        done = subprocess.run(
            [python, "-c", DISTIL, str(Path(temporary) / "teacher"), str(tokenizer)],
            capture_output=True,
            text=True,
            check=False,
        )
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            found: dict[str, object] = json.loads(line.removeprefix("RESULT "))
            return found
    *_, last = done.stderr.strip().splitlines() or [""]
    return {"release": release, "needs": transformers, "error": last}


def _version(row: dict[str, Any]) -> list[int]:
    """Order releases by their numbers; the newest, where it failed, has none and is the last."""
    return [int(part) for part in (row["release"] or "999").split(".")]


def main() -> None:
    """Write one row a release, in order; other rows of the file stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", type=Path, required=True)
    parser.add_argument("releases", nargs="*", default=list(RELEASES))
    arguments = parser.parse_args()
    from tokstat.loading.bundled import load_bundled

    saved = json.loads(arguments.o.read_text("utf-8")) if arguments.o.exists() else []
    rows = {row["release"]: row for row in saved}
    with tempfile.TemporaryDirectory() as temporary:
        file, torch = Path(temporary) / "tokenizer.json", Path(temporary) / "torch"
        torch.mkdir()
        link_torch(torch)
        name = "answerdotai/ModernBERT-base"
        file.write_text(load_bundled(name, name, "").to_json(), "utf-8")
        for release in arguments.releases:
            row = history_of(release, RELEASES.get(release, "transformers"), file, torch)
            print(row, file=sys.stderr)
            rows[str(row["release"])] = row
            ordered = sorted(rows.values(), key=_version)
            arguments.o.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
