"""A whole run: find the text, divide it, count it, keep the counts, and report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import chain, starmap
from pathlib import Path, PurePath
from typing import TypeAlias

from tokstat.corpus import executors
from tokstat.corpus.counting.chunks_by_engine import can_place
from tokstat.corpus.counting.state import Counts
from tokstat.corpus.counting.window import Document
from tokstat.corpus.counting.word_definitions import NO_WORDS
from tokstat.corpus.engines.choice import (
    EngineChoice,
    choose,
    choose_for_stream,
    without,
)
from tokstat.corpus.engines.engine import EngineError
from tokstat.corpus.engines.gigatoken import GIGATOKEN
from tokstat.corpus.parity import Language
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading import sources
from tokstat.corpus.reading.documents import FOLDER, Problems, Reading, read_documents
from tokstat.corpus.reading.finding import Found, find_files, require_groups
from tokstat.corpus.reading.sources import FilePart
from tokstat.corpus.report import CorpusReport, make_report
from tokstat.corpus.states import read_all, remove_counts_by, resume, save
from tokstat.errors import CorpusError, StateError
from tokstat.version import __version__

_LEAST_FOR_A_WORKER = 25_000_000
"""Least bytes for each process: with less, a further one saves little."""

_HEAD_START = 12_000_000
"""Bytes that this process counts with one tokenizer while others start."""

_SHARES = 16
"""Least number of units for workers whose number is not known."""

Progress = Callable[[int, int], None]
"""Called with the bytes read so far, and the total."""

Texts: TypeAlias = "str | Iterable[str] | Mapping[str, str | Iterable[str]]"
"""One document, several, or several by the name of their group."""


def run(
    plan: Plan,
    files: Sequence[str] = (),
    *,
    texts: Texts | None = None,
    aligned: bool = False,
    state: Path | None = None,
    more_states: Sequence[Path] = (),
    executor: Executor | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
    unit_bytes: int | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
) -> CorpusReport:
    """Count files, texts and saved states together, and report.

    `api.corpus.measure_corpus` describes the arguments. A part of the input that a state holds is
    not counted again. If an engine fails, or differs from the judge, the judge counts everything
    again that this engine had counted.

    Raises:
        TokstatError: `CorpusError`, `StateError`, `ExecutorError`, `EncodingError`, `OutputError`,
            `MissingExtraError`.
    """
    plan = replace(plan, is_saved=state is not None)
    found = _find(files, plan.reading, aligned=aligned, state=state)
    work = _Work(
        found, texts, state, more_states, executor, workers, scheduler, unit_bytes, progress
    )
    choices = _choose(plan, found.files, texts, engine)
    plan = replace(plan, engines=[choice.engine for choice in choices])
    try:
        counts, notes = work.count(plan)
    except EngineError as error:
        choices = without(error, plan.tokenizers, choices)
        plan = replace(plan, engines=())
        if state is not None:
            remove_counts_by(error.label, state)
        counts, notes = work.count(plan)
    languages = _languages(found.files, plan.reading) if aligned else []
    report = make_report(counts, plan.tokenizers, plan.refusals, languages, __version__, choices)
    return replace(report, notes=notes).leaving_out(found.left_out)


@dataclass(frozen=True)
class _Work:
    """Hold what a run counts, and who counts it, as `api.corpus.measure_corpus` describes."""

    found: Found
    texts: Texts | None
    state: Path | None
    more_states: Sequence[Path]
    executor: Executor | None
    workers: int | None
    scheduler: str | None
    unit_bytes: int | None
    progress: Progress | None

    def count(self, plan: Plan) -> tuple[Counts, tuple[str, ...]]:
        """Count everything, and return the counts with remarks. Raises as `run`, or EngineError."""
        counts = plan.nothing
        for folder in self.more_states:
            counts += read_all(folder, plan.nothing)
        if self.texts is not None:
            counts += plan.count(starmap(Document, _in_groups(self.texts)))
        streams = [path for path in self.found.files if sources.is_stream(path)]
        paths = [path for path in self.found.files if path not in streams]
        workers = self.workers or _workers_for(sum(map(sources.expected_bytes, paths)))
        is_here = self.executor is None and self.scheduler is None
        shares, head_start = _SHARES, 0
        if is_here:
            shares, head_start = workers, _HEAD_START // len(plan.tokenizers)
        unit_bytes = self.unit_bytes or sources.UNIT_BYTES
        units = _divide(paths, plan.reading, unit_bytes, shares, head_start)
        places = {path: sources.place_of(path) for path in paths}
        notes: tuple[str, ...] = ()
        if self.state is not None and not self.found.files:
            counts += read_all(self.state, plan.nothing)
        elif self.state is not None:
            resumed = resume(self.state, plan.nothing, units, places, plan.span_of)
            counts += resumed.counts
            units, notes = resumed.rest, resumed.notes
        told = _Told(units, self.progress)
        here = [[FilePart(path)] for path in streams]
        for counted in chain(
            _counted(plan, here, None, 1, None, told),
            _counted(plan, units, self.executor, workers, self.scheduler, told) if units else (),
        ):
            if self.state is not None:
                save(counted, self.state, places)
            counts += counted
        told.finish()
        if self.state is not None or self.more_states:
            plan.require_own(counts)
        if not counts.total.text.documents:
            raise CorpusError(
                "There is no text to count" + _why(counts, self.found.left_out),
                "Check the files and --text-field.",
            )
        return counts, notes


def _choose(plan: Plan, files: Sequence[str], texts: Texts | None, name: str) -> list[EngineChoice]:
    """Choose the engine of each tokenizer, unless the plan has engines.

    Raises:
        CorpusError: there is no engine of the name.
    """
    if plan.engines:
        return [EngineChoice(engine, "the plan has it") for engine in plan.engines]
    if any(map(sources.is_stream, files)) or _is_read_once(texts):
        return choose_for_stream(plan.tokenizers, name)
    size = sum(map(sources.expected_bytes, files)) + (0 if texts is None else _size_of(texts))
    # An engine that would not be used need not be loaded, nor even tried.
    if plan.words == NO_WORDS.name:
        return choose(plan.tokenizers, name, size)
    useful = list(map(can_place, plan.cuts))
    some = [each for each, is_useful in zip(plan.tokenizers, useful, strict=True) if is_useful]
    chosen = iter(choose(some, name, size))
    useless = EngineChoice(
        None, "with words it encodes only BPE whose tokens spell the text", name == GIGATOKEN
    )
    return [next(chosen) if is_useful else useless for is_useful in useful]


def _is_read_once(texts: Texts | None) -> bool:
    members = texts.values() if isinstance(texts, Mapping) else [texts]
    return any(isinstance(each, Iterator) for each in members)


def _size_of(texts: Texts) -> int:
    """Return the characters of texts; what is none is an error later."""
    return sum(len(text) for text, _, _ in _in_groups(texts))


def _find(files: Sequence[str], reading: Reading, *, aligned: bool, state: Path | None) -> Found:
    """Find the files. Raises CorpusError or StateError for those that cannot be read as asked."""
    group = None if reading.group == FOLDER else reading.group
    found = find_files(files, None if reading.format else group)
    if group is not None:
        require_groups(found.files, reading.format, group)
    for path in filter(sources.is_stream, found.files):
        name = "stdin" if path == sources.STDIN else path
        if state is not None:
            raise StateError(
                f"The counts of {name} cannot be saved: a pipe can be read only once, so that"
                " nobody can tell whether its text is the same",
                "Write it to a file, or leave --state out.",
            )
        if aligned:
            raise CorpusError(
                f"{name} cannot be aligned: a pipe can be read only once", "Write it to a file."
            )
    return found


def _in_groups(texts: Texts) -> Iterator[tuple[str, str, str]]:
    """Yield each text with the name of its file, which it lacks, and of its group.

    Raises:
        CorpusError: something among them is no text.
    """
    groups = texts if isinstance(texts, Mapping) else {"": texts}
    for group, members in groups.items():
        for text in (
            members if isinstance(members, Iterable) and not _is_one(members) else [members]
        ):
            if not isinstance(text, str):
                raise CorpusError(
                    f"A text is of the type {type(text).__name__}", "Give each text as a string."
                )
            yield text, "", str(group)


def _is_one(text: object) -> bool:
    """Whether a text, or what is none, must not be taken apart."""
    return isinstance(text, (str, bytes))


def _workers_for(size: int) -> int:
    """Return the number of processes for so many bytes: to start one takes a second."""
    return max(1, min(os.cpu_count() or 1, size // _LEAST_FOR_A_WORKER))


def _divide(
    files: Sequence[str], reading: Reading, unit_bytes: int, workers: int, head_start: int
) -> list[list[FilePart]]:
    """Divide the input so that each worker has work, and the first one `head_start` more bytes.

    These are bytes of text, of which the first worker gets at most half a share more.
    """
    divisions = [reading.division_of(path) for path in files]
    total, text = (sum(map(size, files)) for size in (sources.size_of, sources.expected_bytes))
    share = -(-total // workers)
    more = min(head_start * total // max(text, 1), share // 2)
    share = min(unit_bytes, -(-(total - more) // workers))
    parts = min(sources.PART_BYTES, unit_bytes)
    return sources.divide(files, divisions, parts, share, min(unit_bytes, share + more))


class _Told:
    """Add up the bytes that were read, and report them."""

    def __init__(self, units: Sequence[Sequence[FilePart]], progress: Progress | None) -> None:
        self._total = sum(part.bytes for unit in units for part in unit)
        self._done = 0
        self._progress = progress

    def __call__(self, more: int) -> None:
        self._done += more
        if self._progress is not None:
            self._progress(self._done, self._total)

    def finish(self) -> None:
        """Report that everything is read, whatever the sizes were."""
        if self._progress is not None and self._done < self._total:
            self._progress(self._total, self._total)


def _counted(
    plan: Plan,
    units: Sequence[Sequence[FilePart]],
    executor: Executor | None,
    workers: int,
    scheduler: str | None,
    progress: Callable[[int], None],
) -> Iterator[Counts]:
    if scheduler is not None:
        yield from executors.count_on_cluster(scheduler, plan, units, progress)
    elif executor is not None:
        yield from executors.count_with(executor, plan, units, progress)
    elif min(workers, len(units)) > 1:
        count = min(workers, len(units))
        yield from executors.count_in_processes(count, plan, units, progress)
    else:
        yield from executors.count_here(plan, units, progress)


def _why(counts: Counts, left_out: Sequence[tuple[str, str]]) -> str:
    """Return the first thing that kept a file from being read, in brackets."""
    for kind, problem in counts.problems.items():
        return f" ({problem.places[0]}: {kind})"
    for path, reason in left_out:
        more = f", and {len(left_out) - 1:,} more" if len(left_out) > 1 else ""
        return f" ({path}: {reason}{more})"
    return ""


def _languages(files: Sequence[str], reading: Reading) -> list[Language]:
    return [
        Language(
            name, [each.text for each in read_documents([FilePart(path)], reading, Problems(True))]
        )
        for path, name in zip(files, _short_names(files), strict=True)
    ]


def _short_names(paths: Sequence[str]) -> list[str]:
    """Return the names of files, with as many of their folders as make them unique."""
    parts = [PurePath(path).parts for path in paths]
    depth = 1
    while len({each[-depth:] for each in parts}) < len(set(parts)):
        depth += 1
    return [str(PurePath(*each[-depth:])) for each in parts]
