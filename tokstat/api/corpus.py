"""Measure tokenizers on text, in one process or in many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from tokstat.api.loading import Spec, load, specs_of
from tokstat.io.files import as_path

if TYPE_CHECKING:
    from tokstat.corpus.reading.documents import Reading
    from tokstat.corpus.report import CorpusReport
    from tokstat.corpus.run import Progress


def measure_corpus(
    specs: Spec | Sequence[Spec],
    files: str | Path | Sequence[str | Path] = (),
    *,
    texts: str | Iterable[str] | Mapping[str, str | Iterable[str]] | None = None,
    reading: Reading | None = None,
    words: str = "unicode",
    aligned: bool = False,
    state: str | Path | None = None,
    more_states: Sequence[str | Path] = (),
    executor: Executor | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
    unit_bytes: int | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
) -> CorpusReport:
    """Measure tokenizers on text; the counts equal those of encoding every document.

    Text is `files` (paths, folders, patterns, URLs, "-" for stdin), read as `reading` says, or
    `texts`: one document, several, or several by the name of their group. A repeated spec counts
    once. `words` names a definition in `tokstat.corpus.counting.word_definitions`, or is "none":
    then tokens alone are counted, which is faster. With `aligned`, each file is one language, and
    equal lines are translations.

    `state` is a folder that saves each counted part. Parts that it already holds are added to the
    result without counting them again, and so are those of `more_states`. Several runs may share a
    folder. This process counts, or `executor` (any of `concurrent.futures`), or `workers` processes
    (None: one a core for much text), or the Dask cluster at `scheduler`.

    `engine` is "tokenizers", or "gigatoken" (the extra `fast`), which then encodes for each
    tokenizer for which it gives the same ids; "auto" takes it where it is installed and pays.

    Raises:
        TokstatError: as `load` for a spec; `CorpusError`, `StateError`, `ExecutorError`,
            `EncodingError`, `OutputError`, `MissingExtraError`.
    """
    from tokstat.corpus.plan import Plan
    from tokstat.corpus.reading.documents import Reading
    from tokstat.corpus.run import run
    from tokstat.splitting.samples import with_splits

    tokenizers = [load(spec) for spec in dict.fromkeys(specs_of(specs))]
    for each in tokenizers:
        _ = each.ids  # an impossible id is an error before anything is counted
    named = [files] if isinstance(files, (str, Path)) else files
    report = run(
        Plan.of(tokenizers, words, reading or Reading()),
        [str(each) for each in named],
        texts=texts,
        aligned=aligned,
        state=as_path(state),
        more_states=[as_path(each) for each in more_states],
        executor=executor,
        workers=workers,
        scheduler=scheduler,
        unit_bytes=unit_bytes,
        progress=progress,
        engine=engine,
    )
    return with_splits(report, tokenizers)
