"""Time the scoring of a 30,522 x 256 static model on the seven sets; aim: a second of CPU.

TOKSTAT_DATA=DIR python tests/benchmarks/wordsim_speed.py, where DIR is a folder with the sets. A
Model2Vec model of random vectors over the packaged tokenizer of BERT is saved and loaded, and the
sets are read; from then on the CPU seconds of all threads count.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from model2vec import StaticModel

from tokstat.loading.bundled import load_bundled
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.models import Model, load_model
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.store import load_sets

WIDTH = 256
AIM = 1.0


def build_model(folder: Path) -> Model:
    """Save a model of random vectors, and load it as a user's would be."""
    backend = load_bundled("bert", "google-bert/bert-base-uncased", "benchmark").backend
    size = (backend.get_vocab_size(), WIDTH)
    vectors = np.random.default_rng(0).normal(size=size).astype(np.float32)
    StaticModel(vectors, backend).save_pretrained(folder)
    return load_model(folder)


def main() -> None:
    """Print the median of some runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--resamples", type=int, default=1000)
    arguments = parser.parse_args()
    if not os.environ.get("TOKSTAT_DATA"):
        raise SystemExit("Set TOKSTAT_DATA to a folder with the seven sets of WordSim.")
    sets, missing = load_sets(WORDSIM_SETS)
    if missing:
        raise SystemExit(f"TOKSTAT_DATA lacks {', '.join(missing)}.")
    pairs = sum(len(each.ratings) for each in sets)
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.runs):
            # Loaded anew each time, as tokenizers keep the words that they have cut.
            model = build_model(Path(folder) / "model")
            start = time.process_time()
            evaluate(model, sets, resamples=arguments.resamples)
            times.append(time.process_time() - start)
    print(
        f"{pairs:,} pairs, {arguments.resamples:,} resamples: {statistics.median(times):.2f} s CPU"
        f" (from {min(times):.2f} to {max(times):.2f} over {len(times)} runs; aim: {AIM:.2f})"
    )


if __name__ == "__main__":
    main()
