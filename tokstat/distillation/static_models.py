"""Distill static models from a teacher: a vector for every token of any tokenizer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.teachers import Progress, Recipe, Teacher
from tokstat.errors import DataError, MissingExtraError, TeacherError, reason_of
from tokstat.io.background import Background
from tokstat.model.embedding_matrices import require_safetensors
from tokstat.tokenizer.single_words import CONVENTIONS, Convention, split_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.wordsim.models import TokenModel

_LOG = logging.getLogger(__name__)

SAMPLE = 4096
"""Tokens that fast mode draws to estimate the mean and the principal axes."""


@dataclass(frozen=True)
class Distillation:
    """Hold the settings of a distillation, with Model2Vec's defaults.

    `pca` is the number of principal axes to keep, None for no PCA. `sif` is the coefficient a of
    smooth inverse frequency (Arora et al. 2017), with frequencies by Zipf's law, None for no
    weights.
    """

    recipe: Recipe = field(default_factory=Recipe)
    pca: int | None = 256
    sif: float | None = 1e-4

    @property
    def name(self) -> str:
        """The settings in words, for results that were made with them."""
        return f"{self.recipe.key}, PCA {self.pca}, SIF {self.sif}"


class WordSplits:
    """Split words into the ids of their tokens, each once under a convention."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[Convention, dict[str, list[int]]] = {each: {} for each in CONVENTIONS}

    def of(self, words: Sequence[str], convention: Convention) -> list[list[int]]:
        """Return the ids of each word's tokens; raises as `split_words`."""
        known = self._known[convention]
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            known.update(zip(new, split_words(self._tokenizer, new, convention), strict=True))
        return [known[word] for word in words]


@dataclass(frozen=True, eq=False)
class DistilledModel(TokenModel):
    """Embed a word, alone or in text, as the mean of its tokens' vectors.

    `vectors` are those of the tokens `ids`, which are in order; all others have NaN.
    """

    ids: NDArray[np.int32]
    splits: WordSplits
    convention: Convention = "bare"

    @property
    def matrix(self) -> NDArray[np.floating[Any]]:
        """The vector of every id up to the highest one of the vocabulary."""
        return self._vectors_of(np.arange(int(self.tokenizer.vocabulary.ids[-1]) + 1))

    def _vectors_of(self, ids: NDArray[np.int64]) -> NDArray[np.floating[Any]]:
        rows = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        found: NDArray[np.floating[Any]] = self.vectors[rows]
        found[self.ids[rows] != ids] = np.nan
        return found

    def _encode(self, words: list[str]) -> list[list[int]]:
        return self.splits.of(words, self.convention)

    def under(self, convention: Convention) -> DistilledModel:
        """Return the model with words encoded under another convention."""
        return replace(self, convention=convention)


MODEL2VEC_POOLINGS = {Recipe("mean"): "mean", Recipe("cls"): "first", Recipe("last"): "last"}
"""Recipes that Model2Vec has, and its names for them."""


def distill_plainly(folder: Path, settings: Distillation) -> Any:
    """Let Model2Vec distill a teacher, and return its StaticModel.

    Raises:
        MissingExtraError: a library for it is not installed.
        TeacherError: its weights are not in safetensors, or Model2Vec fails.
    """
    try:
        require_safetensors(folder)
    except DataError as error:
        raise TeacherError(f"Model2Vec cannot distill it: {error.problem}", error.hint) from error
    _LOG.info("loading Model2Vec")
    try:
        from model2vec.distill import distill as distill_by_model2vec
    except ImportError as error:
        raise MissingExtraError(
            f"Distillation needs {error.name or 'torch'}, which is not installed",
            "Run: pip install 'tokstat-toolkit[distill]'",
        ) from error
    _LOG.info("distilling the teacher", extra={"shows_itself": True})
    try:
        return distill_by_model2vec(
            str(folder),
            pca_dims=settings.pca,
            sif_coefficient=settings.sif,
            pooling=MODEL2VEC_POOLINGS[settings.recipe],
        )
    except Exception as error:  # of model2vec, transformers, skeletoken, or the system
        reason = reason_of(error)
        raise TeacherError(
            f"Model2Vec cannot distill {folder}: {reason}",
            "Give the folder or Hub name of a transformers model with weights and a tokenizer.",
        ) from error


def token_texts(vocabulary: Vocabulary) -> list[str]:
    """Return the text to embed for each row: its text, or the stored string if that is empty."""
    properties = vocabulary.properties
    texts = list(vocabulary.texts)
    for row in np.flatnonzero(properties.blank | (properties.lengths == 0)).tolist():
        texts[row] = vocabulary.tokens[row]
    return cast("list[str]", texts)


@dataclass(frozen=True, eq=False)
class ChosenTokens:
    """Hold the tokens that get a vector, and nothing else of their tokenizer.

    `texts` are what the teacher embeds for `ids`, which are in order. `rows` are their rows in the
    vocabulary of `vocab_size` tokens. Mean and axes are estimated from those at the places
    `sample`.
    """

    spec: str
    vocab_size: int
    rows: NDArray[np.int64]
    ids: NDArray[np.int32]
    texts: list[str]
    sample: NDArray[np.int64]


