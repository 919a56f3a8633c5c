"""Issue 6: text that cannot be read as asked, and states that cannot be gone on with."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.bad_input.case import GOOD, LAST_TIME, Case, Content
from tests.conftest import NOWHERE, word_level_json

LINES = "".join(f"one two {number**5}\n" for number in range(20_000)).encode()


def parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet as library

    file = io.BytesIO()
    library.write_table(pyarrow.table({"other": ["one", "two"]}), file)
    return file.getvalue()


FOUND: dict[str, Content] = {
    "tokenizer.json": GOOD,
    "good.txt": b"one\ntwo\n",
    "one.txt": b"one\n",
    "empty.txt": b"",
    "empty.jsonl": b"",
    "empty/": b"",
    "latin1.txt": "one\nsch\u00f6n\n".encode("latin-1"),
    "bad.jsonl": b'{"text": "one"}\n{\n{"other": 1}\n{"text": 7}\n',
    "table.csv": b"other\none\n",
    "cut.txt.gz": gzip.compress(LINES)[:-5000],
    "no.txt.gz": b"This is no archive.\n",
    "no.parquet": b"This is no table.\n",
    "last.json": LAST_TIME,
    "damaged/x.counts.gz": b"no gzip",
}

REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "an empty file": (("empty.txt",), "empty.txt"),
    "an empty file of records": (("empty.jsonl",), "empty.jsonl"),
    "an empty folder": (("./empty/",), "empty"),
    "a missing file": (("absent.txt",), "absent.txt"),
    "a pattern of nothing": (("*.nothing",), "*.nothing"),
    "a missing field": (("bad.jsonl", "--text-field", "body"), "body"),
    "a missing column of CSV": (("table.csv",), "'text'"),
    "a Parquet file without the column": (("table.parquet",), "'text'"),
    "no gzip": (("no.txt.gz",), "no.txt.gz"),
    "no Parquet": (("no.parquet",), "no.parquet"),
    "not UTF-8, strictly": (("latin1.txt", "--strict"), "latin1.txt at byte 4"),
    "a bad record, strictly": (("bad.jsonl", "--strict"), "bad.jsonl at byte 16"),
    "a truncated gzip, strictly": (("cut.txt.gz", "--strict"), "cut.txt.gz"),
    "words of no kind": (("good.txt", "--words", "morphemes"), "morphemes"),
    "no such protocol": (("nobody://x.txt",), "nobody"),
    "a state of others that is missing": (("good.txt", "--add-state", "nowhere"), "nowhere"),
    "a state of others that is none": (("good.txt", "--add-state", "good.txt"), "good.txt"),
    "a state of others that is damaged": (("good.txt", "--add-state", "damaged"), "x.counts.gz"),
    "a state that is damaged": (("good.txt", "--state", "damaged"), "x.counts.gz"),
    "a state in a file": (("good.txt", "--state", "good.txt/state"), "good.txt"),
    "a dead scheduler": (
        ("good.txt", "--scheduler", NOWHERE.replace("http", "tcp")),
        "127.0.0.1",
    ),
    "a scheduler that is none": (("good.txt", "--scheduler", "nonsense"), "nonsense"),
    "workers and a scheduler": (
        ("good.txt", "--scheduler", "tcp://x", "--workers", "2"),
        "--workers",
    ),
    "aligned files that are not": (("good.txt", "one.txt", "--aligned"), "one.txt"),
    "the output's folder is missing": (("good.txt", "-o", "absent/out"), "absent/out"),
    "the output is a folder": (("good.txt", "-o", "empty"), "empty"),
    "no files": ((), "text"),
}

COUNTED: dict[str, tuple[tuple[str, ...], str]] = {
    "not UTF-8": (("latin1.txt",), "UTF-8|latin1.txt at byte 4"),
    "bad records": (("bad.jsonl",), "bad.jsonl at byte 16"),
    "a missing field in some": (("bad.jsonl",), "'text'"),
    "a truncated gzip": (("cut.txt.gz",), "cut.txt.gz"),
    "an empty file among others": (("good.txt", "empty.txt"), "empty.txt"),
}


GONE = "../../gone.txt"
"""Beside the folder in which nothing may change."""


def _impatient(patch: pytest.MonkeyPatch) -> None:
    """Wait for a scheduler no longer than a test may."""
    patch.setattr("tokstat.corpus.executors._CONNECT_SECONDS", 0.5)


def _vanishing(patch: pytest.MonkeyPatch) -> None:
    """Have a file of text go when all has been planned."""
    from tokstat.corpus.reading import sources

    real = sources.divide

    def divide(*arguments: object, **options: object) -> object:
        units = real(*arguments, **options)  # type: ignore[arg-type]
        Path(GONE).unlink()
        return units

    patch.setattr(sources, "divide", divide)
    Path(GONE).write_bytes(b"one\n" * 10)


def _counted_before(patch: pytest.MonkeyPatch) -> None:
    """Have the counts of another tokenizer in the state."""
    import tokstat

    Path("other.json").write_bytes(word_level_json("four"))
    tokstat.measure_corpus(["other.json"], ["good.txt"], state=Path("state"), workers=1)


def _cases() -> Iterator[tuple[str, Case]]:
    files = {**FOUND, "table.parquet": parquet}
    for item, (arguments, names) in REFUSED.items():
        outputs = ((),) if "-o" in arguments else (("-o", "last.json"), ("-o", "out.html"))
        for output in outputs:
            yield (
                f"corpus {' '.join(output)}: {item}",
                Case(
                    ("corpus", "tokenizer.json", *arguments, *output),
                    names,
                    files,
                    prepare=_impatient if "--scheduler" in arguments else None,
                ),
            )
    for item, (arguments, names) in COUNTED.items():
        yield (
            f"corpus: {item}, counted",
            Case(("corpus", "tokenizer.json", *arguments), names, files, code=0),
        )
        yield (
            f"corpus --json: {item}, counted",
            Case(("corpus", "tokenizer.json", *arguments, "--json"), names, files, code=0),
        )
    yield (
        "corpus: a file that vanishes mid-run",
        Case(
            ("corpus", "tokenizer.json", GONE, "-o", "last.json", "--workers", "1"),
            "gone.txt",
            files,
            prepare=_vanishing,
        ),
    )
    yield (
        "corpus: a file that vanishes mid-run, counted",
        Case(
            ("corpus", "tokenizer.json", "good.txt", GONE, "--workers", "1"),
            "gone.txt",
            files,
            code=0,
            prepare=_vanishing,
        ),
    )
    yield (
        "corpus: the state of another tokenizer",
        Case(
            ("corpus", "tokenizer.json", "good.txt", "--state", "state", "-o", "last.json"),
            "tokenizers",
            files,
            prepare=_counted_before,
        ),
    )


CASES = {f"issue 6: {name}": case for name, case in _cases()}
