"""One function a job: the command line, notebooks and scripts all take this path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokstat import __version__, loading
from tokstat.analyzers.registry import get_analyzers
from tokstat.errors import OutputError, ReportError
from tokstat.lexicon import Lexicon, languages_of_scripts, load_lexicon
from tokstat.render import mimebundle
from tokstat.results import Report, Table, TokenizerInfo
from tokstat.subject import Subject
from tokstat.tokenizer import Tokenizer
from tokstat.vocabulary import KINDS
from tokstat.word_classes import WORD_CLASSES

if TYPE_CHECKING:
    from tokstat.experiments.published_link import PublishedLink
    from tokstat.experiments.results import Study
    from tokstat.experiments.study_link import StudyLink
    from tokstat.wordsim.evaluation import ModelScore
    from tokstat.wordsim.models import Embed, Model

AUTO = "auto"

Report.mimebundle = mimebundle


def load(spec: str | Path | Tokenizer) -> Tokenizer:
    """Load a tokenizer from a file, a folder, or the Hub; a loaded one is returned as it is.

    Raises:
        TokstatError: one of `SpecError`, `SourceNotFoundError`, `AccessDeniedError`,
            `HubUnreachableError`, `NoTokenizerError`, `InvalidTokenizerError`.
    """
    return spec if isinstance(spec, Tokenizer) else loading.load(spec)


def inspect(
    spec: str | Path | Tokenizer,
    *,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
    analyzers: Iterable[str] | None = None,
) -> Report:
    """Run the analyzers on one tokenizer, over its full vocabulary.

    `lang` is a language code, several of them, or "auto" for those of the vocabulary's scripts;
    `lexicon` a word list to use instead, as a file of `word<TAB>count` lines or loaded; `analyzers`
    the ids of those to run, by default all.

    Raises:
        TokstatError: as `load`, and `LexiconError` or `AnalyzerError`.
    """
    chosen = get_analyzers(analyzers)
    subject = make_subject(load(spec), lang, lexicon)
    if any(analyzer.id == "coverage" for analyzer in chosen):
        subject.encode_ahead()
    return Report(
        tokenizer=describe(subject.tokenizer),
        lexicon=subject.lexicon.info,
        sections=tuple(analyzer(subject) for analyzer in chosen),
        tokstat_version=__version__,
    )


def make_subject(
    tokenizer: Tokenizer,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
) -> Subject:
    """Pair a tokenizer with the lexicon that `inspect`'s arguments name."""
    if isinstance(lexicon, Lexicon):
        return Subject(tokenizer, lexicon)
    if lexicon is not None:
        return Subject(tokenizer, load_lexicon(path=Path(lexicon)))
    given = lang.split(",") if isinstance(lang, str) else list(lang)
    languages = [code.strip().lower() for code in given]
    if AUTO in languages:
        return Subject(tokenizer, load_lexicon(languages_of_scripts(_script_counts(tokenizer))))
    return Subject(tokenizer, load_lexicon(languages))


def _script_counts(tokenizer: Tokenizer) -> dict[str, int]:
    rows = tokenizer.vocabulary
    codes = rows.properties.script_codes[rows.alphabetic]
    counts = np.bincount(codes, minlength=len(rows.properties.script_names))
    return {
        name: int(count)
        for name, count in zip(rows.properties.script_names, counts.tolist(), strict=True)
        if count
    }


def describe(tokenizer: Tokenizer) -> TokenizerInfo:
    """Identify a tokenizer for a report."""
    origin = tokenizer.origin
    return TokenizerInfo(
        spec=origin.spec,
        source=origin.source,
        revision=origin.revision,
        sha256=origin.sha256,
        loader=origin.loader,
        model_type=tokenizer.model_type,
        scheme=tokenizer.scheme.name,
        vocab_size=len(tokenizer.vocabulary),
        added_tokens=int((tokenizer.vocabulary.ranks < 0).sum()),
        lowercases=tokenizer.lowercases,
        adds_leading_space=tokenizer.adds_leading_space,
        notes=origin.notes,
    )