def distill(
    teacher: Teacher,
    tokenizer: Tokenizer,
    settings: Distillation | None = None,
    *,
    words: Sequence[str] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> DistilledModel:
    """Return a model with the teacher's vector of every token, reduced by PCA, weighted by rank.

    With `words` (fast mode) only the tokens of these words, alone and in text, get a vector. Mean
    and axes are then estimated from a seeded sample of the vocabulary. Other tokens have NaN, so
    that a score over other words fails. Without `words` (exact mode) all tokens get a vector.
    """
    splits = WordSplits(tokenizer)
    chosen = choose_tokens(tokenizer, splits, words=words, seed=seed)
    vectors = token_vectors(teacher, chosen, settings or Distillation(), progress)
    return DistilledModel(teacher.name, tokenizer, vectors, chosen.ids, splits)


def choose_tokens(
    tokenizer: Tokenizer, splits: WordSplits, *, words: Sequence[str] | None = None, seed: int = 0
) -> ChosenTokens:
    """Choose the tokens that `distill` gives a vector."""
    vocabulary = tokenizer.vocabulary
    rows = sample = np.arange(len(vocabulary))
    if words is not None:
        splitting = Background(lambda: _reached_rows(vocabulary, splits, words))
        drawn = _sample(vocabulary, seed)  # in Python, while the library splits the words
        rows = np.union1d(drawn, splitting.result())
        sample = np.searchsorted(rows, drawn)
    texts = token_texts(vocabulary)
    return ChosenTokens(
        spec=tokenizer.origin.spec,
        vocab_size=len(vocabulary),
        rows=rows,
        ids=vocabulary.ids[rows],
        texts=[texts[row] for row in rows.tolist()],
        sample=sample,
    )


def token_vectors(
    teacher: Teacher,
    chosen: ChosenTokens,
    settings: Distillation,
    progress: Progress | None = None,
    before_new: Callable[[], None] | None = None,
    on_embedded: Callable[[], None] | None = None,
) -> NDArray[np.float32]:
    """Return the vectors of tokens, shape (len(chosen.ids), width), as `distill` makes them.

    `before_new` is called before the teacher embeds texts that are not cached, which takes the most
    memory, and `on_embedded` when all are embedded.
    """
    _LOG.info("embedding the tokens of %s", chosen.spec)
    embedded = teacher.embed(chosen.texts, settings.recipe, progress, before_new)
    if on_embedded is not None:
        on_embedded()
    _LOG.info("making a static model with %s, and measuring it", chosen.spec)
    raw = embedded.astype(np.float32)
    reduced = _project(raw, raw[chosen.sample], settings.pca)
    weights = zipf_weights(chosen.vocab_size, settings.sif)[chosen.rows]
    return reduced * weights[:, None]


def _sample(vocabulary: Vocabulary, seed: int) -> NDArray[np.int64]:
    """Draw the rows whose texts have the smallest hashes.

    This is as random as any draw, but tokenizers with equal texts draw the same ones (Broder 1997),
    so that the teacher embeds them only once.
    """
    hashes = text_hashes(vocabulary, seed)
    last = min(SAMPLE, len(hashes)) - 1
    # Sorting only the candidates is much faster than sorting all hashes.
    candidates = np.flatnonzero(hashes <= np.partition(hashes, last)[last])
    order = np.argsort(hashes[candidates], kind="stable")
    return np.sort(candidates[order[:SAMPLE]])


@lru_cache(1)
def text_hashes(vocabulary: Vocabulary, seed: int) -> NDArray[np.uint64]:
    """Return a hash of the text to embed for each row; those of the last vocabulary are kept."""
    salted = blake2b(digest_size=8, salt=seed.to_bytes(8, "big"))
    digests = []
    for text in token_texts(vocabulary):
        hashed = salted.copy()  # a new one would take half as long again
        hashed.update(text.encode("utf-8", "surrogatepass"))
        digests.append(hashed.digest())
    return np.frombuffer(b"".join(digests), ">u8").astype(np.uint64)


def _reached_rows(
    vocabulary: Vocabulary, splits: WordSplits, words: Sequence[str]
) -> NDArray[np.int64]:
    ids = {
        token
        for convention in CONVENTIONS
        for tokens in splits.of(words, convention)
        for token in tokens
    }
    rows: NDArray[np.int64] = np.searchsorted(vocabulary.ids, sorted(ids))
    return rows


def _project(
    vectors: NDArray[np.float32], sample: NDArray[np.float32], axes: int | None
) -> NDArray[np.float32]:
    """Project vectors, minus the mean of a sample, onto the first principal axes of the sample."""
    if axes is None or axes > vectors.shape[1] or axes >= len(sample):
        return vectors
    mean = sample.mean(axis=0)
    centred = sample - mean
    covariance = (centred.T @ centred).astype(np.float64) / (len(sample) - 1)
    _, turned = np.linalg.eigh(covariance)
    main: NDArray[np.float32] = turned[:, ::-1][:, :axes].astype(np.float32)
    projected: NDArray[np.float32] = (vectors - mean) @ main
    return projected


def zipf_weights(tokens: int, sif: float | None) -> NDArray[np.float32]:
    """Return the SIF weight a / (a + p) of each rank, with p by Zipf's law, like Model2Vec."""
    if sif is None:
        return np.ones(tokens, np.float32)
    inverse = 1 / np.arange(2, tokens + 2)
    weights: NDArray[np.float32] = (sif / (sif + inverse / inverse.sum())).astype(np.float32)
    return weights
