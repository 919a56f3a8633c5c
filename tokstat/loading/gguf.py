"""Read the tokenizer in the header of a GGUF file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

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
from tokstat.loading.gguf_header import Header, read_header
from tokstat.loading.gguf_notes import UNNAMED, notes_of
from tokstat.loading.gguf_patterns import PRE_TOKENIZERS, PreTokenizer
from tokstat.loading.pieces import (
    CONTROL,
    NORMAL,
    SPACE,
    UNKNOWN,
    USER_DEFINED,
    Conventions,
    Piece,
    build_bpe,
    build_unigram,
    has_byte_pieces,
    has_capitals,
    require_sound_pieces,
)
from tokstat.loading.ranks import to_oniguruma
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_KEYS = "tokenizer."
_JSON = "tokenizer.huggingface.json"
_USUAL = "gpt-2"
_CHUNK = 1 << 20
_USUAL_UNKNOWN = {"llama": 0, "t5": 2, "gemma4": 3}
"""The unknown token's id where no key and no type names it, as in llama.cpp."""


def load_gguf(
    spec: str, path: Path, *, source: str | None = None, revision: str | None = None
) -> Tokenizer:
    """Load the tokenizer of a GGUF file. The rest of the file only enters the SHA-256.

    Raises:
        NoTokenizerError: the file has no tokenizer.
        InvalidTokenizerError: the tokenizer is damaged, or of an unsupported kind.
        LimitError: the tokenizer exceeds a limit.
        AccessDeniedError: the file cannot be read.
    """
    header = Header(read_header(path, _KEYS), str(path))
    embedded = header.values.get(_JSON)
    notes: tuple[str, ...] = ()
    if isinstance(embedded, str):
        backend, kind = parse_tokenizer_json(embedded.encode(), header.source), _JSON
    else:
        model = _model(header)
        pieces = _pieces(header)
        backend, kind = _build(header, model, pieces)
        notes = notes_of(header, model, pieces)
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


def _model(header: Header) -> str:
    model = header.get("model", str, "")
    if model in ("", "none", "no_vocab"):
        raise NoTokenizerError(
            f"{header.source} has no tokenizer: its tokenizer.ggml.model is {model or 'absent'!r}",
            "Give a GGUF file with a vocabulary; for a model in several parts, give the first.",
        )
    return model


def _build(header: Header, model: str, pieces: Sequence[Piece]) -> tuple[tokenizers.Tokenizer, str]:
    """Build the encoder, and name its kind."""
    if model == "gpt2":
        return _byte_level(header, pieces)
    if model == "bert":
        return _wordpiece(header, pieces), model
    if model in ("llama", "t5", "gemma4"):
        require_sound_pieces(pieces, header.source)
        if model == "gemma4":
            return _metaspace_with_merges(header, pieces), model
        build = build_bpe if model == "llama" else build_unigram
        return build(pieces, _conventions(header, pieces, model), header.source), model
    raise InvalidTokenizerError(
        f"tokstat cannot read the tokenizer in {header.source}, whose kind is {model!r}",
        "Give the source model's tokenizer.json. Supported are gpt2, llama, bert, t5 and gemma4.",
    )


def _pieces(header: Header) -> list[Piece]:
    """Return the tokens in the order of ids, without the padding at the end.

    Converters append invented tokens until there is one for each row of the embedding matrix.
    """
    tokens = header.items("tokens", str)
    if not tokens:
        raise header.invalid("it lists no tokens")
    require_few_tokens(tokens, header.source)
    kinds = header.column("token_type", int, len(tokens), NORMAL)
    scores = list(map(float, header.column("scores", (float, int), len(tokens), 0.0)))
    if len(set(tokens)) < len(tokens):
        last = {token: index for index, token in enumerate(tokens)}
        twice = next(token for index, token in enumerate(tokens) if last[token] != index)
        raise header.invalid(f"it lists the token {twice!r} twice")
    count = len(tokens)
    while count > 1 and tokens[count - 1] == f"[PAD{count - 1}]":
        count -= 1
    usual = _USUAL_UNKNOWN.get(header.get("model", str, ""), -1)
    unknown = kinds.index(UNKNOWN) if UNKNOWN in kinds else usual
    unknown = header.get("unknown_token_id", int, unknown)
    return [
        Piece(token, score, _kind(kind, index == unknown))
        for index, (token, score, kind) in enumerate(
            zip(tokens[:count], scores, kinds, strict=False)
        )
    ]


def _kind(kind: int, is_unknown: bool) -> int:
    """Return a token's type. Some files give the type UNKNOWN to further tokens."""
    if is_unknown:
        return UNKNOWN
    return CONTROL if kind == UNKNOWN else kind


def _conventions(header: Header, pieces: Sequence[Piece], model: str) -> Conventions:
    blob = header.items("precompiled_charsmap", int)
    return Conventions(
        add_dummy_prefix=header.get("add_space_prefix", bool, model == "llama"),
        remove_extra_whitespaces=header.get("remove_extra_whitespaces", bool, False),
        byte_fallback=has_byte_pieces(pieces),
        charsmap=bytes(value & 0xFF for value in blob),
    )


