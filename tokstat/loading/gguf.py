"""Read the tokenizer in the header of a GGUF file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import tokenizers
from tokenizers import (
    AddedToken,
    Regex,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
)

from tokstat.errors import InvalidTokenizerError, NoTokenizerError
from tokstat.io.limits import require_few_tokens
from tokstat.loading.gguf_header import Value, read_header
from tokstat.loading.gguf_patterns import PRE_TOKENIZERS, PreTokenizer
from tokstat.loading.pieces import (
    BLANK,
    CONTROL,
    NORMAL,
    UNKNOWN,
    USER_DEFINED,
    Conventions,
    Piece,
    build_bpe,
    build_unigram,
    has_byte_pieces,
    require_sound_pieces,
)
from tokstat.loading.ranks import to_oniguruma
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_KEYS = "tokenizer."
_JSON = "tokenizer.huggingface.json"
_UNSAID = "gpt-2"
_CHUNK = 1 << 20

Item = TypeVar("Item")


def load_gguf(
    spec: str, path: Path, *, source: str | None = None, revision: str | None = None
) -> Tokenizer:
    """Load the tokenizer of a GGUF file; of the rest only the SHA-256 is taken.

    Raises:
        NoTokenizerError: the file holds no tokenizer.
        InvalidTokenizerError: it is damaged, or of a kind that is not read.
        AccessDeniedError: the file may not be read.
    """
    header = _Header(read_header(path, _KEYS), str(path))
    backend, kind, notes = _build(header)
    return Tokenizer(
        backend,
        Origin(
            spec=spec,
            source=source or str(path),
            revision=revision,
            sha256=_digest(path),
            loader=f"GGUF {kind}",
            files=(path.name,),
            notes=notes,
        ),
    )


@dataclass(frozen=True)
class _Header:
    """Give the values of the header's keys, each of the type that it must have."""

    values: dict[str, Value]
    source: str

    def get(self, key: str, kind: type[Item], default: Item) -> Item:
        """Return one value of `tokenizer.ggml`."""
        value = self.values.get(f"tokenizer.ggml.{key}")
        if value is None:
            return default
        if not isinstance(value, kind):
            raise self.invalid(f"its {key} is no {kind.__name__}")
        return value

    def items(self, key: str, kind: type[Item]) -> list[Item]:
        """Return an array of `tokenizer.ggml`, empty where there is none."""
        values: list[Item] = self.get(key, list, [])
        if values and not isinstance(values[0], kind):
            raise self.invalid(f"its {key} are no {kind.__name__}s")
        return values

    def column(self, key: str, kind: type[Item], count: int, default: Item) -> list[Item]:
        """Return an array with an item for each token."""
        values = self.items(key, kind) or [default] * count
        if len(values) != count:
            raise self.invalid(f"it has {len(values):,} {key} for {count:,} tokens")
        return values

    def invalid(self, problem: str) -> InvalidTokenizerError:
        return InvalidTokenizerError(
            f"The tokenizer in {self.source} is not sound: {problem}",
            "Fetch or convert the file again.",
        )


def _build(header: _Header) -> tuple[tokenizers.Tokenizer, str, tuple[str, ...]]:
    """Build the encoder; say which kind it is, and what must be known about it."""
    embedded = header.values.get(_JSON)
    if isinstance(embedded, str):
        return parse_tokenizer_json(embedded.encode(), header.source), _JSON, ()
    model = header.get("model", str, "")
    if model in ("", "none", "no_vocab"):
        raise NoTokenizerError(
            f"No tokenizer in {header.source} (its tokenizer.ggml.model is {model or 'absent'!r})",
            "Give a file with a vocabulary; parts of a split model but the first have none.",
        )
    pieces = _pieces(header)
    if model == "gpt2":
        return _byte_level(header, pieces)
    if model == "bert":
        return _wordpiece(header, pieces), model, ()
    if model in ("llama", "t5", "gemma4"):
        require_sound_pieces(pieces, header.source)
        if model == "gemma4":
            return _metaspace_with_merges(header, pieces), model, ()
        build = build_bpe if model == "llama" else build_unigram
        return build(pieces, _conventions(header, pieces, model), header.source), model, ()
    raise InvalidTokenizerError(
        f"The tokenizer in {header.source} is of the kind {model!r}, which tokstat does not read",
        "gpt2, llama, bert, t5 and gemma4 are read; else give the source model's tokenizer.json.",
    )


