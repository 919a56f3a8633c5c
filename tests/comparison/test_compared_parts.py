"""Parts of several tokenizers: each change alone, the counts of `diff`, and nothing silly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from tokenizers import pre_tokenizers

import tokstat
from tests.comparison.changed_tokenizers import (
    BESIDE,
    CASES,
    Edit,
    edited,
    part_of,
    write_folder,
)
from tests.conftest import load_known, wrap
from tests.small_tokenizers import SMALL
from tokstat.comparison.compared_parts import ComparedParts, GatheredParts
from tokstat.comparison.comparison import Comparison
from tokstat.comparison.difference import compare_parts
from tokstat.comparison.part_changes import Kind, PartDifference
from tokstat.comparison.parts import parts_of
from tokstat.errors import ReportError
from tokstat.tokenizer.tokenizer import Tokenizer

CHANGES = [
    each
    for each in CASES
    if each[0] != "modernbert" or each[1] in ("ids", "merges", "merges dropped")
]

KINDS: tuple[Kind, ...] = ("added", "removed", "moved", "changed")


def compared(*tokenizers: Tokenizer) -> ComparedParts:
    gathered = GatheredParts()
    for tokenizer in tokenizers:
        gathered.add(tokenizer)
    return gathered.compare()


def changes_of(old: Tokenizer, new: Tokenizer) -> dict[str, PartDifference]:
    """Return the changes by part, as `tokstat diff` shows them."""
    return {each.part: each for each in compare_parts(parts_of(old), parts_of(new))}


def names_of(found: ComparedParts) -> list[str]:
    return [*(each.part for each in found.entries), *(each.part for each in found.parts)]


def values_of(found: ComparedParts, part: str) -> dict[str, tuple[Any, ...]]:
    parts = {each.part: each for each in found.parts}
    return {setting.name: setting.values for setting in parts[part].settings}


def changed(known: str, edit: Edit) -> Tokenizer:
    written = json.loads(load_known(known).to_json())
    edit(written)
    return wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), f"{known} changed")


@pytest.mark.parametrize(("known", "name"), CHANGES)
def test_each_change_is_found_alone_as_in_a_difference(known: str, name: str) -> None:
    new = edited(known, name)
    found = compared(load_known(known), new)
    expected = changes_of(load_known(known), new)
    assert names_of(found) == [part_of(name)] == list(expected)
    for entries in found.entries:
        changes = entries.changes[1]
        assert changes is not None
        assert changes.listed == expected[entries.part].changes


@pytest.mark.parametrize("known", ["bert", "modernbert", "unigram"])
def test_nothing_differs_from_itself(known: str) -> None:
    found = compared(load_known(known), load_known(known), load_known(known))
    assert not found
    assert {"tokens", "ids", "model", "pre-tokenizer"} <= set(found.equal)
    assert ("merges" in found.equal) == (known == "modernbert")
    assert ("scores" in found.equal) == (known == "unigram")


def test_changes_have_the_values_of_each_tokenizer() -> None:
    first = load_known("bert")
    some = [edited("bert", name) for name in ("normalizer", "added tokens", "ids")]
    found = compared(first, *some)
    assert names_of(found) == ["ids", "added tokens", "normalizer"]
    flags = values_of(found, "added tokens")
    assert flags == {"[MASK] lstrip": (False, False, True, False)}
    (steps,) = values_of(found, "normalizer").values()
    types = [[step["type"] for step in json.loads(each)] for each in steps]
    assert types == [["BertNormalizer"], [], ["BertNormalizer"], ["BertNormalizer"]]
    moved = found.entries[0].changes
    assert [len(each or ()) for each in moved] == [0, 0, 0, 2]
    assert moved[3] is not None
    assert [(each.name, each.before, each.after) for each in moved[3].listed] == [
        ("the", 1996, 1998),
        ("and", 1998, 1996),
    ]


@pytest.mark.parametrize("name", BESIDE)
def test_changes_of_the_files_beside_are_found_alone(name: str, tmp_path: Path) -> None:
    data = load_known("wordpiece").to_json().encode()
    old = write_folder(tmp_path / "old", data)
    new = write_folder(tmp_path / "new", data, **BESIDE[name])
    assert names_of(compared(old, new)) == [part_of(name)]


def test_a_role_has_its_token_and_its_id(tmp_path: Path) -> None:
    data = load_known("bert").to_json().encode()
    old = write_folder(tmp_path / "old", data)
    new = write_folder(tmp_path / "new", data, **BESIDE["roles"])
    values = values_of(compared(old, new), "roles")
    tokens = [json.loads(each)["token"] for each in values["eos_token"]]
    assert (list(values), tokens) == (["eos_token"], ["[SEP]", "[PAD]"])


def test_files_that_are_not_there_are_unknown_and_the_others_are_compared(tmp_path: Path) -> None:
    data = load_known("bert").to_json().encode()
    old = write_folder(tmp_path / "old", data)
    new = write_folder(tmp_path / "new", data, **BESIDE["roles"])
    found = compared(load_known("bert"), old, new)
    assert names_of(found) == ["roles"]
    assert not found.has("roles", 0)
    assert found.has("roles", 1)
    assert {each.tokenizers for each in found.not_compared} == {(0,)}
    assert not compared(load_known("bert"), old).parts


def test_two_kinds_of_tokenizers_are_counted_and_not_listed(
    bert: Tokenizer, modernbert: Tokenizer
) -> None:
    found = compared(bert, modernbert)
    expected = changes_of(bert, modernbert)
    for entries in found.entries:
        changes = entries.changes[1]
        assert changes is not None
        for kind in KINDS:
            assert getattr(changes, kind) == expected[entries.part].count(kind)
        assert changes.listed == ()
    assert [each.part for each in found.entries] == ["tokens", "ids"]
    assert expected.keys() - set(names_of(found)) == {"merges"}
    assert sum(len(each.settings) for each in found.parts) <= 10
    assert len(json.dumps([str(each) for each in found.parts])) < 10_000
    lists = values_of(found, "added tokens")["not in all"]
    assert [json.loads(each)["count"] for each in lists] == [0, 111]


def _cased(written: dict[str, Any]) -> None:
    """Make BERT's uncased tokenizer one like BERT's cased, with some words in upper case."""
    written["normalizer"].update(lowercase=False, strip_accents=False)
    vocab = written["model"]["vocab"]
    for word in ("london", "paris", "monday"):
        vocab[word.capitalize()] = vocab.pop(word)


def test_cased_and_uncased(bert: Tokenizer) -> None:
    found = compared(bert, changed("bert", _cased))
    assert names_of(found) == ["tokens", "normalizer"]
    assert values_of(found, "normalizer") == {
        "BertNormalizer strip_accents": (None, False),
        "BertNormalizer lowercase": (True, False),
    }
    changes = found.entries[0].changes[1]
    assert changes is not None
    assert (changes.added, changes.removed) == (3, 3)
    assert {each.name for each in changes.listed if each.kind == "added"} == {
        "London",
        "Paris",
        "Monday",
    }


def test_many_equal_changes_of_flags_are_cut() -> None:
    def edit(written: dict[str, Any]) -> None:
        for token in written["added_tokens"]:
            token["normalized"] ^= True

    (part,) = compared(load_known("modernbert"), changed("modernbert", edit)).parts
    assert (part.part, len(part.settings), part.more) == ("added tokens", 20, 96)


class _Whole:
    def pre_tokenize(self, text: Any) -> None:
        """Keep a text in one piece."""
        text.split(lambda _, piece: [piece])


@pytest.mark.parametrize("kind", ["byte-level", "bert"])
def test_a_component_in_python_is_named_and_the_others_are_compared(kind: str) -> None:
    backend = tokenizers.Tokenizer.from_str(load_known(kind).to_json())
    backend.pre_tokenizer = pre_tokenizers.PreTokenizer.custom(_Whole())
    found = compared(load_known(kind), wrap(backend, "custom"))
    assert not found
    assert [(each.part, each.tokenizers) for each in found.not_compared] == [
        ("pre-tokenizer", (1,))
    ]


@pytest.mark.parametrize("kinds", [("byte-level", "wordpiece"), ("unigram", "metaspace", "bert")])
def test_json_brings_it_back(kinds: tuple[str, ...]) -> None:
    found = tokstat.compare(*map(load_known, kinds), analyzers=["composition"])
    data = json.loads(found.to_json())
    assert Comparison.from_dict(data) == found
    assert found.parts == compared(*map(load_known, kinds))
    settings = [
        setting
        for part in (found.parts or ComparedParts((), (), ())).parts
        for setting in part.settings
    ]
    assert len(found.table("parts")) == len(settings)


def test_a_comparison_saved_before_is_read_and_shows_no_parts() -> None:
    found = tokstat.compare(*[load_known("wordpiece")] * 2, analyzers=["composition"])
    data = json.loads(found.to_json())
    del data["parts"]
    old = Comparison.from_dict(data)
    assert old.parts is None
    for text in (old.to_markdown(), old.to_html(), str(old)):
        assert "pipeline and ids" not in text.lower()


Spoil = Callable[[dict[str, Any]], None]

SPOILED: dict[str, Spoil] = {
    "values": lambda parts: parts["parts"][0]["settings"][0]["values"].pop(),
    "sizes": lambda parts: parts["entries"][0]["sizes"].append(1),
    "positions": lambda parts: parts["not_compared"].append(
        {"part": "roles", "tokenizers": [7], "reason": ""}
    ),
    "type": lambda parts: parts.update(equal=[1]),
}


@pytest.mark.parametrize("name", SPOILED)
def test_saved_parts_of_another_shape_are_refused(name: str) -> None:
    found = tokstat.compare(
        load_known("byte-level"), load_known("wordpiece"), analyzers=["composition"]
    )
    data = json.loads(found.to_json())
    SPOILED[name](data["parts"])
    with pytest.raises(ReportError):
        Comparison.from_dict(data)


@pytest.mark.parametrize("kind", SMALL)
def test_the_counts_are_those_of_a_difference(kind: str) -> None:
    other = changes_of(load_known("wordpiece"), load_known(kind))
    for entries in compared(load_known("wordpiece"), load_known(kind)).entries:
        changes = entries.changes[1]
        assert changes is not None
        counts = {each: other[entries.part].count(each) for each in KINDS}
        assert counts == {each: getattr(changes, each) for each in KINDS}
