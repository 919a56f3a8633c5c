"""Issue 3: sets of word similarity, static models and vectors, of which no score can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.cli.bad_input.case import (
    LAST_TIME,
    Case,
    Content,
    Files,
    Preparation,
    from_folder,
    in_folder,
)
from tests.conftest import NOWHERE
from tests.experiments import HashTeacher
from tests.hub_server import Fault, serve_hub
from tests.wordsim import as_file, random_pairs, save_static_model, source_of, word_level
from tokstat.analyzers import wordsim_coverage
from tokstat.editing import steps
from tokstat.experiments import study, trials, whatif
from tokstat.wordsim import evaluation, sets, store
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS
from tokstat.wordsim.store import load_set

WORDS = ["tiger", "cat", "New York", "zebra", "apple", "Apple", "run", "ran"]

MODEL_FILES = ("model.safetensors", "tokenizer.json", "config.json")


CACHE = ("cache/tokstat", "cache/tokstat/wordsim")


def small_sets(patch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Make small files those of the seven sets, and return them by name."""
    made = {}
    for index, source in enumerate(WORDSIM_SETS):
        content = as_file(random_pairs(20 + index, WORDS, index))
        small = replace(source_of(content, source.name), pairs=20 + index, file=source.file)
        made[small] = content
    _use(patch, *made)
    return {source.file: content for source, content in made.items()}


def _use(patch: pytest.MonkeyPatch, *sources: sets.SetSource) -> None:
    """Have these sets, and the packaged one."""
    for module in (sets, store, whatif):
        patch.setattr(module, "ALL_SETS", (*sources, *PACKAGED_SETS))
    for module in (sets, evaluation, wordsim_coverage, steps, study, trials, whatif):
        patch.setattr(module, "WORDSIM_SETS", sources)


def put_sets(patch: pytest.MonkeyPatch, *, damage: Callable[[bytes], bytes] = bytes) -> None:
    """Put the seven small sets into the folder `sets`, one of them damaged; have a teacher, too."""
    Path("sets").mkdir(exist_ok=True)
    for name, content in small_sets(patch).items():
        whole = damage(content) if name == "simLex.txt" else content
        Path("sets", name).write_bytes(whole)
    patch.setattr("tokstat.distillation.encoders.load_teacher", lambda spec: HashTeacher())


def cut(content: bytes) -> bytes:
    return content[:-4]


def _said_to_be_right(content: bytes) -> Preparation:
    """Have a set whose hash is that of a file that is no set."""

    def prepare(patch: pytest.MonkeyPatch) -> None:
        Path("sets").mkdir()
        Path("sets", "made-up.txt").write_bytes(content)
        _use(patch, source_of(content))

    return prepare


def _served(fault: Fault | None) -> Preparation:
    """Serve the seven small sets, and stop at the third."""

    def prepare(patch: pytest.MonkeyPatch) -> None:
        files = small_sets(patch)
        stack = ExitStack()
        hub = stack.enter_context(serve_hub())
        _TO_CLOSE.append(stack)
        hub.commit("org/sets", files)
        patch.setattr(hub, "handle_error", lambda *about: None)
        patch.setattr("time.sleep", lambda seconds: None)
        if fault is not None:
            hub.faults["simLex.txt"] = fault
        patch.setenv("TOKSTAT_DATA_URL", f"{hub.url}/org/sets/resolve/main")

    return prepare


_TO_CLOSE: list[ExitStack] = []


def close() -> None:
    """Stop the servers that a case has started."""
    while _TO_CLOSE:
        _TO_CLOSE.pop().close()


def _model(*words: str, vectors: Callable[[], np.ndarray] | None = None) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        save_static_model(folder, word_level(*words), None if vectors is None else vectors())

    return make


def _with(value: float, row: int, column: int) -> np.ndarray:
    vectors = np.ones((3, 4), np.float32)
    vectors[row, column] = value
    return vectors


def _sound(folder: Path) -> None:
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None
    known = sorted({*packaged.words, "New", "York", *WORDS} - {"New York", "zebra"})
    save_static_model(folder, word_level(*known))


