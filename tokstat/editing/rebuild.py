"""Build a tokenizer anew from an edited list of its tokens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.editing.edit import NEW, Edit
from tokstat.editing.models import EditableBPE, write_pieces
from tokstat.errors import EditError, reason_of
from tokstat.tokenizer import Tokenizer


def rebuild(
    tokenizer: Tokenizer,
    keep: NDArray[np.bool_],
    renames: Mapping[int, str] | None = None,
    wanted: Sequence[str] = (),
) -> Edit:
    """Return a tokenizer of the rows in `keep`, some renamed, and of wanted tokens behind them.

    `keep` has shape (n,), `renames` maps rows to stored tokens, `wanted` are stored tokens; those
    that are there already are only made sure to be reached. Ids are given anew, in the order of
    the old ones and without gaps.

    Raises:
        EditError: no content token would be left, or the model is of a kind that this cannot edit.
    """
    vocabulary = tokenizer.vocabulary
    if not (keep & vocabulary.content).any():
        raise EditError("The edit would leave no content token", "Remove less.")
    renames = renames or {}
    data = json.loads(tokenizer.backend.to_str())
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
    stranded: tuple[str, ...] = ()
    if data["model"]["type"] == "BPE":
        stranded = bpe.write(data["model"], ids, fresh)
    elif data["model"]["type"] == "Unigram":
        write_pieces(data["model"], vocabulary.ids[rows], tokens, fresh)
    else:
        data["model"]["vocab"] = ids
    _edit_references(data, ids)
    sources = np.concatenate([vocabulary.ids[rows], np.full(len(new), NEW)])
    return Edit(
        tokenizer=_load(data, tokenizer, ids),
        before=len(vocabulary),
        sources=sources.astype(np.int64),
        renamed=sum(row in renames for row in rows.tolist()),
        added=tuple(new),
        indispensable=tuple(vocabulary.displays(np.flatnonzero(keep & ~asked))),
        stranded=len(stranded),
    )


def _edit_references(data: dict[str, Any], ids: Mapping[str, int]) -> None:
    """Give added tokens and the post-processor the new ids."""
    data["added_tokens"] = sorted(
        (
            {**token, "id": ids[token["content"]]}
            for token in data["added_tokens"]
            if token["content"] in ids
        ),
        key=lambda token: token["id"],
    )
    processor = data["post_processor"] or {}
    for part in processor.get("processors", [processor]):
        for token in part.get("special_tokens", {}).values():
            token["ids"] = [
                ids.get(name, old) for name, old in zip(token["tokens"], token["ids"], strict=True)
            ]
        for end in ("sep", "cls"):
            if end in part:
                name, old = part[end]
                part[end] = [name, ids.get(name, old)]


def _load(data: dict[str, Any], tokenizer: Tokenizer, ids: Mapping[str, int]) -> Tokenizer:
    """Build the tokenizer, and make sure that every token has the id it was given."""
    text = json.dumps(data, ensure_ascii=False)
    try:
        backend = tokenizers.Tokenizer.from_str(text)
    except Exception as error:  # the library raises bare Exceptions
        raise EditError(
            f"The edited tokenizer does not load: {reason_of(error)}", "Edit less."
        ) from error
    wrong = [token for token, index in ids.items() if backend.token_to_id(token) != index]
    if wrong or backend.get_vocab_size() != len(ids):
        raise EditError(
            f"The edited tokenizer gives other ids to {len(wrong):,} tokens, such as {wrong[:1]}",
            "Repair its added tokens first (tokstat inspect names them).",
        )
    origin = replace(tokenizer.origin, sha256=hashlib.sha256(text.encode()).hexdigest())
    return Tokenizer(backend, origin)
