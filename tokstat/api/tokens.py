"""Select tokens of a vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers.registry import get_analyzers
from tokstat.analyzers.subject import Subject
from tokstat.api.inspection import make_subject
from tokstat.api.loading import Spec, load
from tokstat.errors import ReportError, did_you_mean
from tokstat.model.folder import named_roles
from tokstat.reachability.search import STATES
from tokstat.results.report import Table
from tokstat.tokenizer.vocabulary import KINDS
from tokstat.words.lexicon import Lexicon
from tokstat.words.word_classes import WORD_CLASSES

_ABOUT_REACHABILITY = ("TS701", "TS702")


def select_tokens(
    spec: Spec,
    *,
    word_class: str | None = None,
    kind: str | None = None,
    script: str | None = None,
    finding: str | None = None,
    reachability: str | None = None,
    contains: str | None = None,
    sample: int | None = None,
    seed: int = 0,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
) -> Table:
    """Return the tokens that pass every filter as a table, in the order of their ids.

    The columns are those of `Token`, `word_class`, and for added tokens `roles` and `flags`: the
    roles that the files beside the tokenizer give them, and the flags that are set. `finding` is
    the code of a finding that names the tokens. `reachability` is a state, such as "unreachable".
    `contains` is a part of the text, in any case. `sample` is a number of tokens to draw with
    `seed`. A state of reachability, or a finding about it, adds the columns `reachability`,
    `cause`, `component` and `witness`.

    Raises:
        TokstatError: as `inspect`; `ReportError` for a class, kind, script, or state that does not
            exist, or a finding that this tokenizer does not have.
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
    if reachability is not None:
        mask &= subject.reachability.states == _code("state", reachability, STATES)
    if contains is not None:
        wanted = contains.lower()
        mask &= np.array([wanted in (text or "").lower() for text in tokens.texts], np.bool_)
    rows = np.flatnonzero(mask)
    if sample is not None and sample < len(rows):
        rows = np.sort(np.random.default_rng(seed).choice(rows, sample, replace=False))
    table = tokens.to_table(rows)
    classes = tuple(WORD_CLASSES[code] for code in subject.word_classes[rows].tolist())
    columns = {**table.columns, "word_class": classes, **_roles_and_flags(subject, rows)}
    if reachability is not None or finding in _ABOUT_REACHABILITY:
        columns |= _reachability_columns(subject, rows)
    return Table(table.name, table.title, columns)


def _roles_and_flags(subject: Subject, rows: NDArray[np.int64]) -> dict[str, tuple[str, ...]]:
    tokenizer = subject.tokenizer
    folder = tokenizer.model_folder
    roles: dict[int | None, list[str]] = {}
    for role, text in (named_roles(folder) if folder is not None else {}).items():
        roles.setdefault(tokenizer.id_of(text), []).append(role)
    ids = subject.vocabulary.ids[rows].tolist()
    return {
        "roles": tuple(", ".join(roles.get(number, ())) for number in ids),
        "flags": tuple(", ".join(tokenizer.flags_of(number)) for number in ids),
    }


def _reachability_columns(
    subject: Subject, rows: NDArray[np.int64]
) -> dict[str, tuple[str | None, ...]]:
    found = subject.reachability
    obstacles = [found.obstacles.get(row) for row in rows.tolist()]
    return {
        "reachability": tuple(STATES[code] for code in found.states[rows].tolist()),
        "cause": tuple(each.cause if each else None for each in obstacles),
        "component": tuple(each.component if each else None for each in obstacles),
        "witness": tuple(map(subject.witness, rows.tolist())),
    }


def _code(what: str, name: str, names: Sequence[str]) -> int:
    if name not in names:
        near = get_close_matches(name, names, n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise ReportError(
            f"There is no {what} {name!r}", f"{meant}Choose one of: {', '.join(names)}."
        )
    return names.index(name)


def _ids_of_finding(subject: Subject, code: str) -> NDArray[np.int64]:
    sections = [
        analyzer(subject)
        for analyzer in get_analyzers()
        if any(rule.code == code for rule in analyzer.rules)
    ]
    if not sections:
        known = sorted(rule.code for analyzer in get_analyzers() for rule in analyzer.rules)
        raise ReportError(f"There is no finding {code!r}", did_you_mean(code, known))
    found = [
        finding for section in sections for finding in section.findings if finding.code == code
    ]
    if not found:
        raise ReportError(
            f"This tokenizer does not have the finding {code}",
            "To see its findings, run: tokstat inspect SPEC.",
        )
    return np.array([token for finding in found for token in finding.token_ids], np.int64)
