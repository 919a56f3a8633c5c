"""Let transformers convert what tokstat does not read itself.

The last resort: a `tokenizer_class` may replace parts of a tokenizer's own pipeline while
converting it, so the report always names this loader. Remote code never runs.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tokstat.errors import InvalidTokenizerError, reason_of
from tokstat.loading.tokenizer_json import require_tokens
from tokstat.model.transformers_library import without_warnings
from tokstat.tokenizer.tokenizer import Origin, Tokenizer


def load_converted(
    spec: str, folder: Path, *, source: str, revision: str | None = None
) -> Tokenizer:
    """Convert a folder's tokenizer with transformers' AutoTokenizer.

    The SHA-256 is of the converted tokenizer, as there is no one file that was read.

    Raises:
        InvalidTokenizerError: transformers cannot convert it to a fast tokenizer.
    """
    with without_warnings():
        from transformers import AutoTokenizer
        from transformers import __version__ as version

        try:
            converted = AutoTokenizer.from_pretrained(
                str(folder), use_fast=True, trust_remote_code=False, local_files_only=True
            )
            backend = converted.backend_tokenizer
        except Exception as error:  # whatever a converter raises, the user can only do one thing
            reason = reason_of(error)
            raise InvalidTokenizerError(
                f"transformers {version} cannot convert the tokenizer in {source}: {reason}",
                "Install the library its format needs (sentencepiece with protobuf, tiktoken,"
                " mistral-common), export a tokenizer.json, or give the .model file itself.",
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
            notes=(
                f"Converted by transformers {version}: its {type(converted).__name__} may differ"
                " from what the original files describe.",
            ),
        ),
    )
