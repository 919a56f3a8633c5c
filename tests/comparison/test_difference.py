"""A comparison finds each change, and nothing where a file was only written again."""

from __future__ import annotations

import json
from typing import Any

import pytest
import tokenizers

from tests.comparison.changed_tokenizers import CASES, found_in, part_of
from tests.conftest import BUNDLED, load_known, wrap
from tests.small_tokenizers import SMALL
from tokstat.comparison.difference import Difference, difference

ALL = [*SMALL, *BUNDLED]


@pytest.mark.parametrize(("known", "name"), CASES)
def test_each_change_is_found_alone(known: str, name: str) -> None:
    _, found = found_in(known, name)
    assert [each.part for each in found.parts] == [part_of(name)]


@pytest.mark.parametrize("known", ALL)
def test_a_tokenizer_does_not_differ_from_itself(known: str) -> None:
    found = difference(load_known(known), load_known(known))
    assert (found.parts, found.text, found.notes) == ((), None, ())


def test_changes_have_names_and_values() -> None:
    def changes(name: str) -> list[tuple[Any, ...]]:
        _, found = found_in("modernbert", name)
        return [(each.kind, each.name, each.before, each.after) for each in found.parts[0].changes]

    assert changes("ids") == [("moved", "Ġthe", 253, 285), ("moved", "Ġand", 285, 253)]
    assert changes("merges") == [("moved", "Ġco ord", 5000, 10)]
    assert changes("merges dropped") == [("removed", "Ġco ord", 5000, None)]
    assert changes("normalizer") == [("removed", "NFC", "{}", None)]
    assert changes("added tokens") == [("changed", "[unused82] lstrip", False, True)]
    assert ("added", "pad_token", None, "[PAD]") in changes("padding")


@pytest.mark.parametrize("kind", SMALL)
def test_a_lost_token_is_found(kind: str) -> None:
    """Merges and scores go with it; in all families the token has a name."""
    written = json.loads(load_known(kind).to_json())
    vocab = written["model"]["vocab"]
    added = {each["content"] for each in written["added_tokens"]}
    tokens = [token for token, _ in vocab] if isinstance(vocab, list) else [*vocab]
    merges = written["model"].get("merges", [])
    used = {part for merge in merges for part in merge}
    last = next(token for token in reversed(tokens) if token not in added | used)
    if isinstance(vocab, list):
        written["model"]["vocab"] = [each for each in vocab if each[0] != last]
    else:
        del vocab[last]
    prefix = len(written["model"].get("continuing_subword_prefix") or "") if merges else 0
    if merges:
        written["model"]["merges"] = [
            merge
            for merge in merges
            if last not in (merge[0] + merge[1], merge[0] + merge[1][prefix:])
        ]
    new = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "new")
    found = difference(load_known(kind), new)
    assert [each.name for each in found["tokens"].changes] == [last]
    assert found["tokens"].count("removed") == 1
    # The last token of one is a byte that no text has.
    assert (found.text is None) == (kind == "metaspace")


def test_unigram_scores_are_compared() -> None:
    written = json.loads(load_known("unigram").to_json())
    token, score = written["model"]["vocab"][300]
    written["model"]["vocab"][300][1] = score - 9
    new = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "new")
    found = difference(load_known("unigram"), new)
    assert [(each.part, len(each.changes)) for each in found.parts] == [("scores", 1)]
    change = found["scores"].changes[0]
    assert (change.name, change.before, change.after) == (token, score, score - 9)


def test_the_fewest_merges_that_moved_are_named() -> None:
    written = json.loads(load_known("byte-level").to_json())
    merges = written["model"]["merges"]
    merges.append(merges.pop(7))
    new = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "new")
    assert len(difference(load_known("byte-level"), new)["merges"].changes) == 1


def test_a_difference_is_shown_and_is_plain_data() -> None:
    _, found = found_in("bert", "ids")
    assert len(repr(found)) < 80
    data = json.loads(found.to_json())
    assert Difference.from_dict(data) == found
    assert data["differs"] is True
    assert data["parts"][0]["changes"][0]["name"] == "the"
