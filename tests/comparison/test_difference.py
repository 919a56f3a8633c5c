"""A comparison finds each change, and nothing where a file was only written again."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from tokenizers import pre_tokenizers

from tests.comparison.changed_tokenizers import (
    BESIDE,
    CASES,
    CONFIGURATION,
    TEMPLATE,
    edited,
    part_of,
    write_folder,
)
from tests.conftest import BUNDLED, load_known, wrap
from tests.small_tokenizers import SMALL
from tokstat.comparison.difference import Difference, difference
from tokstat.comparison.stress_texts import STRESS_TEXTS
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load
from tokstat.tokenizer.encoding import decode, encode
from tokstat.tokenizer.tokenizer import Tokenizer

ALL = [*SMALL, *BUNDLED]


NO_TEXT = {("modernbert", "padding"), ("bert", "padding"), ("bert", "added tokens")}
"""Changes that no text shows: BERT's pre-tokenizer drops the spaces that the flag is about."""


@cache
def found_in(known: str, name: str) -> tuple[Tokenizer, Difference]:
    """Return an edited tokenizer, and its difference from the original."""
    new = edited(known, name)
    return new, difference(load_known(known), new)


@pytest.mark.parametrize(("known", "name"), CASES)
def test_each_change_is_found_alone(known: str, name: str) -> None:
    _, found = found_in(known, name)
    assert [each.part for each in found.parts] == [part_of(name)]


@pytest.mark.parametrize("known", ALL)
def test_a_tokenizer_does_not_differ_from_itself(known: str) -> None:
    found = difference(load_known(known), load_known(known))
    assert (found.parts, found.text, found.notes) == ((), None, ())


@pytest.mark.parametrize(("known", "name"), CASES)
def test_the_text_shows_the_change(known: str, name: str) -> None:
    new, found = found_in(known, name)
    old, text = load_known(known), found.text
    if (known, name) in NO_TEXT:
        assert text is None
        return
    assert text is not None
    assert len(text.text) <= 16
    special = text.how == "encoded with special tokens"
    ids = [encode(each.backend, text.text, special=special) for each in (old, new)]
    assert ids == [list(text.old_ids or ()), list(text.new_ids or ())]
    if text.how == "decoded":
        texts = [decode(each.backend, ids[0]) for each in (old, new)]
        assert texts[0] != texts[1]
    else:
        assert ids[0] != ids[1]


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


