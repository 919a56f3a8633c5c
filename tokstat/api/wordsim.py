"""Score models on word similarity, and fetch the sets for it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from tokstat.io.files import as_path
from tokstat.results.report import Table

if TYPE_CHECKING:
    from tokstat.experiments.published_link import PublishedLink
    from tokstat.wordsim.evaluation import ModelScore, Resampling
    from tokstat.wordsim.models import Embed, Model

_LOG = logging.getLogger(__name__)


def evaluate_wordsim(
    model: str | Path | Embed | Model,
    *,
    data: str | Path | None = None,
    resamples: int = 1000,
    resampling: Resampling = "words",
    seed: int = 0,
) -> ModelScore:
    """Score a static embedding model on every available word-similarity set.

    `model` is what `tokstat.wordsim.models.load_model` takes: a folder, a Hub name, a file of
    vectors, "wordllama", or a function from a list of words to an array of vectors. `data` is a
    folder with the sets' files. The intervals are over `resampling`: "words", or "pairs", which
    gives narrower ones because pairs share words.

    Raises:
        TokstatError: `ModelError`, `DataError`, or `MissingExtraError`.
    """
    from tokstat.wordsim.evaluation import evaluate
    from tokstat.wordsim.models import load_model
    from tokstat.wordsim.sets import ALL_SETS
    from tokstat.wordsim.store import load_sets

    sets, _ = load_sets(ALL_SETS, as_path(data))
    _LOG.info("loading the model")
    loaded = load_model(model)
    _LOG.info("measuring WordSim")
    return evaluate(loaded, sets, resamples=resamples, resampling=resampling, seed=seed)


def link_published(seed: int = 0) -> PublishedLink:
    """Correlate published WordSim results with the scores of their tokenizers."""
    from tokstat.experiments.published_link import link_published as link

    _LOG.info("correlating published scores with WordSim")
    return link(seed)


def plot_link(link: PublishedLink, path: str | Path) -> None:
    """Plot WordSim against every score into a file; its suffix sets the format.

    Raises:
        OutputError: the file cannot be written.
    """
    from tokstat import plots

    plots.save(plots.link_figure(link), as_path(path))


def list_data(data: str | Path | None = None) -> Table:
    """Return the word-similarity sets: pairs, words, licence, source, and state of each."""
    from tokstat.wordsim.store import list_sets, load_set

    data = as_path(data)
    found = list_sets(data)
    loaded = [load_set(each.source, data) if each.intact else None for each in found]
    states = ["here" if each.intact else "damaged" if each.path else "absent" for each in found]
    return Table(
        "data",
        "Word-similarity sets",
        {
            "set": tuple(each.source.name for each in found),
            "state": tuple(states),
            "pairs": tuple(each.source.pairs for each in found),
            "words": tuple(len(each.words) if each else None for each in loaded),
            "title": tuple(each.source.title for each in found),
            "licence": tuple(each.source.licence for each in found),
            "source": tuple(each.source.citation for each in found),
            "path": tuple(str(each.path) if each.path else None for each in found),
        },
    )


def fetch_data() -> list[Path]:
    """Fetch those of the seven sets of WordSim that the cache lacks; return all files.

    Raises:
        TokstatError: `DataError`, or `MissingExtraError` without pooch.
    """
    from tokstat.wordsim.sets import WORDSIM_SETS
    from tokstat.wordsim.store import fetch_sets

    return fetch_sets(WORDSIM_SETS)
