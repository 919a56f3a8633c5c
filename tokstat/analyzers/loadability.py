"""Whether versions of transformers load the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tokstat.analyzers import Finding, Result, Rule, Subject, analyzer
from tokstat.errors import InvalidTokenizerError
from tokstat.io.files import PACKAGED_DATA
from tokstat.model.folder import ROLES, ModelFolder
from tokstat.results.report import Severity
from tokstat.text.wording import quoted

CANNOT_LOAD = Rule(
    "TS671",
    "error",
    "A version of transformers cannot load the tokenizer",
    "AutoTokenizer reads more than tokenizer.json. A class that the version does not know, or a "
    "field of the wrong type, ends in an exception that seldom names the file.",
    "Correct the field that is named. To write all files anew: load tokenizer.json with "
    "`PreTrainedTokenizerFast(tokenizer_file=FILE)`, set the roles, and call save_pretrained.",
    "measured with transformers 4.57.6 and 5.24.0",
)

CONFIGURATION = "tokenizer_config.json"
_MAP = "special_tokens_map.json"
_CLASSES = "tokenizer_classes.json"
_TYPES: tuple[tuple[str, tuple[type, ...], str], ...] = (
    ("tokenizer_class", (str,), "a text"),
    ("model_max_length", (int, float), "a number"),
    ("auto_map", (dict, list), "an object"),
)

Problem = tuple[str, str, Severity]
"""What is wrong, what to do, and how severe it is."""


@analyzer("loadability", title="Loading with transformers", rules=(CANNOT_LOAD,))
def loadability(subject: Subject) -> Result:
    """Check what AutoTokenizer reads besides tokenizer.json: the class, and the types of fields.

    The classes are those of transformers 4.57 and 5.24, and transformers is not imported. With
    --deep, transformers loads the tokenizer, and each error is a finding.
    """
    folder = subject.tokenizer.model_folder
    if folder is None:
        return Result()
    problems = [*_classes(folder), *_types(folder)]
    found = [
        CANNOT_LOAD.found(message, severity=severity, hint=hint)
        for message, hint, severity in problems
    ]
    if subject.options.deep:
        found += _as_asked(subject)
    return Result(findings=tuple(found))


@cache
def known_classes() -> Mapping[str, frozenset[str]]:
    """Return the tokenizer classes of versions of transformers, the oldest version first."""
    content = json.loads((PACKAGED_DATA / _CLASSES).read_text("utf-8"))
    return {version: frozenset(names) for version, names in content.items()}


def _classes(folder: ModelFolder) -> Iterator[Problem]:
    config = folder.configuration(CONFIGURATION)
    name, code = config.get("tokenizer_class"), _code(config.get("auto_map"))
    generic = f'Write "tokenizer_class": "PreTrainedTokenizerFast" into {CONFIGURATION}'
    if isinstance(name, str):
        lacking = [
            version
            for version, known in known_classes().items()
            if not {name, f"{name}Fast", name.removesuffix("Fast")} & known
        ]
        if code and lacking:
            yield _asks_for_code(CONFIGURATION, code)
        elif len(lacking) == len(known_classes()):
            yield (
                f"tokenizer_class in {CONFIGURATION} is {quoted(name)}, a class that no version of "
                f"transformers has. {lacking[0]} raises an error, and later versions ignore it.",
                f"{generic}, or the class that is meant.",
                "error",
            )
        elif lacking:
            yield (
                f"tokenizer_class in {CONFIGURATION} is {quoted(name)}, which transformers "
                f"{lacking[0]} lacks: it raises an error.",
                f"{generic}: all versions load that.",
                "warning",
            )
    elif code:
        yield _asks_for_code(CONFIGURATION, code)
    elif name is None and config and not _has_model_type(folder):
        yield (
            f"{CONFIGURATION} has no tokenizer_class, and no config.json has a model_type. "
            "transformers 4.57.6 cannot choose a class, and raises an error.",
            f"{generic}.",
            "warning",
        )


def _has_model_type(folder: ModelFolder) -> bool:
    """Return whether config.json has one, or is damaged, which is another finding."""
    content = folder.configuration("config.json")
    return bool(content.get("model_type")) or "config.json" in folder.damaged


def _asks_for_code(file: str, code: str) -> Problem:
    return (
        f"auto_map in {file} asks for code of the model's own: {code}. transformers loads it only "
        "with trust_remote_code=True.",
        "Read the code before you trust it, or load tokenizer.json with PreTrainedTokenizerFast.",
        "info",
    )


def _code(auto_map: Any) -> str:
    """Return the tokenizer's classes that an auto_map names, "" without any."""
    named = auto_map.get("AutoTokenizer") if isinstance(auto_map, dict) else auto_map
    names = named if isinstance(named, list) else [named]
    return ", ".join(each for each in names if isinstance(each, str))


