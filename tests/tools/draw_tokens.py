"""Draw tokens to be labelled: python -m tests.tools.draw_tokens ru|zh [SEED].

56 each of GPT-4o, Gemma 3 and Qwen 3, drawn among the content tokens that are written in the
script of the language alone. They are printed as tests/data/labelling_guide.md describes, without
labels; with SEED in a shuffled order, for a second reading.
"""

from __future__ import annotations

import random
import sys

import numpy as np

import tokstat
from tests.real_tokenizers import fetch
from tokstat.text.unicode import script_of

TOKENIZERS = ("gpt4o", "gemma3", "qwen3")
EACH = 56
SCRIPTS = {"ru": ("Cyrillic", 2), "zh": ("Han", 1)}
"""The script of each language, and the fewest characters of a token."""


def drawn(language: str) -> list[tuple[str, int, str]]:
    """Return the tokenizer, the id and the readable form of each token."""
    script, fewest = SCRIPTS[language]
    choose = random.Random(0)
    found = []
    for name in TOKENIZERS:
        vocabulary = tokstat.load(fetch(name)).vocabulary
        rows = [
            row
            for row in np.flatnonzero(vocabulary.content).tolist()
            if (text := vocabulary.texts[row])
            and len(text) >= fewest
            and all(script_of(character) == script for character in text)
        ]
        for row in sorted(choose.sample(rows, EACH)):
            mark = "·" if vocabulary.starts_word[row] else "-"
            found.append((name, int(vocabulary.ids[row]), f"{mark}{vocabulary.texts[row]}"))
    return found


def main(language: str, seed: str | None = None) -> None:
    """Print a line for each token."""
    rows = drawn(language)
    if seed is not None:
        random.Random(int(seed)).shuffle(rows)
    print("tokenizer\tid\ttoken")
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
