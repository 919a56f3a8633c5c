"""Static embedding models, of every kind that can be scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.errors import (
    LimitError,
    MissingExtraError,
    ModelError,
    TokstatError,
    is_failure,
    reason_of,
)
from tokstat.io.limits import read_tokenizer_file, require_plain_folder
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.tokenizer.encoding import encode_batch_fast
from tokstat.tokenizer.tokenizer import Origin, Tokenizer
from tokstat.wordsim.vectors import Vectors, is_vector_file, read_vectors

Embed = Callable[[list[str]], Any]


class Model(Protocol):
    """A model that can be scored: it has a name, returns vectors, and may have a tokenizer."""

    @property
    def name(self) -> str:
        """The model's name in reports."""

    @property
    def tokenizer(self) -> Tokenizer | None:
        """The tokenizer of the model, which encodes words alone and without special tokens."""

    def embed(self, words: list[str]) -> NDArray[np.floating[Any]]:
        """Return one vector a word, shape (len(words), width)."""

    def unknown_words(self, words: list[str]) -> NDArray[np.bool_] | None:
        """Mask unknown words, shape (len(words),); None if the model cannot tell."""


def mean_vectors(
    words: Sequence[Sequence[int]],
    vectors_of: Callable[[NDArray[np.int64]], NDArray[np.floating[Any]]],
    width: int,
) -> NDArray[np.float64]:
    """Return the mean of each word's token vectors, zero for a word without tokens.

    Words are ids of tokens, and `vectors_of` returns the vectors of ids.
    """
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    flat = np.array([token for tokens in words for token in tokens], np.int64)
    starts = np.cumsum(lengths) - lengths
    sums = np.zeros((len(words), width))
    # `numpy.add.reduceat` takes four times as long: words have few tokens.
    for place in range(lengths.max(initial=0)):
        rows = np.flatnonzero(lengths > place)
        sums[rows] += vectors_of(flat[starts[rows] + place])
    sums /= np.maximum(lengths, 1)[:, None]
    return sums


@dataclass(frozen=True, eq=False)
class TokenModel:
    """Embed a word as the mean of its tokens' vectors, shape (vocabulary, width)."""

    name: str
    tokenizer: Tokenizer
    vectors: NDArray[np.floating[Any]]

    @property
    def matrix(self) -> NDArray[np.floating[Any]]:
        """The vector of every id."""
        return self.vectors

    def embed(self, words: list[str]) -> NDArray[np.float64]:
        """Return the mean over each word's tokens; zero for a word without tokens."""
        return _embed_all(self.name, self._means, words)

    def _means(self, words: list[str]) -> NDArray[np.float64]:
        return mean_vectors(self._encode(words), self._vectors_of, self.vectors.shape[1])

    def _vectors_of(self, ids: NDArray[np.int64]) -> NDArray[np.floating[Any]]:
        if ids.max() >= len(self.vectors):
            raise ModelError(
                f"{self.name} has {len(self.vectors):,} vectors, but its tokenizer returns the id"
                f" {ids.max():,}",
                "Use weights and tokenizer of the same model.",
            )
        return self.vectors[ids]

    def unknown_words(self, words: list[str]) -> NDArray[np.bool_]:
        """Tell which words have an unknown token, or none at all."""
        return _lack_tokens(self.tokenizer, self._encode(words))

    def _encode(self, words: list[str]) -> list[list[int]]:
        return _encode_alone(self.tokenizer, words)


@dataclass(frozen=True, eq=False)
class Model2VecModel:
    """Embed with the StaticModel of Model2Vec, a library for static embeddings."""

    name: str
    model: Any
    tokenizer: Tokenizer

    def embed(self, words: list[str]) -> NDArray[np.float64]:
        """Return `StaticModel.encode` of the words."""
        return _embed_all(self.name, self.model.encode, words)

    def unknown_words(self, words: list[str]) -> NDArray[np.bool_]:
        """Tell which words have an unknown token, or none at all."""
        return _lack_tokens(self.tokenizer, _encode_alone(self.tokenizer, words))


@dataclass(frozen=True, eq=False)
class VectorFileModel:
    """Look words up in a file of word vectors; missing words have a zero vector."""

    name: str
    path: Path
    tokenizer: None = None
    _found: dict[frozenset[str], Vectors] = field(default_factory=dict, init=False, repr=False)

    def embed(self, words: list[str]) -> NDArray[np.float32]:
        """Read the vectors of the words; the file is read once, and only these are kept."""
        found = self._find(words)
        width = len(next(iter(found.values()), ()))
        vectors = np.zeros((len(words), width), np.float32)
        for row, word in enumerate(words):
            if word in found:
                vectors[row] = found[word]
        return vectors

    def unknown_words(self, words: list[str]) -> NDArray[np.bool_]:
        """Mask the words that the file lacks."""
        found = self._find(words)
        return np.array([word not in found for word in words], np.bool_)

    def _find(self, words: list[str]) -> Vectors:
        key = frozenset(words)
        if key not in self._found:
            self._found[key] = read_vectors(self.path, key)
        return self._found[key]


@dataclass(frozen=True, eq=False)
class FunctionModel:
    """Embed with any function from a list of words to an array."""

    name: str
    function: Embed
    tokenizer: Tokenizer | None = None

    def embed(self, words: list[str]) -> NDArray[np.float64]:
        """Call the function."""
        return _embed_all(self.name, self.function, words)

    def unknown_words(self, words: list[str]) -> None:
        """Return None: a function cannot tell."""


