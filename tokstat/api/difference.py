"""Show what changed between two tokenizers, and lock one."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from tokstat.api.inspection import load
from tokstat.comparison.difference import Difference, difference
from tokstat.gate.lock import Lock, check_lock, compare_locks, is_lock, make_lock, read_lock
from tokstat.io.files import as_path
from tokstat.tokenizer.tokenizer import Tokenizer

_LOG = logging.getLogger(__name__)


def diff(old: str | Path | Tokenizer | Lock, new: str | Path | Tokenizer | Lock) -> Difference:
    """Return what changed from one tokenizer to another; each may be a lock, or a lock's file.

    Compared are tokens, ids, merges, scores, added tokens, each part of the pipeline, stored
    padding and truncation, and the roles, settings and chat templates of the files beside the
    tokenizer. A lock holds large parts as digests, so that their changes have no names.

    Raises:
        TokstatError: as `load`, `GateError` for a lock that cannot be read, `EncodingError` or
            `LimitError` for a tokenizer that fails.
    """
    one, other = _read(old), _read(new)
    _LOG.info("comparing their parts, and looking for a text that they encode differently")
    found = _compared(one, other)
    return replace(found, notes=(*_notes(one), *_notes(other), *found.notes))


def lock(spec: str | Path | Tokenizer) -> Lock:
    """Lock a tokenizer: digests of its parts, small parts in full, encodings of 200 texts.

    `Lock.save` writes the file that `tokstat inspect --lock` and `diff` read. Raises as `load`.
    """
    return make_lock(load(spec))


def _read(given: str | Path | Tokenizer | Lock) -> Tokenizer | Lock:
    if isinstance(given, (str, Path)) and is_lock(as_path(given)):
        return read_lock(as_path(given))
    return given if isinstance(given, Lock) else load(given)


def _compared(one: Tokenizer | Lock, other: Tokenizer | Lock) -> Difference:
    if isinstance(one, Tokenizer) and isinstance(other, Tokenizer):
        return difference(one, other)
    if isinstance(one, Lock) and isinstance(other, Tokenizer):
        return check_lock(one, other)
    before, after = (each if isinstance(each, Lock) else make_lock(each) for each in (one, other))
    return compare_locks(before, after)


def _notes(given: Tokenizer | Lock) -> list[str]:
    """Return what a reader must know of a tokenizer, such as that a packaged copy stood in."""
    if isinstance(given, Lock):
        return []
    return [f"{given.origin.spec}: {note}" for note in given.origin.notes]
