"""The model of a tokenizer, read from the library so that it can be replayed."""

from __future__ import annotations

import json
from typing import Any

import tokenizers

from tokstat.errors import EncodingError
from tokstat.splitting.replay.bpe import BPEModel, BPETrace
from tokstat.splitting.replay.unigram import UnigramModel, UnigramTrace
from tokstat.splitting.replay.word_level import WordLevelModel, WordLevelTrace
from tokstat.splitting.replay.wordpiece import WordPieceModel, WordPieceTrace
from tokstat.tokenizer.tokenizer import Tokenizer

Model = BPEModel | WordPieceModel | UnigramModel | WordLevelModel
Trace = BPETrace | WordPieceTrace | UnigramTrace | WordLevelTrace


def read_model(tokenizer: Tokenizer) -> Model:
    """Return the tokenizer's model.

    Raises:
        EncodingError: it draws at random (dropout), or is none of the four known models.
    """
    model = tokenizer.backend.model
    if isinstance(model, tokenizers.models.BPE):
        return _read_bpe(tokenizer)
    if isinstance(model, tokenizers.models.Unigram):
        state = json.loads(model.__getstate__())
        pieces = [(piece, float(score)) for piece, score in state["vocab"]]
        return UnigramModel(pieces, state["unk_id"], bool(state.get("byte_fallback")))
    vocabulary = tokenizer.backend.get_vocab(with_added_tokens=False)
    if isinstance(model, tokenizers.models.WordPiece):
        return WordPieceModel(
            vocabulary,
            model.unk_token,
            model.continuing_subword_prefix,
            model.max_input_chars_per_word,
        )
    if isinstance(model, tokenizers.models.WordLevel):
        return WordLevelModel(vocabulary, model.unk_token)
    raise EncodingError(
        f"the model {type(model).__name__} cannot be replayed",
        "Models that can: BPE, WordPiece, Unigram and WordLevel.",
    )


def _read_bpe(tokenizer: Tokenizer) -> BPEModel:
    model: Any = tokenizer.backend.model
    if model.dropout:
        raise EncodingError(
            f"the model leaves out merges at random (dropout {model.dropout:g})",
            "Set its dropout to null to replay it.",
        )
    return BPEModel(
        tokenizer.backend.get_vocab(with_added_tokens=False),
        tokenizer.source_text().merges(),
        unknown=model.unk_token,
        continuation=model.continuing_subword_prefix or "",
        end=model.end_of_word_suffix or "",
        fuses_unknown=model.fuse_unk,
        falls_back_to_bytes=model.byte_fallback,
        ignores_merges=model.ignore_merges,
    )