def _encode_alone(tokenizer: Tokenizer, words: list[str]) -> list[list[int]]:
    encodings = encode_batch_fast(tokenizer.backend, words)
    return [encoding.ids for encoding in encodings]


def _lack_tokens(tokenizer: Tokenizer, encoded: list[list[int]]) -> NDArray[np.bool_]:
    unknown = tokenizer.unknown_id
    return np.array([not ids or unknown in ids for ids in encoded], np.bool_)


def _embed_all(name: str, embed: Embed, words: list[str]) -> NDArray[np.float64]:
    """Embed all words at once; if that fails, find the word that it fails on."""
    try:
        return _matrix(name, embed(words))
    except (LimitError, ModelError):
        raise
    except Exception as error:  # whatever a function or a tokenizer raises
        culprit = next((word for word in words if _fails_on(embed, word)), None)
        what = "all words together" if culprit is None else repr(culprit)
        raise ModelError(
            f"{name} cannot encode {what}: {type(error).__name__}: {error}",
            "Make it accept every word.",
        ) from error


def _fails_on(embed: Embed, word: str) -> bool:
    try:
        embed([word])
    except Exception:
        return True
    return False


def _matrix(name: str, result: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(result, np.float64)
    except ValueError as error:
        raise ModelError(
            f"{name} returned vectors of different widths, or values that are not numbers: {error}",
            "Return one vector a word, all of the same width.",
        ) from error


def load_model(spec: str | Path | Embed | Model) -> Model:
    """Load a model: from a folder, a Hub name, a file of vectors, or a function.

    - a folder or Hub name of a Model2Vec or sentence-transformers static model;
    - `wordllama`, the 256-wide model that its package carries;
    - a `.txt`, `.vec` or `.bin` file of GloVe, word2vec or fastText vectors;
    - a function `list[str] -> array`, or a loaded model.

    Raises:
        ModelError: the model does not exist, or its files cannot be read.
        MissingExtraError: the library that reads it is not installed.
    """
    if not isinstance(spec, (str, Path)):
        if callable(spec):
            return FunctionModel(getattr(spec, "__name__", "function"), spec)
        return spec
    try:
        path = Path(spec).expanduser()
        is_file = path.is_file()
    except (
        OSError,
        RuntimeError,
    ) as error:  # a name that is too long, an unknown ~user, a locked folder
        raise ModelError(f"{spec} cannot be read: {error}", "Check the path.") from error
    if is_file:
        return VectorFileModel(str(spec), path)
    if is_vector_file(path):
        raise ModelError(f"There is no file {path}", "Give an existing file of word vectors.")
    if str(spec) == "wordllama":
        return load_wordllama(str(spec))
    return _load_model2vec(str(spec), path)


def _load_model2vec(spec: str, path: Path) -> Model2VecModel:
    try:
        from model2vec import StaticModel
    except ImportError as error:
        raise MissingExtraError(
            "Loading a static model needs model2vec, which is not installed",
            "Run: pip install 'tokstat-toolkit[wordsim]'",
        ) from error
    if not path.exists() and (spec.startswith(("/", ".", "~")) or spec.count("/") > 1):
        raise ModelError(f"There is no folder {spec}", "Give a model's folder, or its Hub name.")
    _require_sound_tokenizers(spec, path)
    try:
        model = StaticModel.from_pretrained(path if path.exists() else spec)
    except BaseException as error:  # of model2vec, its libraries, the Hub's client, or the system
        if not is_failure(error):
            raise
        reason = reason_of(error)
        raise ModelError(
            f"{spec} cannot be read as a static model: {reason}",
            "Give a folder with model.safetensors, tokenizer.json and config.json, or a Hub name"
            " of one.",
        ) from error
    return Model2VecModel(spec, model, as_tokenizer(spec, model.tokenizer))


def _require_sound_tokenizers(spec: str, folder: Path) -> None:
    """Raise ModelError if a folder has a damaged tokenizer.json, LimitError for what is endless.

    With some of them the library would abort the process, or fill its memory.
    """
    if folder.is_dir():
        require_plain_folder(folder)
    for file in (folder / "tokenizer.json", *folder.glob("*/tokenizer.json")):
        if file.is_file():
            try:
                backend = parse_tokenizer_json(read_tokenizer_file(file), str(file))
                # Reading the vocabulary checks the ids.
                _ = Tokenizer(backend, Origin(spec, str(file), None, "", "", ())).vocabulary
            except TokstatError as error:
                raise ModelError(
                    f"{spec} cannot be read as a static model: {error.problem}", error.hint
                ) from error


def load_wordllama(name: str) -> TokenModel:
    """Load the 256-wide WordLlama from its package.

    The package's own loader expects the tokenizer in a folder that is not installed.
    """
    import importlib.util

    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise MissingExtraError("wordllama is not installed", "Run: pip install wordllama")
    from safetensors.numpy import load_file

    folder = Path(spec.origin).parent
    try:
        (vectors,) = load_file(folder / "weights" / "l2_supercat_256.safetensors").values()
        backend = tokenizers.Tokenizer.from_file(
            str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json")
        )
    except Exception as error:  # of safetensors, tokenizers, or the system
        raise ModelError(
            f"The files of wordllama in {folder} cannot be read: {error}", "Install it again."
        ) from error
    return TokenModel(name, as_tokenizer(name, backend), vectors)


def as_tokenizer(name: str, backend: tokenizers.Tokenizer) -> Tokenizer:
    """Wrap a model's tokenizer; the copy neither pads nor truncates."""
    copy = tokenizers.Tokenizer.from_str(backend.to_str())
    return Tokenizer(copy, Origin(name, name, None, "", "the model's own", ()))
