"""Files of every format with the same texts."""

from __future__ import annotations

import io
from pathlib import Path

from tokstat.corpus.counting.window import Document
from tokstat.corpus.reading.documents import Problems, Reading, read_documents
from tokstat.corpus.reading.sources import FilePart

RECORDS = [
    ("One. Two", "en"),
    ("", "en"),
    ("Dreißig\n汉字 🙂", "de"),
    ('"x,y"\tz', "de"),
    ("a\n", "en"),
]


def as_parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet

    columns = {"text": [text for text, _ in RECORDS], "meta.lang": [lang for _, lang in RECORDS]}
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), out, row_group_size=2)
    return out.getvalue()


def read(
    path: Path | str, part: FilePart | None = None, **reading: object
) -> tuple[list[Document], Problems]:
    problems = Problems(bool(reading.get("strict")))
    made = Reading(**reading)  # type: ignore[arg-type]
    return list(read_documents([part or FilePart(str(path))], made, problems)), problems
