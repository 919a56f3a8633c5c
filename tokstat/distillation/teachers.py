"""A sentence embedder for the texts of tokens, with a cache of its vectors on disk."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.errors import DataError, MissingExtraError, TeacherError, reason_of
from tokstat.io.files import cache_folder
from tokstat.io.limits import read_tokenizer_file
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.model.embedding_matrices import require_safetensors
from tokstat.model.transformers_library import from_transformers
from tokstat.tokenizer.encoding import encode_batch

Pooling = Literal["mean", "cls", "last", "token"]
"""The pooling of a text's hidden states: the mean, the first, the last, or the mean without special
tokens."""

POOLINGS: tuple[Pooling, ...] = ("mean", "cls", "last", "token")

Progress = Callable[[int, int], None]
"""Called with the number of finished texts, and the total."""

_PATIENCE = 60
"""Seconds to wait for other processes that write to the same file."""

_BATCH = 256
_LONGEST = 64
"""Most tokens of a text; only rulers and runs of spaces have more."""


@dataclass(frozen=True)
class Recipe:
    """Hold how a teacher embeds a text: the pooling, and whether its two ends are swapped."""

    pooling: Pooling = "mean"
    swap_ends: bool = False

    @property
    def key(self) -> str:
        """Name of the recipe in the cache."""
        return self.pooling + ("+swap" if self.swap_ends else "")


@dataclass(frozen=True, eq=False)
class Teacher:
    """Pair a transformer with its tokenizer.

    `sha256` is of the files of weights, configuration and tokenizer; it is a key of the cache.
    `width` is the length of a vector. Stored padding and truncation are off: a file that pads to
    128 would add over a hundred pads to every text.
    """

    name: str
    sha256: str
    folder: Path
    width: int
    backend: tokenizers.Tokenizer = field(repr=False)

    @cached_property
    def model(self) -> Any:
        """The transformer, loaded for the first text that is not in the cache.

        Raises:
            TeacherError: it cannot be loaded.
        """
        return _load_model(self.name, self.folder)

    def embed(
        self, texts: Sequence[str], recipe: Recipe, progress: Progress | None = None
    ) -> NDArray[np.float16]:
        """Return one vector a text, shape (len(texts), width); cached ones are read from disk.

        New and cached vectors have half precision, so that both lead to one result. Finished
        batches are cached also if the user stops.

        Raises:
            DataError: the cache is damaged, or cannot be read or written.
        """
        with closing(EmbeddingCache(self.sha256, recipe.key, self.width)) as cache:
            known = cache.read(texts)
            fresh = sorted({text for text in texts if text not in known})
            rows = [
                self._ids(encoding, recipe)
                for encoding in encode_batch(self.backend, fresh, special=True)
            ]
            # A batch has texts of similar length, so that few pads are computed.
            order = sorted(range(len(fresh)), key=lambda row: (len(rows[row][0]), row))
            for start in range(0, len(fresh), _BATCH):
                chosen = order[start : start + _BATCH]
                batch = [fresh[row] for row in chosen]
                vectors = self._forward([rows[row] for row in chosen])
                cache.write(batch, vectors)
                known.update(zip(batch, vectors, strict=True))
                if progress is not None:
                    progress(min(start + _BATCH, len(fresh)), len(fresh))
        return np.stack([known[text] for text in texts])

    def _forward(self, rows: Sequence[tuple[list[int], list[float]]]) -> NDArray[np.float16]:
        import torch

        length = max(len(ids) for ids, _ in rows)
        tokens = torch.zeros(len(rows), length, dtype=torch.long)
        mask = torch.zeros(len(rows), length)
        pooled = torch.zeros(len(rows), length)
        for row, (ids, weights) in enumerate(rows):
            tokens[row, : len(ids)] = torch.tensor(ids)
            mask[row, : len(ids)] = 1
            pooled[row, : len(ids)] = torch.tensor(weights)
        with torch.inference_mode():
            hidden = self.model(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
            vectors = (hidden * pooled[..., None]).sum(1) / pooled.sum(1, keepdim=True)
        result: NDArray[np.float16] = vectors.numpy().astype(np.float16)
        return result

    def _ids(self, encoding: tokenizers.Encoding, recipe: Recipe) -> tuple[list[int], list[float]]:
        """Return a text's token ids, and their weights in the pooling."""
        ids = encoding.ids[:_LONGEST]
        special = encoding.special_tokens_mask[:_LONGEST]
        if recipe.swap_ends and len(ids) > 1:
            ids = [ids[-1], *ids[1:-1], ids[0]]
        weights = [0.0] * len(ids)
        if recipe.pooling == "cls":
            weights[0] = 1.0
        elif recipe.pooling == "last":
            weights[-1] = 1.0
        elif recipe.pooling == "token" and not all(special):
            weights = [float(not flag) for flag in special]
        else:
            weights = [1.0] * len(ids)
        return ids, weights


_OF_A_DAMAGED_FILE = (OSError, sqlite3.Error, ValueError, TypeError, MemoryError)
"""Errors of SQLite for a damaged file: messages may not be UTF-8, and sizes may be impossible."""