def shuffled(value: Any) -> Any:
    """Return JSON with the keys of objects in reverse order, but for vocabularies."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return [shuffled(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("known", ALL)
def test_key_order_and_merge_format_do_not_differ(known: str) -> None:
    old = load_known(known)
    written = shuffled(json.loads(old.to_json()))
    model = written["model"]
    if "merges" in model and not any(" " in part for merge in model["merges"] for part in merge):
        model["merges"] = [" ".join(merge) for merge in model["merges"]]
    for key in [key for key, value in model.items() if value in (None, False) and key != "dropout"]:
        del model[key]  # what is absent has its default
    new = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "new")
    assert difference(old, new).parts == ()


@pytest.mark.parametrize("known", ALL)
def test_written_again_by_the_tokenizers_library_does_not_differ(
    known: str, tmp_path: Path
) -> None:
    path = tmp_path / "tokenizer.json"
    load_known(known).backend.save(str(path), pretty=False)
    assert difference(load_known(known), load(path)).parts == ()


@pytest.mark.parametrize("known", ALL)
def test_written_again_by_transformers_does_not_differ(known: str, tmp_path: Path) -> None:
    fast = pytest.importorskip("transformers").PreTrainedTokenizerFast
    path = tmp_path / "tokenizer.json"
    load_known(known).backend.save(str(path))
    fast(tokenizer_file=str(path)).save_pretrained(tmp_path / "once")
    fast.from_pretrained(tmp_path / "once").save_pretrained(tmp_path / "twice")
    for name in ("once", "twice"):
        assert difference(load(path), load(tmp_path / name)).parts == ()


def test_a_folder_written_again_by_transformers_does_not_differ(
    tmp_path: Path, bert_json: bytes
) -> None:
    old = write_folder(tmp_path / "old", bert_json)
    fast = pytest.importorskip("transformers").PreTrainedTokenizerFast
    fast.from_pretrained(tmp_path / "old").save_pretrained(tmp_path / "new")
    found = difference(old, load(tmp_path / "new"))
    assert found.parts == ()
    assert len(found.notes) == 2  # transformers writes no config.json of a tokenizer


def test_an_older_way_to_state_a_setting_does_not_differ() -> None:
    new = load_known("unigram").backend
    written = json.loads(new.to_str())
    written["pre_tokenizer"] = {
        "type": "Metaspace",
        "replacement": "▁",
        "add_prefix_space": True,
    }
    old = tokenizers.Tokenizer.from_str(json.dumps(written))
    assert difference(wrap(old, "old"), load_known("unigram")).parts == ()
    written["pre_tokenizer"] = {**written["pre_tokenizer"], "prepend_scheme": "never"}
    written["pre_tokenizer"]["add_prefix_space"] = False
    other = tokenizers.Tokenizer.from_str(json.dumps(written))
    found = difference(wrap(other, "other"), load_known("unigram"))
    assert [each.part for each in found.parts] == ["pre-tokenizer"]


@pytest.mark.parametrize("part", BESIDE)
def test_files_beside_the_tokenizer_are_compared(
    part: str, tmp_path: Path, bert_json: bytes
) -> None:
    old = write_folder(tmp_path / "old", bert_json)
    new = write_folder(tmp_path / "new", bert_json, **BESIDE[part])
    found = difference(old, new)
    assert [each.part for each in found.parts] == [part]
    assert found.text is None


def test_where_a_template_or_a_role_stands_does_not_count(tmp_path: Path, bert_json: bytes) -> None:
    old = write_folder(tmp_path / "old", bert_json)
    roles = {key: value for key, value in CONFIGURATION.items() if key.endswith("_token")}
    others = {key: value for key, value in CONFIGURATION.items() if key == "padding_side"}
    new = write_folder(tmp_path / "new", bert_json, tokenizer_config=others)
    (tmp_path / "new" / "special_tokens_map.json").write_text(json.dumps(roles))
    (tmp_path / "new" / "chat_template.jinja").write_text(TEMPLATE)
    assert difference(old, new).parts == ()


def test_a_file_alone_is_compared_without_roles(tmp_path: Path, bert_json: bytes) -> None:
    old = write_folder(tmp_path / "old", bert_json)
    found = difference(old, load_known("bert"))
    assert found.parts == ()
    assert len(found.notes) == 5


def test_what_only_one_file_states_has_a_default(tmp_path: Path, bert_json: bytes) -> None:
    old = write_folder(tmp_path / "old", bert_json, tokenizer_config={"do_lower_case": True})
    more = {key: value for key, value in CONFIGURATION.items() if key != "chat_template"}
    found = difference(old, write_folder(tmp_path / "new", bert_json, tokenizer_config=more))
    assert found.parts == ()
    assert len(found.notes) == 1


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


def test_a_component_written_in_python_is_refused() -> None:
    class Custom:
        def pre_tokenize(self, pretok: object) -> None:
            pass

    backend = SMALL["wordpiece"]()
    backend.pre_tokenizer = pre_tokenizers.PreTokenizer.custom(Custom())
    with pytest.raises(InvalidTokenizerError):
        difference(wrap(backend, "custom"), load_known("wordpiece"))


def test_a_tokenizer_that_fails_on_texts_is_compared() -> None:
    written = json.loads(load_known("word-level").to_json())
    written["model"]["unk_token"] = "[none]"
    new = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "new")
    found = difference(load_known("word-level"), new)
    assert [each.part for each in found.parts] == ["model"]
    assert found.text is not None
    assert found.text.new_ids is None


def test_a_difference_is_shown_and_is_plain_data() -> None:
    _, found = found_in("bert", "ids")
    assert len(repr(found)) < 80
    data = json.loads(found.to_json())
    assert Difference.from_dict(data) == found
    assert data["differs"] is True
    assert data["parts"][0]["changes"][0]["name"] == "the"


def test_the_stress_texts_are_two_hundred() -> None:
    assert len(set(STRESS_TEXTS)) == len(STRESS_TEXTS) == 200
