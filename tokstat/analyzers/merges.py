"""Tokens of a BPE model that its merges cannot build."""

from __future__ import annotations

import numpy as np
import tokenizers

from tokstat.analyzers import OWN, MetricType, Result, Rule, Subject, analyzer
from tokstat.tokenizer.decoding import Scheme
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.written_json import Merge
from tokstat.wording import agreed, counted

WITHOUT_PATH = MetricType(
    "tokens_without_merges",
    "tokens",
    "tokens of a BPE model of two characters or more that no sequence of merges builds",
    "byte-pair encoding, arXiv 1508.07909",
)

NO_PATH = Rule(
    "TS630",
    "warning",
    "Tokens that no merge builds",
    "BPE starts from characters or bytes and only merges. It never produces a token that no merge "
    "builds: the embedding is not trained, and texts get pieces instead. Tokens lack merges when "
    "they are written into the vocabulary alone, or when a conversion loses the list of added "
    "tokens (<|im_start|>, <table>).",
    "List control tokens among the added tokens. Add the merges of the other tokens, or remove "
    "them.",
    source=OWN,
)

_EXAMPLES = 6


@analyzer("merges", title="Merges", metrics=(WITHOUT_PATH,), rules=(NO_PATH,))
def merges(subject: Subject) -> Result:
    """Find tokens of a BPE model that its merges cannot build.

    Added and special tokens, byte tokens (`<0x0A>`) and placeholders need no merge. With
    `ignore_merges` no token needs one, as the model looks whole pieces up before it merges. Other
    models have no merges.
    """
    model = subject.tokenizer.backend.model
    if not isinstance(model, tokenizers.models.BPE):
        return Result()
    rows = [] if model.ignore_merges else _rows_without_path(subject)
    metrics = (WITHOUT_PATH.value(len(rows)),)
    if not rows:
        return Result(metrics=metrics)
    vocabulary = subject.vocabulary
    some = ", ".join(repr(vocabulary.display(row)) for row in rows[:_EXAMPLES])
    have = agreed(len(rows), "has", "have")
    message = f"{counted(len(rows), 'token')} {have} no merge that builds them: {some}."
    return Result(metrics, findings=(NO_PATH.found(message, vocabulary.ids[rows].tolist()),))


def _rows_without_path(subject: Subject) -> list[int]:
    vocabulary = subject.vocabulary
    rows = _rows_that_need_merges(subject)
    text = subject.tokenizer.source_text()
    # A trained model has one merge for each of these tokens, so equal numbers end the search.
    # Some tokens could lack a merge while as many others have two. That case is not looked for,
    # because parsing the merges takes as long as loading the tokenizer.
    if text.count_merges() == len(rows):
        return []
    built = _built(text.merges(), vocabulary.scheme, {vocabulary.tokens[row] for row in rows})
    return [row for row in rows if vocabulary.tokens[row] not in built]


def _rows_that_need_merges(subject: Subject) -> list[int]:
    vocabulary = subject.vocabulary
    own = (vocabulary.ranks >= 0) & ~vocabulary.kind("byte") & ~vocabulary.kind("placeholder")
    own &= ~np.isin(vocabulary.ids, _special_ids(subject.tokenizer))
    needs = vocabulary.properties.lengths > 1
    # A token of one character may be stored as several: a space and a letter, or bytes.
    for row in np.flatnonzero(own & ~needs).tolist():
        needs[row] = _core_length(vocabulary.tokens[row], vocabulary.scheme) > 1
    rows: list[int] = np.flatnonzero(own & needs).tolist()
    return rows


def _special_ids(tokenizer: Tokenizer) -> list[int]:
    """Return the ids of the unknown token, and of tokens that files beside it call special."""
    names = {tokenizer.backend.model.unk_token or ""}
    if tokenizer.model_folder is not None:
        names |= tokenizer.model_folder.special_tokens.keys()
    ids = map(tokenizer.backend.token_to_id, names)
    return [number for number in ids if number is not None]


def _core_length(token: str, scheme: Scheme) -> int:
    """Count a stored token's characters without its marks; a token of marks alone keeps them."""
    core = token.removeprefix(scheme.continuation).removesuffix(scheme.end)
    return len(core or token)


def _built(merges: list[Merge], scheme: Scheme, wanted: set[str]) -> set[str]:
    """Return the tokens that merges build from characters.

    Where the merges have every wanted result, their results are returned without a check.
    """
    skipped = len(scheme.continuation)
    results = [left + right[skipped:] for left, right in merges]
    built = set(results)
    if wanted <= built:
        return built  # each part is itself wanted, or a single character
    built.clear()
    by_length = sorted(
        zip(results, merges, strict=True), key=lambda pair: _core_length(pair[0], scheme)
    )
    for result, parts in by_length:
        if all(part in built or _core_length(part, scheme) == 1 for part in parts):
            built.add(result)
    return built