class EmbeddingCache:
    """Cache the vectors of one teacher and one recipe in a file that processes may share.

    Every method raises DataError if the file is damaged, or cannot be read or written.
    """

    def __init__(self, teacher: str, recipe: str, width: int) -> None:
        name = hashlib.sha256(f"{teacher}/{recipe}".encode()).hexdigest()[:16]
        self._width = width
        self._file = cache_folder() / f"embeddings-{name}.sqlite"
        with self._explained():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._file, timeout=_PATIENCE)
            deadline = time.monotonic() + _PATIENCE
            while not self._prepared(deadline):
                time.sleep(0.01)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except _OF_A_DAMAGED_FILE as error:
            raise DataError(
                f"The embedding cache {self._file} cannot be used: {reason_of(error)}",
                "Remove the file, or set XDG_CACHE_HOME to another folder.",
            ) from error

    def _prepared(self, deadline: float) -> bool:
        """Create the table; False while another process does, as SQLite does not wait for that."""
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (text TEXT PRIMARY KEY, vector BLOB)"
                " WITHOUT ROWID"
            )
        except _OF_A_DAMAGED_FILE as error:
            if "locked" in str(error) and time.monotonic() < deadline:
                return False
            self._connection.close()
            raise
        return True

    def read(self, texts: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """Return those vectors that are in the cache."""
        wanted = sorted(set(texts))
        found = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ",".join("?" * len(some))
            with self._explained():
                rows = self._connection.execute(
                    f"SELECT text, vector FROM vectors WHERE text IN ({marks})",  # noqa: S608
                    some,
                )
                found.update({text: np.frombuffer(blob, np.float16) for text, blob in rows})
        return {text: vector for text, vector in found.items() if len(vector) == self._width}

    def write(self, texts: Sequence[str], vectors: NDArray[np.float16]) -> None:
        """Write vectors in one transaction, so that no process reads half of them."""
        with self._explained(), self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [(text, vector.tobytes()) for text, vector in zip(texts, vectors, strict=True)],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def as_pooling(name: str) -> Pooling:
    """Return the pooling of a name. Raises TeacherError for an unknown one."""
    for pooling in POOLINGS:
        if pooling == name:
            return pooling
    raise TeacherError(f"There is no pooling {name!r}", f"Choose one of: {', '.join(POOLINGS)}.")


def load_teacher(spec: str) -> Teacher:
    """Find a transformer in a folder or on the Hub, and load its tokenizer.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        TeacherError: the folder has no model, or no tokenizer.json.
    """
    for library in ("torch", "transformers"):
        _require(library)
    folder = teacher_folder(spec)
    file = folder / "tokenizer.json"
    if not file.is_file():
        raise TeacherError(
            f"The teacher {spec} has no tokenizer.json in {folder}",
            "Export its tokenizer to tokenizer.json, or choose another teacher.",
        )
    try:
        width = int(json.loads((folder / "config.json").read_text("utf-8"))["hidden_size"])
        require_safetensors(folder)
        backend = parse_tokenizer_json(read_tokenizer_file(file), str(file))
    except Exception as error:  # of tokenizers, the configuration, or the system
        raise _not_loaded(spec, error) from error
    backend.no_padding()
    backend.no_truncation()
    return Teacher(spec, _digest(folder), folder, width, backend)


def _load_model(spec: str, folder: Path) -> Any:
    auto = from_transformers("AutoModel")
    logging = from_transformers("utils").logging
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        return auto.from_pretrained(folder, trust_remote_code=False, use_safetensors=True).eval()
    except Exception as error:  # of transformers, safetensors, or the system
        raise _not_loaded(spec, error) from error


def _require(library: str) -> None:
    """Raise MissingExtraError for a library that is not installed, without a slow import."""
    try:
        found = find_spec(library)
    except ValueError:  # of a module without a specification
        found = None
    if found is None:
        raise MissingExtraError(
            f"A teacher needs {library}, which is not installed",
            "Run: pip install 'tokstat-toolkit[distill]'",
        )


def _not_loaded(spec: str, error: Exception) -> TeacherError:
    return TeacherError(
        f"The teacher {spec} cannot be loaded: {reason_of(error)}",
        "Give a folder or Hub name of a transformers model with weights in safetensors.",
    )


def teacher_folder(spec: str) -> Path:
    """Return a teacher's folder; a Hub name is downloaded first. Raises TeacherError."""
    path = Path(spec).expanduser()
    if path.is_dir():
        return path
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(spec, allow_patterns=["*.json", "*.safetensors", "1_Pooling/*"])
        )
    except Exception as error:  # of the Hub's client and its HTTP library
        reason = reason_of(error)
        raise TeacherError(
            f'The teacher {spec} is no folder, and the Hub client failed: "{reason}"',
            "Give an existing folder, or a model's name on the Hub.",
        ) from error


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in [*_weights(folder), folder / "config.json", folder / "tokenizer.json"]:
        digest.update(file.name.encode())
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _weights(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.safetensors"))