def select_tokens(
    spec: str | Path | Tokenizer,
    *,
    word_class: str | None = None,
    kind: str | None = None,
    script: str | None = None,
    finding: str | None = None,
    contains: str | None = None,
    sample: int | None = None,
    seed: int = 0,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
) -> Table:
    """Return the tokens that pass every filter, in the order of ids, as a table.

    The columns are those of `Token`, and `word_class`. `finding` is a code: the tokens which that
    finding names; `contains` a part of the text, in any case; `sample` a number of tokens drawn
    with `seed`, the same ones every time.

    Raises:
        TokstatError: as `inspect`; `ReportError` for a class, kind, or script that does not exist,
            or a finding that this tokenizer does not have.
    """
    subject = make_subject(load(spec), lang, lexicon)
    tokens = subject.vocabulary
    mask = np.ones(len(tokens), np.bool_)
    if word_class is not None:
        mask &= subject.word_classes == _code("word class", word_class, WORD_CLASSES)
    if kind is not None:
        mask &= tokens.kind_codes == _code("kind", kind, KINDS)
    if script is not None:
        names = tokens.properties.script_names
        mask &= tokens.properties.script_codes == _code("script", script, names)
    if finding is not None:
        mask &= np.isin(tokens.ids, _ids_of_finding(subject, finding))
    if contains is not None:
        wanted = contains.lower()
        mask &= np.array([wanted in (text or "").lower() for text in tokens.texts], np.bool_)
    rows = np.flatnonzero(mask)
    if sample is not None and sample < len(rows):
        rows = np.sort(np.random.default_rng(seed).choice(rows, sample, replace=False))
    table = tokens.to_table(rows)
    classes = tuple(WORD_CLASSES[code] for code in subject.word_classes[rows].tolist())
    return Table(table.name, table.title, {**table.columns, "word_class": classes})


