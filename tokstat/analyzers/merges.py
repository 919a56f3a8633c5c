"""Whether the merges of a BPE model build the tokens of its vocabulary."""

from __future__ import annotations

import numpy as np
import tokenizers

from tokstat.analyzers import OWN, MetricType, Result, Rule, Subject, analyzer
from tokstat.tokenizer.decoding import Scheme
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.written_json import Merge

WITHOUT_PATH = MetricType(
    "tokens_without_merges",
    "tokens",
    "tokens of a BPE model that are no single character and that no sequence of merges builds",
    "byte-pair encoding, arXiv 1508.07909",
)

NO_PATH = Rule(
    "TS630",
    "warning",
    "Tokens that no merge builds",
    "BPE starts from characters (or bytes) and only merges, so a token that is the result of no "
    "merge is never produced: its embedding is not trained, and texts that should give it give "
    "pieces. It happens when tokens are written into the vocabulary alone, and when a conversion "
    "forgets that a token (<|im_start|>, <table>) is to be found as it stands.",
    "List control tokens among the added tokens; add the merges that build the others, or remove "
    "them.",
    source=OWN,
)

_EXAMPLES = 6


@analyzer("merges", title="Merges", metrics=(WITHOUT_PATH,), rules=(NO_PATH,))
def merges(subject: Subject) -> Result:
    """Look for tokens of a BPE model that its merges cannot build.

    Added and special tokens, byte tokens (`<0x0A>`) and placeholders need no merge. Nor does any
    token where the model looks whole pieces up before it merges (`ignore_merges`). Other models
    have no merges and no such tokens.
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
    message = f"{len(rows):,} tokens are built by no merge: {some}."
    return Result(metrics, findings=(NO_PATH.found(message, vocabulary.ids[rows].tolist()),))


def _rows_without_path(subject: Subject) -> list[int]:
    vocabulary = subject.vocabulary
    rows = _rows_that_need_merges(subject)
    text = subject.tokenizer.source_text()
    # A trained model has one merge for each of them. That as many tokens lack a merge as others
    # have two is possible, and not believed: parsing the merges takes as long as loading them.
    if text.count_merges() == len(rows):
        return []
    built = _built(text.merges(), vocabulary.scheme, {vocabulary.tokens[row] for row in rows})
    return [row for row in rows if vocabulary.tokens[row] not in built]


def _rows_that_need_merges(subject: Subject) -> list[int]:
    vocabulary = subject.vocabulary
    own = (vocabulary.ranks >= 0) & ~vocabulary.kind("byte") & ~vocabulary.kind("placeholder")
    own &= ~np.isin(vocabulary.ids, _special_ids(subject.tokenizer))
    needs = vocabulary.properties.lengths > 1
    # A token of one character may be stored as several: a blank and a letter, or bytes.
    for row in np.flatnonzero(own & ~needs).tolist():
        needs[row] = _core_length(vocabulary.tokens[row], vocabulary.scheme) > 1
    rows: list[int] = np.flatnonzero(own & needs).tolist()
    return rows


def _special_ids(tokenizer: Tokenizer) -> list[int]:
    """Return the ids of the unknown token, and of those that the files beside call special."""
    names = {tokenizer.backend.model.unk_token or ""}
    if tokenizer.model_folder is not None:
        names |= tokenizer.model_folder.special_tokens.keys()
    ids = map(tokenizer.backend.token_to_id, names)
    return [number for number in ids if number is not None]


def _core_length(token: str, scheme: Scheme) -> int:
    """Count a stored token's characters without its marks; a mark alone counts."""
    core = token.removeprefix(scheme.continuation).removesuffix(scheme.end)
    return len(core or token)


def _built(merges: list[Merge], scheme: Scheme, wanted: set[str]) -> set[str]:
    """Return what merges build from characters; or simply their results, if none is lacking."""
    skipped = len(scheme.continuation)
    results = [left + right[skipped:] for left, right in merges]
    built = set(results)
    if wanted <= built:
        return built  # the parts of each are wanted too, or single characters
    built.clear()
    by_length = sorted(
        zip(results, merges, strict=True), key=lambda pair: _core_length(pair[0], scheme)
    )
    for result, parts in by_length:
        if all(part in built or _core_length(part, scheme) == 1 for part in parts):
            built.add(result)
    return built