SOUND: Files = {name: from_folder(_sound, name) for name in MODEL_FILES}


def _files(make: Callable[[Path], None], *, less: str = "") -> dict[str, Content]:
    return {name: from_folder(make, name) for name in MODEL_FILES if name != less}


def _without_unknown_token() -> bytes:
    made = from_folder(_model("tiger"), "tokenizer.json")
    content = made if isinstance(made, bytes) else made()
    return content.replace(b'"unk_token":"[UNK]"', b'"unk_token":"[absent]"')


tiger = _model("tiger")

MODELS: dict[str, tuple[Files, str]] = {
    "a model folder without weights": (_files(tiger, less="model.safetensors"), "model"),
    "a model folder without a tokenizer": (_files(tiger, less="tokenizer.json"), "model"),
    "an empty model folder": ({"": b""}, "model"),
    "a word that the model cannot encode": (
        {**_files(tiger), "tokenizer.json": _without_unknown_token},
        "model|'American'",
    ),
    "vectors that are all zero": (_files(_model("qwertz")), "wordsim353"),
    "NaN vectors": (
        _files(_model("tiger", "cat", vectors=partial(_with, np.nan, 2, 1))),
        "model|'cat'",
    ),
    "infinite vectors": (
        _files(_model("tiger", "cat", vectors=partial(_with, np.inf, 1, 0))),
        "model|'tiger'",
    ),
    "weights that are no safetensors": (
        {**_files(tiger), "model.safetensors": b"\xff" * 99},
        "model",
    ),
    "truncated weights": (
        {
            **_files(tiger),
            "model.safetensors": lambda: from_folder(tiger, "model.safetensors")()[:-9],  # type: ignore[operator]
        },
        "model",
    ),
}

VECTORS: dict[str, tuple[str, bytes]] = {
    "vectors of differing widths": ("differing.txt", b"tiger 1 2 3\ncat 1 2\n"),
    "letters for numbers": ("letters.txt", b"tiger 1 2 three\n"),
    "NaN in a file": ("nan.txt", b"tiger 1 2 nan\ncat 1 2 3\n"),
    "infinity in a file": ("inf.txt", b"tiger 1 2 3\ncat 1 -inf 3\n"),
    "text cut off": ("cut.vec", b"3 2\ntiger 1 2\ncat 3 4\n"),
    "binary cut off": ("cut.bin", b"2 2\ntiger 12345678cat 1234"),
    "binary that claims petabytes": ("huge.bin", b"9 99999999999999\ntiger 1234"),
    "no word of the sets": ("others.txt", b"qwertz 1 2 3\n"),
    "an empty file": ("empty.txt", b""),
}

BAD_SETS: dict[str, bytes] = {
    "a short row": b"tiger\tcat\n",
    "a rating that is no number": b"tiger\tcat\tmuch\n",
    "a rating that is NaN": b"tiger\tcat\tnan\n",
    "a set that is not UTF-8": b"\xff\tcat\t1\n",
    "an empty set": b"",
}

READERS: dict[str, tuple[str, ...]] = {
    "wordsim": ("wordsim", "model", "--data", "sets", "-o", "last.json"),
    "distill": ("distill", "teacher", "--tokenizer", "sound.json", "--data", "sets", "-o", "out"),
    "whatif": ("whatif", "sound.json", "--data", "sets", "-o", "out.json"),
    "study": ("study", "sound.json", "--data", "sets", "-o", "out.json", "--csv", "last.csv"),
    "repair": ("repair", "sound.json", "--add-words", "wordsim", "--data", "sets", "-o", "out"),
}
"""Commands that read the sets."""

SENTENCES = ("whatif", "sound.json", "--sentences", "pairs.tsv", "-o", "out.json")

FOUND: Files = {
    **in_folder("model", SOUND),
    "sound.json": from_folder(_sound, "tokenizer.json"),
    "last.json": LAST_TIME,
    "last.csv": LAST_TIME,
}


