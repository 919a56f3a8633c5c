"""Load a tokenizer from a local file or folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tokstat.errors import NoTokenizerError
from tokstat.io.limits import read_tokenizer_file
from tokstat.loading.formats import (
    CONVERTIBLE,
    FILE_SETS,
    SINGLE_FILES,
    file_in,
    format_of,
    is_complete,
    is_convertible,
    is_plugins,
    loader_of,
    set_of,
    shown,
)
from tokstat.loading.plugins import load_by_suffix
from tokstat.loading.tokenizer_json import parse_tokenizer_json, require_tokens
from tokstat.tokenizer.tokenizer import TOKENIZER_JSON, Origin, Tokenizer


def load_path(spec: str, path: Path) -> Tokenizer:
    """Load a tokenizer file of any format, or the best tokenizer files of a folder.

    Raises:
        NoTokenizerError: the folder has no tokenizer, or several.
        InvalidTokenizerError: the file is damaged, or is not a tokenizer.
        LimitError: the file or its content exceeds a limit.
        AccessDeniedError: the file cannot be read.
    """
    return load_folder(spec, path) if path.is_dir() else _load_file(spec, path)


def _load_file(spec: str, path: Path) -> Tokenizer:
    names = set_of(path)
    if names is not None:
        return load_folder(spec, path.parent, only=names)
    kind = format_of(path)
    if kind is not None:
        return loader_of(kind)(spec, path)
    if path.name in CONVERTIBLE:
        from tokstat.loading.converted import load_converted

        return load_converted(spec, path.parent, source=str(path))
    if is_plugins(path):
        return load_by_suffix(spec, path)
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
        if not is_complete(folder, names):
            continue
        if names == (TOKENIZER_JSON,):
            return _load_tokenizer_json(spec, paths[0], source, revision)
        from tokstat.loading.slow_classes import CONVERTED
        from tokstat.loading.vocabulary_files import build_from_vocabulary, class_in

        if class_in(folder) in CONVERTED:
            from tokstat.loading.converted import load_converted

            return load_converted(spec, folder, source=source, revision=revision)
        digests = [
            hashlib.sha256(read_tokenizer_file(path, may_be_empty=True)).hexdigest()
            for path in paths
        ]
        backend, notes = build_from_vocabulary(tuple(paths), folder)
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
                is_models=True,
                notes=notes,
            ),
        )
    single = file_in(folder, source)
    if single is not None:
        load = loader_of(format_of(single) or "")
        return load(spec, single, source=source, revision=revision)
    if is_convertible(folder):
        from tokstat.loading.converted import load_converted

        return load_converted(spec, folder, source=source, revision=revision)
    raise NoTokenizerError(
        f"No tokenizer in {source} (looked for {shown(FILE_SETS)}, {', '.join(SINGLE_FILES)})",
        "Give a folder or repository that holds one of these, or the file itself.",
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
            is_models=path.name == TOKENIZER_JSON,
        ),
    )


def _combined_digest(digests: list[str]) -> str:
    """Return the only digest, or the digest of several concatenated."""
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()
