"""The parts of a tokenizer in one form, whichever way its file was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from tokstat.comparison.configuration import configured
from tokstat.errors import InvalidTokenizerError, is_failure
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.pipeline import is_empty
from tokstat.tokenizer.tokenizer import FLAGS, Tokenizer
from tokstat.tokenizer.written_json import split_merge

PIPELINE = {
    "normalizer": "normalizer",
    "pre_tokenizer": "pre-tokenizer",
    "post_processor": "post-processor",
    "decoder": "decoder",
}
"""Each component's key in tokenizer.json, and its name."""

_NO_TEMPLATE = {
    "type": "TemplateProcessing",
    "single": [{"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {},
}
"""The post-processor that transformers writes where there is none; both do the same."""

_WRITTEN_LAST = {"BPE": ("merges", "merges"), "Unigram": ("scores", "vocab")}
"""The part of a model that only its written form has, and its key there."""

_MODEL_SETTINGS = {
    "BPE": (
        "dropout",
        "unk_token",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges",
    ),
    "WordPiece": ("unk_token", "continuing_subword_prefix", "max_input_chars_per_word"),
    "WordLevel": ("unk_token",),
}
"""Settings that the library returns one by one, so that the whole model need not be written."""

_LONGEST = 4096
"""Characters of a setting; a longer one, such as normalization rules, is known by its digest."""


@dataclass(frozen=True, eq=False)
class TokenizerPart:
    """Hold one part: what it has by name, in order where the order counts.

    `content` is None for a part of a lock that was too large to be kept.
    """

    name: str
    count: int
    content: Mapping[str, Any] | None = field(repr=False)
    is_ordered: bool = False
    known_digest: str | None = None

    @cached_property
    def digest(self) -> str:
        """The start of the SHA-256 of the content."""
        if self.known_digest is not None or self.content is None:
            return self.known_digest or ""
        pairs: Iterable[Any] = self.content.items()
        text = json.dumps([*pairs] if self.is_ordered else sorted(pairs), sort_keys=True)
        return _digest(text)


def parts_of(tokenizer: Tokenizer) -> dict[str, TokenizerPart]:
    """Return every part by name, as the tokenizers library reads it.

    What a file leaves out and what it states as the default are equal, and so are the two ways to
    write a merge.

    Raises:
        InvalidTokenizerError: a component written in Python has no form that can be compared.
    """
    written = _written(tokenizer)
    model = written["model"]
    vocab, merges = model.pop("vocab"), model.pop("merges", None)
    scores = None
    if isinstance(vocab, list):  # Unigram
        scores = dict(map(tuple, vocab))
        vocab = {token: index for index, (token, _) in enumerate(vocab)}
    added = {token.pop("content"): token for token in written["added_tokens"]}
    ids = {**vocab, **{token: flags.pop("id") for token, flags in added.items()}}
    parts = [
        *_tokens(ids),
        *([] if merges is None else [_part("merges", _merges(merges), is_ordered=True)]),
        *([] if scores is None else [_part("scores", scores)]),
        *_small_parts(tokenizer, added, model),
    ]
    return {part.name: part for part in parts}


def light_parts_of(tokenizer: Tokenizer) -> dict[str, TokenizerPart]:
    """Return every part but merges and scores, in a tenth of the time.

    A component written in Python has no form that can be compared, and is left out.
    """
    vocabulary = tokenizer.vocabulary
    added = {
        token.content: {flag: getattr(token, flag) for flag in FLAGS}
        for _, token in sorted(tokenizer.backend.get_added_tokens_decoder().items())
    }
    unread = [name for key, name in PIPELINE.items() if _is_python(tokenizer, key)]
    parts = [
        *_tokens(dict(zip(vocabulary.tokens, vocabulary.ids.tolist(), strict=True))),
        *_small_parts(tokenizer, added, _model_settings(tokenizer)),
    ]
    return {part.name: part for part in parts if part.name not in unread}


def digest_of_written(tokenizer: Tokenizer) -> tuple[str, str] | None:
    """Return "merges" or "scores" with a digest; None for a model without these.

    Equal digests are equal parts, found without parsing either. Raises as `parts_of`.
    """
    found = _WRITTEN_LAST.get(tokenizer.model_type)
    if found is None:
        return None
    part, key = found
    text = _written_text(tokenizer)
    # The library writes the key last; in a string its quotes would be escaped.
    return part, _digest(text[text.rfind(f'"{key}":[') :])


def _tokens(ids: Mapping[str, int]) -> Iterator[TokenizerPart]:
    yield _part("tokens", dict.fromkeys(ids, True))
    yield _part("ids", ids)


def _small_parts(
    tokenizer: Tokenizer, added: Mapping[str, Any], model: Mapping[str, Any]
) -> Iterator[TokenizerPart]:
    """Yield what does not grow with the vocabulary."""
    yield _part("added tokens", added)
    for key, name in PIPELINE.items():
        yield _part(name, _steps(tokenizer, key), is_ordered=True)
    yield _part("model", _stated(model))
    yield _part("padding", _stated(tokenizer.stored_padding))
    yield _part("truncation", _stated(tokenizer.stored_truncation))
    for name, content in configured(tokenizer).items():
        yield _part(name, content)


def _model_settings(tokenizer: Tokenizer) -> dict[str, Any]:
    """Return the settings of a model as the library writes them, if possible one by one."""
    kind, model = tokenizer.model_type, tokenizer.backend.model
    if kind not in _MODEL_SETTINGS:
        settings = _written(tokenizer)["model"]
        return {key: value for key, value in settings.items() if key != "vocab"}
    found = {name: getattr(model, name) for name in _MODEL_SETTINGS[kind]}
    if found.get("dropout") is not None:  # the library writes the shortest form of a 32 bit float
        found["dropout"] = float(str(np.float32(found["dropout"])))
    return {"type": kind, **found}


def _is_python(tokenizer: Tokenizer, component: str) -> bool:
    """Return whether a component is written in Python, so that it has no written form."""
    if components(tokenizer.backend, component):
        return False
    found = getattr(tokenizer.backend, component)
    return found is not None and not is_empty(found)


def _part(name: str, content: Mapping[str, Any], is_ordered: bool = False) -> TokenizerPart:
    return TokenizerPart(name, len(content), content, is_ordered)


def _stated(settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the settings that have a value: null and absent are one."""
    return {key: _short(value) for key, value in (settings or {}).items() if value is not None}


def _written(tokenizer: Tokenizer) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(_written_text(tokenizer))
    return written


def _written_text(tokenizer: Tokenizer) -> str:
    try:
        return tokenizer.to_json()
    except Exception as error:  # a component written in Python raises a bare Exception
        if not is_failure(error):
            raise
        raise InvalidTokenizerError(
            f'{tokenizer.origin.spec} cannot be written as JSON: "{error}"',
            "Replace the components that are written in Python.",
        ) from error


def _merges(merges: Iterable[str | list[str]]) -> dict[str, None]:
    """Return the merges in order, written with one space, or as JSON where that is ambiguous."""
    keys = [" ".join(merge) if isinstance(merge, list) else merge for merge in merges]
    return dict.fromkeys(
        key if key.count(" ") == 1 else json.dumps(split_merge(merge), ensure_ascii=False)
        for key, merge in zip(keys, merges, strict=True)
    )


def _steps(tokenizer: Tokenizer, component: str) -> dict[str, Any]:
    """Return the settings of each step by its type; a repeated type gets a number."""
    steps: dict[str, Any] = {}
    for written in components(tokenizer.backend, component):
        if written == _NO_TEMPLATE:
            continue
        kind = written["type"]
        number = sum(name.partition(" ")[0] == kind for name in steps) + 1
        settings = {key: _short(value) for key, value in written.items() if key != "type"}
        steps[kind if number == 1 else f"{kind} {number}"] = settings
    return steps


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{len(value):,} characters, SHA-256 {_digest(value)}"
    return value


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
