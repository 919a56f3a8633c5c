"""JSON Schemas of the results that tokstat saves, made from their dataclasses.

`python tests/tools/build_docs.py` writes them to docs/schema/, one file for each kind and version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tokstat.api.morphology import DEFINITIONS
from tokstat.comparison.comparison import Comparison
from tokstat.comparison.difference import Difference
from tokstat.corpus.report import CorpusReport
from tokstat.editing.repair import Repair
from tokstat.experiments.by_teacher import LaddersByTeacher, StudiesByTeacher
from tokstat.experiments.grid import Grid
from tokstat.experiments.ladder import Ladder
from tokstat.experiments.published_link import PublishedLink
from tokstat.experiments.smallest_fix import SmallestFix
from tokstat.experiments.study_link import StudyLink
from tokstat.gate.lock import LOCK_VERSION, Lock
from tokstat.gate.verdict import Verdict
from tokstat.reachability.search import State
from tokstat.results.explanations import Explanation
from tokstat.results.reference_languages import LANGUAGE_SCORES
from tokstat.results.report import SCHEMA_VERSION, Report, Table
from tokstat.results.verdict import Statement
from tokstat.splitting.explained import Decoded, SplitCauses
from tokstat.splitting.side_by_side import TextSplits
from tokstat.splitting.steps import Steps
from tokstat.splitting.why import WordCause
from tokstat.tokenizer.vocabulary import Token
from tokstat.wordsim.evaluation import ModelScore
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
    yield "repair", _one_of("tokstat repair SPEC -o FOLDER --json", Repair)
    yield "link", _one_of("tokstat link --json", StudyLink, PublishedLink)
    yield "study", _one_of("tokstat study SPEC... -o FILE", Study, StudiesByTeacher, Grid)
    whatif = ("tokstat whatif SPEC --json", Ladder, LaddersByTeacher, SmallestFix)
    yield "whatif", _one_of(*whatif)
    yield "decode", _list("tokstat encode SPEC --decode IDS --json", "decoded", Decoded)
    yield "explain", _list("tokstat explain NAME --json", "explanations", Explanation)
    yield "wordsim", _list("tokstat wordsim MODEL --json", "models", ModelScore)
    yield from _tables()


def _of_reports() -> Iterator[tuple[str, Schema]]:
    made = _Maker()
    report = made.root(Report, "tokstat inspect SPEC --json")
    report["properties"]["verdict"] = {"type": "array", "items": made.of(Statement)}
    report["properties"]["gate"] = made.of(Verdict)
    report["required"].append("verdict")
    yield "report", made.finished(report)

    made = _Maker()
    comparison = made.root(Comparison, "tokstat compare SPEC SPEC --json")
    comparison["properties"]["verdict"] = {"type": "array", "items": made.of(Statement)}
    comparison["required"].append("verdict")
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


def _one_of(command: str, *classes: type[Any]) -> Schema:
    """One result, of any of several kinds."""
    made = _Maker()
    return made.finished(
        {"$schema": DIALECT, "title": _title(command), "anyOf": list(map(made.whole, classes))}
    )


def _list(command: str, name: str, cls: type[Any]) -> Schema:
    """Several results of one kind."""
    made = _Maker()
    if cls is ModelScore:
        made.definitions["Interval"] = made.of(tuple[float, float])
    return made.finished(
        {
            "$schema": DIALECT,
            "title": _title(command),
            "type": "object",
            "properties": {
                "schema_version": {"const": SCHEMA_VERSION},
                name: {"type": "array", "items": made.of(cls)},
            },
            "required": ["schema_version", name],
            "additionalProperties": False,
        }
    )


def _tables() -> Iterator[tuple[str, Schema]]:
    text = str | None
    rank: dict[str, Any] = {"rank": int | None, "tokenizer": str, "tokens": int | None}
    rank |= dict.fromkeys(LANGUAGE_SCORES, float | None)
    yield "rank", _table("tokstat rank --json", "rank", rank)

    token = {**get_type_hints(Token), "display": str, "surface": str}
    token |= dict.fromkeys(("word_class", "roles", "flags"), str)
    found = {"reachability": State, "cause": text, "component": text, "witness": text}
    yield "tokens", _table("tokstat tokens SPEC --json", "tokens", token, found)

    numbers = {
        name: float | None if metric.unit == "ratio" else int
        for name, metric in DEFINITIONS.items()
    }
    morphology = {"tokenizer": str, "language": str, **numbers}
    yield "morphology", _table("tokstat morphology SPEC -s FILE --json", "morphology", morphology)

    state = Literal["here", "damaged", "absent"]
    data = {"set": str, "state": state, "pairs": int, "words": int | None, "title": str}
    data |= {"licence": str, "source": str, "path": text}
    yield "data", _table("tokstat data list --json", "data", data)
    files = {"name": str, "state": state, "language": str, "licence": str, "source": str}
    yield "segmentations", _table("tokstat data segmentations --json", "segmentations", files)


def _table(
    command: str, name: str, columns: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> Schema:
    """A table whose columns have one type each; `more` are columns that it may also have."""
    made = _Maker()
    table = made.root(Table, command)
    del table["properties"]["title"]
    table["properties"]["name"] = {"const": name}
    table["properties"]["columns"] = {
        "type": "object",
        "properties": {
            each: {"type": "array", "items": made.of(hint)}
            for each, hint in {**columns, **(more or {})}.items()
        },
        "required": list(columns),
        "additionalProperties": False,
    }
    table["required"] = list(table["properties"])
    return made.finished(table)


def _title(command: str, version: int = SCHEMA_VERSION) -> str:
    return f"What `{command}` writes, version {version}"


class _Maker:
    """Make the schema of a dataclass, and keep those of the classes that its fields hold."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def root(self, cls: type[Any], command: str, version: int = SCHEMA_VERSION) -> Schema:
        """Return the schema of a whole file."""
        schema = self._object(cls)
        schema["properties"]["schema_version"] = {"const": version}
        return {"$schema": DIALECT, "title": _title(command, version), **schema}

    def whole(self, cls: type[Any]) -> Schema:
        """Return the schema of one of several kinds of file; a `Study` has no version."""
        schema = self._object(cls)
        if cls is not Study:
            schema["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
            schema["required"].append("schema_version")
        return schema

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
