"""Read tiktoken's rank files, and find named encodings in tiktoken's cache."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
from pathlib import Path

from tokenizers import normalizers

from tokstat.errors import InvalidTokenizerError, SourceNotFoundError, SpecError
from tokstat.io.limits import MOST_IDS, limits, read_tokenizer_file
from tokstat.loading.encodings import ENCODINGS, Encoding, encoding_of_file
from tokstat.loading.ranks import build_from_ranks
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_WITHOUT_A_HINT = "cl100k_base"


def load_tiktoken(spec: str, name: str) -> Tokenizer:
    """Load a rank file, or an encoding by its name from tiktoken's cache.

    `name` is a path, `PATH@ENCODING` for a file whose encoding cannot be told, or the name of an
    encoding. A path that exists wins.

    Raises:
        SpecError: neither a file nor a known encoding.
        SourceNotFoundError: the encoding is not in the cache; nothing is downloaded.
        InvalidTokenizerError: the file holds no ranks, or not those of the encoding.
        AccessDeniedError: the file may not be read.
    """
    if not name:
        raise SpecError(f"{spec!r} names nothing", f"Give a rank file, or {_known()}.")
    path = Path(name).expanduser()
    if path.is_file():
        return load_ranks(spec, path)
    file, _, encoding = name.rpartition("@")
    if file and encoding in ENCODINGS and Path(file).expanduser().is_file():
        return load_ranks(spec, Path(file).expanduser(), encoding=ENCODINGS[encoding])
    if name in ENCODINGS:
        return _load_from_cache(spec, ENCODINGS[name])
    raise SpecError(
        f"{name!r} is neither a file nor an encoding that tokstat knows",
        f"Give a rank file, or one of {_known()}.",
    )


def load_ranks(
    spec: str,
    path: Path,
    *,
    source: str | None = None,
    revision: str | None = None,
    encoding: Encoding | None = None,
) -> Tokenizer:
    """Load a rank file: a token in base64 and its rank a line.

    Pattern and special tokens are those of `encoding`, else of the encoding that the file is
    published for, else of the one that its name says, else a guess that the origin's notes tell.
    """
    data = read_tokenizer_file(path)
    ranks = _parse(data, str(path))
    sha256 = hashlib.sha256(data).hexdigest()
    notes: tuple[str, ...] = ()
    known = encoding or encoding_of_file(sha256) or ENCODINGS.get(path.stem)
    if known is None:
        known = ENCODINGS[_WITHOUT_A_HINT]
        known = Encoding(known.name, "", "", known.pattern, {})
        notes = (
            "A rank file does not say how a text is cut, nor its special tokens: this one is read"
            f" with the pattern of {known.name} and none. Give tiktoken:FILE@ENCODING for another.",
        )
    backend = build_from_ranks(ranks, known.pattern, known.special, str(path))
    if known.composes:
        backend.normalizer = normalizers.NFC()
    return Tokenizer(
        backend,
        Origin(
            spec=spec,
            source=source or str(path),
            revision=revision,
            sha256=sha256,
            loader=f"tiktoken ranks, pattern of {known.name}",
            files=(path.name,),
            notes=notes,
        ),
    )


def _load_from_cache(spec: str, encoding: Encoding) -> Tokenizer:
    if not encoding.url:
        raise SourceNotFoundError(
            f"The encoding {encoding.name} comes with its model, not with tiktoken",
            f"Give its file: tiktoken:FILE, or tiktoken:FILE@{encoding.name}.",
        )
    folder = _cache_folder()
    path = folder / hashlib.sha1(encoding.url.encode(), usedforsecurity=False).hexdigest()
    if not path.is_file():
        raise SourceNotFoundError(
            f"The encoding {encoding.name} is not in tiktoken's cache ({path} does not exist), and"
            " tokstat downloads nothing by itself",
            f"Fetch it with tiktoken (tiktoken.get_encoding({Path(encoding.url).stem!r})), name the"
            f" cache in TIKTOKEN_CACHE_DIR, or give the file from {encoding.url}.",
        )
    data = read_tokenizer_file(path)
    if hashlib.sha256(data).hexdigest() != encoding.sha256:
        raise InvalidTokenizerError(
            f"{path} in tiktoken's cache is not {encoding.name}'s file: its SHA-256 is another",
            "Delete it, and fetch it again with tiktoken.",
        )
    return load_ranks(spec, path, encoding=encoding)


def _cache_folder() -> Path:
    """Return the folder where tiktoken keeps files, named by the SHA-1 of their addresses."""
    for name in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if name in os.environ:
            return Path(os.environ[name])
    return Path(tempfile.gettempdir()) / "data-gym-cache"


def _known() -> str:
    return ", ".join(ENCODINGS)


def _parse(data: bytes, source: str) -> dict[bytes, int]:
    ranks: dict[bytes, int] = {}
    taken = set()
    lines = data.splitlines()
    if len(lines) > limits().tokens:
        raise _invalid(source, limits().tokens + 1, f"more than {limits().tokens:,} tokens")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        parts = line.split()
        if len(parts) != 2:
            raise _invalid(source, number, "not a token in base64 and its rank")
        try:
            token = base64.b64decode(parts[0], validate=True)
        except (binascii.Error, ValueError) as error:
            raise _invalid(source, number, f"invalid base64 ({error})") from error
        if not token:
            raise _invalid(source, number, "an empty token")
        if not (parts[1].isdigit() and len(parts[1]) < 10 and int(parts[1]) < MOST_IDS):
            raise _invalid(source, number, f"the rank is no number below {MOST_IDS:,}")
        rank = int(parts[1])
        if token in ranks:
            raise _invalid(source, number, f"the token {token!r} again")
        if rank in taken:
            raise _invalid(source, number, f"the rank {rank:,} again")
        ranks[token] = rank
        taken.add(rank)
    return ranks


def _invalid(source: str, number: int, problem: str) -> InvalidTokenizerError:
    return InvalidTokenizerError(
        f"Line {number:,} of {source} is no line of a rank file: {problem}",
        "Fetch it again; a download may have been cut off.",
    )
