"""What releases of Model2Vec do to a tokenizer: as measured with them, by model2vec_history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tokenizers import Regex, pre_tokenizers

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.api.loading import load
from tokstat.editing.model2vec_releases import RELEASES, as_release
from tokstat.errors import EditError
from tokstat.tokenizer.tokenizer import Tokenizer

_FILE = Path(__file__).parents[2] / "docs" / "model2vec_history.json"

HISTORY = json.loads(_FILE.read_text("utf-8"))

TEXT = "Hello,  world!"

SPLIT = {
    "0.3.8": ["Hello", ",", "  ", "world", "!"],
    "0.6.0": ["ĠHello", ",", "Ġworld", "!"],
    "0.8.2": ["ĠHello", ",", "Ġ", "Ġworld", "!"],
}
"""The tokens of the text in the real releases, with ModernBERT's tokenizer."""


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    found: list[str] = tokenizer.backend.encode(text, add_special_tokens=False).tokens
    return found


@pytest.fixture
def folder(modernbert: Tokenizer, tmp_path: Path) -> Path:
    """A model's folder with ModernBERT's tokenizer, which names its unknown and pad token."""
    (tmp_path / "tokenizer.json").write_text(modernbert.to_json(), "utf-8")
    roles = {"unk_token": "[UNK]", "pad_token": "[PAD]"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(roles), "utf-8")
    (tmp_path / "config.json").write_text("{}", "utf-8")
    return tmp_path


@pytest.mark.parametrize("release", sorted(SPLIT))
def test_texts_are_split_as_in_the_release(folder: Path, release: str) -> None:
    found = as_release(load(folder), release)
    assert tokens(found, TEXT) == SPLIT[release]
    (row,) = (each for each in HISTORY if each["release"] == release)
    assert tokens(found, "tiger") == row["alone"]
    assert tokens(found, "a tiger") == row["in_text"]
    assert found.model_type == row["model"]


@pytest.mark.parametrize(("release", "size"), [("0.3.8", 50368), ("0.7.0", 50254)])
def test_added_tokens_without_a_role_are_removed(folder: Path, release: str, size: int) -> None:
    assert len(as_release(load(folder), release)) == size


def test_the_releases_are_those_that_are_reproduced() -> None:
    rows = [each for each in HISTORY if "error" not in each]
    same = [each["release"] for each in rows if "different" not in each["reproduced"].values()]
    assert same == list(RELEASES)


def test_behind_a_split_the_space_is_before_every_piece() -> None:
    """As of Llama 3, whose texts are split before bytes are written."""
    backend = SMALL["byte-level"]()
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\s?\w+|\W"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer = wrap(backend, "split")
    assert "".join(tokens(as_release(tokenizer, "0.10.0"), "a b,")) == "ĠaĠbĠ,"
    assert "".join(tokens(as_release(tokenizer, "0.6.0"), "a b,")) == "ĠaĠb,"


def test_what_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EditError, match=r"0\.3\.7"):
        as_release(load(folder), "0.3.7")
    with pytest.raises(EditError, match="byte-level"):
        as_release(wrap(SMALL["wordpiece"](), "wordpiece"), "0.8.2")
    (tmp_path / "tokenizer_config.json").write_text('{"unk_token": "[UNK]"}', "utf-8")
    with pytest.raises(EditError, match="pad token"):
        as_release(load(folder), "0.6.0")
