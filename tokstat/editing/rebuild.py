"""Rebuild a tokenizer from an edited list of its tokens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.editing.edit import NEW, Edit
from tokstat.editing.models import EditableBPE, write_pieces
from tokstat.errors import EditError, TokstatError
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.text.wording import counted
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.tokenizer import Tokenizer


def rebuild(
    tokenizer: Tokenizer,
    keep: NDArray[np.bool_],
    renames: Mapping[int, str] | None = None,
    wanted: Sequence[str] = (),
) -> Edit:
    """Return a tokenizer with the rows in `keep`, some renamed, followed by wanted tokens.

    `keep` has shape (n,). `renames` maps rows to stored tokens. `wanted` are stored tokens; those
    that exist already are only made reachable. New ids are in the order of the old ones, without
    gaps.

    Raises:
        EditError: no content token would be left, a special token would be removed, or tokstat
            cannot edit this kind of tokenizer.
    """
    _require_possible(tokenizer, keep)
    vocabulary = tokenizer.vocabulary
    renames = renames or {}
    data = json.loads(tokenizer.to_json())
    asked = keep
    if data["model"]["type"] == "BPE":
        bpe = EditableBPE.of(tokenizer, data["model"])
        keep = bpe.with_indispensable(keep, renames)
        wanted = bpe.with_steps(wanted)
    rows = np.flatnonzero(keep)
    tokens = [renames.get(row, vocabulary.tokens[row]) for row in rows.tolist()]
    present = set(tokens)
    new = [token for token in dict.fromkeys(wanted) if token not in present]
    tokens += new
    ids = {token: index for index, token in enumerate(tokens)}
    fresh = {*(renames[row] for row in rows.tolist() if row in renames), *wanted}
    own = len(ids) if new else _count_own(data["model"]["vocab"], tokens, vocabulary.ranks[rows])
    own_ids = dict(islice(ids.items(), own))
    stranded: tuple[str, ...] = ()
    if data["model"]["type"] == "BPE":
        stranded = bpe.write(data["model"], own_ids, fresh)
    elif data["model"]["type"] == "Unigram":
        write_pieces(data["model"], vocabulary.ids[rows][:own], tokens[:own], fresh)
    else:
        data["model"]["vocab"] = own_ids
    _edit_references(data, ids, {old: row for row, old in enumerate(vocabulary.ids[rows].tolist())})
    sources = np.concatenate([vocabulary.ids[rows], np.full(len(new), NEW)])
    return Edit(
        tokenizer=_load(data, tokenizer, ids),
        before=len(vocabulary),
        sources=sources.astype(np.int64),
        renamed=frozenset(new for new, row in enumerate(rows.tolist()) if row in renames),
        added=tuple(new),
        indispensable=tuple(vocabulary.displays(np.flatnonzero(keep & ~asked))),
        stranded=len(stranded),
    )


def special_rows(tokenizer: Tokenizer) -> NDArray[np.bool_]:
    """Mask added tokens, the unknown token, and those of the post-processor; shape (n,)."""
    vocabulary, backend = tokenizer.vocabulary, tokenizer.backend
    ids = [tokenizer.unknown_id]
    if tokenizer.model_type == "Unigram":
        ids.append(json.loads(backend.model.__getstate__())["unk_id"])
    elif backend.model.unk_token is not None:
        ids.append(backend.token_to_id(backend.model.unk_token))
    for part in components(backend, "post_processor"):
        for token in part.get("special_tokens", {}).values():
            ids += token["ids"]
        ids += [part[end][1] for end in ("sep", "cls") if end in part]
    named = np.isin(vocabulary.ids, [index for index in ids if index is not None])
    mask: NDArray[np.bool_] = named | (vocabulary.ranks < 0)
    return mask


def _require_possible(tokenizer: Tokenizer, keep: NDArray[np.bool_]) -> None:
    vocabulary = tokenizer.vocabulary
    if vocabulary.shared_ids:
        raise EditError(
            f"Several tokens share the id {vocabulary.shared_ids[0]}",
            "Make the ids unique first.",
        )
    if not (keep & vocabulary.content).any():
        raise EditError("The edit would leave no content token", "Remove fewer tokens.")
    gone = np.flatnonzero(special_rows(tokenizer) & ~keep)
    if len(gone):
        raise EditError(
            f"The edit would remove special tokens, such as {vocabulary.tokens[gone[0]]}",
            "Keep the special tokens.",
        )


def _count_own(
    vocabulary: Collection[str] | Sequence[tuple[str, float]],
    tokens: Sequence[str],
    ranks: NDArray[np.int32],
) -> int:
    """Count the tokens up to the last one of the model; added tokens after it stay outside.

    Inside, WordPiece and Unigram would take them for pieces of words.
    """
    names = {each if isinstance(each, str) else each[0] for each in vocabulary}
    own = (ranks >= 0) | np.array([token in names for token in tokens], np.bool_)
    return int(np.flatnonzero(own)[-1]) + 1


def _edit_references(
    data: dict[str, Any], ids: Mapping[str, int], moved: Mapping[int, int]
) -> None:
    """Write the new ids into added tokens and post-processor; `moved` maps old ids to new ones."""
    data["added_tokens"] = sorted(
        ({**token, "id": ids[token["content"]]} for token in data["added_tokens"]),
        key=lambda token: token["id"],
    )
    processor = data["post_processor"] or {}
    for part in processor.get("processors", [processor]):
        for token in part.get("special_tokens", {}).values():
            token["ids"] = [moved.get(old, old) for old in token["ids"]]
        for end in ("sep", "cls"):
            if end in part:
                name, old = part[end]
                part[end] = [name, moved.get(old, old)]


def read_again(text: str) -> tokenizers.Tokenizer:
    """Build a tokenizer from its JSON. Raises EditError."""
    try:
        return parse_tokenizer_json(text.encode("utf-8", "surrogatepass"), "The edited tokenizer")
    except TokstatError as error:
        raise EditError(
            f"The edited tokenizer cannot be loaded: {error.problem}",
            "First fix the errors that tokstat inspect SPEC reports, or make fewer changes.",
        ) from error


def _load(data: dict[str, Any], tokenizer: Tokenizer, ids: Mapping[str, int]) -> Tokenizer:
    """Build the tokenizer, and check that every token has its new id."""
    text = json.dumps(data, ensure_ascii=False)
    backend = read_again(text)
    wrong = [token for token, index in ids.items() if backend.token_to_id(token) != index]
    if wrong or backend.get_vocab_size() != len(ids):
        raise EditError(
            f"The edited tokenizer changes the ids of {counted(len(wrong), 'token')}: {wrong[:1]}",
            "First fix the added tokens that tokstat inspect SPEC reports.",
        )
    origin = replace(tokenizer.origin, sha256=hashlib.sha256(text.encode()).hexdigest())
    return Tokenizer(backend, origin)
