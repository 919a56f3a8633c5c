"""Issue 4: missing extras, teachers and edits that cannot be."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
import tokenizers

from tests.cli.bad_input.case import GOOD, LAST_TIME, Case, Content, Preparation
from tests.cli.bad_input.commands import with_a_teacher
from tests.conftest import word_level_json
from tests.small_tokenizers import SMALL

SMALL_JSON: Content = lambda: SMALL["byte-level"]().to_str().encode()  # noqa: E731

FOUND: dict[str, Content] = {
    "small/tokenizer.json": SMALL_JSON,
    "empty.txt": b" \n\n",
    "binary.txt": b"\xff\xfe\n",
    "text.txt": b"one two\n",
    "last.json": LAST_TIME,
}


def without(*libraries: str) -> Preparation:
    """Have no such libraries."""

    def prepare(patch: pytest.MonkeyPatch) -> None:
        for library in libraries:
            for name in [name for name in sys.modules if name.split(".")[0] == library]:
                patch.delitem(sys.modules, name)
            patch.setitem(sys.modules, library, None)

    return prepare


EXTRAS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "whatif": (("whatif", "small", "--teacher", "small", "-o", "out.json"), "torch", "distill"),
    "distill, changed": (("distill", "small", "--decase", "-o", "out"), "torch", "distill"),
    "distill, plainly": (("distill", "small", "-o", "out"), "model2vec", "distill"),
    "repair": (
        ("repair", "small", "--decase", "--model", "small", "-o", "out"),
        "torch",
        "repair",
    ),
    "wordsim": (("wordsim", "small", "-o", "out.json"), "model2vec", "wordsim"),
    "data fetch": (("data", "fetch"), "pooch", "wordsim"),
    "corpus, Parquet": (("corpus", "small", "x.parquet", "-o", "out.json"), "pyarrow", "corpus"),
    "corpus, URL": (("corpus", "small", "s3://x/y.txt", "-o", "out.json"), "fsspec", "corpus"),
    "corpus, Dask": (
        ("corpus", "small", "text.txt", "--scheduler", "tcp://127.0.0.1:9"),
        "distributed",
        "dask",
    ),
}
"""A command, the library that it lacks, and the extra that brings it."""

EDITS: dict[str, tuple[tuple[str, ...], str]] = {
    "nothing to do": ((), "change"),
    "an edit that would remove special tokens": (("--drop", "not_alphabetic"), "not_alphabetic"),
    "an unknown class": (("--drop", "poem"), "'poem'"),
    "a missing word list": (("--add-words", "absent.txt"), "absent.txt"),
    "a folder as word list": (("--add-words", "small"), "small"),
    "a word list without words": (("--add-words", "empty.txt"), "empty.txt"),
    "a word list that is not UTF-8": (("--add-words", "binary.txt"), "binary.txt"),
    "a missing model": (("--decase", "--model", "absent"), ""),
    "a negative number of words": (("--add-words", "-5"), "-5"),
    "WordSim without its sets": (("--add-words", "wordsim"), "tokstat data fetch"),
}

FOLDERS = {
    "the output exists": "small",
    "the output is a file": "small/tokenizer.json",
    "the output is here": ".",
    "the output's folder is missing": "absent/out",
    "the output's folder is a file": "text.txt/out",
    "an output of 300 letters": "n" * 300,
}


def _cases() -> Iterator[tuple[str, Case]]:
    for command, (arguments, library, extra) in EXTRAS.items():
        files = {**FOUND, "x.parquet": b"PAR1", "small/model.safetensors": b""}
        yield (
            f"{command}: missing extras",
            Case(arguments, f"tokstat-toolkit[{extra}]", files, prepare=without(library)),
        )
    for item, (options, names) in EDITS.items():
        yield f"repair: {item}", Case(("repair", "small", *options, "-o", "out"), names, FOUND)
        if options and "--model" not in options:
            yield (
                f"distill: {item}",
                Case(
                    ("distill", "teacher", "--tokenizer", "small", *options, "-o", "out"),
                    names,
                    FOUND,
                    prepare=with_a_teacher,
                ),
            )
    for item, name in FOLDERS.items():
        for command in ("repair", "distill"):
            yield (
                f"{command}: {item}",
                Case((command, "small", "--decase", "-o", name), name[:40], FOUND),
            )
    whole = {"small/tokenizer.json": _whole_words}
    yield (
        "repair: an edit that would empty the vocabulary",
        Case(("repair", "small", "--drop", "whole_word", "-o", "out"), "content token", whole),
    )
    continuing: dict[str, Content] = {
        "continuation/tokenizer.json": lambda: SMALL["continuation"]().to_str().encode()
    }
    yield (
        "repair: a continuing prefix",
        Case(
            ("repair", "continuation", "--decase", "-o", "out"),
            "continuing-subword prefix",
            continuing,
        ),
    )
    words = {**FOUND, "words.txt": b"zebrafish\ntwo words\nxylem\n"}
    yield (
        "repair: a word in several pieces is skipped",
        Case(
            ("repair", "small", "--add-words", "words.txt", "-o", "out"),
            "two·words|1 ",
            words,
            code=0,
            outputs=("work/out", "work/out/tokenizer.json", "work/out/tokenizer_config.json"),
        ),
    )
    for command in ("whatif", "study", "distill"):
        arguments = {
            "whatif": ("whatif", "small", "--teacher", "absent/teacher/x", "-o", "out.json"),
            "study": ("study", "small", "--teacher", "absent/teacher/x", "-o", "out.json"),
            "distill": ("distill", "absent/teacher/x", "--tokenizer", "small", "-o", "out"),
        }[command]
        yield (
            f"{command}: a missing teacher",
            Case(arguments, "teacher" if command != "study" else "", FOUND),
        )
    teacher = {**FOUND, "teacher/config.json": b"{}", "teacher/model.safetensors": b""}
    for command in ("whatif", "distill"):
        arguments = (
            ("whatif", "small", "--teacher", "teacher", "-o", "out.json")
            if command == "whatif"
            else ("distill", "teacher", "--decase", "-o", "out")
        )
        yield (
            f"{command}: a teacher without a tokenizer",
            Case(arguments, "no tokenizer.json", teacher, prepare=_only_the_library),
        )
    for name in ("absent/x.json", "text.txt/x.json"):
        for command in ("whatif", "study"):
            yield f"{command}: the output {name}", Case((command, "small", "-o", name), name, FOUND)
    yield (
        "study: the table's folder is missing",
        Case(("study", "small", "-o", "out.json", "--csv", "absent/x.csv"), "absent/x.csv", FOUND),
    )
    yield (
        "whatif: no target",
        Case(
            ("whatif", "small", "--target", "absent.json", "-o", "last.json"), "absent.json", FOUND
        ),
    )
    for item in ("missing", "a folder", "no JSON", "of another kind"):
        name = {"missing": "absent.json", "a folder": "small"}.get(item, "study.json")
        content = {"no JSON": b"{", "of another kind": GOOD}.get(item, b"")
        files = {**FOUND, **({"study.json": content} if name == "study.json" else {})}
        yield (
            f"link: a study that is {item}",
            Case(("link", "--study", name, "--plot", "out.svg", "-o", "last.json"), name, files),
        )
    for name in ("link.docx", "absent/link.png", "text.txt"):
        yield f"link: a plot {name}", Case(("link", "--published", "--plot", name), name, FOUND)
    yield (
        "link: published, and a study",
        Case(("link", "--published", "--study", "study.json"), "--published"),
    )


def _whole_words() -> bytes:
    backend = tokenizers.Tokenizer.from_buffer(word_level_json("the", "and", "people"))
    backend.add_special_tokens(["[UNK]"])
    return backend.to_str().encode()


def _only_the_library(patch: pytest.MonkeyPatch) -> None:
    """Have torch and transformers as far as that they are found: the teacher fails before."""
    patch.setattr("tokstat.distillation.encoders._require", lambda library, extra: None)


CASES = {f"issue 4: {name}": case for name, case in _cases()}
