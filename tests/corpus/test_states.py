"""With saved counts, a run gives what a fresh count gives, whatever was done in between."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.conftest import word_level_json
from tokstat.api.corpus import measure_corpus
from tokstat.corpus.counting.state import (
    Counts,
    Extent,
    File,
    Group,
    Identity,
    Problem,
    TextCounts,
    TokenCounts,
)
from tokstat.corpus.counting.tally import Tally
from tokstat.corpus.counting.window import Document
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.content import UNREAD
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.reading.sources import FilePart
from tokstat.corpus.report import CorpusReport
from tokstat.corpus.safe_cuts.derivation import derive_cut
from tokstat.corpus.states import Resumed, read, read_all, renamed, resume, save
from tokstat.errors import CorpusError, OutputError, StateError
from tokstat.loading import load
from tokstat.tokenizer.tokenizer import Tokenizer

WORDS = ("the", "people", "of", "world", "tiger", "Häuser", "汉字", "")
NAMES = ("a.txt", "b.txt", "below/a.txt", "c.jsonl", "below/d.csv")
OPTIONS = (
    (Reading(), "unicode"),
    (Reading(group="folder"), "unicode"),
    (Reading(documents="file"), "unicode"),
    (Reading(), "letters"),
)


class _KilledError(Exception):
    """Stand in for kill -9 between two saves."""


class _Sequence:
    """Do random things to files, and count them with a state and afresh."""

    def __init__(self, seed: int, folder: Path, tokenizer: Tokenizer) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.tokenizer = tokenizer
        self.options = 0
        self.counted_with: int | None = None
        (folder / "below").mkdir(parents=True)
        for name in self.random.sample(NAMES, 3):
            self.write(name, self.lines(name))

    def lines(self, name: str) -> str:
        texts = [
            " ".join(self.random.choices(WORDS, k=self.random.randint(0, 4)))
            for _ in range(self.random.randint(1, 5))
        ]
        if name.endswith(".jsonl"):
            return "".join(json.dumps({"text": text}) + "\n" for text in texts)
        return "".join(f"{text}\n" for text in texts)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text("text\n" + text if name.endswith("csv") else text, "utf-8")

    def existing(self) -> list[str]:
        return [name for name in NAMES if (self.folder / name).exists()]

    def append(self) -> None:
        name = self.random.choice(self.existing())
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(self.lines(name))

    def edit(self) -> None:
        """Change a byte, and neither the size nor the time."""
        path = self.folder / self.random.choice(self.existing())
        data = bytearray(path.read_bytes())
        before = path.stat()
        letters = [place for place, byte in enumerate(data) if chr(byte).islower() and place > 5]
        if letters:
            data[self.random.choice(letters)] = ord(self.random.choice(" xe"))
            path.write_bytes(data)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def rename(self) -> None:
        name = self.random.choice(self.existing())
        same_suffix = [each for each in NAMES if Path(each).suffix == Path(name).suffix]
        (self.folder / name).rename(self.folder / self.random.choice(same_suffix))

    def remove(self) -> None:
        if len(self.existing()) > 1:
            (self.folder / self.random.choice(self.existing())).unlink()

    def add(self) -> None:
        name = self.random.choice(NAMES)
        self.write(name, self.lines(name))

    def change_options(self) -> None:
        self.options = self.random.randrange(len(OPTIONS))

    def chosen(self) -> list[str]:
        """Name files, a folder or a pattern, in one of the ways in which they can be named."""
        names = self.existing()
        how = self.random.randrange(4)
        if how == 0:
            return [str(self.folder)]
        if how == 1:
            return [str(self.folder / "*")]
        some = self.random.sample(names, self.random.randint(1, len(names)))
        middle = "below/../" if how == 2 else ""
        return [f"{self.folder}/{middle}{name}" for name in some]

    def count(self, files: list[str], state: Path | None, unit_bytes: int) -> CorpusReport | None:
        """Return the report, None if no file has a document."""
        reading, words = OPTIONS[self.options]
        try:
            return measure_corpus(
                self.tokenizer,
                files,
                reading=reading,
                words=words,
                state=state,
                unit_bytes=unit_bytes,
            )
        except CorpusError:
            return None

    def run(self, patch: pytest.MonkeyPatch, *, killed: bool = False) -> None:
        files = self.chosen()
        state = self.folder.parent / "state"
        unit_bytes = self.random.choice((10, 60, 1 << 20))
        fresh = self.count(files, None, 1 << 20)
        is_empty = not any(state.glob("*"))
        if not is_empty and self.counted_with not in (None, self.options):
            before = {path: path.read_bytes() for path in state.iterdir()}
            with pytest.raises(StateError):
                self.count(files, state, unit_bytes)
            assert {path: path.read_bytes() for path in state.iterdir()} == before
            return
        if killed:
            self.run_killed(patch, files, state, unit_bytes)
        else:
            report = self.count(files, state, unit_bytes)
            self.counted_with = self.options
            assert plain(report) == plain(fresh)
            assert plain(self.count(files, state, unit_bytes)) == plain(fresh)
            if report and not any("does not name" in note for note in report.notes):
                assert plain(self.count([], state, 1)) == plain(fresh)

    def run_killed(
        self, patch: pytest.MonkeyPatch, files: list[str], state: Path, unit_bytes: int
    ) -> None:
        left = self.random.randint(0, 3)

        def save_some(counts: Counts, folder: Path, places: Mapping[str, str]) -> None:
            nonlocal left
            if not left:
                raise _KilledError
            left -= 1
            save(counts, folder, places)
            self.counted_with = self.options

        with patch.context() as context:
            context.setattr("tokstat.corpus.run.save", save_some)
            try:
                self.count(files, state, unit_bytes)
                self.counted_with = self.options if state.exists() else self.counted_with
            except _KilledError:
                pass

    def go(self, patch: pytest.MonkeyPatch, steps: int) -> None:
        changes = (
            *(self.append, self.edit, self.rename, self.remove, self.add),
            *(self.append, self.edit, self.rename),
        )
        for _ in range(steps):
            if self.random.random() < 0.1:
                self.change_options()
            for _ in range(self.random.randint(0, 2)):
                self.random.choice(changes)()
            self.run(patch, killed=self.random.random() < 0.25)
        self.run(patch)


@dataclass(frozen=True)
class _Counted:
    """Stand in for a report, which takes longer to make than the rest of a small run."""

    counts: Counts
    notes: tuple[str, ...] = ()

    def leaving_out(self, files: object) -> _Counted:
        return self

    def to_json(self) -> str:
        return json.dumps({**self.counts.to_dict(), "units": None})


def plain(report: CorpusReport | _Counted | None) -> Any:
    """Return a report without notes, and with each file under one name."""
    if report is None:
        return None
    text = replace(report, notes=()).to_json()
    return json.loads(text.replace("below/../", ""))


def check(seeds: range, folder: Path, patch: pytest.MonkeyPatch, steps: int = 5) -> None:
    (folder / "tokenizer.json").write_bytes(word_level_json(*WORDS[:5]))
    tokenizer = load(str(folder / "tokenizer.json"))
    for seed in seeds:
        sequence = _Sequence(seed, folder / str(seed) / "files", tokenizer)
        try:
            sequence.go(patch, steps)
        except BaseException as error:
            error.args = (f"sequence {seed}: {error}",)
            raise


def test_states_and_fresh_counts_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(range(3), tmp_path, monkeypatch)


def _count_quickly(plan: Plan, documents: Iterable[Document]) -> Counts:
    """Count every document alone, with its length as the token of each word."""
    counts = plan.nothing
    for each in documents:
        words = each.text.split()
        size = TextCounts(1, len(each.text.encode()), len(each.text), len(words))
        ids = Tally.of(np.array([min(len(word), 5) for word in words], np.int64))
        tokens = TokenCounts(ids, np.array([0, len(words)]))
        files = {each.file: File(size, (len(words),), (len(words),))}
        groups = {each.group: Group(size, (tokens,))}
        counts += Counts(plan.identities, plan.words, groups, files)
    return counts


@pytest.mark.exhaustive
@pytest.mark.parametrize("start", range(0, 10_000, 500))
def test_many_states_and_fresh_counts_agree(
    start: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above, with stand-ins for the counting itself and for the report."""
    monkeypatch.setattr(Plan, "count", _count_quickly)
    monkeypatch.setattr("tokstat.corpus.plan.derive_cut", cache(derive_cut))
    monkeypatch.setattr("tokstat.corpus.run.make_report", lambda counts, *_: _Counted(counts))
    check(range(start, start + 500), tmp_path, monkeypatch, steps=4)


