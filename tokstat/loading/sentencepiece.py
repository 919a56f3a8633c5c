"""Read SentencePiece's `.model` files of the types BPE and Unigram.

The file is a protocol buffer; the field numbers below come from sentencepiece_model.proto. The
sentencepiece library does not show the normalization rules to Python without protobuf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tokenizers

from tokstat.errors import InvalidTokenizerError, reason_of
from tokstat.io.limits import read_tokenizer_file, require_few_tokens
from tokstat.loading import protobuf
from tokstat.loading.charsmap import rewriting
from tokstat.loading.pieces import (
    NORMAL,
    SPACE,
    USER_DEFINED,
    Conventions,
    Piece,
    build_bpe,
    build_unigram,
    has_byte_pieces,
    require_sound_pieces,
)
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_UNIGRAM, _BPE = 1, 2
_SHOWN = 3
_MODEL_TYPES = {_UNIGRAM: "Unigram", _BPE: "BPE", 3: "WORD", 4: "CHAR"}


@dataclass
class _Model:
    """Hold the used fields of a model, with the defaults of sentencepiece_model.proto."""

    source: str
    pieces: list[Piece] = field(default_factory=list)
    model_type: int = _UNIGRAM
    whitespace_as_suffix: bool = False
    byte_fallback: bool = False
    charsmap: bytes = b""
    add_dummy_prefix: bool = True
    remove_extra_whitespaces: bool = True
    escape_whitespaces: bool = True


def load_sentencepiece(
    spec: str, path: Path, *, source: str | None = None, revision: str | None = None
) -> Tokenizer:
    """Load a SentencePiece model.

    Raises:
        InvalidTokenizerError: the model is damaged, or has an unsupported type or option.
        LimitError: the file or its content exceeds a limit.
        AccessDeniedError: the file cannot be read.
    """
    data = read_tokenizer_file(path)
    model = _parse(data, str(path))
    conventions = Conventions(
        add_dummy_prefix=model.add_dummy_prefix,
        remove_extra_whitespaces=model.remove_extra_whitespaces,
        byte_fallback=model.byte_fallback,
        charsmap=model.charsmap,
    )
    kind = _MODEL_TYPES[model.model_type]
    return Tokenizer(
        _build(model, conventions, str(path)),
        Origin(
            spec=spec,
            source=source or str(path),
            revision=revision,
            sha256=hashlib.sha256(data).hexdigest(),
            loader=f"SentencePiece {kind}",
            files=(path.name,),
            notes=_notes(model),
        ),
    )


def pieces_of(path: Path) -> list[str]:
    """Return the pieces that texts may become; raises as `load_sentencepiece`."""
    pieces = _parse(read_tokenizer_file(path), str(path)).pieces
    return [piece.token for piece in pieces if piece.kind in (NORMAL, USER_DEFINED)]


def _build(model: _Model, conventions: Conventions, source: str) -> tokenizers.Tokenizer:
    if model.model_type == _BPE:
        return build_bpe(model.pieces, conventions, source)
    return build_unigram(model.pieces, conventions, source)


def _notes(model: _Model) -> tuple[str, ...]:
    """Return notes on known differences from SentencePiece."""
    notes = []
    own = [piece.token for piece in model.pieces if piece.kind == USER_DEFINED]
    if (
        model.model_type == _BPE
        and own
        and (model.add_dummy_prefix or model.remove_extra_whitespaces)
    ):
        pieces = "piece" if len(own) == 1 else f"{len(own):,} pieces"
        notes.append(
            f"Token counts may differ from SentencePiece's around the user-defined {pieces}:"
            " tokstat normalizes the text between them separately, SentencePiece as a whole."
        )
    spaced = [token for token in own if SPACE in token and token.strip(SPACE)]
    if model.model_type == _BPE and spaced:
        notes.append(
            f"Texts with {_some(spaced)} differ from SentencePiece's: a user-defined piece with a"
            " space is never matched here."
        )
    missed = rewriting(model.charsmap)[1] if model.charsmap else ()
    if missed:
        notes.append(
            f"Texts with {_some(missed)} may differ from SentencePiece's: its normalization rules"
            " for these sequences overlap, or are too many."
        )
    return tuple(notes)


def _some(texts: Sequence[str]) -> str:
    shown = ", ".join(f"{text.replace(SPACE, ' ')!r}" for text in texts[:_SHOWN])
    return f"{shown} and {len(texts) - _SHOWN:,} others" if len(texts) > _SHOWN else shown


def _parse(data: bytes, source: str) -> _Model:
    model = _Model(source)
    try:
        _read_model(memoryview(data), model)
    except ValueError as error:  # of which UnicodeDecodeError is one
        raise InvalidTokenizerError(
            f"{source} is not a SentencePiece model, or is damaged: {reason_of(error)}",
            "Download it again; the last download may be incomplete.",
        ) from error
    if not model.pieces:
        raise InvalidTokenizerError(
            f"{source} is not a SentencePiece model: it has no pieces", "Give another file."
        )
    if model.model_type not in (_UNIGRAM, _BPE):
        kind = _MODEL_TYPES.get(model.model_type, str(model.model_type))
        raise _unsupported(source, f"has the type {kind}")
    if model.whitespace_as_suffix:
        raise _unsupported(source, "has treat_whitespace_as_suffix, spaces at the end of words")
    if not model.escape_whitespaces:
        raise _unsupported(source, "lacks escape_whitespaces, so that spaces stay spaces")
    require_sound_pieces(model.pieces, source)
    if model.byte_fallback and not has_byte_pieces(model.pieces):
        raise InvalidTokenizerError(
            f"{source} has byte_fallback, but lacks the piece of at least one byte",
            "Download or train it again.",
        )
    return model


def _unsupported(source: str, problem: str) -> InvalidTokenizerError:
    return InvalidTokenizerError(
        f"The SentencePiece model {source} is not supported: it {problem}",
        "Give a model of type BPE or Unigram that marks spaces at the start of words.",
    )


def _read_model(message: memoryview, model: _Model) -> None:
    for number, value in protobuf.fields(message):
        if number == 1:
            model.pieces.append(_read_piece(protobuf.as_bytes(value)))
            if not model.pieces[-1].token:
                raise ValueError(f"piece {len(model.pieces) - 1:,} is empty")
            require_few_tokens(len(model.pieces), model.source)
        elif number == 2:
            _read_trainer(protobuf.as_bytes(value), model)
        elif number == 3:
            _read_normalizer(protobuf.as_bytes(value), model)


def _read_piece(message: memoryview) -> Piece:
    token, score, kind = "", 0.0, NORMAL
    for number, value in protobuf.fields(message):
        if number == 1:
            token = protobuf.as_text(value)
        elif number == 2:
            score = protobuf.as_float(value)
        elif number == 3:
            kind = protobuf.as_int(value)
    return Piece(token, score, kind)


def _read_trainer(message: memoryview, model: _Model) -> None:
    for number, value in protobuf.fields(message):
        if number == 3:
            model.model_type = protobuf.as_int(value)
        elif number == 24:
            model.whitespace_as_suffix = bool(protobuf.as_int(value))
        elif number == 35:
            model.byte_fallback = bool(protobuf.as_int(value))


def _read_normalizer(message: memoryview, model: _Model) -> None:
    for number, value in protobuf.fields(message):
        if number == 2:
            model.charsmap = bytes(protobuf.as_bytes(value))
        elif number == 3:
            model.add_dummy_prefix = bool(protobuf.as_int(value))
        elif number == 4:
            model.remove_extra_whitespaces = bool(protobuf.as_int(value))
        elif number == 5:
            model.escape_whitespaces = bool(protobuf.as_int(value))