def _pieces(header: _Header) -> list[Piece]:
    """Return the tokens in the order of ids, without the padding at the end.

    Converters fill the vocabulary up to the rows of the embedding with tokens of their own making.
    """
    tokens = header.items("tokens", str)
    if not tokens:
        raise header.invalid("it lists no tokens")
    require_few_tokens(tokens, header.source)
    kinds = header.column("token_type", int, len(tokens), NORMAL)
    scores = header.column("scores", float, len(tokens), 0.0)
    if len(set(tokens)) < len(tokens):
        twice = next(token for index, token in enumerate(tokens) if tokens.index(token) != index)
        raise header.invalid(f"{twice!r} is a token more than once")
    count = len(tokens)
    while count > 1 and tokens[count - 1] == f"[PAD{count - 1}]":
        count -= 1
    unknown = header.get("unknown_token_id", int, kinds.index(UNKNOWN) if UNKNOWN in kinds else -1)
    return [
        Piece(token, score, _kind(kind, index == unknown))
        for index, (token, score, kind) in enumerate(
            zip(tokens[:count], scores, kinds, strict=False)
        )
    ]


def _kind(kind: int, is_unknown: bool) -> int:
    """Return a token's type; some files give others than the unknown one the type of it."""
    if is_unknown:
        return UNKNOWN
    return CONTROL if kind == UNKNOWN else kind


def _conventions(header: _Header, pieces: Sequence[Piece], model: str) -> Conventions:
    blob = header.items("precompiled_charsmap", int)
    return Conventions(
        add_dummy_prefix=header.get("add_space_prefix", bool, model == "llama"),
        remove_extra_whitespaces=header.get("remove_extra_whitespaces", bool, False),
        byte_fallback=has_byte_pieces(pieces),
        charsmap=bytes(value & 0xFF for value in blob),
    )


def _merges(header: _Header, ids: dict[str, int]) -> list[tuple[str, str]]:
    merges = []
    for number, line in enumerate(header.items("merges", str)):
        cut = line.find(" ", 1)
        left, right = line[:cut], line[cut + 1 :]
        if cut < 0 or left not in ids or right not in ids or left + right not in ids:
            raise header.invalid(f"merge {number:,} ({line!r}) is not of two tokens into a third")
        merges.append((left, right))
    return merges


def _byte_level(
    header: _Header, pieces: Sequence[Piece]
) -> tuple[tokenizers.Tokenizer, str, tuple[str, ...]]:
    name = header.get("pre", str, "default")
    notes: tuple[str, ...] = ()
    if name == "default":
        name = _UNSAID
        notes = (
            "The file does not say how a text is cut before its pieces are merged: it is read as"
            " GPT-2 does it, and what is encoded may differ from the source model's.",
        )
    if name not in PRE_TOKENIZERS:
        raise InvalidTokenizerError(
            f"The tokenizer in {header.source} cuts text as {name!r}, which tokstat does not know",
            f"Give the source model's tokenizer.json; known are {', '.join(PRE_TOKENIZERS)}.",
        )
    pre_tokenizer = PRE_TOKENIZERS[name]
    ids = {piece.token: index for index, piece in enumerate(pieces)}
    merges = _merges(header, ids)
    backend = tokenizers.Tokenizer(models.BPE(ids, merges, ignore_merges=pre_tokenizer.takes_whole))
    if pre_tokenizer.composes:
        backend.normalizer = normalizers.NFC()
    prefix = header.get("add_space_prefix", bool, False)
    backend.pre_tokenizer = _cut(pre_tokenizer, prefix)
    backend.decoder = decoders.ByteLevel()
    _add_tokens(backend, pieces)
    return backend, f"gpt2, text cut as {name}", notes


