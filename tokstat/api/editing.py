"""Change a tokenizer: measure the effect, and write the changed one."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

from tokstat.api.loading import Spec, load
from tokstat.experiments.defaults import DEFAULT_TEACHER, FREQUENT_WORDS
from tokstat.io.files import as_path, require_absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokstat.distillation.encoders import TeacherSpec
    from tokstat.distillation.teachers import Teacher
    from tokstat.editing.repair import Repair
    from tokstat.experiments.by_teacher import LaddersByTeacher
    from tokstat.experiments.ladder import Ladder
    from tokstat.experiments.smallest_fix import SmallestFix

_LOG = logging.getLogger(__name__)


@overload
def whatif(  # type: ignore[overload-overlap]  # a string is one teacher
    spec: Spec,
    *,
    teacher: TeacherSpec = ...,
    prompt: str = ...,
    target: Spec | None = ...,
    add_words: str | int | Path = ...,
    every_order: bool = ...,
    sentences: str | Path | Sequence[str | Path] = ...,
    exact: bool = ...,
    data: str | Path | None = ...,
    seed: int = ...,
    progress: Callable[[int, int], None] | None = ...,
) -> Ladder: ...


@overload
def whatif(
    spec: Spec,
    *,
    teacher: Sequence[TeacherSpec],
    prompt: str = ...,
    target: Spec | None = ...,
    add_words: str | int | Path = ...,
    every_order: bool = ...,
    sentences: str | Path | Sequence[str | Path] = ...,
    exact: bool = ...,
    data: str | Path | None = ...,
    seed: int = ...,
    progress: Callable[[int, int], None] | None = ...,
) -> LaddersByTeacher: ...


def whatif(
    spec: Spec,
    *,
    teacher: TeacherSpec | Sequence[TeacherSpec] = DEFAULT_TEACHER,
    prompt: str = "",
    target: Spec | None = None,
    add_words: str | int | Path = FREQUENT_WORDS,
    every_order: bool = False,
    sentences: str | Path | Sequence[str | Path] = (),
    exact: bool = False,
    data: str | Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Ladder | LaddersByTeacher:
    """Measure WordSim of one tokenizer as it is, and with one change after the other.

    The changes are a leading space, duplicates by case removed, fragments removed, frequent words
    added, and words split by greedy longest match. `teacher` and `prompt` are as in `run_study`: a
    list of teachers gives one ladder each, and the mean. `target` is a tokenizer to compare with.
    `every_order` measures all combinations, and averages the effect of each change over all orders.
    `sentences` are files of text pairs to score in place of WordSim's words: on each line two texts
    and their score, with tabs between.

    Raises:
        TokstatError: as `load`; `TeacherError`, `DataError`, `EditError`, `MissingExtraError`. With
            a list, only if every teacher fails: the result names those that failed.
    """
    from tokstat.distillation.encoders import load_teacher
    from tokstat.distillation.static_models import Distillation
    from tokstat.distillation.teachers import Recipe
    from tokstat.experiments.several_teachers import climb_with
    from tokstat.experiments.whatif import climb, sets_for_ladders, usual_steps
    from tokstat.wordsim.store import read_texts

    data = as_path(data)
    tokenizer = load(spec)
    other = None if target is None else load(target)
    steps = usual_steps(tokenizer, add_words, data)
    files = [sentences] if isinstance(sentences, (str, Path)) else sentences
    sets = read_texts([as_path(file) for file in files]) or sets_for_ladders(data)

    def climb_under(chosen: Teacher) -> Ladder:
        return climb(
            chosen,
            tokenizer,
            steps,
            sets,
            target=other,
            every_order=every_order,
            exact=exact,
            settings=Distillation(chosen.resolved(Recipe(prompt=prompt))),
            seed=seed,
            progress=progress,
        )

    if isinstance(teacher, Sequence) and not isinstance(teacher, str):
        return climb_with(teacher, climb_under)
    return climb_under(load_teacher(teacher))


def smallest_fix(
    spec: Spec,
    *,
    teacher: TeacherSpec = DEFAULT_TEACHER,
    prompt: str = "",
    words: str | int | Path = FREQUENT_WORDS,
    exact: bool = False,
    data: str | Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> SmallestFix:
    """Measure WordSim by the number of words added, and find the fewest that equal the space.

    Words are added as the token that they are alone, in text, or both. `words` is a number of
    frequent words, a file with one word a line, or "wordsim", whose words come by frequency. The
    result also has the gain by cause, and the pairs of words that gain most. `teacher` and `prompt`
    are as in `run_study`.

    Raises:
        TokstatError: as `whatif`; `EditError` where words are encoded alone as in text.
    """
    from tokstat.distillation.encoders import load_teacher
    from tokstat.distillation.static_models import Distillation
    from tokstat.distillation.teachers import Recipe
    from tokstat.editing.steps import words_to_add
    from tokstat.experiments.fix_search import find_smallest_fix
    from tokstat.experiments.whatif import sets_for_ladders
    from tokstat.words.lexicon import load_lexicon

    tokenizer, data = load(spec), as_path(data)
    lexicon = load_lexicon()
    found, name = words_to_add(words, lexicon, data)
    if words == "wordsim":
        found.sort(key=lambda word: -lexicon.word_lists[0].zipf.get(word.lower(), 0.0))
    sets = sets_for_ladders(data)
    chosen = load_teacher(teacher)
    return find_smallest_fix(
        chosen,
        tokenizer,
        found,
        sets,
        name=name,
        exact=exact,
        settings=Distillation(chosen.resolved(Recipe(prompt=prompt))),
        seed=seed,
        progress=progress,
    )


def read_ladder(path: str | Path | None = None) -> Ladder:
    """Read a saved what-if ladder; by default the packaged one, from ModernBERT to BERT.

    Raises:
        DataError: the file is not a saved ladder.
    """
    from tokstat.experiments.ladder import read_ladder as read

    return read(as_path(path))


def read_ladders(path: str | Path | None = None) -> LaddersByTeacher:
    """Read what-if ladders of several teachers; by default the packaged ones, of three.

    Raises:
        DataError: the file has no saved ladders.
    """
    from tokstat.experiments import by_teacher

    path = as_path(path)
    return by_teacher.packaged_ladders() if path is None else by_teacher.read_ladders(path)


def repair(
    spec: Spec,
    folder: str | Path,
    *,
    prefix_space: bool = False,
    decase: bool = False,
    drop: Sequence[str] = (),
    add_words: str | int | Path | None = None,
    lang: str | Sequence[str] = "en",
    keep_padding: bool = True,
    roles: Mapping[str, str] | None = None,
    flags: Sequence[str] = (),
    frame: str | None = None,
    max_length: int | None = None,
    clean_up: bool | None = None,
    model: str | Path | None = None,
    data: str | Path | None = None,
) -> Repair:
    """Write a changed tokenizer into a new folder; an error leaves no partial folder.

    `tokstat.editing.steps` describes the changes, which go by the words of `lang`. Without
    `keep_padding`, stored padding and truncation are removed. `roles` gives tokens to roles
    (`{"pad": "<pad>"}`). `flags` sets those of added tokens (`["<mask>:lstrip=true"]`), and `frame`
    puts tokens around each text (`"[CLS] $A [SEP]"`). `max_length` and `clean_up` are settings of
    transformers. Whatever else the files beside the tokenizer say is kept. `model` is the folder of
    the tokenizer's model: it is written beside the tokenizer, with resized embeddings.

    Raises:
        TokstatError: as `load`; `EditError`, `OutputError`, `MissingExtraError`.
    """
    from tokstat.api.inspection import find_lexicon
    from tokstat.editing.mends import make_mends
    from tokstat.editing.repair import repair_into
    from tokstat.editing.steps import make_interventions

    folder, model, data = as_path(folder), as_path(model), as_path(data)
    require_absent(folder)
    tokenizer = load(spec)
    lexicon = find_lexicon(tokenizer, lang, None)
    steps = make_interventions(
        prefix_space=prefix_space,
        decase=decase,
        drop=drop,
        add_words=add_words,
        lexicon=lexicon,
        data=data,
    )
    mends = make_mends(
        roles=[f"{role}={token}" for role, token in (roles or {}).items()],
        flags=flags,
        frame=frame,
        max_length=max_length,
        clean_up=clean_up,
    )
    _LOG.info("changing %s, writing it, and scoring both", tokenizer.origin.spec)
    return repair_into(
        folder, tokenizer, steps, lexicon, model=model, stored=keep_padding, mends=mends
    )
