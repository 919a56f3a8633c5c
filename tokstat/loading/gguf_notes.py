"""What a GGUF file leaves open, and where llama.cpp encodes otherwise than tokstat.

tokstat follows the source model, and llama.cpp approximates it. So its users are told which texts
it splits otherwise. `python -m tests.tools.gguf_agreement` compares both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokstat.loading.gguf_header import Header
from tokstat.loading.gguf_patterns import PRE_TOKENIZERS, SPLIT_APART
from tokstat.loading.pieces import (
    SPACE,
    UNKNOWN,
    USER_DEFINED,
    Piece,
    has_byte_pieces,
    has_capitals,
)

UNNAMED = "default"
"""The name of a pre-tokenizer that a file has if it names none."""

_LLAMA_CPPS_UNKNOWN = 2


def notes_of(header: Header, model: str, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Return notes on what is missing, and one on what llama.cpp splits otherwise.

    Raises:
        InvalidTokenizerError: a key holds a value of the wrong type.
    """
    notes = [*_missing(header, model, pieces)]
    apart = [*_apart(header, model, pieces)]
    if apart:
        notes.append(
            f"llama.cpp splits some texts otherwise than tokstat, which follows the source model:"
            f" {'; '.join(apart)}."
        )
    return tuple(notes)


def _missing(header: Header, model: str, pieces: Sequence[Piece]) -> Iterator[str]:
    name = header.get("pre", str, UNNAMED)
    if model == "gpt2" and name == UNNAMED:
        yield (
            "The file does not name a pre-tokenizer, so tokstat uses GPT-2's. Its token counts may"
            " differ from the source model's."
        )
    if model in ("gpt2", "gemma4") and not header.items("merges", str):
        yield (
            "The file has no merges, so texts are split into single bytes or characters. llama.cpp"
            " refuses it: convert the model again."
        )
    if model == "gpt2" and name in PRE_TOKENIZERS and PRE_TOKENIZERS[name].is_llama_cpps:
        yield (
            f"The pattern of {name} is taken from llama.cpp. The source model may also normalize"
            " texts."
        )
    if model in ("llama", "t5") and not header.items("scores", (float, int)):
        yield (
            "The file has no scores, so every token has the same. Texts are split otherwise than by"
            " the source model, and otherwise than by llama.cpp where several splits are as good."
        )
    if model == "bert" and not header.has("normalizer.lowercase") and has_capitals(pieces):
        yield (
            "The file does not state whether texts are lower-cased. tokstat keeps capitals, which"
            " the vocabulary has; llama.cpp makes them small."
        )


def _apart(header: Header, model: str, pieces: Sequence[Piece]) -> Iterator[str]:
    """Name the texts that llama.cpp splits otherwise."""
    if any("\0" in piece.token for piece in pieces):
        yield "those with a NUL, at which it ends a token"
    if model == "gpt2":
        yield from _bpe(header, pieces)
    elif model == "llama":
        yield from _sentencepiece_bpe(header, pieces)
    elif model == "t5":
        yield from _unigram(header, pieces)
    elif model == "gemma4":
        yield from _across_lines(pieces)
    elif header.get("normalizer.lowercase", bool, not has_capitals(pieces)):
        yield "Hangul, and marks such as those of Hindi, from which it removes more than accents"


def _bpe(header: Header, pieces: Sequence[Piece]) -> Iterator[str]:
    name = header.get("pre", str, UNNAMED)
    if name in PRE_TOKENIZERS and PRE_TOKENIZERS[name].composes:
        yield "decomposed letters, which it does not compose (NFC)"
    if name in SPLIT_APART:
        yield SPLIT_APART[name]
    if header.get("add_space_prefix", bool, False):
        yield "their start, where it adds no space"
    if name in PRE_TOKENIZERS and PRE_TOKENIZERS[name].alphabet == "marked spaces":
        yield from _across_lines(pieces)


def _across_lines(pieces: Sequence[Piece]) -> Iterator[str]:
    if any("\n" in piece.token and piece.token.strip("\n") for piece in pieces):
        yield "line ends, at which it ends every token"


def _sentencepiece_bpe(header: Header, pieces: Sequence[Piece]) -> Iterator[str]:
    if not has_byte_pieces(pieces):
        yield "at a character that is not a token, it stops, because there are no byte tokens"
    if any(p.kind == USER_DEFINED and SPACE in p.token for p in pieces):
        yield f"those that hold {SPACE} itself"
    if header.get("remove_extra_whitespaces", bool, False):
        yield "those with several spaces, which it keeps"
    if header.items("precompiled_charsmap", int):
        yield "those that the normalization rules change, which it does not read"


def _unigram(header: Header, pieces: Sequence[Piece]) -> Iterator[str]:
    unknown = next(index for index, piece in enumerate(pieces) if piece.kind == UNKNOWN)
    if not header.has("unknown_token_id") and unknown != _LLAMA_CPPS_UNKNOWN:
        yield f"unknown characters, which become token {_LLAMA_CPPS_UNKNOWN}, as no key names one"
    if has_byte_pieces(pieces):
        yield "unknown characters, which it does not split into bytes"
    if any(piece.kind == USER_DEFINED for piece in pieces):
        yield "those with a user-defined token, which it splits off first"
    yield f"those that hold only spaces, or {SPACE} itself, or that several splits suit alike"
