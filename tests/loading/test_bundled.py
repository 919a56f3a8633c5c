"""The tokenizers that travel in the package."""

from __future__ import annotations

import hashlib
import json
import lzma
import shutil
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import tokenizers

from tests.needs import need_shared
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import bundled, load

FOLDER = Path(str(files("tokstat"))) / "data" / "tokenizers"
INDEX: dict[str, dict[str, Any]] = json.loads((FOLDER / "index.json").read_text("utf-8"))
NAMES = ["answerdotai/ModernBERT-base", "google-bert/bert-base-uncased"]
SAMPLE = [
    "Nickel prices rose; the defendants ventured lastly into a café.",
    "def f(x):\n        return x  # \t tabs\r\n\n\n",
    "don't NAÏVE e\u0301 ﬁne 漢字 かな 🙂 1234.5 <|endoftext|> [MASK] encephal [unused0]",
    " leading, trailing ",
    "",
]


@cache
def packaged(name: str) -> dict[str, Any]:
    data = lzma.decompress((FOLDER / INDEX[name]["file"]).read_bytes())
    content: dict[str, Any] = json.loads(data)
    return content


@cache
def upstream(name: str) -> Path:
    """Return the tokenizer.json that the Hub has."""
    folder = need_shared("hf", "hub", f"models--{name.replace('/', '--')}", "snapshots")
    (snapshot,) = folder.iterdir()
    return snapshot / "tokenizer.json"


def load_packaged(name: str) -> Any:
    return bundled.load_bundled(name, name, "for a test")


def test_the_pair_of_the_case_and_nothing_else() -> None:
    assert sorted(INDEX) == NAMES
    assert {path.name for path in FOLDER.iterdir()} == {
        "index.json",
        *(entry["file"] for entry in INDEX.values()),
    }


def test_small_enough_to_travel() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 650_000


@pytest.mark.parametrize("name", NAMES)
def test_hash_licence_and_source_are_beside_it(name: str) -> None:
    entry = INDEX[name]
    data = lzma.decompress((FOLDER / entry["file"]).read_bytes())
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert entry["licence"] == "Apache-2.0"
    assert entry["source"]


@pytest.mark.parametrize("name", NAMES)
def test_the_origin_tells_what_it_is(name: str) -> None:
    origin = load_packaged(name).origin
    assert origin.sha256 == INDEX[name]["sha256"]
    assert origin.revision is None
    assert name in origin.source
    (note,) = origin.notes
    assert "packaged" in note
    assert INDEX[name]["source"] in origin.loader


@pytest.mark.parametrize("name", [*NAMES, "bert-base-uncased"])
def test_names_it_goes_by(name: str) -> None:
    assert bundled.holds(name)
    assert not bundled.holds(f"{name}-2")


def merges(model: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the merges, which older files store as "a b", newer ones as a pair."""
    stored = model.get("merges", [])
    return [tuple(merge.split(" ") if isinstance(merge, str) else merge) for merge in stored]


@pytest.mark.parametrize("name", NAMES)
def test_same_vocabulary_and_merges_as_upstream(name: str) -> None:
    model, original = packaged(name)["model"], json.loads(upstream(name).read_bytes())["model"]
    assert model["vocab"] == original["vocab"]
    assert merges(model) == merges(original)
    assert load_packaged(name).backend.get_vocab() == load(upstream(name)).backend.get_vocab()


@pytest.mark.parametrize("name", NAMES)
def test_same_pipeline_and_added_tokens_as_upstream(name: str) -> None:
    """But for how upstream's [PAD] and [UNK] take blanks around them, which no text has."""
    original = json.loads(upstream(name).read_bytes())
    for part in ("normalizer", "pre_tokenizer", "decoder"):
        assert packaged(name)[part] == original[part], part
    for part in ("type", "single", "pair"):
        assert packaged(name)["post_processor"][part] == original["post_processor"][part], part
    added, expected = (
        [(token["id"], token["content"], token["special"]) for token in content["added_tokens"]]
        for content in (packaged(name), original)
    )
    assert added == expected


@pytest.mark.parametrize("name", NAMES)
def test_no_padding_and_no_truncation(name: str) -> None:
    assert packaged(name)["padding"] is None
    assert packaged(name)["truncation"] is None


@pytest.mark.parametrize("name", NAMES)
def test_same_encodings_as_upstream(name: str) -> None:
    def encodings(backend: tokenizers.Tokenizer) -> list[tuple[list[int], list[str]]]:
        return [(encoding.ids, encoding.tokens) for encoding in backend.encode_batch(SAMPLE)]

    assert encodings(load_packaged(name).backend) == encodings(load(upstream(name)).backend)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def replace(path: Path) -> None:
    path.write_bytes(lzma.compress(b'{"model": {"type": "WordLevel"}}'))


@pytest.mark.parametrize("damage", [flip, cut, replace, Path.unlink])
def test_damaged_file_is_refused(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "google-bert/bert-base-uncased"
    copy = tmp_path / "tokenizers"
    shutil.copytree(FOLDER, copy)
    monkeypatch.setattr(bundled, "_FOLDER", copy)
    assert load_packaged(name).origin.sha256 == INDEX[name]["sha256"]
    damage(copy / INDEX[name]["file"])
    with pytest.raises(InvalidTokenizerError) as caught:
        load_packaged(name)
    assert name in str(caught.value)
