"""Say what is wrong with a tokenizer.json that the tokenizers library cannot read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import tokenizers

from tokstat.errors import did_you_mean, is_failure, reason_of
from tokstat.results.from_json import kind_of_json
from tokstat.text.wording import counted
from tokstat.tokenizer.written_json import split_merge

_MODELS = ("BPE", "WordPiece", "Unigram", "WordLevel")
_BEGINNINGS = (b"", b"{", b"[", b'"')

_PARTS = {
    "normalizer": (tokenizers.normalizers, "normalizers", "Lowercase"),
    "pre_tokenizer": (tokenizers.pre_tokenizers, "pretokenizers", "Whitespace"),
    "decoder": (tokenizers.decoders, "decoders", "Fuse"),
    "post_processor": (tokenizers.processors, "processors", "ByteLevel"),
}
"""By its key a part: its module, the key of a sequence's parts, and one of its classes."""

_FLAGS = ("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special")
_VERSION = "1.0"

_SAVE_AGAIN = (
    "Load it with the version of the tokenizers library that wrote it, or with transformers, and "
    "save it again."
)
_UPGRADE = "If it is newer, run: pip install --upgrade tokenizers"


def diagnose(data: bytes, source: str, error: BaseException) -> tuple[str, str]:
    """Return the problem and the hint for data that is not a valid tokenizer.json."""
    if not data.strip():
        return f"{source} is empty", "Download or export the tokenizer again."
    if data.lstrip()[:1] not in _BEGINNINGS:
        return (
            f"{source} is plain text and not JSON",
            "Give a tokenizer.json. A list with a token on each line is named vocab.txt.",
        )
    try:
        content = json.loads(data.decode())
    except (ValueError, RecursionError) as reason:
        return (
            f"{source} is not valid JSON: {reason_of(reason)}",
            "Download or export it again; the last download may be incomplete.",
        )
    meant = kind_of_json(content)
    if meant not in ("", "a tokenizer"):
        command = f"diff {source} SPEC" if meant == "a lock" else f"render {source}"
        return f"{source} is {meant} and not a tokenizer", f"Run: tokstat {command}"
    model = content.get("model") if isinstance(content, dict) else None
    if not isinstance(model, dict):
        return (
            f"{source} is JSON, but not a tokenizer: it has no model",
            "Give a tokenizer.json as the tokenizers library writes it.",
        )
    kind = model.get("type")
    if kind is not None and kind not in _MODELS:
        return (
            f"The tokenizer in {source} has the unknown model type {kind!r}",
            f"Known types are {', '.join(_MODELS)}. If the type is newer, run: pip install"
            " --upgrade tokenizers",
        )
    if wrong := _wrong_merge(data, model) or _wrong_part(content) or _older_form(content):
        problem, hint = wrong
        return f"{source} cannot be read as a tokenizer: {problem}", hint
    if impossible := _impossible_merges(model):
        return (
            f"{source} cannot be read as a tokenizer: {impossible}",
            "Remove these merges, or add the tokens to the vocabulary.",
        )
    return (
        f'{source} cannot be read as a tokenizer: "{error}"',
        "Export it again with a current version of the tokenizers library.",
    )


def _impossible_merges(model: dict[str, Any]) -> str:
    """Describe the merges with a part or result missing from the vocabulary, "" without any."""
    vocab: Any = model.get("vocab")
    try:
        skipped = len(model.get("continuing_subword_prefix") or "")
        merged = map(split_merge, model.get("merges") or ())
        tokens = [(left, right, left + right[skipped:]) for left, right in merged]
        lacking = [[token for token in each if token not in vocab] for each in tokens]
    except (TypeError, ValueError, AttributeError):  # no merges at all, or none of two parts
        return ""
    if not any(lacking):
        return ""
    number = next(number for number, names in enumerate(lacking) if names)
    left, right, _ = tokens[number]
    return (
        f"the vocabulary lacks tokens of {counted(sum(map(bool, lacking)), 'merge')}, first"
        f" {lacking[number][0]!r} of merge number {number + 1:,}, {left!r} + {right!r}"
    )


def _wrong_merge(data: bytes, model: dict[str, Any]) -> tuple[str, str] | None:
    """Describe the first merge that has not two parts, with its line in the file."""
    merges = model.get("merges")
    for number, merge in enumerate(merges if isinstance(merges, list) else (), 1):
        if not _has_two_parts(merge):
            written = json.dumps(merge, ensure_ascii=False).encode("utf-8", "surrogatepass")
            at = data.find(written)
            line = f", line {data.count(10, 0, at) + 1:,}" if at >= 0 and data.count(10) else ""
            return (
                f"merge number {number:,}{line}, {merge!r:.80}, does not name two tokens",
                "Write the merge as a list of its two tokens. A token with a space needs that.",
            )
    return None


def _has_two_parts(merge: Any) -> bool:
    try:
        return all(isinstance(part, str) for part in split_merge(merge))
    except (TypeError, ValueError, AttributeError):
        return False


def _wrong_part(content: dict[str, Any]) -> tuple[str, str] | None:
    """Describe the first part of the pipeline that the library does not know, or cannot read."""
    for key, (module, inner, one) in _PARTS.items():
        for part in _flattened(content.get(key), inner):
            kind = part.get("type") if isinstance(part, dict) else None
            if not isinstance(kind, str):
                return f"its {key} has a part without a type, {part!r:.80}", _SAVE_AGAIN
            if not isinstance(getattr(module, kind, None), type):
                known = [name for name in dir(module) if isinstance(getattr(module, name), type)]
                return f"its {key} is of the unknown type {kind!r}", _guess(kind, known)
            if kind == "Precompiled":
                continue  # Its rules were checked already, and damaged ones could end the process.
            component = getattr(module, one)()
            try:
                component.__setstate__(json.dumps(part).encode())
            except BaseException as error:  # the library raises bare Exceptions
                if not is_failure(error):
                    raise
                reason = reason_of(error)
                return f'its {key} {kind} has another form: "{reason}"', _SAVE_AGAIN
    return None


def _guess(kind: str, known: list[str]) -> str:
    guess = did_you_mean(kind, known)
    return f"{guess} {_UPGRADE}" if guess.startswith("Did you mean") else _UPGRADE


def _flattened(part: Any, inner: str) -> Iterator[Any]:
    if isinstance(part, dict) and part.get("type") == "Sequence" and inner in part:
        for each in part[inner] if isinstance(part[inner], list) else [part[inner]]:
            yield from _flattened(each, inner)
    elif part is not None:
        yield part


def _older_form(content: dict[str, Any]) -> tuple[str, str] | None:
    """Describe what an older version of the library wrote in another way."""
    version = content.get("version", _VERSION)
    if version != _VERSION:
        return f"it has version {version!r} of the format, and {_VERSION!r} is known", _SAVE_AGAIN
    added = content.get("added_tokens")
    for token in added if isinstance(added, list) else ():
        lacking = [flag for flag in _FLAGS if not isinstance(token, dict) or flag not in token]
        if lacking:
            name = token.get("content") if isinstance(token, dict) else token
            return f"the added token {name!r} lacks {', '.join(lacking)}", _SAVE_AGAIN
    vocab = content["model"].get("vocab")
    listed = content["model"].get("type") != "Unigram" and isinstance(vocab, list)
    if listed and "merges" in content["model"]:
        return "its vocabulary is a list, and not an object with the id of each token", _SAVE_AGAIN
    return None
