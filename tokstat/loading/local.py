"""Load a tokenizer from a local file or folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tokenizers

from tokstat.errors import InvalidTokenizerError, NoTokenizerError
from tokstat.io.limits import parse_json, read_tokenizer_file
from tokstat.loading.formats import file_in, format_of, loader_of
from tokstat.loading.plugins import load_by_suffix
from tokstat.loading.tokenizer_json import parse_tokenizer_json, require_tokens
from tokstat.loading.vocabulary_files import build_byte_level_bpe, build_wordpiece
from tokstat.tokenizer.tokenizer import TOKENIZER_JSON, Origin, Tokenizer

CONFIG = "tokenizer_config.json"

FILE_SETS: tuple[tuple[str, ...], ...] = (
    ("tokenizer.json",),
    ("vocab.txt",),
    ("vocab.json", "merges.txt"),
)
"""Sets of files that suffice to build a tokenizer, best first."""

CONVERTIBLE = (
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
    "spm.model",
    "source.spm",
    "vocab.json",
    "vocab.txt",
    "tekken.json",
    "qwen.tiktoken",
)
"""Files from which transformers may build a tokenizer where tokstat cannot."""


def load_path(spec: str, path: Path) -> Tokenizer:
    """Load a tokenizer file of any format, or the best tokenizer files of a folder.

    Raises:
        NoTokenizerError: the folder has no tokenizer, or several.
        InvalidTokenizerError: the file is damaged, or is not a tokenizer.
        LimitError: the file or its content exceeds a limit.
        AccessDeniedError: the file cannot be read.
    """
    if path.is_dir():
        return load_folder(spec, path)
    for names in FILE_SETS[1:]:
        if path.name in names and all((path.parent / name).is_file() for name in names):
            return load_folder(spec, path.parent, only=names)
    kind = format_of(path)
    if kind is not None:
        return loader_of(kind)(spec, path)
    if path.name in CONVERTIBLE:
        from tokstat.loading.converted import load_converted

        return load_converted(spec, path.parent, source=str(path))
    if path.suffix not in (".json", ".txt"):
        plugged = load_by_suffix(spec, path)
        if plugged is not None:
            return plugged
    return _load_tokenizer_json(spec, path, str(path), None)


def load_folder(
    spec: str,
    folder: Path,
    *,
    source: str | None = None,
    revision: str | None = None,
    only: tuple[str, ...] | None = None,
) -> Tokenizer:
    """Load the best set of tokenizer files of a folder, or the set `only`.

    `source` and `revision` go into the origin, for a folder that is a copy. Raises as `load_path`.
    """
    source = source or str(folder)
    for names in [only] if only else FILE_SETS:
        paths = [folder / name for name in names]
        if not all(path.is_file() for path in paths):
            continue
        if names == ("tokenizer.json",):
            return _load_tokenizer_json(spec, paths[0], source, revision)
        build: Callable[..., tokenizers.Tokenizer] = (
            build_wordpiece if names == ("vocab.txt",) else build_byte_level_bpe
        )
        digests = [
            hashlib.sha256(read_tokenizer_file(path, may_be_empty=True)).hexdigest()
            for path in paths
        ]
        backend = build(*paths, _read_config(folder))
        require_tokens(backend, source)
        return Tokenizer(
            backend,
            Origin(
                spec=spec,
                source=source,
                revision=revision,
                sha256=_combined_digest(digests),
                loader=" + ".join(names),
                files=names,
                folder=folder,
            ),
        )
    single = file_in(folder, source)
    if single is not None:
        load = loader_of(format_of(single) or "")
        return load(spec, single, source=source, revision=revision)
    if any((folder / name).is_file() for name in CONVERTIBLE):
        from tokstat.loading.converted import load_converted

        return load_converted(spec, folder, source=source, revision=revision)
    raise NoTokenizerError(
        f"{source} has no tokenizer file (looked for {', '.join(map(' + '.join, FILE_SETS))},"
        " tekken.json, *.model, *.tiktoken, *.gguf)",
        "Give a folder or repository with one of these, or the path of a tokenizer file.",
    )


def _load_tokenizer_json(spec: str, path: Path, source: str, revision: str | None) -> Tokenizer:
    data = read_tokenizer_file(path)
    return Tokenizer(
        parse_tokenizer_json(data, str(path)),
        Origin(
            spec=spec,
            source=source,
            revision=revision,
            sha256=hashlib.sha256(data).hexdigest(),
            loader=TOKENIZER_JSON,
            files=(path.name,),
            folder=path.parent,
        ),
    )


def _combined_digest(digests: list[str]) -> str:
    """Return the only digest, or the digest of several concatenated."""
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    if not path.is_file():
        return {}
    try:
        config = parse_json(read_tokenizer_file(path), str(path))
    except (ValueError, RecursionError) as error:
        raise InvalidTokenizerError(
            f'{path} is not valid JSON: "{error}"', "Correct it, or remove it to use the defaults."
        ) from error
    return config if isinstance(config, dict) else {}
