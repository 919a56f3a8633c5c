"""JSON Schemas of the results that tokstat saves, made from their dataclasses.

`python tests/tools/build_docs.py` writes them to docs/schema/, one file for each kind and version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tokstat.comparison.comparison import Comparison
from tokstat.comparison.difference import Difference
from tokstat.corpus.report import CorpusReport
from tokstat.experiments.by_teacher import StudiesByTeacher
from tokstat.gate.lock import LOCK_VERSION, Lock
from tokstat.gate.verdict import Verdict
from tokstat.results.reference_languages import LANGUAGE_SCORES
from tokstat.results.report import SCHEMA_VERSION, Report, Table
from tokstat.results.verdict import Statement
from tokstat.splitting.explained import SplitCauses
from tokstat.splitting.side_by_side import TextSplits
from tokstat.splitting.steps import Steps
from tokstat.splitting.why import WordCause
from tokstat.wordsim.study_results import Study

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    # What a cell of a table holds.
    Any: {"type": ["string", "number", "boolean", "null"]},
}


VERSIONS = {"lock": LOCK_VERSION}
"""Versions of files that count them for themselves."""


def schemas() -> dict[str, str]:
    """Return the text of each schema by its file name."""
    return {name_of(kind): json.dumps(made, indent=1) + "\n" for kind, made in _schemas()}


def name_of(kind: str) -> str:
    """Return the file name of a schema."""
    return f"{kind}.v{VERSIONS.get(kind, SCHEMA_VERSION)}.json"


def _schemas() -> Iterator[tuple[str, Schema]]:
    """Yield a name and a schema for each kind of result, with what it adds to its dataclass."""
    yield from _of_reports()
    yield "encode", _encode()
    yield "lock", _lock()
    yield "rank", _rank()
    yield "study", _study()


def _of_reports() -> Iterator[tuple[str, Schema]]:
    made = _Maker()
    report = made.root(Report, "tokstat inspect SPEC --json")
    report["properties"]["verdict"] = {"type": "array", "items": made.of(Statement)}
    report["properties"]["gate"] = made.of(Verdict)
    report["required"].append("verdict")
    yield "report", made.finished(report)

    made = _Maker()
    comparison = made.root(Comparison, "tokstat compare SPEC SPEC --json")
    overlap = made.definitions["Overlap"]
    share = {"type": ["number", "null"]}
    overlap["properties"]["jaccard"] = {"type": "array", "items": {"type": "array", "items": share}}
    overlap["required"].append("jaccard")
    yield "comparison", made.finished(comparison)

    made = _Maker()
    corpus = made.root(CorpusReport, "tokstat corpus SPEC FILE --json")
    del corpus["properties"]["word_definition"]
    corpus["required"].remove("word_definition")
    text = {"type": "string"}
    corpus["properties"]["words"] = {
        "type": "object",
        "properties": {"name": text, "definition": text},
        "required": ["name", "definition"],
        "additionalProperties": False,
    }
    yield "corpus", made.finished(corpus)

    made = _Maker()
    difference = made.root(Difference, "tokstat diff OLD NEW --json")
    difference["properties"]["differs"] = {"type": "boolean"}
    difference["required"].append("differs")
    yield "difference", made.finished(difference)


def _encode() -> Schema:
    """Splits; `why` and `steps` are there where the options of these names were given."""
    made = _Maker()
    encode = made.root(TextSplits, "tokstat encode SPEC TEXT --json")
    encode["properties"]["tokenizers"] = {"type": "array", "items": {"type": "string"}}
    encode["required"] += ["schema_version", "tokenizers"]
    split = made.definitions["TextSplit"]
    del split["properties"]["text"]
    split["required"].remove("text")
    made.of(SplitCauses)
    causes = made.definitions["SplitCauses"]
    del causes["properties"]["split"]
    causes["properties"] |= {
        "tokenizer": {"type": "string"},
        "text": {"type": "string"},
        "words": {"type": "array", "items": made.of(WordCause)},
    }
    causes["required"] = ["tokenizer", "text", "words"]
    made.of(Steps)
    steps = made.definitions["Steps"]
    steps["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    steps["required"].append("schema_version")
    for name, cls in (("why", SplitCauses), ("steps", Steps)):
        encode["properties"][name] = {"type": "array", "items": made.of(cls)}
    return made.finished(encode)


def _lock() -> Schema:
    made = _Maker()
    lock = made.root(Lock, "tokstat lock SPEC", LOCK_VERSION)
    del lock["properties"]["schema_version"], lock["properties"]["source"]
    number, text = {"type": "integer"}, {"type": "string"}
    part = {"count": number, "digest": text, "ordered": {"type": "boolean"}}
    ids = {"anyOf": [{"type": "array", "items": number}, {"type": "null"}]}
    lock["properties"] |= {
        "tokstat_lock": {"const": LOCK_VERSION},
        "parts": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {**part, "content": {"type": "object"}},
                "required": list(part),
                "additionalProperties": False,
            },
        },
        "encodings": {"type": "object", "additionalProperties": ids},
    }
    lock["required"] = list(lock["properties"])
    made.definitions.clear()
    return made.finished(lock)


def _rank() -> Schema:
    """A table whose columns have one type each."""
    made = _Maker()
    rank = made.root(Table, "tokstat rank --json")
    del rank["properties"]["title"]
    columns: dict[str, Any] = {"rank": int | None, "tokenizer": str, "tokens": int | None}
    columns |= dict.fromkeys(LANGUAGE_SCORES, float | None)
    rank["properties"]["name"] = {"const": "rank"}
    rank["properties"]["columns"] = {
        "type": "object",
        "properties": {
            name: {"type": "array", "items": made.of(hint)} for name, hint in columns.items()
        },
        "required": list(columns),
        "additionalProperties": False,
    }
    rank["required"] = list(rank["properties"])
    return made.finished(rank)


def _study() -> Schema:
    """One study, which has no version of its own, or studies of several teachers."""
    made = _Maker()
    either = [made.of(Study), made.of(StudiesByTeacher)]
    several = made.definitions["StudiesByTeacher"]
    several["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    several["required"].append("schema_version")
    title = f"What `tokstat study SPEC... -o FILE` writes, version {SCHEMA_VERSION}"
    return made.finished({"$schema": DIALECT, "title": title, "anyOf": either})


class _Maker:
    """Make the schema of a dataclass, and keep those of the classes that its fields hold."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def root(self, cls: type[Any], command: str, version: int = SCHEMA_VERSION) -> Schema:
        """Return the schema of a whole file."""
        schema = self._object(cls)
        schema["properties"]["schema_version"] = {"const": version}
        title = f"What `{command}` writes, version {version}"
        return {"$schema": DIALECT, "title": title, **schema}

    def finished(self, schema: Schema) -> Schema:
        """Add the definitions that a schema refers to."""
        return {**schema, "$defs": dict(sorted(self.definitions.items()))}

    def of(self, hint: Any) -> Schema:
        """Return the schema of a type."""
        origin, arguments = get_origin(hint), get_args(hint)
        if isinstance(hint, type) and is_dataclass(hint):
            if hint.__name__ not in self.definitions:
                self.definitions[hint.__name__] = {}  # a class may hold itself
                self.definitions[hint.__name__] = self._object(hint)
            return {"$ref": f"#/$defs/{hint.__name__}"}
        if origin in (Union, UnionType):
            # Of a whole number and any other, the other is the wider one.
            wanted = [each for each in arguments if each is not int or float not in arguments]
            made = [{"type": "null"} if each is NoneType else self.of(each) for each in wanted]
            return {"anyOf": made} if len(made) > 1 else made[0]
        if origin is tuple:
            if arguments[-1] is Ellipsis:
                return {"type": "array", "items": self.of(arguments[0])}
            items = [self.of(each) for each in arguments]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if origin is Literal:
            return {"enum": list(arguments)}
        return _PLAIN[hint]

    def _object(self, cls: type[Any]) -> Schema:
        hints = get_type_hints(cls)
        named = [each for each in fields(cls) if each.init]
        return {
            "description": (cls.__doc__ or "").split("\n\n")[0].replace("\n    ", " "),
            "type": "object",
            "properties": {each.name: self.of(hints[each.name]) for each in named},
            "required": [each.name for each in named],
            "additionalProperties": False,
        }
