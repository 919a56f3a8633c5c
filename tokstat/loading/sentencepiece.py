"""Read SentencePiece's `.model` files: BPE and Unigram.

The file is a protocol buffer (sentencepiece_model.proto of the sentencepiece project, whose field
numbers stand below). It is read here and not by the library, which hides the normalization rules
from Python without protobuf.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import tokenizers

from tokstat.errors import InvalidTokenizerError
from tokstat.io.limits import read_tokenizer_file, require_few_tokens
from tokstat.loading import protobuf
from tokstat.loading.pieces import (
    NORMAL,
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
_MODEL_TYPES = {_UNIGRAM: "Unigram", _BPE: "BPE", 3: "WORD", 4: "CHAR"}


@dataclass
class _Model:
    """Hold what of a model is used; the values are the defaults of its definition."""

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
        InvalidTokenizerError: it is damaged, or of a type or with an option that is not read.
        AccessDeniedError: the file may not be read.
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


def _build(model: _Model, conventions: Conventions, source: str) -> tokenizers.Tokenizer:
    if model.model_type == _BPE:
        return build_bpe(model.pieces, conventions, source)
    return build_unigram(model.pieces, conventions, source)


def _notes(model: _Model) -> tuple[str, ...]:
    """Say where the result is known to differ from SentencePiece's."""
    user_defined = sum(piece.kind == USER_DEFINED for piece in model.pieces)
    changes_ends = model.add_dummy_prefix or model.remove_extra_whitespaces
    if model.model_type == _BPE and user_defined and changes_ends:
        return (
            f"{user_defined:,} user-defined pieces are cut out of a text first, and each part"
            " between them is prepared like a text of its own; SentencePiece prepares the whole.",
        )
    return ()


def _parse(data: bytes, source: str) -> _Model:
    model = _Model(source)
    try:
        _read_model(memoryview(data), model)
    except ValueError as error:  # of which UnicodeDecodeError is one
        raise InvalidTokenizerError(
            f"{source} is no SentencePiece model: {error}",
            "Fetch it again; a download may have been cut off.",
        ) from error
    if not model.pieces:
        raise InvalidTokenizerError(
            f"{source} is no SentencePiece model: it has no pieces", "Give another file."
        )
    if model.model_type not in (_UNIGRAM, _BPE):
        kind = _MODEL_TYPES.get(model.model_type, str(model.model_type))
        raise _unsupported(source, f"is of type {kind}")
    if model.whitespace_as_suffix:
        raise _unsupported(source, "writes the blank at the end of a word")
    if not model.escape_whitespaces:
        raise _unsupported(source, "keeps blanks as they are")
    require_sound_pieces(model.pieces, source)
    if model.byte_fallback and not has_byte_pieces(model.pieces):
        raise InvalidTokenizerError(
            f"{source} falls back to bytes, but lacks a piece for some of them",
            "Fetch or train it again.",
        )
    return model


def _unsupported(source: str, problem: str) -> InvalidTokenizerError:
    return InvalidTokenizerError(
        f"The SentencePiece model {source} {problem}, which tokstat does not read",
        "BPE and Unigram with the blank at the start of a word are read.",
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