TOKENIZERS = (Identity("one", "a"),)


def held(folder: Path, **spans: str) -> Counts:
    """Save counts of whole files, each with the digest of its content and as many documents."""
    counts = Counts(
        TOKENIZERS,
        "unicode",
        {"": Group(TextCounts(documents=len(spans)), (TokenCounts(),))},
        units={name: (Extent(0, None, digest),) for name, digest in spans.items()},
        reading="--documents line",
    )
    save(counts, folder, {})
    return counts


NOTHING = Counts(TOKENIZERS, "unicode", reading="--documents line")


def resumed(folder: Path, **spans: str) -> Resumed:
    """Resume with whole files that have these digests now."""
    units = [[FilePart(name)] for name in spans]
    places = {name: name for name in spans}
    return resume(folder, NOTHING, units, places, lambda part: Extent(0, None, spans[part.path]))


def names(result: Resumed) -> tuple[list[str], list[str]]:
    """Return the files that are taken from the folder, and those that are to be counted."""
    return sorted(result.counts.units), [part.path for unit in result.rest for part in unit]


def test_what_is_stale_goes_with_all_that_was_saved_with_it(tmp_path: Path) -> None:
    held(tmp_path, a="1", b="1")
    held(tmp_path, c="1")
    assert names(resumed(tmp_path, a="1", b="1", c="1")) == (["a", "b", "c"], [])
    result = resumed(tmp_path, a="2", c="1")
    assert names(result) == (["c"], ["a"])
    assert [note.count("'a'") + 2 * note.count("'b'") for note in result.notes] == [1, 2]
    assert names(resumed(tmp_path, b="1")) == ([], ["b"])