def _cut(pre_tokenizer: PreTokenizer, prefix: bool) -> pre_tokenizers.PreTokenizer:
    splits: list[pre_tokenizers.PreTokenizer] = [
        pre_tokenizers.Split(Regex(to_oniguruma(pattern)), "isolated")
        for pattern in pre_tokenizer.patterns
    ]
    if prefix:
        # Only before the whole text: behind a split it would put a blank before every piece.
        splits.insert(0, pre_tokenizers.Metaspace(" ", prepend_scheme="first", split=False))
    by_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([*splits, by_bytes])


def _metaspace_with_merges(header: _Header, pieces: Sequence[Piece]) -> tokenizers.Tokenizer:
    """Build what Gemma 4 has: SentencePiece's marks, and merges of its own."""
    ids = {piece.token: index for index, piece in enumerate(pieces)}
    unknown = next(piece.token for piece in pieces if piece.kind == UNKNOWN)
    backend = tokenizers.Tokenizer(
        models.BPE(
            ids,
            _merges(header, ids),
            unk_token=unknown,
            fuse_unk=True,
            byte_fallback=has_byte_pieces(pieces),
        )
    )
    backend.normalizer = normalizers.Replace(" ", BLANK)
    backend.decoder = decoders.Sequence(
        [decoders.Replace(BLANK, " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    _add_tokens(backend, pieces)
    return backend


def _wordpiece(header: _Header, pieces: Sequence[Piece]) -> tokenizers.Tokenizer:
    """Build BERT's tokenizer.

    GGUF marks the start of a word (`▁word`) and not its continuation (`##ing`), which is undone.
    Whether text is lower-cased need not be said; then it is where no token has a capital letter.
    """
    tokens = [_as_wordpiece(piece) for piece in pieces]
    vocab = {token: index for index, token in enumerate(tokens)}
    if len(vocab) < len(tokens):
        raise header.invalid("two tokens are one as WordPiece writes them")
    words = (token for token, piece in zip(tokens, pieces, strict=True) if piece.kind == NORMAL)
    uncased = not any(token != token.lower() for token in words)
    lowercase = header.get("normalizer.lowercase", bool, uncased)
    unknown = header.get("unknown_token_id", int, vocab.get("[UNK]", 0))
    if not 0 <= unknown < len(tokens):
        raise header.invalid(f"its unknown token has the id {unknown:,}")
    backend = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token=tokens[unknown]))
    backend.normalizer = normalizers.BertNormalizer(
        lowercase=lowercase,
        strip_accents=header.get("normalizer.strip_accents", bool, lowercase),
    )
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    _add_tokens(backend, [Piece(t, p.score, p.kind) for t, p in zip(tokens, pieces, strict=True)])
    return backend


def _as_wordpiece(piece: Piece) -> str:
    if piece.kind in (CONTROL, UNKNOWN, USER_DEFINED):
        return piece.token.removeprefix(BLANK)
    if piece.token.startswith(BLANK) and piece.token != BLANK:
        return piece.token[len(BLANK) :]
    if len(piece.token) > 2 and piece.token[0] == "[" and piece.token[-1] == "]":
        return piece.token  # such as [unused0], which some converters leave as it is
    return f"##{piece.token}"


def _add_tokens(backend: tokenizers.Tokenizer, pieces: Sequence[Piece]) -> None:
    backend.add_tokens(
        [AddedToken(p.token, normalized=False) for p in pieces if p.kind == USER_DEFINED]
    )
    backend.add_special_tokens([p.token for p in pieces if p.kind in (CONTROL, UNKNOWN)])


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
