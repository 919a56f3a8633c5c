"""Static models from a teacher: a vector for every token of any tokenizer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.teachers import Progress, Recipe, Teacher
from tokstat.errors import MissingExtraError, TeacherError, reason_of
from tokstat.tokenizer.single_words import CONVENTIONS, Convention, split_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.wordsim.models import TokenModel

SAMPLE = 4096
"""Tokens that fast mode draws to estimate the mean and the principal axes from."""


@dataclass(frozen=True)
class Distillation:
    """Say how vectors are made of what the teacher gives (Model2Vec's defaults).

    `pca` is the number of principal axes kept, None for no PCA; `sif` the coefficient a of smooth
    inverse frequency (Arora et al. 2017), with Zipf's law for the frequency by rank, None for none.
    """

    recipe: Recipe = field(default_factory=Recipe)
    pca: int | None = 256
    sif: float | None = 1e-4


@dataclass(frozen=True, eq=False)
class DistilledModel(TokenModel):
    """Embed a word as the mean of its tokens' vectors, as it stands alone or after a word."""

    convention: Convention = "bare"

    def _encode(self, words: list[str]) -> list[list[int]]:
        return split_words(self.tokenizer, words, self.convention)

    def under(self, convention: Convention) -> DistilledModel:
        """Return the model with words encoded by another convention."""
        return DistilledModel(self.name, self.tokenizer, self.vectors, convention)


MODEL2VEC_POOLINGS = {Recipe("mean"): "mean", Recipe("cls"): "first", Recipe("last"): "last"}
"""Recipes that Model2Vec has, and what it calls them."""


def distill_plainly(folder: Path, settings: Distillation) -> Any:
    """Let Model2Vec distil a teacher; return its StaticModel.

    Raises:
        MissingExtraError: what it needs for that is not installed.
        TeacherError: it cannot.
    """
    try:
        from model2vec.distill import distill as distill_by_model2vec
    except ImportError as error:
        raise MissingExtraError(
            f"Distilling needs {error.name}, which is not installed",
            "Run: pip install 'tokstat-toolkit[distill]'",
        ) from error
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
            f"Model2Vec cannot distil {folder}: {reason}",
            "Give the folder or Hub name of a transformers model with weights and a tokenizer.",
        ) from error


def token_texts(vocabulary: Vocabulary) -> list[str]:
    """Return the text that the teacher reads for each row: its own, or the stored string."""
    return [
        token if text is None or not text.strip() else text
        for text, token in zip(vocabulary.texts, vocabulary.tokens, strict=True)
    ]


def distill(
    teacher: Teacher,
    tokenizer: Tokenizer,
    settings: Distillation | None = None,
    *,
    words: Sequence[str] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> DistilledModel:
    """Give every token the teacher's vector of its text, reduced by PCA, weighted by rank.

    With `words`, in fast mode: only tokens that these words are encoded to, alone or after a word,
    get a vector, and the mean and the axes are estimated from a seeded sample of the vocabulary;
    all others have NaN, so that a score over other words would show. Without, exact: all tokens.
    """
    settings = settings or Distillation()
    vocabulary = tokenizer.vocabulary
    texts = token_texts(vocabulary)
    everything = np.arange(len(vocabulary))
    fit = reached = everything
    if words is not None:
        reached = _reached_rows(tokenizer, words)
        fit = _sample(texts, seed)
    wanted = np.union1d(fit, reached)
    embedded = teacher.embed([texts[row] for row in wanted.tolist()], settings.recipe, progress)
    raw = embedded.astype(np.float32)
    reduced = _project(raw, raw[np.searchsorted(wanted, fit)], settings.pca)
    weights = zipf_weights(len(vocabulary), settings.sif)[wanted]
    vectors = np.full((int(vocabulary.ids[-1]) + 1, reduced.shape[1]), np.nan, np.float32)
    vectors[vocabulary.ids[wanted]] = reduced * weights[:, None]
    return DistilledModel(teacher.name, tokenizer, vectors)


def _sample(texts: Sequence[str], seed: int) -> NDArray[np.int64]:
    """Draw the rows whose texts have the smallest hashes.

    As random as any other draw, and tokenizers that share texts draw the same ones (Broder 1997),
    so that the teacher need not read them again.
    """
    salt = seed.to_bytes(8, "big")
    hashes = [
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, salt=salt).digest()
        for text in texts
    ]
    order = sorted(range(len(texts)), key=lambda row: (hashes[row], row))
    return np.sort(np.array(order[:SAMPLE], np.int64))


def _reached_rows(tokenizer: Tokenizer, words: Sequence[str]) -> NDArray[np.int64]:
    ids = {
        token
        for convention in CONVENTIONS
        for tokens in split_words(tokenizer, words, convention)
        for token in tokens
    }
    rows: NDArray[np.int64] = np.searchsorted(tokenizer.vocabulary.ids, sorted(ids))
    return rows


def _project(
    vectors: NDArray[np.float32], sample: NDArray[np.float32], axes: int | None
) -> NDArray[np.float32]:
    """Turn vectors onto the first principal axes of a sample, from its mean."""
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
    """Return the SIF weight a / (a + p) of each rank, p by Zipf's law, as Model2Vec has it."""
    if sif is None:
        return np.ones(tokens, np.float32)
    inverse = 1 / np.arange(2, tokens + 2)
    weights: NDArray[np.float32] = (sif / (sif + inverse / inverse.sum())).astype(np.float32)
    return weights
