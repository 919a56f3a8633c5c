"""Mends of what is mechanical: roles, flags, the frame, the length, and the clean-up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tokstat.editing.edit import Edit
from tokstat.editing.rebuild import read_again
from tokstat.errors import EditError, did_you_mean
from tokstat.model.folder import ROLES
from tokstat.text.wording import quoted
from tokstat.tokenizer.tokenizer import Tokenizer

FLAGS = ("special", "lstrip", "rstrip", "normalized", "single_word")
_TEXT, _PAIR = "$A", "$B"


@dataclass(frozen=True)
class Mends:
    """Hold mends: tokens by role, flags of added tokens, the frame, the length, the clean-up.

    `frame` has the tokens around a text, which is `$A`: `[CLS] $A [SEP]`. None leaves things as
    they are.
    """

    roles: tuple[tuple[str, str], ...] = ()
    flags: tuple[tuple[str, str, bool], ...] = ()
    frame: str | None = None
    max_length: int | None = None
    clean_up: bool | None = None

    def titles(self) -> Iterator[str]:
        """Yield what each mend does, in a few words."""
        for role, text in self.roles:
            yield f"{role} token {text}"
        for text, flag, value in self.flags:
            yield f"{text} {flag} {str(value).lower()}"
        if self.frame is not None:
            yield f"frame {self.frame}"
        if self.max_length is not None:
            yield f"model_max_length {self.max_length:,}"
        if self.clean_up is not None:
            yield f"clean-up {'on' if self.clean_up else 'off'}"

    def configured(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return a tokenizer_config.json with the mends."""
        found = self.named(config)
        if self.max_length is not None:
            found["model_max_length"] = self.max_length
        if self.clean_up is not None:
            found["clean_up_tokenization_spaces"] = self.clean_up
        decoder = found.get("added_tokens_decoder")
        if isinstance(decoder, dict):
            changes: dict[str, dict[str, bool]] = {}
            for text, flag, value in self.flags:
                changes.setdefault(text, {})[flag] = value
            found["added_tokens_decoder"] = {
                number: {**each, **changes.get(each.get("content"), {})}
                for number, each in decoder.items()
            }
        return found

    def named(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return a configuration with the tokens by role."""
        return {**config, **{f"{role}_token": text for role, text in self.roles}}

    def numbered(self, config: Mapping[str, Any], after: Tokenizer) -> dict[str, Any]:
        """Return a configuration with the ids by role; an EOS token joins those that are there."""
        found = dict(config)
        for role, text in self.roles:
            key, number = f"{role}_token_id", after.id_of(text)
            before = found.get(key)
            if role == "eos" and isinstance(before, list):
                found[key] = list(dict.fromkeys([number, *before]))
            elif role in ("bos", "eos", "pad"):
                found[key] = number
        return found


NO_MENDS = Mends()


def make_mends(
    *,
    roles: Iterable[str] = (),
    flags: Iterable[str] = (),
    frame: str | None = None,
    max_length: int | None = None,
    clean_up: bool | None = None,
) -> Mends:
    """Read mends as the command line writes them: `pad=<pad>`, `<mask>:lstrip=true`.

    Raises:
        EditError: a role, a flag or a frame has another form.
    """
    return Mends(
        tuple(map(_role, roles)), tuple(map(_flag, flags)), _frame(frame), max_length, clean_up
    )


def _role(written: str) -> tuple[str, str]:
    role, equals, text = written.partition("=")
    if role not in ROLES or not text:
        hint = did_you_mean(role, ROLES) if equals and role not in ROLES else "Write pad=TOKEN."
        raise EditError(f"{written!r} gives no role a token", hint)
    return role, text


def _flag(written: str) -> tuple[str, str, bool]:
    text, _, change = written.rpartition(":")
    flag, _, value = change.partition("=")
    if not text or flag not in FLAGS or value not in ("true", "false"):
        raise EditError(
            f"{written!r} sets no flag", f"Write TOKEN:FLAG=true, with one of {', '.join(FLAGS)}."
        )
    return text, flag, value == "true"


def _frame(written: str | None) -> str | None:
    if written is not None and written.split().count(_TEXT) != 1:
        raise EditError(
            f"The frame {written!r} does not have the text once", "Write '[CLS] $A [SEP]'."
        )
    return written


def mended(edit: Edit, mends: Mends) -> Edit:
    """Return an edit whose tokenizer has the mends that belong into tokenizer.json.

    Raises:
        EditError: the vocabulary lacks a token, or the tokenizer cannot be loaded.
    """
    if not (mends.roles or mends.flags or mends.frame):
        return edit
    tokenizer = edit.tokenizer
    data = json.loads(tokenizer.to_json())
    added = {each["content"]: each for each in data["added_tokens"]}
    for _, text in mends.roles:
        if text not in added:  # a token learned as text becomes an added one, with its id
            added[text] = _added(text, _id(tokenizer, text))
    for text, flag, value in mends.flags:
        if text not in added:
            raise EditError(f"There is no added token {quoted(text)}", "List them: tokstat tokens.")
        added[text] = {**added[text], flag: value}
    data["added_tokens"] = sorted(added.values(), key=lambda each: int(each["id"]))
    if mends.frame is not None:
        data["post_processor"] = _framed(data["post_processor"], mends.frame.split(), tokenizer)
    backend = read_again(json.dumps(data, ensure_ascii=False))
    return replace(edit, tokenizer=Tokenizer(backend, tokenizer.origin))


def _id(tokenizer: Tokenizer, text: str) -> int:
    number = tokenizer.id_of(text)
    if number is None:
        raise EditError(
            f"The vocabulary has no token {quoted(text)}",
            "Give a token that it has: tokstat tokens SPEC --contains TEXT.",
        )
    return number


def _added(text: str, number: int) -> dict[str, Any]:
    flags = {flag: flag == "special" for flag in FLAGS}
    return {"id": number, "content": text, **flags}


def _framed(processor: Any, frame: list[str], tokenizer: Tokenizer) -> dict[str, Any]:
    """Return a post-processor that puts tokens around a text; a second text ends as the first."""
    names = [each for each in frame if each != _TEXT]
    end = frame[frame.index(_TEXT) + 1 :]
    pair = [*frame, _PAIR, *end]
    template = {
        "type": "TemplateProcessing",
        "single": [_part(each, 0) for each in frame],
        "pair": [_part(each, int(place >= len(frame))) for place, each in enumerate(pair)],
        "special_tokens": {
            name: {"id": name, "ids": [_id(tokenizer, name)], "tokens": [name]} for name in names
        },
    }
    parts = processor.get("processors", [processor]) if processor else []
    byte_level = [each for each in parts if each["type"] == "ByteLevel"]
    if not byte_level:
        return template
    return {"type": "Sequence", "processors": [*byte_level, template]}


def _part(name: str, type_id: int) -> dict[str, Any]:
    if name in (_TEXT, _PAIR):
        return {"Sequence": {"id": name[1:], "type_id": type_id}}
    return {"SpecialToken": {"id": name, "type_id": type_id}}
