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
from tokstat.gate.verdict import Verdict
from tokstat.results.report import SCHEMA_VERSION, Report
from tokstat.results.verdict import Statement

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


def schemas() -> dict[str, str]:
    """Return the text of each schema by its file name."""
    return {
        f"{name}.v{SCHEMA_VERSION}.json": json.dumps(schema, indent=1) + "\n"
        for name, schema in _schemas()
    }


def _schemas() -> Iterator[tuple[str, Schema]]:
    """Yield a name and a schema for each kind of result, with what it adds to its dataclass."""
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


class _Maker:
    """Make the schema of a dataclass, and keep those of the classes that its fields hold."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def root(self, cls: type[Any], command: str) -> Schema:
        """Return the schema of a whole file."""
        schema = self._object(cls)
        schema["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
        title = f"What `{command}` writes, version {SCHEMA_VERSION}"
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
            others = [self.of(each) for each in arguments if each is not NoneType]
            return {"anyOf": [*others, {"type": "null"}]} if NoneType in arguments else others[0]
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
