"""Read tiktoken's rank files, and find the files of named encodings in tiktoken's cache."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
from difflib import get_close_matches
from pathlib import Path

from tokenizers import normalizers

from tokstat.errors import InvalidTokenizerError, SourceNotFoundError, SpecError
from tokstat.io.limits import MOST_IDS, limits, read_tokenizer_file
from tokstat.loading.encodings import ENCODINGS, Encoding, encoding_of_file
from tokstat.loading.ranks import build_from_ranks
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_WITHOUT_A_HINT = "cl100k_base"

_EMPTY_TOKEN = b"="
"""How the last line of Whisper's multilingual file writes a token without bytes."""


def load_tiktoken(spec: str, name: str) -> Tokenizer:
    """Load a rank file, or an encoding by its name from tiktoken's cache.

    `name` is a path, the name of an encoding, or `PATH@ENCODING` for a file whose encoding is
    unknown. An existing path takes precedence.

    Raises:
        SpecError: the name is neither a file nor a known encoding.
        SourceNotFoundError: the encoding is not in tiktoken's cache; nothing is downloaded.
        InvalidTokenizerError: the file is damaged, or is not the file of the encoding.
        LimitError: the file or its content exceeds a limit.
        AccessDeniedError: the file cannot be read.
    """
    if not name:
        raise SpecError(
            f"{spec!r} names no encoding and no file", f"Give a rank file, or one of {_known()}."
        )
    path = Path(name).expanduser()
    if path.is_file():
        return load_ranks(spec, path)
    file, _, encoding = name.rpartition("@")
    if file and encoding in ENCODINGS and Path(file).expanduser().is_file():
        return load_ranks(spec, Path(file).expanduser(), encoding=ENCODINGS[encoding])
    if name in ENCODINGS:
        return _load_from_cache(spec, ENCODINGS[name])
    near = get_close_matches(encoding or name, ENCODINGS, n=1, cutoff=0.5)
    guess = f"Did you mean tiktoken:{near[0]}? " if near else ""
    raise SpecError(
        f"{name!r} is neither a file nor a known encoding",
        f"{guess}Give a rank file, or one of {_known()}.",
    )


def load_ranks(
    spec: str,
    path: Path,
    *,
    source: str | None = None,
    revision: str | None = None,
    encoding: Encoding | None = None,
) -> Tokenizer:
    """Load a rank file, whose lines each hold a token in base64 and its rank.

    `encoding` decides the pattern and the special tokens. By default the file's SHA-256 decides,
    then its name. Otherwise the pattern is a guess, which the origin's notes state.
    Raises as `load_tiktoken`.
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
            "The encoding of this rank file is unknown, so tokstat uses the pattern of"
            f" {known.name} and no special tokens. Give tiktoken:FILE@ENCODING for another.",
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
            f"tiktoken has no file of the encoding {encoding.name}, which comes with its model",
            f"Give the model's rank file: tiktoken:FILE, or tiktoken:FILE@{encoding.name}.",
        )
    folder = _cache_folder()
    path = folder / hashlib.sha1(encoding.url.encode(), usedforsecurity=False).hexdigest()
    if not path.is_file():
        raise SourceNotFoundError(
            f"The encoding {encoding.name} is not in tiktoken's cache ({path} does not exist)",
            'Run: python -c "import tiktoken;'
            f' tiktoken.get_encoding({Path(encoding.url).stem!r})" or download {encoding.url} and'
            " give that file. If the cache is elsewhere, set TIKTOKEN_CACHE_DIR.",
        )
    data = read_tokenizer_file(path)
    if hashlib.sha256(data).hexdigest() != encoding.sha256:
        raise InvalidTokenizerError(
            f"{path} in tiktoken's cache is damaged: its SHA-256 is not that of {encoding.name}",
            "Delete it, and let tiktoken download it again.",
        )
    return load_ranks(spec, path, encoding=encoding)


def _cache_folder() -> Path:
    """Return tiktoken's cache folder, whose files are named by the SHA-1 of their URL."""
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
        problem = f"it goes beyond {limits().tokens:,} tokens, the limit tokens"
        raise _invalid(source, limits().tokens + 1, problem)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        parts = line.split()
        if len(parts) != 2:
            raise _invalid(source, number, "it is not a token in base64 and a rank")
        if parts[0] == _EMPTY_TOKEN:  # no text has it, and tiktoken itself never returns it
            continue
        try:
            token = base64.b64decode(parts[0], validate=True)
        except (binascii.Error, ValueError) as error:
            raise _invalid(source, number, f'its token is not valid base64: "{error}"') from error
        if not token:
            raise _invalid(source, number, "its token is empty")
        if not (parts[1].isdigit() and len(parts[1]) < 10 and int(parts[1]) < MOST_IDS):
            raise _invalid(source, number, f"its rank is not a number below {MOST_IDS:,}")
        rank = int(parts[1])
        if token in ranks:
            raise _invalid(source, number, f"an earlier line has the same token, {token!r}")
        if rank in taken:
            raise _invalid(source, number, f"an earlier line has the same rank, {rank:,}")
        ranks[token] = rank
        taken.add(rank)
    return ranks


def _invalid(source: str, number: int, problem: str) -> InvalidTokenizerError:
    return InvalidTokenizerError(
        f"Line {number:,} of the rank file {source} is invalid: {problem}",
        "Download it again; the last download may be incomplete.",
    )
