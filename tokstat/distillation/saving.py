"""Save a distilled model as a Model2Vec folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tokstat.errors import MissingExtraError, reason_of
from tokstat.io.files import new_folder
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
    vectors = np.nan_to_num(model.matrix).astype(np.float32)
    tokens = len(model.tokenizer.vocabulary)
    return StaticModel(
        vectors=vectors,
        tokenizer=model.tokenizer.backend,
        config={"normalize": True},
        normalize=True,
        # Ids with gaps mean more rows than tokens; model2vec accepts that only with a mapping.
        token_mapping=np.arange(len(vectors)) if len(vectors) != tokens else None,
    )


def save_model(model: Any, folder: Path) -> None:
    """Write a StaticModel to a new folder, whole or not at all. Raises OutputError."""
    with new_folder(folder) as temporary:
        try:
            model.save_pretrained(temporary, model_name=folder.name)
        except OSError:
            raise
        except Exception as error:  # safetensors and tokenizers raise error types of their own
            raise OSError(reason_of(error)) from error