def test_no_part_of_a_file_is_left_for_the_whole(tmp_path: Path) -> None:
    counts = held(tmp_path, a="1")
    for start, end, others in ((0, 5, ("a",)), (5, None, ())):
        units = {
            "b": (Extent(start, end, "x"),),
            **{name: counts.units[name] for name in others},
        }
        save(replace(counts, units=units), tmp_path, {})
    result = resumed(tmp_path, a="2")
    assert len(result.notes) == 2
    assert list(tmp_path.iterdir()) == []


def test_what_was_unreadable_is_counted_again(tmp_path: Path) -> None:
    held(tmp_path, a=UNREAD)
    assert names(resumed(tmp_path, a=UNREAD)) == ([], ["a"])


def test_other_files_are_kept_and_named(tmp_path: Path) -> None:
    held(tmp_path, a="1", b="1")
    held(tmp_path, c="1")
    result = resumed(tmp_path, a="1")
    assert names(result) == ([], ["a"])
    (note,) = result.notes
    assert "2 files" in note
    held(tmp_path, a="1")
    assert read_all(tmp_path, NOTHING).total.text.documents == 3


def test_counts_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    held(tmp_path, a="1", b="1")
    held(tmp_path, b="1", c="1")
    with pytest.raises(StateError, match=r"several counts of [ac] "):
        read_all(tmp_path, NOTHING)
    rest, counted = names(resumed(tmp_path, a="1", b="1", c="1"))
    # Which of the two counts is taken hangs on their names in the folder.
    assert (sorted(rest), counted) in ((["a", "b"], ["c"]), (["b", "c"], ["a"]))


def test_one_file_of_counts_is_read_too(tmp_path: Path) -> None:
    counts = held(tmp_path, a="1")
    (path,) = tmp_path.iterdir()
    assert read(path) == read_all(path, NOTHING) == counts
    with pytest.raises(StateError, match="absent"):
        read(tmp_path / "absent")
    with pytest.raises(StateError, match="absent"):
        read_all(tmp_path / "absent", NOTHING)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file"):
        held(tmp_path / "file" / "state", a="1")


def test_files_get_other_names_in_their_table_and_in_the_places_of_problems() -> None:
    places = ("a", "a at byte 5", "a line 7", "b row 3", "b rows 1 to 9", "c")
    counts = Counts(TOKENIZERS, "unicode", problems={"bad": Problem(9, places)})
    (problem,) = renamed(counts, {"a": "x/a", "b": "b line 2"}).problems.values()
    assert problem == Problem(
        9,
        tuple(
            sorted(
                (
                    "x/a",
                    "x/a at byte 5",
                    "x/a line 7",
                    "b line 2 row 3",
                    "b line 2 rows 1 to 9",
                    "c",
                )
            )
        ),
    )
    assert renamed(renamed(counts, {"a": "x"}), {"x": "a"}) == counts