def _code(what: str, name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise ReportError(f"No {what} {name!r} here", f"There are: {', '.join(names)}.")
    return names.index(name)


def _ids_of_finding(subject: Subject, code: str) -> NDArray[np.int64]:
    sections = [
        analyzer(subject)
        for analyzer in get_analyzers()
        if any(rule.code == code for rule in analyzer.rules)
    ]
    if not sections:
        known = sorted(rule.code for analyzer in get_analyzers() for rule in analyzer.rules)
        raise ReportError(f"No finding has the code {code!r}", f"There are: {', '.join(known)}.")
    found = [
        finding for section in sections for finding in section.findings if finding.code == code
    ]
    if not found:
        raise ReportError(
            f"This tokenizer does not have the finding {code}",
            "Run tokstat inspect to see its own.",
        )
    return np.array([token for finding in found for token in finding.token_ids], np.int64)


def evaluate_wordsim(
    model: str | Path | Embed | Model,
    *,
    data: Path | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> ModelScore:
    """Score a static embedding model on every word-similarity set whose file is here.

    `model` is what `tokstat.wordsim.models.load_model` takes: a folder, a Hub name, a file of
    vectors, "wordllama", or a function from a list of words to an array of vectors. `data` is a
    folder with the sets' files.

    Raises:
        TokstatError: `ModelError`, `DataError`, or `MissingExtraError`.
    """
    from tokstat.wordsim.evaluation import evaluate
    from tokstat.wordsim.models import load_model
    from tokstat.wordsim.sets import ALL_SETS
    from tokstat.wordsim.store import load_sets

    sets, _ = load_sets(ALL_SETS, data)
    return evaluate(load_model(model), sets, resamples=resamples, seed=seed)


def link_published(seed: int = 0) -> PublishedLink:
    """Put the published WordSim results beside the scores of their tokenizers."""
    from tokstat.experiments.published_link import link_published as link

    return link(seed)


def plot_link(link: PublishedLink, path: Path) -> None:
    """Draw WordSim against every score into a file; its suffix says the format.

    Raises:
        OutputError: the file cannot be written.
    """
    from tokstat import plots

    plots.save(plots.link_figure(link), path)


def list_data(data: Path | None = None) -> Table:
    """Return the word-similarity sets: pairs, words, licence, source, and whether each is here."""
    from tokstat.wordsim.store import list_sets, load_set

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
    """Fetch the seven sets of WordSim into the cache, those that are not there; return their files.

    Raises:
        TokstatError: `DataError`, or `MissingExtraError` without pooch.
    """
    from tokstat.wordsim.sets import WORDSIM_SETS
    from tokstat.wordsim.store import fetch_sets

    return fetch_sets(WORDSIM_SETS)


def run_study(
    specs: Sequence[str],
    *,
    teacher: str,
    path: Path | None = None,
    exact: bool = False,
    data: Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Study:
    """Measure WordSim of tokenizers under one teacher, words alone and after a blank.

    With `path`, results are saved there after each tokenizer, whole or not at all, and those that
    are there are not measured again. `exact` embeds whole vocabularies.

    Raises:
        TokstatError: as `load` for a spec; `TeacherError`, `DataError`, `MissingExtraError`.
    """
    from tokstat.experiments.results import read_study
    from tokstat.experiments.study import run_study as run
    from tokstat.experiments.teacher import load_teacher
    from tokstat.files import replace_file
    from tokstat.wordsim.sets import WORDSIM_SETS
    from tokstat.wordsim.store import load_sets

    sets, _ = load_sets(WORDSIM_SETS, data)
    finished = read_study(path) if path is not None and path.is_file() else None

    def save(study: Study) -> None:
        if path is not None:
            replace_file(path, study.to_json().encode())

    return run(
        load_teacher(teacher),
        {spec: partial(load, spec) for spec in specs},
        sets,
        load_lexicon(),
        exact=exact,
        seed=seed,
        finished=finished,
        on_row=save,
        progress=progress,
    )


def link_study(path: Path | None = None, seed: int = 0) -> StudyLink:
    """Hold a study's WordSim against every score; by default the packaged study's.

    Raises:
        DataError: the file is no saved study.
    """
    from tokstat.experiments.results import read_study
    from tokstat.experiments.study_link import link_study as link
    from tokstat.experiments.study_link import packaged_study

    return link(packaged_study() if path is None else read_study(path), seed)


def distill(
    teacher: str,
    folder: Path,
    *,
    tokenizer: str | Path | Tokenizer | None = None,
    prefix_space: bool | None = None,
    pooling: str = "mean",
    swap_ends: bool = False,
    pca: int | None = 256,
    sif: float | None = 1e-4,
    data: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ModelScore:
    """Distil a static model into a new folder, and return its score on the sets that are here.

    Plainly, that is Model2Vec's own distillation of the teacher, a folder or Hub name. With another
    tokenizer, with `prefix_space` said (whether every text gets a blank before it), or with a
    recipe that Model2Vec lacks, the teacher reads the text of every token instead.

    Raises:
        TokstatError: `TeacherError`, `MissingExtraError`, `OutputError`, or as `load`.
    """
    from tokstat.experiments import static_models
    from tokstat.experiments.interventions import with_leading_blank
    from tokstat.experiments.saving import save_model, to_static_model
    from tokstat.experiments.teacher import (
        Recipe,
        as_pooling,
        load_teacher,
        teacher_folder,
    )

    if folder.exists():
        raise OutputError(f"{folder} exists already", "Give a folder that does not exist yet.")
    recipe = Recipe(as_pooling(pooling), swap_ends)
    settings = static_models.Distillation(recipe, pca, sif)
    if tokenizer is None and prefix_space is None and recipe in static_models.MODEL2VEC_POOLINGS:
        model = static_models.distill_plainly(teacher_folder(teacher), settings)
    else:
        loaded = load_teacher(teacher)
        chosen = load(tokenizer if tokenizer is not None else loaded.folder)
        if prefix_space:
            chosen = with_leading_blank(chosen)
        model = to_static_model(static_models.distill(loaded, chosen, settings, progress=progress))
    save_model(model, folder)
    return evaluate_wordsim(folder, data=data)
