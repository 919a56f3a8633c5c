"""Teachers that are encoders with a tokenizer of their own: transformers models and ONNX files."""

from __future__ import annotations

import hashlib
import logging
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.distillation.teachers import BATCH, Embed, FunctionTeacher, Recipe, Teacher, Vectors
from tokstat.errors import (
    DataError,
    LimitError,
    MissingExtraError,
    TeacherError,
    reason_of,
)
from tokstat.io.files import read_json_object
from tokstat.io.limits import read_tokenizer_file, require_plain_folder
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.model.embedding_matrices import require_safetensors
from tokstat.model.folder import MOST_BYTES
from tokstat.model.transformers_library import from_transformers
from tokstat.results.from_json import UNREADABLE
from tokstat.tokenizer.encoding import encode_batch

_LOG = logging.getLogger(__name__)

TeacherSpec = str | Path | Embed | Teacher
"""A folder, a Hub name, a function from texts to vectors, or a teacher."""

_PROMPTS = "config_sentence_transformers.json"

_LONGEST = 64
"""Most tokens of a text; only rulers and runs of spaces have more."""

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Encoder(Teacher):
    """Embed a text by pooling the hidden states of its tokens.

    `sha256` is of the files of weights, configuration and tokenizer. Stored padding and truncation
    of `backend` are off: a file that pads to 128 would add over a hundred pads to every text.
    """

    folder: Path
    backend: tokenizers.Tokenizer = field(repr=False)

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prompts of the sentence-transformers configuration, by name; none without one."""
        try:
            written = read_json_object(self.folder / _PROMPTS, MOST_BYTES)
            return {str(name): str(prompt) for name, prompt in written["prompts"].items()}
        except (DataError, LimitError, *UNREADABLE):
            return {}

    @abstractmethod
    def hidden_states(self, ids: Ids, mask: Ids) -> NDArray[np.float32]:
        """Return the last hidden states, shape (texts, tokens, width), of a padded batch."""

    def batches(
        self, texts: Sequence[str], recipe: Recipe
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """Yield batches of texts of similar length, so that few pads are computed."""
        prompted = [recipe.prompt + text for text in texts]
        rows = [
            _ids_and_weights(encoding, recipe)
            for encoding in encode_batch(self.backend, prompted, special=True)
        ]
        order = sorted(range(len(texts)), key=lambda row: (len(rows[row][0]), row))
        for start in range(0, len(texts), BATCH):
            chosen = order[start : start + BATCH]
            yield [texts[row] for row in chosen], self._pooled([rows[row] for row in chosen])

    def _pooled(self, rows: Sequence[tuple[list[int], list[float]]]) -> Vectors:
        shape = len(rows), max(len(ids) for ids, _ in rows)
        tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        pooled = np.zeros(shape, np.float32)
        for row, (ids, weights) in enumerate(rows):
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
            pooled[row, : len(ids)] = weights
        hidden = self.hidden_states(tokens, mask)
        vectors = np.einsum("ijk,ij->ik", hidden, pooled) / pooled.sum(1, keepdims=True)
        result: Vectors = vectors.astype(np.float16)
        return result


def _ids_and_weights(
    encoding: tokenizers.Encoding, recipe: Recipe
) -> tuple[list[int], list[float]]:
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


@dataclass(frozen=True, eq=False)
class TransformersEncoder(Encoder):
    """Compute hidden states with a model of transformers; of an encoder-decoder, its encoder."""

    @cached_property
    def model(self) -> Any:
        """The transformer, loaded for the first text that is not in the cache.

        Raises:
            TeacherError: it cannot be loaded.
        """
        auto = from_transformers("AutoModel")
        logging = from_transformers("utils").logging
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        require_plain_folder(self.folder)
        try:
            require_safetensors(self.folder)
            model = auto.from_pretrained(
                self.folder, trust_remote_code=False, use_safetensors=True
            ).eval()
            return model.get_encoder() if model.config.is_encoder_decoder else model
        except Exception as error:  # of transformers, safetensors, or the system
            raise _not_loaded(self.name, error) from error

    def hidden_states(self, ids: Ids, mask: Ids) -> NDArray[np.float32]:
        """Return the last hidden states, shape (texts, tokens, width), of a padded batch."""
        import torch

        with torch.inference_mode():
            output = self.model(
                input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)
            )
            states: NDArray[np.float32] = output.last_hidden_state.float().numpy()
        return states


@dataclass(frozen=True, eq=False)
class OnnxEncoder(Encoder):
    """Compute hidden states with an ONNX file, whose first output they are."""

    session: Any = field(repr=False)

    def hidden_states(self, ids: Ids, mask: Ids) -> NDArray[np.float32]:
        """Return the last hidden states, shape (texts, tokens, width), of a padded batch."""
        return onnx_states(self.session, ids, mask)


def onnx_states(session: Any, ids: Ids, mask: Ids) -> NDArray[np.float32]:
    """Run an ONNX session on a padded batch, and return its first output in single precision."""
    known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    wanted = {each.name: known[each.name] for each in session.get_inputs()}
    states: NDArray[np.float32] = np.asarray(session.run(None, wanted)[0], np.float32)
    return states


def load_teacher(spec: TeacherSpec) -> Teacher:
    """Find a teacher: a folder or Hub name of an encoder, or a function from texts to vectors.

    A folder has weights in safetensors for transformers, or else a file `model.onnx`, in it or in
    its folder `onnx`.

    Raises:
        MissingExtraError: torch, transformers or onnxruntime is not installed.
        TeacherError: the folder has no model or no tokenizer.json, or the function fails.
    """
    if isinstance(spec, Teacher):
        return spec
    if callable(spec):
        return FunctionTeacher.of(spec)
    name = str(spec)
    _LOG.info("loading the teacher %s", name)
    folder = teacher_folder(name)
    weights, onnx = _weights(folder), _onnx_file(folder)
    if weights or onnx is None:
        for library in ("torch", "transformers"):
            _require(library, "distill")
    else:
        _require("onnxruntime", "onnx")
    file = folder / "tokenizer.json"
    if not file.is_file():
        raise TeacherError(
            f"The teacher {name} has no tokenizer.json in {folder}",
            "Export its tokenizer to tokenizer.json, or choose another teacher.",
        )
    try:
        backend = parse_tokenizer_json(read_tokenizer_file(file), str(file))
        backend.no_padding()
        backend.no_truncation()
        if not weights and onnx is not None:
            digest, session = _digest([onnx, file]), _session(onnx)
            states = onnx_states(session, np.zeros((1, 1), np.int64), np.ones((1, 1), np.int64))
            return OnnxEncoder(name, digest, states.shape[-1], folder, backend, session)
        if not weights:
            raise FileNotFoundError("no weights in safetensors, and no model.onnx")
        digest = _digest([*weights, folder / "config.json", file])
        return TransformersEncoder(name, digest, _width(folder), folder, backend)
    except MissingExtraError:
        raise
    except Exception as error:  # of tokenizers, the configuration, onnxruntime, or the system
        raise _not_loaded(name, error) from error


def _width(folder: Path) -> int:
    """Return the width of the hidden states, which configurations call by several names."""
    written = read_json_object(folder / "config.json", MOST_BYTES)
    if type(written.get("hidden_size")) is int:
        return int(written["hidden_size"])  # transformers takes a second to say the same
    configuration = from_transformers("AutoConfig").from_pretrained(folder, trust_remote_code=False)
    return int(configuration.get_text_config().hidden_size)


def _weights(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.safetensors") if path.is_file())


def _onnx_file(folder: Path) -> Path | None:
    for file in (folder / "model.onnx", folder / "onnx" / "model.onnx"):
        if file.is_file():
            return file
    return None


def _session(file: Path) -> Any:
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    return runtime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def _require(library: str, extra: str) -> None:
    """Raise MissingExtraError for a library that is not installed, without a slow import."""
    try:
        found = find_spec(library)
    except ValueError:  # of a module without a specification
        found = None
    if found is None:
        raise MissingExtraError(
            f"This teacher needs {library}, which is not installed",
            f"Run: pip install 'tokstat-toolkit[{extra}]'",
        )


def _not_loaded(name: str, error: Exception) -> TeacherError:
    return TeacherError(
        f"The teacher {name} cannot be loaded: {reason_of(error)}",
        "Give a folder or Hub name of a transformers model with weights in safetensors, or of an"
        " ONNX model.",
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
            f"The teacher {spec} is not a folder here, and could not be downloaded from the Hub:"
            f' "{reason}"',
            "Check the name and the network, or give a folder.",
        ) from error


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
