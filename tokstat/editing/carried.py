"""Files of a model's folder that an edit of its tokenizer leaves as they are.

sentence-transformers keeps beside the transformer how its output becomes a vector: the list of
modules, pooling, normalization, projections, prompts. Without these files it falls back to others.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG

from tokstat.errors import EditError
from tokstat.io.limits import parse_json, read_bounded
from tokstat.loading.formats import is_tokenizer

_WEIGHTS = (
    *(".safetensors", ".bin", ".pt", ".pth", ".h5", ".msgpack", ".ot", ".npz"),
    *(".onnx", ".onnx_data", ".xml", ".gguf", ".mlmodel"),
)
"""Suffixes of a model's weights, also as other libraries have them: their embeddings are edited."""

_EDITED = frozenset(
    (
        *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"),
        *("added_tokens.json", "vocab.txt", "vocab.json", "merges.txt", "chat_template.jinja"),
        *("config.json", "generation_config.json"),
    )
)
"""Names of files that are written anew, or that are of the tokenizer before."""


def copy_own(folder: Path, name: str, target: Path) -> None:
    """Copy a file of a folder. Raises EditError if it is a link to somewhere else."""
    require_own(folder, name)
    place = target / name
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / name, place)


def require_own(folder: Path, name: str) -> None:
    """Raise EditError unless a file is in a folder, or in the Hub cache that the folder is of.

    A folder is edited to be published, and a link in it may lead to any file of the machine.
    """
    path = (folder / name).resolve()
    own = folder.resolve()
    for parent in (own, *own.parents):
        # …/models--org--name/snapshots/<revision> has links into …/models--org--name/blobs.
        repository = parent.parent.parent
        if parent.parent.name == "snapshots" and repository.name.startswith("models--"):
            if path.is_relative_to(repository / "blobs"):
                return
            break
    if not path.is_relative_to(own):
        raise EditError(
            f"{folder / name} is a link to {path}, outside of its folder",
            "Put the file itself there, or remove the link.",
        )
    if path.exists() and not S_ISREG(path.stat().st_mode):
        raise EditError(f"{folder / name} is not a regular file", "Remove it.")


def carry_over(model: Path, target: Path) -> tuple[str, ...]:
    """Copy a model's files that do not depend on the vocabulary, and return their names.

    These are all but the tokenizer's, the configuration and the weights, which are written anew,
    and folders that hold the model or a tokenizer in another format (`onnx/`). A module of
    sentence-transformers keeps its own weights.

    Raises:
        EditError: a file is a link to somewhere else.
        OSError: it cannot be copied.
    """
    modules = _modules(model)
    names = []
    for folder, files in _folders(model):
        inside = folder.relative_to(model)
        is_module = inside != Path() and inside.parts[0] in modules
        kept = [name for name in files if is_module or not _is_edited(folder / name)]
        if inside != Path() and kept != files:
            continue  # the model in another format, with what belongs to it
        names += [(inside / name).as_posix() for name in kept]
    for name in sorted(names):
        copy_own(model, name, target)
    return tuple(sorted(names))


def _folders(model: Path) -> Iterator[tuple[Path, list[str]]]:
    for root, folders, files in os.walk(model):
        for name in list(folders):
            if name.startswith("."):
                folders.remove(name)
            elif Path(root, name).is_symlink():
                require_own(model, str(Path(root, name).relative_to(model)))
        yield Path(root), sorted(name for name in files if not name.startswith("."))


def _is_edited(path: Path) -> bool:
    is_weights = path.suffix.lower() in _WEIGHTS or path.name.endswith(".index.json")
    return is_weights or path.name in _EDITED or is_tokenizer(path)


def _modules(model: Path) -> frozenset[str]:
    """Return the names of the folders of sentence-transformers' modules."""
    try:
        require_own(model, "modules.json")
        listed = parse_json(read_bounded(model / "modules.json"), "modules.json")
        paths = [each["path"] for each in listed]
        return frozenset(Path(path).parts[0] for path in paths if path)
    except (OSError, ValueError, TypeError, KeyError):
        return frozenset()
