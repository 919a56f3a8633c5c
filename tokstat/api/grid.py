"""Train tokenizers alike but for one thing at a time, and measure what each is worth."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tokstat.experiments.defaults import DEFAULT_TEACHER, GRID_SIZES, TRAINING_WORDS
from tokstat.io.files import as_path, require_place, save_file
from tokstat.text.wording import counted
from tokstat.words.lexicon import load_lexicon

if TYPE_CHECKING:
    from tokstat.distillation.encoders import TeacherSpec
    from tokstat.experiments.grid import Grid
    from tokstat.experiments.training import Spaces

_LOG = logging.getLogger(__name__)


def run_grid(
    text: str | Path | Sequence[str | Path] | Mapping[str, int],
    *,
    teacher: TeacherSpec = DEFAULT_TEACHER,
    prompt: str = "",
    sizes: Sequence[int] = GRID_SIZES,
    spaces: Sequence[Spaces] = ("kept", "dropped"),
    words: int = TRAINING_WORDS,
    path: str | Path | None = None,
    folder: str | Path | None = None,
    name: str | None = None,
    data: str | Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Grid:
    """Train tokenizers on one text that differ in one thing at a time, and measure WordSim of each.

    They differ in algorithm (BPE, WordPiece, Unigram), number of tokens, casing, and whether a
    space is part of tokens; where it is, words are measured alone and in text. `text` is a file, a
    folder, a pattern, or a list of them. Counted words do as well, each with the space before it
    (` tiger`): trainers see no more of a text. `name` names the text in the result.

    `spaces` chooses whether a space is part of tokens ("kept", as in GPT-2) or never is ("dropped",
    as in BERT). A text of more than so many `words` is scaled down to these.

    With `path`, results are saved there after each tokenizer, and saved ones are not measured
    again. With `folder`, trained tokenizers are kept there. `teacher` and `prompt` are as in
    `run_study`.

    Raises:
        TokstatError: `DataError` for too little text, `CorpusError` for one that cannot be read,
            `TeacherError`, `OutputError`, `MissingExtraError`.
    """
    from tokstat.distillation.encoders import load_teacher
    from tokstat.distillation.static_models import Distillation
    from tokstat.distillation.teachers import Recipe
    from tokstat.experiments import grid, grid_run
    from tokstat.experiments.word_counts import count_words
    from tokstat.wordsim.sets import WORDSIM_SETS
    from tokstat.wordsim.store import load_sets

    path, data, folder = as_path(path), as_path(data), as_path(folder)
    require_place(path)
    sets, _ = load_sets(WORDSIM_SETS, data)
    finished = grid.read_grid(path) if path is not None and path.is_file() else None
    if isinstance(text, Mapping):
        counts, source = text, "counted words"
    else:
        inputs = [text] if isinstance(text, (str, Path)) else list(text)
        _LOG.info("counting the words of %s", counted(len(inputs), "text"))
        counts, source = count_words([str(each) for each in inputs]), ", ".join(map(str, inputs))

    def save(found: grid.Grid) -> None:
        if path is not None:
            save_file(path, found.to_json())

    grid_run.require_enough(counts, sizes)
    chosen = load_teacher(teacher)
    found = grid_run.run_grid(
        chosen,
        counts,
        name or source,
        sets,
        load_lexicon(),
        sizes=sizes,
        spaces=spaces,
        words=words,
        settings=Distillation(chosen.resolved(Recipe(prompt=prompt))),
        seed=seed,
        folder=folder,
        finished=finished,
        on_row=save,
        progress=progress,
    )
    save(found)
    return found


def read_grid(path: str | Path | None = None, *, teacher: str = "all-MiniLM-L6-v2") -> Grid:
    """Read a saved grid; by default the packaged one with a teacher.

    The packaged teachers are all-MiniLM-L6-v2, which sees no case, and multilingual-e5-small, which
    does.

    Raises:
        DataError: the file is not a saved grid, or no packaged grid has this teacher.
    """
    from tokstat.experiments import grid

    return grid.packaged_grid(teacher) if path is None else grid.read_grid(as_path(path))
