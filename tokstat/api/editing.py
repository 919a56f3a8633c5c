"""Change a tokenizer: measure the effect, and write the changed one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tokstat.api.inspection import inspect
from tokstat.api.loading import Spec, load
from tokstat.errors import EditError
from tokstat.experiments.defaults import DEFAULT_TEACHER, FREQUENT_WORDS
from tokstat.io.files import require_absent
from tokstat.io.limits import read_text
from tokstat.results.report import Report
from tokstat.words.lexicon import Lexicon, load_lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokstat.editing.interventions import Intervention
    from tokstat.editing.repair import Repair
    from tokstat.experiments.ladder import Ladder

WORDSIM_WORDS = "wordsim"
"""Stands for the words of WordSim's own sets."""

_DIGITS = 10
"""A name of this many digits is that of a file, not a number of words."""

_SCORES = (
    "whole_word_ratio",
    "casing_duplicate_ratio",
    "fragment_ratio",
    "coverage_bare",
    "coverage_spaced",
    "leading_space_gap",
    "expected_wordsim_bare",
    "expected_wordsim_spaced",
)


def make_interventions(
    *,
    prefix_space: bool = False,
    decase: bool = False,
    drop: Sequence[str] = (),
    add_words: str | int | Path | None = None,
    lexicon: Lexicon | None = None,
    data: Path | None = None,
) -> list[Intervention]:
    """Return the changes asked for, in the order in which they must be made.

    The leading space comes before added words, as it decides how these are stored. `drop` names
    word classes. `add_words` is a number of the lexicon's most frequent words, a file with one word
    a line, or "wordsim".

    Raises:
        EditError: a class cannot be dropped, or a file has no words.
        DataError: WordSim's words are asked for, and its sets are missing.
    """
    from tokstat.editing import interventions

    lexicon = lexicon or load_lexicon()
    chosen = []
    if prefix_space:
        chosen.append(interventions.leading_blank())
    if decase:
        chosen.append(interventions.decase())
    chosen += [interventions.drop(each, lexicon) for each in drop]
    if add_words is not None:
        words, name = _words_to_add(add_words, lexicon, data)
        chosen.append(interventions.add_words(words, name))
    return chosen


def _words_to_add(
    wanted: str | int | Path, lexicon: Lexicon, data: Path | None
) -> tuple[list[str], str]:
    if isinstance(wanted, int) or (str(wanted).isdecimal() and len(str(wanted)) < _DIGITS):
        count = int(str(wanted))
        words = [word for each in lexicon.word_lists for word in each.top(count)]
        return words, f"{count:,} most frequent words"
    if wanted == WORDSIM_WORDS:
        return _wordsim_words(data), "WordSim's own words (an upper bound)"
    path = Path(wanted)
    try:
        text = read_text(path).removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise EditError(
            f"The words to add cannot be read from {path}: {error}",
            "Give a number of frequent words, a UTF-8 file with one word a line, or wordsim.",
        ) from error
    words = [line.strip() for line in text.splitlines() if line.strip()]
    if not words:
        raise EditError(f"{path} has no words", "Write one word a line.")
    return words, f"words of {path.name}"


def _wordsim_words(data: Path | None) -> list[str]:
    from tokstat.wordsim.sets import WORDSIM_SETS
    from tokstat.wordsim.store import require_sets

    return sorted({word for each in require_sets(WORDSIM_SETS, data) for word in each.words})


def whatif(
    spec: Spec,
    *,
    teacher: str = DEFAULT_TEACHER,
    target: Spec | None = None,
    add_words: str | int | Path = FREQUENT_WORDS,
    every_order: bool = False,
    exact: bool = False,
    data: Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Ladder:
    """Measure WordSim of one tokenizer as it is, and with one change after the other.

    The changes are a leading space, duplicates by case removed, fragments removed, and frequent
    words added. `target` is a tokenizer to compare with. `every_order` measures all combinations,
    and averages the effect of each change over all orders.

    Raises:
        TokstatError: as `load`; `TeacherError`, `DataError`, `EditError`, `MissingExtraError`.
    """
    from tokstat.distillation.teachers import load_teacher
    from tokstat.experiments.whatif import climb
    from tokstat.wordsim.sets import ALL_SETS, WORDSIM_SETS
    from tokstat.wordsim.store import load_sets

    tokenizer = load(spec)
    other = None if target is None else load(target)
    steps = make_interventions(
        prefix_space=True, decase=True, drop=["fragment"], add_words=add_words, data=data
    )
    sets, missing = load_sets(WORDSIM_SETS, data)
    if missing:
        sets, _ = load_sets(ALL_SETS, data)
    return climb(
        load_teacher(teacher),
        tokenizer,
        steps,
        sets,
        target=other,
        every_order=every_order,
        exact=exact,
        seed=seed,
        progress=progress,
    )


def read_ladder(path: Path | None = None) -> Ladder:
    """Read a saved what-if ladder; by default the packaged one, from ModernBERT to BERT.

    Raises:
        DataError: the file is not a saved ladder.
    """
    from tokstat.experiments.ladder import read_ladder as read

    return read(path)


def repair(
    spec: Spec,
    folder: Path,
    *,
    prefix_space: bool = False,
    decase: bool = False,
    drop: Sequence[str] = (),
    add_words: str | int | Path | None = None,
    keep_padding: bool = True,
    model: Path | None = None,
    data: Path | None = None,
) -> Repair:
    """Write a changed tokenizer into a new folder; an error leaves no partial folder.

    `make_interventions` describes the changes. Without `keep_padding`, stored padding and
    truncation are removed. `model` is the folder of the tokenizer's model: it is written beside the
    tokenizer, with resized embeddings.

    Raises:
        TokstatError: as `load`; `EditError`, `OutputError`, `MissingExtraError`.
    """
    from tokstat.editing.interventions import apply_all
    from tokstat.editing.repair import Repair, RepairedScore, same_surfaces, write_repair

    require_absent(folder)
    before = load(spec)
    lexicon = load_lexicon()
    steps = make_interventions(
        prefix_space=prefix_space,
        decase=decase,
        drop=drop,
        add_words=add_words,
        lexicon=lexicon,
        data=data,
    )
    stored = before.stored_padding is not None or before.stored_truncation is not None
    if not steps and (keep_padding or not stored):
        raise EditError(
            "No change was asked for",
            "Add --prefix-space, --decase, --drop CLASS, --add-words N or --no-padding.",
        )
    edit = apply_all(before, steps)
    written = write_repair(before, edit, folder, model=model, stored=keep_padding)
    reports = [inspect(each, lexicon=lexicon) for each in (before, edit.tokenizer)]
    return Repair(
        tokenizer=before.origin.spec,
        folder=str(folder),
        steps=tuple(step.title for step in steps),
        tokens_before=len(before.vocabulary),
        tokens_after=len(edit.tokenizer.vocabulary),
        kept=edit.kept,
        same_surface=same_surfaces(before, edit),
        removed=edit.removed,
        renamed=len(edit.renamed),
        added=edit.new,
        words_added=len(edit.added),
        skipped=edit.skipped,
        indispensable=len(edit.indispensable),
        stranded=edit.stranded,
        loads_in=written.loads_in,
        model=None if model is None else str(model),
        carried=written.carried,
        compared=written.compared,
        scores=tuple(
            RepairedScore(name, *(_value(each, name) for each in reports)) for name in _SCORES
        ),
    )


def _value(report: Report, name: str) -> float | None:
    values = [
        metric.value
        for section in report.sections
        for metric in section.metrics
        if metric.name == name
    ]
    return values[0] if values else None
