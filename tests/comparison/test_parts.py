"""The parts of a tokenizer are equal, whichever way its file was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from tokenizers import pre_tokenizers

from tests.comparison.changed_tokenizers import write_folder
from tests.conftest import BUNDLED, load_known, wrap
from tests.small_tokenizers import SMALL
from tokstat.comparison.difference import difference
from tokstat.comparison.parts import digest_of_written, light_parts_of, parts_of
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load
from tokstat.tokenizer.tokenizer import Tokenizer

ALL = [*SMALL, *BUNDLED]


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


def test_a_component_written_in_python_is_refused() -> None:
    class Custom:
        def pre_tokenize(self, pretok: object) -> None:
            pass

    backend = SMALL["wordpiece"]()
    backend.pre_tokenizer = pre_tokenizers.PreTokenizer.custom(Custom())
    with pytest.raises(InvalidTokenizerError):
        difference(wrap(backend, "custom"), load_known("wordpiece"))


@pytest.mark.parametrize("known", ALL)
def test_light_parts_are_the_same_but_for_merges_and_scores(known: str) -> None:
    """Also where a newer tokenizers library has one more setting of a model."""
    tokenizer = load_known(known)
    whole, light = parts_of(tokenizer), light_parts_of(tokenizer)
    assert whole.keys() - light.keys() <= {"merges", "scores"}
    for name, part in light.items():
        assert part.content == whole[name].content
        assert not part.is_ordered or [*(part.content or {})] == [*(whole[name].content or {})]


def test_light_parts_have_the_dropout_of_the_file() -> None:
    written = json.loads(load_known("byte-level").to_json())
    written["model"]["dropout"] = 0.1
    tokenizer = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "dropout")
    assert light_parts_of(tokenizer)["model"].content == parts_of(tokenizer)["model"].content


@pytest.mark.parametrize("known", ["byte-level", "modernbert", "unigram"])
def test_digests_of_written_parts_tell_equal_from_other(known: str) -> None:
    written = json.loads(load_known(known).to_json())
    again = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "again")
    last = written["model"].get("merges") or written["model"]["vocab"]
    last[-1], last[-2] = last[-2], last[-1]
    other = wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "other")
    digest = digest_of_written(load_known(known))
    assert digest is not None
    assert digest[0] in parts_of(again)
    assert digest == digest_of_written(again) != digest_of_written(other)


def test_a_model_without_merges_and_scores_has_no_such_digest(bert: Tokenizer) -> None:
    assert digest_of_written(bert) is None
