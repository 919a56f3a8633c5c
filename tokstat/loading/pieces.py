"""Build tokenizers from SentencePiece's pieces: token, score and type.

Both a `.model` and the GGUF files made from one hold these. Definitions: Kudo and Richardson 2018
(arXiv 1808.06226), and the behaviour of the sentencepiece library, which the tests compare with.
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

BLANK = "▁"
"""How a blank is written in a piece."""

_OUT_OF_REACH = -1e6
"""The score of what a text must not be cut into, far below every path of real pieces."""


class Piece(NamedTuple):
    """Hold one piece; `kind` is one of the types above."""

    token: str
    score: float
    kind: int


@dataclass(frozen=True)
class Conventions:
    """Say how a text is prepared: SentencePiece's normalizer, and what happens to unknown ones."""

    add_dummy_prefix: bool = True
    remove_extra_whitespaces: bool = True
    byte_fallback: bool = False
    charsmap: bytes = b""


def require_sound_pieces(pieces: Sequence[Piece], source: str) -> None:
    """Raise InvalidTokenizerError for an empty piece, a piece twice, or no single unknown one."""
    first: dict[str, int] = {}
    for index, piece in enumerate(pieces):
        if not piece.token:
            raise _unsound(source, f"piece {index:,} is empty")
        if piece.kind not in PIECE_TYPES:
            raise _unsound(source, f"piece {index:,} has the unknown type {piece.kind}")
        if first.setdefault(piece.token, index) != index:
            raise _unsound(
                source, f"{piece.token!r} is both piece {first[piece.token]:,} and {index:,}"
            )
        if piece.score != piece.score or abs(piece.score) == float("inf"):
            raise _unsound(source, f"piece {index:,} has the score {piece.score}")
    unknown = sum(piece.kind == UNKNOWN for piece in pieces)
    if unknown != 1:
        raise _unsound(source, f"{unknown:,} pieces are the unknown one, where one must be")
    require_mergeable_tokens([piece.token for piece in pieces], source)


def build_bpe(
    pieces: Sequence[Piece], conventions: Conventions, source: str
) -> tokenizers.Tokenizer:
    """Build BPE from pieces: of two neighbours that make a piece, the best score merges first.

    Every way to put a piece together from two others is a merge, as SentencePiece looks only at
    what comes out. Unused pieces are never made. User-defined ones are cut out of the text before
    anything else; runs of blanks only once the text is prepared, as before they are blanks.

    Raises:
        InvalidTokenizerError: the pieces or the normalization rules are not sound.
    """
    ids = {piece.token: index for index, piece in enumerate(pieces)}
    runs = {p.token for p in pieces if p.kind == USER_DEFINED and not p.token.strip(BLANK)}
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
        longest_first = "|".join(f"{BLANK}{{{length}}}" for length in lengths)
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
    """Build a Unigram model from pieces; its best path is SentencePiece's.

    User-defined pieces win by their score, as in SentencePiece, and stay with the model.

    Raises:
        InvalidTokenizerError: the pieces or the normalization rules are not sound.
    """
    scores = [piece.score for piece in pieces if piece.kind == NORMAL]
    best = max(scores, default=0.0)
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
    if not any(BLANK in piece.token[1:] for piece in pieces):
        # No piece reaches over the start of a word, so the best path is that of each word.
        backend.pre_tokenizer = pre_tokenizers.Split(BLANK, "merged_with_next")
    backend.decoder = _decoder(conventions)
    _add_special_tokens(backend, pieces)
    return backend


def _merges(pieces: Sequence[Piece], ids: dict[str, int], runs: set[str]) -> list[tuple[str, str]]:
    """List the merges by falling score of what they make, then by the parts' ids."""
    parts = {piece.token for piece in pieces if piece.kind == NORMAL} | runs
    merges = []
    for piece in sorted(pieces, key=lambda piece: -piece.score):
        token = piece.token
        if token not in parts:
            continue
        ways = [
            (token[:cut], token[cut:])
            for cut in range(1, len(token))
            if token[:cut] in parts and token[cut:] in parts
        ]
        merges += sorted(ways, key=lambda way: (ids[way[0]], ids[way[1]]))
    return merges


def _normalizer(conventions: Conventions, source: str) -> normalizers.Normalizer:
    steps: list[normalizers.Normalizer] = []
    if conventions.charsmap:
        try:
            steps += rewriting(conventions.charsmap)
        except ValueError as error:
            raise _unsound(source, str(error)) from error
    if conventions.remove_extra_whitespaces:
        steps.append(normalizers.Replace(Regex(r"\A +"), ""))
        steps.append(normalizers.Replace(Regex(" {2,}"), " "))
    if conventions.add_dummy_prefix:
        steps.append(normalizers.Prepend(BLANK))
    steps.append(normalizers.Replace(" ", BLANK))
    if conventions.remove_extra_whitespaces:
        steps.append(normalizers.Replace(Regex(rf"{BLANK}+\z"), ""))
    return normalizers.Sequence(steps)


def _decoder(conventions: Conventions) -> decoders.Decoder:
    steps: list[decoders.Decoder] = [
        decoders.Replace(BLANK, " "),
        decoders.ByteFallback(),
        decoders.Fuse(),
    ]
    if conventions.add_dummy_prefix:
        steps.append(decoders.Strip(" ", 1, 0))
    return decoders.Sequence(steps)


def _add_special_tokens(backend: tokenizers.Tokenizer, pieces: Sequence[Piece]) -> None:
    backend.add_special_tokens([p.token for p in pieces if p.kind in (UNKNOWN, CONTROL)])


def has_byte_pieces(pieces: Sequence[Piece]) -> bool:
    """Tell whether there is a piece for each of the 256 bytes."""
    named = {piece.token for piece in pieces if re.fullmatch("<0x[0-9A-F]{2}>", piece.token)}
    return len(named) == 256


def _unsound(source: str, problem: str) -> InvalidTokenizerError:
    return InvalidTokenizerError(
        f"{source} is no sound SentencePiece model: {problem}", "Fetch or train it again."
    )
