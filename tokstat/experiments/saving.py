"""A distilled model as a Model2Vec folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tokstat.errors import MissingExtraError, OutputError
from tokstat.wordsim.models import TokenModel


def to_static_model(model: TokenModel) -> Any:
    """Return the model as model2vec's StaticModel. Raises MissingExtraError without model2vec."""
    try:
        from model2vec import StaticModel
    except ImportError as error:
        raise MissingExtraError(
            "Saving a static model needs model2vec, which is not installed",
            "Run: pip install 'tokstat-toolkit[wordsim]'",
        ) from error
    vectors = np.nan_to_num(model.vectors).astype(np.float32)
    tokens = len(model.tokenizer.vocabulary)
    return StaticModel(
        vectors=vectors,
        tokenizer=model.tokenizer.backend,
        config={"normalize": True},
        normalize=True,
        # Ids with gaps have more rows than tokens; model2vec takes that only with a mapping.
        token_mapping=np.arange(len(vectors)) if len(vectors) != tokens else None,
    )


def save_model(model: Any, folder: Path) -> None:
    """Write a StaticModel to a new folder, which appears whole or not at all.

    Raises:
        OutputError: the folder exists already, or cannot be written.
    """
    if folder.exists():
        raise OutputError(f"{folder} exists already", "Give a folder that does not exist yet.")
    temporary = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=folder.resolve().parent, prefix=f".{folder.name}."))
        model.save_pretrained(temporary)
        temporary.chmod(0o755)
        temporary.rename(folder)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror or error}",
            "Give a folder whose parent exists, may be written, and has room.",
        ) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
