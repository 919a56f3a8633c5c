"""A lock finds each change, stays the same for the same tokenizer, and is refused if damaged."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.comparison.changed_tokenizers import (
    BESIDE,
    CASES,
    edited,
    part_of,
    write_folder,
)
from tests.conftest import BUNDLED, load_known, word_level_json, wrap
from tests.small_tokenizers import SMALL
from tokstat.errors import GateError
from tokstat.gate.lock import Lock, check_lock, is_lock, make_lock, read_lock
from tokstat.loading import load


@cache
def locked(known: str) -> Lock:
    return make_lock(load_known(known))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "tokenizer.lock.json"
    locked("bert").save(path)
    return path


@pytest.mark.parametrize(("known", "name"), CASES)
def test_each_change_is_found(known: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "lock"
    locked(known).save(path)
    found = check_lock(read_lock(path), edited(known, name))
    parts = [each.part for each in found.parts]
    assert [part for part in parts if part != "encodings"] == [part_of(name)]
    if name in ("ids", "post-processor", "post-processor gone") or name == "normalizer":
        assert "encodings" in parts


@pytest.mark.parametrize("known", [*SMALL, *BUNDLED])
def test_a_tokenizer_fits_its_own_lock(known: str, tmp_path: Path) -> None:
    path = tmp_path / "lock"
    locked(known).save(path)
    assert is_lock(path)
    lock = read_lock(path)
    assert check_lock(lock, load_known(known)).parts == ()
    assert lock.to_json() == locked(known).to_json() == path.read_text("ascii")


@pytest.mark.parametrize("known", ["byte-level", "metaspace", "unigram", "wordpiece", "bert"])
def test_a_tokenizer_written_again_fits_its_lock(known: str, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    load_known(known).backend.save(str(path), pretty=False)
    assert check_lock(locked(known), load(path)).parts == ()
    fast = pytest.importorskip("transformers").PreTrainedTokenizerFast
    fast(tokenizer_file=str(path)).save_pretrained(tmp_path / "new")
    assert check_lock(locked(known), load(tmp_path / "new")).parts == ()


@pytest.mark.parametrize("part", BESIDE)
def test_files_beside_the_tokenizer_are_locked(part: str, tmp_path: Path, bert_json: bytes) -> None:
    lock = make_lock(write_folder(tmp_path / "old", bert_json))
    new = write_folder(tmp_path / "new", bert_json, **BESIDE[part])
    assert [each.part for each in check_lock(lock, new).parts] == [part_of(part)]


def test_a_lost_file_is_a_change_where_there_is_a_folder(tmp_path: Path, bert_json: bytes) -> None:
    lock = make_lock(write_folder(tmp_path / "old", bert_json))
    bare = write_folder(
        tmp_path / "new", bert_json, tokenizer_config=None, config=None, generation_config=None
    )
    parts = dict.fromkeys(map(part_of, BESIDE))
    lost = [part for part in parts if part != "tokenizer_config.json"]  # which have defaults
    assert [each.part for each in check_lock(lock, bare).parts] == lost
    alone = check_lock(lock, load_known("bert"))
    assert alone.parts == ()
    assert len(alone.notes) == 5


def test_a_lock_is_small_and_has_a_line_for_each_text(written: Path) -> None:
    text = written.read_text("ascii")
    assert len(text) < 40_000
    assert len(json.loads(text)["encodings"]) == 200
    assert '    "tiger": [101, 6816, 102],\n' in text


def test_a_lock_names_no_folder_of_this_machine(tmp_path: Path, bert_json: bytes) -> None:
    lock = make_lock(write_folder(tmp_path / "model", bert_json))
    assert lock.tokenizer == "model"
    assert str(tmp_path) not in lock.to_json()


def test_small_parts_are_kept_and_large_ones_are_digests() -> None:
    data = locked("modernbert").to_dict()
    kept = {name for name, part in data["parts"].items() if "content" in part}
    assert {"normalizer", "added tokens", "model"} <= kept
    assert kept.isdisjoint({"tokens", "ids", "merges"})
    assert data["parts"]["merges"]["count"] == 50_009


def changed(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return path


def edit_part(path: Path, name: str, **changes: Any) -> Path:
    parts = json.loads(path.read_text())["parts"]
    return changed(path, parts={**parts, name: {**parts[name], **changes}})


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "cannot be read"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "cannot be read"),
        (lambda path: path.write_text("[" * 100_000), "cannot be read"),
        (lambda path: path.unlink(), "No such file"),
        (lambda path: path.write_text("[]"), "not a lock"),
        (lambda path: changed(path, tokstat_lock=2), "version 2"),
        (lambda path: changed(path, parts={}), "damaged"),
        (lambda path: changed(path, parts=[]), "damaged"),
        (lambda path: changed(path, tokenizer=5), "damaged"),
        (lambda path: changed(path, encodings={"the": [1]}), "damaged"),
        (lambda path: edit_part(path, "ids", digest=5), "damaged"),
        (lambda path: edit_part(path, "normalizer", content={}), "damaged"),
        (lambda path: edit_part(path, "normalizer", content=[]), "damaged"),
        (lambda path: edit_part(path, "normalizer", digest="0"), "damaged"),
    ],
    ids=lambda given: given if isinstance(given, str) else "damage",
)
def test_a_lock_that_cannot_be_read_is_refused(written: Path, damage: Any, named: str) -> None:
    damage(written)
    with pytest.raises(GateError, match=named) as raised:
        read_lock(written)
    assert "\n" not in str(raised.value)


def test_a_policy_with_a_lock_judges_the_tokenizer(written: Path) -> None:
    bert = load_known("bert")
    report = tokstat.inspect(bert, analyzers=["composition"])
    policy = tokstat.make_policy(lock=written)
    assert tokstat.check(report, policy, bert).passed
    failed = tokstat.check(report, policy, edited("bert", "decoder"))
    assert not failed.passed
    assert [each.part for each in failed.verdict.unlocked] == ["decoder"]
    assert type(failed).from_dict(json.loads(failed.to_json())) == failed
    with pytest.raises(GateError, match="needs the tokenizer"):
        tokstat.check(report, policy)


@pytest.mark.parametrize("known", ["modernbert", "wordpiece"])
def test_a_lock_of_another_tokenizer_is_refused(written: Path, known: str) -> None:
    other = load_known(known)
    report = tokstat.inspect(other, analyzers=["composition"])
    with pytest.raises(GateError, match="another tokenizer"):
        tokstat.check(report, tokstat.make_policy(lock=written), other)


def test_two_locks_are_compared(written: Path) -> None:
    other = tokstat.lock(edited("bert", "normalizer"))
    found = tokstat.diff(written, other)
    assert [each.part for each in found.parts] == ["normalizer", "encodings"]
    assert found.text is not None
    assert not tokstat.diff(written, tokstat.lock(load_known("bert")))


def test_a_text_that_cannot_be_encoded_has_no_encoding() -> None:
    written = json.loads(word_level_json("one", "two"))
    written["model"]["unk_token"] = "[none]"
    import tokenizers

    lock = make_lock(wrap(tokenizers.Tokenizer.from_str(json.dumps(written)), "odd"))
    assert lock.encodings["tiger"] is None
    assert "no encoding" not in lock.to_json()
