"""Small SentencePiece models, trained by its own library."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

from tests.needs import need
from tests.small_tokenizers import kept, training_text

if TYPE_CHECKING:
    import sentencepiece


def train(**options: Any) -> bytes:
    """Train a model on frequent words; options are the trainer's."""
    settings = {
        "model_type": "bpe",
        "vocab_size": 1200,
        "hard_vocab_limit": False,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "minloglevel": 2,
        **options,
    }
    name = hashlib.sha256(repr(sorted(settings.items())).encode()).hexdigest()[:16]
    return kept(f"{name}.model", lambda: _trained(settings))


def _trained(settings: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    need("sentencepiece").SentencePieceTrainer.train(
        sentence_iterator=iter(training_text()), model_writer=file, **settings
    )
    return file.getvalue()


def processor(model: bytes) -> sentencepiece.SentencePieceProcessor:
    made: sentencepiece.SentencePieceProcessor
    made = need("sentencepiece").SentencePieceProcessor(model_proto=model)
    return made


def edited(model: bytes, **changes: Any) -> bytes:
    """Return a model with pieces of another type (`types`), or other fields of its two specs."""
    schema: Any = need("sentencepiece.sentencepiece_model_pb2")
    proto = schema.ModelProto.FromString(model)
    for piece in proto.pieces:
        piece.type = changes.get("types", {}).get(piece.piece, piece.type)
    for spec in (proto.trainer_spec, proto.normalizer_spec):
        for name, value in changes.items():
            if hasattr(spec, name):
                setattr(spec, name, value)
    data: bytes = proto.SerializeToString()
    return data
