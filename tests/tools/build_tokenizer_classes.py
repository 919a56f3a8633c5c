"""Write tokstat/data/tokenizer_classes.json: the tokenizer classes of versions of transformers.

    python -m tests.tools.build_tokenizer_classes PYTHON PYTHON

Each PYTHON is an interpreter with another version of transformers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "tokstat" / "data" / "tokenizer_classes.json"

PROGRAM = """
import json, logging
logging.disable(logging.CRITICAL)
import transformers
from transformers.models.auto import tokenization_auto as auto
named = [name for pair in auto.TOKENIZER_MAPPING_NAMES.values()
         for name in (pair if isinstance(pair, tuple) else (pair,)) if name]
named += [name for name in dir(transformers) if name.endswith(("Tokenizer", "TokenizerFast"))]
named += ["PreTrainedTokenizer", "PreTrainedTokenizerFast", "TokenizersBackend"]
known = sorted({name for name in named if auto.tokenizer_class_from_name(name) is not None})
print(json.dumps([transformers.__version__, known]))
"""


def main(interpreters: list[str]) -> None:
    """Ask each interpreter, and write what they know."""
    found = {}
    for each in interpreters:
        done = subprocess.run(
            [each, "-c", PROGRAM], capture_output=True, check=True, text=True, encoding="utf-8"
        )
        version, known = json.loads(done.stdout.splitlines()[-1])
        found[version] = known
    order = sorted(found, key=lambda version: tuple(map(int, version.split("."))))
    text = json.dumps({version: found[version] for version in order}, indent=1)
    TARGET.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