def _types(folder: ModelFolder) -> Iterator[Problem]:
    for file in (_MAP, CONFIGURATION):
        content = folder.configuration(file)
        yield from _roles(file, content)
        yield from _more_tokens(file, content)
    config = folder.configuration(CONFIGURATION)
    yield from _added(config)
    for key, types, wanted in _TYPES:
        value = config.get(key)
        if value is not None and not isinstance(value, types):
            when = " with the first text" if key == "model_max_length" else ""
            yield _wrong(CONFIGURATION, key, value, wanted, when=when)
    for key in ("padding_side", "truncation_side"):
        if config.get(key) not in (None, "left", "right"):
            yield _wrong(CONFIGURATION, key, config[key], '"left" or "right"')
    numbers = folder.configuration("added_tokens.json")
    wrong = [text for text, number in numbers.items() if type(number) is not int]
    if wrong:
        yield _wrong("added_tokens.json", wrong[0], numbers[wrong[0]], "an id")


def _roles(file: str, content: Mapping[str, Any]) -> Iterator[Problem]:
    for role in ROLES:
        value = content.get(f"{role}_token")
        if value is None or isinstance(value, str):
            continue
        marked = file == _MAP or (isinstance(value, dict) and value.get("__type") == "AddedToken")
        if not (isinstance(value, dict) and isinstance(value.get("content"), str) and marked):
            wanted = "a text, or an object with content" + (
                "" if file == _MAP else ' and "__type": "AddedToken"'
            )
            yield _wrong(file, f"{role}_token", value, wanted)


def _more_tokens(file: str, content: Mapping[str, Any]) -> Iterator[Problem]:
    for key, old in (("additional_special_tokens", list), ("extra_special_tokens", dict)):
        value = content.get(key)
        if value is None or isinstance(value, old):
            continue
        wanted = "a list" if old is list else "an object of tokens by name"
        if isinstance(value, (list, dict)):
            if file == CONFIGURATION:
                yield _wrong(file, key, value, wanted, "transformers 4.57.6", "warning")
        else:
            yield _wrong(file, key, value, wanted)


def _added(config: Mapping[str, Any]) -> Iterator[Problem]:
    decoder = config.get("added_tokens_decoder")
    if decoder is None:
        return
    if not isinstance(decoder, dict):
        yield _wrong(CONFIGURATION, "added_tokens_decoder", decoder, "an object")
        return
    numbers = [number for number in decoder if not number.isdecimal()]
    entries = [each for each in decoder.values() if not isinstance(each, dict)]
    if numbers:
        yield _wrong(CONFIGURATION, "added_tokens_decoder", numbers[0], "an object by ids")
    if entries:
        yield _wrong(CONFIGURATION, "added_tokens_decoder", entries[0], "an object of objects")


def _wrong(
    file: str,
    key: str,
    value: Any,
    wanted: str,
    who: str = "Every version of transformers",
    severity: Severity = "error",
    when: str = "",
) -> Problem:
    written = quoted(json.dumps(value, ensure_ascii=False))[1:-1]
    return (
        f"{key} in {file} is {written}, and should be {wanted}. {who} raises an error{when}.",
        f"Write {wanted} for {key} into {file}.",
        severity,
    )


def _as_asked(subject: Subject) -> list[Finding]:
    """Return what transformers says where it refuses the folder."""
    said = subject.as_transformers
    if not isinstance(said, InvalidTokenizerError):
        return []
    return [CANNOT_LOAD.found(f"{said.problem}.", hint=said.hint)]
