"""Read Mistral's tekken.json: ranks, a pattern, and special tokens with the lowest ids."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path
from typing import Any

from tokstat.errors import InvalidTokenizerError, reason_of
from tokstat.io.limits import limits, parse_json, read_tokenizer_file
from tokstat.loading.ranks import build_from_ranks
from tokstat.text.utf8 import has_lone_surrogates
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_SPECIAL_UP_TO_V7 = (
    *("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]"),
    *("[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]"),
    *("[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"),
    "[TOOL_CONTENT]",
)
"""The special tokens of files that list none, in the order of ids. Source: mistral-common."""


def load_tekken(
    spec: str, path: Path, *, source: str | None = None, revision: str | None = None
) -> Tokenizer:
    """Load a tekken.json. The id of a token is its rank plus the number of special tokens.

    Raises:
        InvalidTokenizerError: the file is damaged, or contradicts itself.
        LimitError: the file or its content exceeds a limit.
        AccessDeniedError: the file cannot be read.
    """
    data = read_tokenizer_file(path)
    try:
        content = parse_json(data, str(path))
    except (ValueError, RecursionError) as error:
        raise InvalidTokenizerError(
            f"{path} is not valid JSON: {reason_of(error)}",
            "Download it again; the last download may be incomplete.",
        ) from error
    try:
        special = _special_tokens(content)
        ranks = _ranks(content, len(special))
        pattern, version = content["config"]["pattern"], content["config"].get("version")
        if not isinstance(pattern, str):
            raise ValueError("its pattern is not a text")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        problem = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise InvalidTokenizerError(
            f"{path} is not a valid tekken.json: {problem}", "Download it again."
        ) from error
    return Tokenizer(
        build_from_ranks(ranks, pattern, special, str(path)),
        Origin(
            spec=spec,
            source=source or str(path),
            revision=revision,
            sha256=hashlib.sha256(data).hexdigest(),
            loader=f"tekken {version}" if isinstance(version, str) else "tekken",
            files=(path.name,),
        ),
    )


def _special_tokens(content: dict[str, Any]) -> dict[str, int]:
    """Return the special tokens and their ids. Unnamed ones get the name `<SPECIAL_n>`."""
    listed = content.get("special_tokens")
    if listed is None:
        names = dict(enumerate(_SPECIAL_UP_TO_V7))
    else:
        names = {
            _count(token["rank"], "a special token's rank"): token["token_str"] for token in listed
        }
        if len(names) < len(listed):
            raise ValueError("two special tokens have the same rank")
        if not all(isinstance(name, str) and name for name in names.values()) or any(
            map(has_lone_surrogates, names.values())
        ):
            raise ValueError("a special token is not a text")
    given = content["config"].get("default_num_special_tokens", len(names))
    count = _count(given, "the number of special tokens")
    if any(rank >= count for rank in names):
        raise ValueError(f"a special token has a rank that is not below their number, {count:,}")
    special = {names.get(rank, f"<SPECIAL_{rank}>"): rank for rank in range(count)}
    if len(special) < count:
        raise ValueError("two special tokens have the same name")
    return special


def _ranks(content: dict[str, Any], special: int) -> dict[bytes, int]:
    """Return the tokens that the model uses, those of the lowest ranks, with their ids."""
    vocab = content["vocab"]
    if not isinstance(vocab, list):
        raise ValueError("its vocab is not a list")
    given = content["config"].get("default_vocab_size", len(vocab) + special)
    used = _count(given, "the size of the vocabulary") - special
    if not 0 < used <= len(vocab):
        raise ValueError(f"it declares {used:,} tokens, but lists {len(vocab):,}")
    ranks: dict[bytes, int] = {}
    for index, entry in enumerate(vocab[:used]):
        if entry["rank"] != index:
            raise ValueError(f"token {index:,} has the rank {entry['rank']!r} instead of its index")
        try:
            token = base64.b64decode(entry["token_bytes"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError(f'token {index:,} is not valid base64: "{error}"') from error
        if not token or token in ranks:
            raise ValueError(f"token {index:,} is {'a duplicate' if token else 'empty'}")
        ranks[token] = index + special
    return ranks


def _count(value: object, what: str) -> int:
    """Return a value that is a valid size or id. Raises ValueError for others."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= limits().tokens:
        raise ValueError(f"{what} is not a whole number from 0 to {limits().tokens:,}")
    return value