def _merges(header: Header, ids: dict[str, int]) -> list[tuple[str, str]]:
    merges = []
    for number, line in enumerate(header.items("merges", str)):
        space = line.find(" ", 1)
        left, right = line[:space], line[space + 1 :]
        if space < 0 or left not in ids or right not in ids or left + right not in ids:
            raise header.invalid(f"merge {number:,} ({line!r}) does not join two tokens into one")
        merges.append((left, right))
    return merges


def _byte_level(header: Header, pieces: Sequence[Piece]) -> tuple[tokenizers.Tokenizer, str]:
    name = header.get("pre", str, UNNAMED)
    if name == UNNAMED:
        name = _USUAL
    if name not in PRE_TOKENIZERS:
        raise InvalidTokenizerError(
            f"The tokenizer in {header.source} has the unknown pre-tokenizer {name!r}",
            f"Give the source model's tokenizer.json. Known are {', '.join(PRE_TOKENIZERS)}.",
        )
    pre_tokenizer = PRE_TOKENIZERS[name]
    if pre_tokenizer.alphabet != "bytes":
        backend = _metaspace_with_merges(header, pieces)
        if pre_tokenizer.alphabet == "words":
            backend.normalizer, backend.decoder = None, decoders.Fuse()
            backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        return backend, f"gpt2, pre-tokenizer {name}"
    ids = {piece.token: index for index, piece in enumerate(pieces)}
    merges = _merges(header, ids)
    backend = tokenizers.Tokenizer(models.BPE(ids, merges, ignore_merges=pre_tokenizer.takes_whole))
    if pre_tokenizer.composes:
        backend.normalizer = normalizers.NFC()
    prefix = header.get("add_space_prefix", bool, False)
    backend.pre_tokenizer = _splitter(pre_tokenizer, prefix)
    backend.decoder = decoders.ByteLevel()
    _add_tokens(backend, pieces)
    return backend, f"gpt2, pre-tokenizer {name}"


def _splitter(pre_tokenizer: PreTokenizer, prefix: bool) -> pre_tokenizers.PreTokenizer:
    splits: list[pre_tokenizers.PreTokenizer] = [
        pre_tokenizers.Split(Regex(to_oniguruma(pattern)), "isolated")
        for pattern in pre_tokenizer.patterns
    ]
    if prefix:
        # It must come first: after a Split, it would add a space to every piece.
        splits.insert(0, pre_tokenizers.Metaspace(" ", prepend_scheme="first", split=False))
    by_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([*splits, by_bytes])


def _metaspace_with_merges(header: Header, pieces: Sequence[Piece]) -> tokenizers.Tokenizer:
    """Build Gemma 4's tokenizer, which marks spaces like SentencePiece but lists merges."""
    ids = {piece.token: index for index, piece in enumerate(pieces)}
    unknown = next((piece.token for piece in pieces if piece.kind == UNKNOWN), None)
    backend = tokenizers.Tokenizer(
        models.BPE(
            ids,
            _merges(header, ids),
            unk_token=unknown,
            fuse_unk=True,
            byte_fallback=has_byte_pieces(pieces),
        )
    )
    backend.normalizer = normalizers.Replace(" ", SPACE)
    backend.decoder = decoders.Sequence(
        [decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    _add_tokens(backend, pieces)
    return backend


def _wordpiece(header: Header, pieces: Sequence[Piece]) -> tokenizers.Tokenizer:
    """Build BERT's tokenizer.

    GGUF marks the start of a word (`▁word`), but WordPiece its continuation (`##ing`); this is
    converted back. Without a key for it, text is lower-cased if no token has a capital letter.
    """
    starts = {piece.token for piece in pieces if piece.token.startswith(SPACE)}
    tokens = [_as_wordpiece(piece, starts) for piece in pieces]
    vocab = {token: index for index, token in enumerate(tokens)}
    if len(vocab) < len(tokens):
        raise header.invalid("two tokens become the same when written as WordPiece")
    lowercase = header.get("normalizer.lowercase", bool, not has_capitals(pieces))
    unknown = header.get("unknown_token_id", int, vocab.get("[UNK]", 0))
    if not 0 <= unknown < len(tokens):
        raise header.invalid(
            f"its unknown token has the id {unknown:,}, but there are {len(tokens):,} tokens"
        )
    backend = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token=tokens[unknown]))
    backend.normalizer = normalizers.BertNormalizer(
        lowercase=lowercase,
        strip_accents=header.get("normalizer.strip_accents", bool, lowercase),
    )
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    _add_tokens(backend, [Piece(t, p.score, p.kind) for t, p in zip(tokens, pieces, strict=True)])
    return backend


def _as_wordpiece(piece: Piece, starts: Collection[str]) -> str:
    if piece.kind in (CONTROL, UNKNOWN, USER_DEFINED):
        return piece.token.removeprefix(SPACE)
    if piece.token.startswith(SPACE) and piece.token != SPACE:
        return piece.token[len(SPACE) :]
    in_brackets = len(piece.token) > 2 and piece.token[0] == "[" and piece.token[-1] == "]"
    if in_brackets and SPACE + piece.token not in starts:
        return piece.token  # some converters leave tokens such as [unused0] unchanged
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