def _cases() -> Iterator[tuple[str, Case]]:
    wrong = partial(put_sets, damage=cut)
    for command, arguments in READERS.items():
        yield (
            f"{command}: a data file with a wrong hash",
            Case(arguments, "simLex.txt", FOUND, prepare=wrong),
        )
        absent = [each if each != "sets" else "nowhere" for each in arguments]
        yield (
            f"{command}: a data folder that does not exist",
            Case(tuple(absent), "nowhere", FOUND, prepare=put_sets),
        )
    yield (
        "data verify: a data file with a wrong hash",
        Case(("data", "verify", "--data", "sets"), "simLex: damaged", code=1, prepare=wrong),
    )
    yield (
        "data list: a data file with a wrong hash",
        Case(("data", "list", "--data", "sets"), "damaged", code=0, prepare=wrong),
    )
    yield (
        "inspect: a data file with a wrong hash",
        Case(
            ("inspect", "sound.json", "--json", "--analyzer", "wordsim_coverage"),
            "simLex.txt",
            FOUND,
            code=0,
            environment={"TOKSTAT_DATA": "sets"},
            prepare=wrong,
        ),
    )
    for command in ("list", "verify"):
        yield (
            f"data {command}: a data folder that does not exist",
            Case(("data", command, "--data", "nowhere"), "nowhere"),
        )
    for words in (("data", "list"), ("data", "verify"), ("wordsim", "model")):
        yield (
            f"{' '.join(words)}: TOKSTAT_DATA does not exist",
            Case(words, "nowhere", FOUND, environment={"TOKSTAT_DATA": "nowhere"}),
        )
    for item, content in BAD_SETS.items():
        yield (
            f"wordsim: {item}",
            Case(READERS["wordsim"], "made-up.txt", FOUND, prepare=_said_to_be_right(content)),
        )
        yield (
            f"whatif, sentences: {item}",
            Case(SENTENCES, "pairs.tsv", {**FOUND, "pairs.tsv": content}, prepare=put_sets),
        )
    yield "whatif, sentences: absent", Case(SENTENCES, "pairs.tsv", FOUND, prepare=put_sets)
    for item, (files, names) in MODELS.items():
        model = {"model/": b""} if files == {"": b""} else in_folder("model", files)
        yield f"wordsim: {item}", Case(("wordsim", "model", "-o", "out.json"), names, model)
        yield (
            f"wordsim, second: {item}",
            Case(
                ("wordsim", "sound", "model", "--json"),
                names,
                {**in_folder("sound", SOUND), **model},
            ),
        )
    for item, (name, content) in VECTORS.items():
        yield f"wordsim: {item}", Case(("wordsim", name, "-o", "out.json"), name, {name: content})
    for spec in ("absent.txt", "./absent", "/absent/model", "~no-such-user/model", "a" * 300):
        yield f"wordsim: no model {spec[:20]}", Case(("wordsim", spec), spec)
    yield (
        "wordsim: words that the model does not know are counted",
        Case(("wordsim", "model", "--json"), '"unknown_words": 1', FOUND, code=0, prepare=_counted),
    )
    for fault in (Fault.TRUNCATE, Fault.ERROR, Fault.PAGE, Fault.SHORT):
        # What came before the one that fails stays.
        whole = (*CACHE, *(f"{CACHE[-1]}/{name}" for name in ("rw.txt", "men.txt")))
        yield (
            f"data fetch: a download cut off half way ({fault.name})",
            Case(("data", "fetch"), "simLex|127.0.0.1", outputs=whole, prepare=_served(fault)),
        )
    yield (
        "data fetch: no network",
        Case(
            ("data", "fetch"),
            NOWHERE,
            outputs=CACHE,
            prepare=_without_a_network,
        ),
    )
    for option in ("--seed", "--resamples"):
        yield f"wordsim: {option} -1", Case(("wordsim", "model", option, "-1"), option, FOUND)


def _without_a_network(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TOKSTAT_DATA_URL", NOWHERE)
    patch.setattr("time.sleep", lambda seconds: None)


def _counted(patch: pytest.MonkeyPatch) -> None:
    put_sets(patch)
    patch.setenv("TOKSTAT_DATA", "sets")


CASES = {f"issue 3: {name}": case for name, case in _cases()}
