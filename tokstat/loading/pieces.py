"""Build tokenizers from SentencePiece's pieces, each with a token, a score and a type.

A `.model` file lists pieces, and so does a GGUF file made from one. Sources: Kudo and Richardson
2018 (arXiv 1808.06226), and the sentencepiece library, whose results the tests compare.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import tokenizers
from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers

from tokstat.errors import InvalidTokenizerError
from tokstat.io.limits import require_mergeable_tokens
from tokstat.loading.charsmap import rewriting

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
PIECE_TYPES = range(NORMAL, BYTE + 1)

SPACE = "▁"
"""The character that stands for a space in a piece."""

_OUT_OF_REACH = -1e6
"""The score of pieces that no text may be split into, far below any path of normal pieces."""


class Piece(NamedTuple):
    """Hold one piece; `kind` is one of `PIECE_TYPES`."""

    token: str
    score: float
    kind: int


@dataclass(frozen=True)
class Conventions:
    """Define how a text is normalized, and whether unknown characters become bytes."""

    add_dummy_prefix: bool = True
    remove_extra_whitespaces: bool = True
    byte_fallback: bool = False
    charsmap: bytes = b""


def require_sound_pieces(pieces: Sequence[Piece], source: str) -> None:
    """Check the pieces of a model.

    Raises:
        InvalidTokenizerError: a piece is empty, listed twice or has an invalid type or score, or
            there is not exactly one unknown piece.
        LimitError: a piece is too long.
    """
    first: dict[str, int] = {}
    for index, piece in enumerate(pieces):
        if not piece.token:
            raise _unsound(source, f"piece {index:,} is empty")
        if piece.kind not in PIECE_TYPES:
            raise _unsound(source, f"piece {index:,} has the unknown type {piece.kind}")
        if first.setdefault(piece.token, index) != index:
            raise _unsound(
                source, f"pieces {first[piece.token]:,} and {index:,} are both {piece.token!r}"
            )
        if piece.score != piece.score or abs(piece.score) == float("inf"):
            raise _unsound(source, f"piece {index:,} has the score {piece.score}")
    unknown = sum(piece.kind == UNKNOWN for piece in pieces)
    if unknown != 1:
        raise _unsound(source, f"it has {unknown:,} unknown pieces instead of 1")
    require_mergeable_tokens([piece.token for piece in pieces], source)


def build_bpe(
    pieces: Sequence[Piece], conventions: Conventions, source: str
) -> tokenizers.Tokenizer:
    """Build BPE from pieces: neighbours merge first if they form the piece with the best score.

    SentencePiece looks only at the result of a merge. So each pair of pieces that forms a piece is
    a merge, except for unused pieces. User-defined pieces are split off before normalization.
    Those that are runs of `▁` are split off after it, because they are spaces before.

    Raises:
        InvalidTokenizerError: the normalization rules are damaged.
    """
    ids = {piece.token: index for index, piece in enumerate(pieces)}
    runs = {p.token for p in pieces if p.kind == USER_DEFINED and not p.token.strip(SPACE)}
    unknown = next((p.token for p in pieces if p.kind == UNKNOWN), None)
    backend = tokenizers.Tokenizer(
        models.BPE(
            ids,
            _merges(pieces, ids, runs),
            unk_token=unknown,
            fuse_unk=True,
            byte_fallback=conventions.byte_fallback,
        )
    )
    backend.normalizer = _normalizer(conventions, source)
    if runs:
        lengths = sorted({len(run) for run in runs}, reverse=True)
        longest_first = "|".join(f"{SPACE}{{{length}}}" for length in lengths)
        backend.pre_tokenizer = pre_tokenizers.Split(Regex(longest_first), "isolated")
    backend.decoder = _decoder(conventions)
    backend.add_tokens(
        [
            AddedToken(p.token, normalized=False)
            for p in pieces
            if p.kind == USER_DEFINED and p.token not in runs
        ]
    )
    _add_special_tokens(backend, pieces)
    return backend


def build_unigram(
    pieces: Sequence[Piece], conventions: Conventions, source: str
) -> tokenizers.Tokenizer:
    """Build a Unigram model from pieces, which finds the same best path as SentencePiece.

    User-defined pieces are no added tokens: they have the score that SentencePiece gives them,
    -0.1 and their bytes times the best score, which it never takes below zero.

    Raises:
        InvalidTokenizerError: the normalization rules are damaged.
    """
    scores = [piece.score for piece in pieces if piece.kind == NORMAL]
    best = max(0.0, *scores, 0.0)
    vocab = []
    for piece in pieces:
        score = piece.score if piece.kind == NORMAL else _OUT_OF_REACH
        if piece.kind == USER_DEFINED:
            score = len(piece.token.encode()) * best - 0.1
        vocab.append((piece.token, score))
    unknown = next(index for index, piece in enumerate(pieces) if piece.kind == UNKNOWN)
    backend = tokenizers.Tokenizer(
        models.Unigram(vocab, unknown, byte_fallback=conventions.byte_fallback)
    )
    backend.normalizer = _normalizer(conventions, source)
    if not any(SPACE in piece.token[1:] for piece in pieces):
        # No piece spans the start of a word, so the best path of each word is independent.
        backend.pre_tokenizer = pre_tokenizers.Split(SPACE, "merged_with_next")
    backend.decoder = _decoder(conventions)
    _add_special_tokens(backend, pieces)
    return backend


def _merges(pieces: Sequence[Piece], ids: dict[str, int], runs: set[str]) -> list[tuple[str, str]]:
    """List the merges by falling score of their result, then by the ids of their parts."""
    parts = {piece.token for piece in pieces if piece.kind == NORMAL} | runs
    merges = []
    for piece in sorted(pieces, key=lambda piece: -piece.score):
        token = piece.token
        if token not in parts:
            continue
        pairs = [
            (token[:place], token[place:])
            for place in range(1, len(token))
            if token[:place] in parts and token[place:] in parts
        ]
        merges += sorted(pairs, key=lambda pair: (ids[pair[0]], ids[pair[1]]))
    return merges


def _normalizer(conventions: Conventions, source: str) -> normalizers.Normalizer:
    steps: list[normalizers.Normalizer] = []
    if conventions.charsmap:
        try:
            steps += rewriting(conventions.charsmap)[0]
        except ValueError as error:
            raise _unsound(source, str(error)) from error
    if conventions.remove_extra_whitespaces:
        steps.append(normalizers.Replace(Regex(r"\A +"), ""))
        steps.append(normalizers.Replace(Regex(" {2,}"), " "))
    if conventions.add_dummy_prefix:
        steps.append(normalizers.Prepend(SPACE))
    steps.append(normalizers.Replace(" ", SPACE))
    if conventions.remove_extra_whitespaces:
        steps.append(normalizers.Replace(Regex(rf"{SPACE}+\z"), ""))
    return normalizers.Sequence(steps)


def _decoder(conventions: Conventions) -> decoders.Decoder:
    steps: list[decoders.Decoder] = [
        decoders.Replace(SPACE, " "),
        decoders.ByteFallback(),
        decoders.Fuse(),
    ]
    if conventions.add_dummy_prefix:
        steps.append(decoders.Strip(" ", 1, 0))
    return decoders.Sequence(steps)


def _add_special_tokens(backend: tokenizers.Tokenizer, pieces: Sequence[Piece]) -> None:
    backend.add_special_tokens([p.token for p in pieces if p.kind in (UNKNOWN, CONTROL)])


def has_byte_pieces(pieces: Sequence[Piece]) -> bool:
    """Whether there is a piece for each of the 256 bytes."""
    named = {piece.token for piece in pieces if re.fullmatch("<0x[0-9A-F]{2}>", piece.token)}
    return len(named) == 256


def has_capitals(pieces: Sequence[Piece]) -> bool:
    """Whether a normal piece has a capital letter."""
    return any(p.kind == NORMAL and p.token != p.token.lower() for p in pieces)


def _unsound(source: str, problem: str) -> InvalidTokenizerError:
    return InvalidTokenizerError(
        f"The SentencePiece model {source} is damaged: {problem}", "Download or train it again."
    )
