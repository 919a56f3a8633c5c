"""Convert tokenizers with transformers where tokstat has no reader.

This is the last resort. A `tokenizer_class` may change the tokenizer during conversion, so the
report always names this loader. Remote code never runs.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tokstat.errors import InvalidTokenizerError, whole_reason_of
from tokstat.io.limits import require_plain_folder
from tokstat.loading.tokenizer_json import require_tokens
from tokstat.model.transformers_library import from_transformers, without_warnings
from tokstat.tokenizer.tokenizer import Origin, Tokenizer


def load_converted(
    spec: str, folder: Path, *, source: str, revision: str | None = None
) -> Tokenizer:
    """Convert a folder's tokenizer with transformers' AutoTokenizer.

    No single file is read, so the recorded SHA-256 is that of the converted tokenizer.

    Raises:
        InvalidTokenizerError: transformers cannot convert it to a fast tokenizer.
        LimitError: the folder has devices or pipes, or configurations that are too large.
        MissingExtraError: transformers cannot be imported.
    """
    require_plain_folder(folder)
    with without_warnings():
        auto, version = from_transformers("AutoTokenizer"), from_transformers("__version__")
        try:
            converted = auto.from_pretrained(
                str(folder), use_fast=True, trust_remote_code=False, local_files_only=True
            )
            backend = converted.backend_tokenizer
        except Exception as error:  # converters raise errors of any kind, with the same remedy
            reason = whole_reason_of(error)
            raise InvalidTokenizerError(
                f'transformers {version} cannot convert the tokenizer in {source}: "{reason}"',
                "Give its .model file or a tokenizer.json, or install the library that its format"
                " needs: sentencepiece with protobuf, tiktoken, or mistral-common.",
            ) from error
    require_tokens(backend, source)
    return Tokenizer(
        backend,
        Origin(
            spec=spec,
            source=source,
            revision=revision,
            sha256=hashlib.sha256(backend.to_str().encode()).hexdigest(),
            loader=f"transformers {version} ({type(converted).__name__})",
            files=tuple(sorted(path.name for path in folder.iterdir() if path.is_file())),
            folder=folder,
            is_models=True,
            notes=(
                f"transformers {version} converted this tokenizer. Its {type(converted).__name__}"
                " may encode differently from the original files.",
            ),
        ),
    )
